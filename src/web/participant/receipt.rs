//! Looking a receipt up.

use axum::{extract::State, response::Response};
use time::{Date, macros::format_description};

use crate::{
    domain::receipt::Receipt,
    service::receipt,
    view::{ReceiptOutcome, ReceiptPage},
    web::{
        Web,
        error::{PageError, render},
        extract::InQuery,
        language::Reading,
    },
};

#[derive(Debug, Default, serde::Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

pub async fn show(
    State(web): State<Web>,
    InQuery(typed): InQuery<Typed>,
    reading: Reading,
) -> Result<Response, PageError> {
    let page = reading.page();
    let outcome = if typed.code.trim().is_empty() {
        ReceiptOutcome::Ask
    } else {
        match typed.code.parse::<Receipt>() {
            Err(_) => ReceiptOutcome::Malformed,
            Ok(receipt) => found(&web, &receipt)
                .await
                .map_err(|error| PageError::server(&page, &*error))?,
        }
    };
    Ok(render(&ReceiptPage::new(&page, &typed.code, &outcome)))
}

async fn found(
    web: &Web,
    receipt: &Receipt,
) -> Result<ReceiptOutcome, Box<dyn std::error::Error + Send + Sync>> {
    let Some((asked, found)) = receipt::look_up(&web.services, receipt).await? else {
        return Ok(ReceiptOutcome::NotFound);
    };
    let day = Date::parse(&found.day, format_description!("[year]-[month]-[day]"))?;
    Ok(ReceiptOutcome::Found {
        survey: asked.survey.survey.title.clone(),
        wave: asked.wave.spec.title,
        channel: found.channel,
        day,
        voided: found.voided,
    })
}
