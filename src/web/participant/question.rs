//! One question a page.

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{Arrival, Visit, WavePath, unprocessable};
use crate::{
    domain::answer::{Blanks, FaultReason, check_item},
    view::{ErrorKind, QuestionPage},
    web::{
        Web,
        error::{PageError, render},
        extract::{InPath, InQuery},
        form::Fields,
        language::Reading,
    },
};

#[derive(Debug, serde::Deserialize)]
pub struct QuestionPath {
    survey: String,
    wave: String,
    number: String,
}

impl QuestionPath {
    fn split(self) -> (WavePath, Option<usize>) {
        let index = self
            .number
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1));
        (
            WavePath {
                survey: self.survey,
                wave: self.wave,
            },
            index,
        )
    }
}

/// `?change=1`: the reader comes from “check your answers” and wants to go back there.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Changing {
    change: Option<String>,
}

pub async fn show(
    State(web): State<Web>,
    InPath(path): InPath<QuestionPath>,
    InQuery(changing): InQuery<Changing>,
    reading: Reading,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (path, index) = path.split();
    let visit = match Visit::resume(&web, &path, &reading, &headers, None).await? {
        Arrival::Visit(visit) => visit,
        Arrival::Instead(response) => return Ok(response),
    };
    let index = known(&visit, index)?;
    let item = &visit.survey().items[index];
    let chosen = visit.answers.as_slice()[index].chosen(item);
    page(
        &web,
        &visit,
        index,
        &chosen,
        None,
        changing.change.is_some(),
    )
}

pub async fn answer(
    State(web): State<Web>,
    InPath(path): InPath<QuestionPath>,
    reading: Reading,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    let (path, index) = path.split();
    let mut visit = match Visit::resume(&web, &path, &reading, &headers, Some(&fields)).await? {
        Arrival::Visit(visit) => visit,
        Arrival::Instead(response) => return Ok(response),
    };
    let index = known(&visit, index)?;
    let changing = fields.get("go") == Some("check");
    let item = &visit.survey().items[index];
    let mut posted = fields.answers();
    let chosen = posted.remove(item.key.as_str()).unwrap_or_default();
    let fault = match check_item(item, &chosen, Blanks::AsSurveySays) {
        Ok(_) if !posted.is_empty() => Some(FaultReason::UnknownItem),
        Ok(answer) => {
            visit.answers.set(index, answer);
            None
        }
        Err(fault) => Some(fault),
    };
    if fault.is_some() {
        return page(&web, &visit, index, &chosen, fault.as_ref(), changing).map(unprocessable);
    }
    visit.keep();
    let last = index + 1 >= visit.survey().items.len();
    let target = if changing || last {
        "check".to_owned()
    } else {
        format!("question/{}", index + 2)
    };
    Ok(visit.go(&web, &target))
}

fn known(visit: &Visit, index: Option<usize>) -> Result<usize, PageError> {
    index
        .filter(|index| *index < visit.survey().items.len())
        .ok_or_else(|| PageError::new(&visit.page, ErrorKind::NotFound))
}

fn page(
    web: &Web,
    visit: &Visit,
    index: usize,
    chosen: &[String],
    fault: Option<&FaultReason>,
    changing: bool,
) -> Result<Response, PageError> {
    let (survey, key) = (visit.survey(), visit.key());
    let sealed = visit.sealed(web);
    QuestionPage::new(
        &visit.page,
        survey,
        key,
        index,
        chosen,
        fault,
        &sealed,
        changing,
    )
    .map(|page| render(&page))
    .ok_or_else(|| PageError::new(&visit.page, ErrorKind::NotFound))
}
