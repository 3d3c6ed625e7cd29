//! Deciding from the paper what a sheet says on which the two keyings differ.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use super::{
    batch::BatchPath,
    keying::two_versions,
    pile::{AtWork, TAKE_IT_FIRST, kept_as_json, typed, typing, whole_sheet},
    wants_json,
};
use crate::{
    domain::keying::{
        Pass, Place, SheetContent, TypedFault, differences, typed_places, typed_sheet,
    },
    service::key_sheet::Kept,
    view::{DifferencesPage, ErrorKind},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InPath,
        form::Fields,
        guard::CurrentUser,
        language::Reading,
    },
};

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
) -> Result<Response, PageError> {
    let at_work = AtWork::find(&web, &user, &path, &reading).await?;
    if !at_work.is_mine() {
        return Ok(at_work.not_mine());
    }
    if at_work.pile().pass != Pass::Decision {
        return Ok(see_other(&at_work.desk_of(&at_work.batch)));
    }
    Ok(render(&page(&web, &at_work)))
}

/// Saves the decision on one sheet.
pub async fn save(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    reading: Reading,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    let at_work = AtWork::find(&web, &user, &path, &reading).await?;
    if let Some(what) = at_work.is_foreign(&fields) {
        return Ok(at_work.answer(&headers, StatusCode::CONFLICT, what));
    }
    // What is missing in a form comes from the two keyings, and tells of them where it is refused.
    if fields.get("content").is_none() && !at_work.has_differences() {
        return Ok(at_work.answer(&headers, StatusCode::CONFLICT, TAKE_IT_FIRST));
    }
    let Some(sheet) = fields.get("sheet").and_then(|sheet| sheet.parse().ok()) else {
        return Err(PageError::new(&at_work.page, ErrorKind::Malformed));
    };
    let content = match content(&at_work, &fields, sheet) {
        Ok(content) => content,
        Err(faults) => return Ok(typed_wrong(&web, &at_work, &fields, sheet, faults)),
    };
    let Some(new) = typed(&web, &fields, Pass::Decision, content.clone()) else {
        return Err(PageError::new(&at_work.page, ErrorKind::Malformed));
    };
    match at_work.save(&web, &user, new).await {
        Ok(kept) if wants_json(&headers) => Ok(kept_as_json(sheet, &kept)),
        Err(error) if wants_json(&headers) => at_work.refuse_json(&error),
        Ok(Kept::As { .. }) => Ok(see_other(&at_work.desk_of(&at_work.batch))),
        Ok(stale) => Ok(two_versions(&web, &at_work, sheet, &stale, &content)),
        Err(error) => at_work.refuse(&error),
    }
}

/// What the script has put together, or what stands in the fields of a form: of a sheet that can be
/// compared place by place, only those that differ.
fn content(at_work: &AtWork, fields: &Fields, sheet: u32) -> Result<String, Vec<TypedFault>> {
    if let Some(content) = fields.get("content") {
        return Ok(content.to_owned());
    }
    if let Some(whole) = whole_sheet(fields) {
        return Ok(whole);
    }
    let typed = |place: usize| {
        let text = fields.get(&format!("p{place}"));
        text.unwrap_or_default().to_owned()
    };
    let papers = at_work.batch.state.papers();
    let of = |pass| papers.entry(pass, sheet).map(|entry| &entry.content);
    let (first, second) = (of(Pass::First), of(Pass::Second));
    let (Some(first), Some(second)) = (first, second) else {
        return Ok(SheetContent::Blank.to_string());
    };
    let open: Vec<usize> = differences(&papers.form, first, second)
        .iter()
        .filter_map(|difference| match difference.place {
            Place::Field(place) => Some(place),
            Place::Sheet => None,
        })
        .collect();
    match first.symbols(&papers.form) {
        Some(agreed) if !open.is_empty() => typed_places(&papers.form, &agreed, &open, typed),
        _ => typed_sheet(&at_work.asked.survey.survey, typed),
    }
}

fn page(web: &Web, at_work: &AtWork) -> DifferencesPage {
    let pile = at_work.pile();
    let saves = pile
        .wanted()
        .into_iter()
        .map(|sheet| at_work.save_form(web, sheet))
        .collect();
    DifferencesPage::new(&at_work.page, &pile, saves)
}

fn typed_wrong(
    web: &Web,
    at_work: &AtWork,
    fields: &Fields,
    sheet: u32,
    faults: Vec<TypedFault>,
) -> Response {
    let places = at_work.batch.state.papers().form.fields().len();
    let typing = typing(fields, places, faults);
    let page = page(web, at_work).with_typing(&at_work.pile(), sheet, &typing);
    (StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response()
}
