//! The short address that stands on letters and cards: a code leads to its wave.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{start::code_fault, unprocessable};
use crate::{
    service::start_response,
    view::{CodePage, Page},
    web::{
        Web,
        error::{PageError, render},
        form::Fields,
        language::Reading,
        network::Network,
    },
};

pub async fn show(reading: Reading) -> Response {
    render(&CodePage::new(&reading.page()))
}

/// Sends the form on to the wave's own “start”, which has the browser's cookies for it and treats the
/// code as if it had been typed there.
pub async fn lead(
    State(web): State<Web>,
    reading: Reading,
    Network(network): Network,
    fields: Fields,
) -> Result<Response, PageError> {
    // The language switch of a page with a fault leads back to the empty form.
    let page = Page::new(reading.page().lang(), "/v");
    let typed = fields.get("code");
    let now = web.services.now();
    let error = match start_response::wave_of_code(&web.services, typed, &network, now).await {
        Ok(wave) => {
            let target = format!("/w/{wave}/start");
            let again = StatusCode::TEMPORARY_REDIRECT;
            return Ok((again, [(header::LOCATION, target)]).into_response());
        }
        Err(error) => error,
    };
    let fault = code_fault(&page, &reading, now, error)?;
    let shown = CodePage::new(&page).with_fault(typed.unwrap_or_default(), fault);
    Ok(unprocessable(render(&shown)))
}
