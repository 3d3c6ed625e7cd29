//! The paper questionnaire of a wave: a page that is nothing but what the printer gets.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::text::Lang,
    service::lookup,
    view::print::{PrintOptions, PrintSize, Styles, questionnaire_html},
    web::{
        Web,
        error::PageError,
        extract::{InQuery, InWave},
        language::Reading,
    },
};

/// A language of the survey, and whether the print is large.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    language: Option<String>,
    size: Option<String>,
}

pub async fn show(
    State(web): State<Web>,
    InWave(key): InWave,
    InQuery(wanted): InQuery<Wanted>,
    reading: Reading,
) -> Result<Response, PageError> {
    let page = reading.page();
    let asked = lookup::find_now(&web.services, &key)
        .await
        .map_err(|error| PageError::lookup(&page, &error))?;
    let survey = &asked.survey.survey;
    let languages = &survey.languages;
    let lang = languages
        .iter()
        .find(|lang| wanted.language.as_deref() == Some(lang.as_str()));
    let options = PrintOptions {
        lang: lang.cloned().unwrap_or_else(|| Lang::first_of(languages)),
        size: PrintSize::large_if(wanted.size.as_deref() == Some("large")),
        styles: Styles::Linked,
    };
    questionnaire_html(survey, &asked.wave.spec, &options)
        .map(|html| Html(html).into_response())
        .map_err(|error| PageError::server(&page, &error))
}
