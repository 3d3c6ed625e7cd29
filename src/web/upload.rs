//! A form with a file: its fields and the bytes of its files, with a page of its own for each way in
//! which it can be no form.

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::StatusCode,
};

use super::{error::PageError, language::Reading};
use crate::view::ErrorKind;

/// Largest form with a file.
const MAX_UPLOAD_BYTES: usize = 2 * 1024 * 1024;

/// So much of a form that is too large is read and thrown away, because a browser shows no page before
/// it has sent all. What is larger still ends with the connection.
pub const MAX_READ_BYTES: usize = 8 * MAX_UPLOAD_BYTES;

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
        let mut upload = Self::default();
        let mut read = 0;
        while let Some(mut field) = form.next_field().await.map_err(|e| refused(kind(&e)))? {
            let name = field.name().unwrap_or_default().to_owned();
            let mut bytes = Vec::new();
            while let Some(piece) = field.chunk().await.map_err(|e| refused(kind(&e)))? {
                read += piece.len();
                if read <= MAX_UPLOAD_BYTES {
                    bytes.extend_from_slice(&piece);
                }
            }
            if upload.0.len() == MOST_FIELDS {
                return Err(refused(ErrorKind::Malformed));
            }
            upload.0.push((name, bytes));
        }
        if read > MAX_UPLOAD_BYTES {
            return Err(refused(ErrorKind::TooLarge));
        }
        Ok(upload)
    }
}

fn kind(error: &MultipartError) -> ErrorKind {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ErrorKind::TooLarge
    } else {
        ErrorKind::Malformed
    }
}
