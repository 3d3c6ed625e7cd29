//! A posted form as its fields, in order, with a page of its own for each way in which it can be no
//! form.

use axum::{
    extract::{FromRequest, Request, rejection::RawFormRejection},
    http::StatusCode,
};
use axum_extra::extract::{Form, FormRejection};

use super::{error::PageError, language::Reading};
use crate::{domain::answer::RawAnswers, view::ErrorKind};

/// Largest form. A ballot of 200 projects is about a tenth of it.
pub const MAX_FORM_BYTES: usize = 64 * 1024;

#[derive(Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every value of the fields of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    /// The fields `a.{item}`: what was chosen for each item.
    pub fn answers(&self) -> RawAnswers {
        let mut answers = RawAnswers::new();
        for (field, value) in &self.0 {
            if let Some(item) = field.strip_prefix("a.") {
                answers
                    .entry(item.to_owned())
                    .or_default()
                    .push(value.clone());
            }
        }
        answers
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let reading = Reading::of(request.headers(), request.method(), request.uri());
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            // Bytes that are no text arrive as replacement characters, which nobody types; and
            // PostgreSQL takes no NUL in a text.
            Ok(Form(fields)) if fields.iter().any(|(n, v)| is_broken(n) || is_broken(v)) => {
                Err(PageError::new(&reading.page(), ErrorKind::Malformed))
            }
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) => Err(PageError::new(&reading.page(), kind(rejection))),
        }
    }
}

pub fn is_broken(text: &str) -> bool {
    text.contains([char::REPLACEMENT_CHARACTER, '\0'])
}

fn kind(rejection: FormRejection) -> ErrorKind {
    match rejection {
        FormRejection::RawFormRejection(RawFormRejection::InvalidFormContentType(_)) => {
            ErrorKind::WrongContentType
        }
        FormRejection::RawFormRejection(RawFormRejection::BytesRejection(bytes))
            if bytes.status() == StatusCode::PAYLOAD_TOO_LARGE =>
        {
            ErrorKind::TooLarge
        }
        _ => ErrorKind::Malformed,
    }
}
