//! Style, script and icon, under names that change with their content.

use axum::{
    http::{Uri, header},
    response::{IntoResponse, Response},
};

use super::{error::PageError, language::Reading};
use crate::view::{ErrorKind, assets};

pub async fn show(uri: Uri, reading: Reading) -> Result<Response, PageError> {
    let asset = assets::find(uri.path())
        .ok_or_else(|| PageError::new(&reading.page(), ErrorKind::NotFound))?;
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.content).into_response())
}
