//! The paper questionnaire of a wave: a page that is nothing but what the printer gets.

use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    domain::text::Lang,
    service::lookup,
    view::{
        ErrorKind,
        print::{PrintOptions, PrintSize, Styles, questionnaire_foot_css, questionnaire_html},
    },
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

impl Wanted {
    /// The first of the survey, where none is asked for.
    fn lang(&self, languages: &[Lang], reading: &Reading) -> Result<Lang, PageError> {
        let Some(wanted) = &self.language else {
            return Ok(Lang::first_of(languages));
        };
        let lang = languages.iter().find(|lang| lang.as_str() == wanted);
        lang.cloned()
            .ok_or_else(|| PageError::new(&reading.page(), ErrorKind::NotFound))
    }
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
    let options = PrintOptions {
        lang: wanted.lang(&survey.languages, &reading)?,
        size: PrintSize::large_if(wanted.size.as_deref() == Some("large")),
        styles: Styles::Linked,
    };
    questionnaire_html(survey, &asked.wave.spec, &options)
        .map(|html| Html(html).into_response())
        .map_err(|error| PageError::server(&page, &error))
}

/// What stands at the foot of each page: no page has a style in it, so this is a file of its own.
pub async fn foot(
    State(web): State<Web>,
    InWave(key): InWave,
    InQuery(wanted): InQuery<Wanted>,
    reading: Reading,
) -> Result<Response, PageError> {
    let asked = lookup::find_now(&web.services, &key)
        .await
        .map_err(|error| PageError::lookup(&reading.page(), &error))?;
    let survey = &asked.survey.survey;
    let css = questionnaire_foot_css(survey, &wanted.lang(&survey.languages, &reading)?);
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    Ok((headers, css).into_response())
}
