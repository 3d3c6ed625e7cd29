//! Parameters of an address, with a page of ours where they cannot be read.

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::{error::PageError, language::Reading, participant::WavePath};
use crate::{domain::key::WaveKey, view::ErrorKind};

/// Like [`Path`]; an address that is no text names nothing.
pub struct InPath<T>(pub T);

impl<T, S> FromRequestParts<S> for InPath<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(value)| Self(value))
            .map_err(|_| refuse(parts, ErrorKind::NotFound))
    }
}

/// Like [`Query`].
pub struct InQuery<T>(pub T);

impl<T, S> FromRequestParts<S> for InQuery<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|Query(value)| Self(value))
            .map_err(|_| refuse(parts, ErrorKind::Malformed))
    }
}

/// The wave that an address names.
pub struct InWave(pub WaveKey);

impl<S: Send + Sync> FromRequestParts<S> for InWave {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let InPath(path) = InPath::<WavePath>::from_request_parts(parts, state).await?;
        let reading = Reading::of(&parts.headers, &parts.method, &parts.uri);
        path.key(&reading).map(Self)
    }
}

fn refuse(parts: &Parts, kind: ErrorKind) -> PageError {
    PageError::new(
        &Reading::of(&parts.headers, &parts.method, &parts.uri).page(),
        kind,
    )
}
