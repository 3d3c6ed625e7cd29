//! A form with a file: its fields and the bytes of its files, with a page of its own for each way in
//! which it can be no form.

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::StatusCode,
};

use super::{error::PageError, language::Reading};
use crate::view::ErrorKind;

/// Largest form with a file.
pub const MAX_UPLOAD_BYTES: usize = 2 * 1024 * 1024;

/// Fields of a form; no form of ours has more.
const MOST_FIELDS: usize = 20;

#[derive(Debug, Default)]
pub struct Upload(Vec<(String, Vec<u8>)>);

impl Upload {
    /// The bytes of a field or a file; nothing where it is empty.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0
            .iter()
            .find(|(field, bytes)| field == name && !bytes.is_empty())
            .map(|(_, bytes)| bytes.as_slice())
    }

    /// A field as text; nothing where it is empty or no text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.bytes(name)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let reading = Reading::of(request.headers(), request.method(), request.uri());
        let refused = |kind| PageError::new(&reading.page(), kind);
        let mut form = Multipart::from_request(request, state)
            .await
            .map_err(|_| refused(ErrorKind::WrongContentType))?;
        let mut fields = Vec::new();
        while let Some(field) = form.next_field().await.map_err(|e| refused(kind(&e)))? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|e| refused(kind(&e)))?;
            if fields.len() == MOST_FIELDS {
                return Err(refused(ErrorKind::Malformed));
            }
            fields.push((name, bytes.to_vec()));
        }
        Ok(Self(fields))
    }
}

fn kind(error: &MultipartError) -> ErrorKind {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ErrorKind::TooLarge
    } else {
        ErrorKind::Malformed
    }
}
