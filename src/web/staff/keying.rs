//! Keying the sheets of a pile: by a script that has the whole pile before it, or sheet by sheet.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    batch::BatchPath,
    pile::{AtWork, kept_as_json, refusal, typed, typing, whole_sheet},
    wants_json,
};
use crate::{
    domain::keying::{Pass, TypedFault, typed_sheet},
    service::{batch_at_work, key_sheet::Kept},
    view::{ErrorKind, KeyingPage, StaleSheetPage},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::{InPath, InQuery},
        form::Fields,
        guard::CurrentUser,
        language::Reading,
    },
};

/// The sheet that a browser without scripts asks for.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    sheet: Option<u32>,
}

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BatchPath>,
    InQuery(wanted): InQuery<Wanted>,
    reading: Reading,
) -> Result<Response, PageError> {
    let at_work = AtWork::find(&web, &user, &path, &reading).await?;
    let pile = at_work.pile();
    if !at_work.is_mine() {
        return Ok(at_work.not_mine());
    }
    if pile.pass == Pass::Decision {
        return Ok(see_other(&at_work.desk_of(&at_work.batch)));
    }
    match wanted.sheet {
        Some(sheet) if !pile.may_show(sheet) => {
            Err(PageError::new(&at_work.page, ErrorKind::NotFound))
        }
        _ => Ok(render(&page(&web, &at_work, wanted.sheet))),
    }
}

const OVERTAKEN: &str =
    "somebody else has keyed this sheet meanwhile, and that holds: go on with the next";

/// Saves one sheet.
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
    let pass = fields.get("pass").and_then(|pass| pass.parse().ok());
    let Some(pass) = pass.filter(|pass| *pass != Pass::Decision) else {
        return Err(PageError::new(&at_work.page, ErrorKind::Malformed));
    };
    let content = match content(&at_work, &fields) {
        Ok(content) => content,
        Err(faults) => return Ok(typed_wrong(&web, &at_work, &fields, faults)),
    };
    let Some(new) = typed(&web, &fields, pass, content.clone()) else {
        return Err(PageError::new(&at_work.page, ErrorKind::Malformed));
    };
    let sheet = new.sheet;
    match at_work.save(&web, &user, new).await {
        Ok(kept) if wants_json(&headers) => Ok(kept_as_json(sheet, &kept)),
        Err(error) if wants_json(&headers) => at_work.refuse_json(&error),
        Ok(Kept::As { .. }) => Ok(see_other(&at_work.desk_of(&at_work.batch))),
        Ok(Kept::Overtaken { .. }) => Ok(at_work.answer(&headers, StatusCode::CONFLICT, OVERTAKEN)),
        Ok(stale) => Ok(two_versions(&web, &at_work, sheet, &stale, &content)),
        Err(error) => at_work.refuse(&error),
    }
}

/// What the script has put together, or what stands in the fields of a form.
fn content(at_work: &AtWork, fields: &Fields) -> Result<String, Vec<TypedFault>> {
    if let Some(content) = fields.get("content") {
        return Ok(content.to_owned());
    }
    if let Some(whole) = whole_sheet(fields) {
        return Ok(whole);
    }
    typed_sheet(&at_work.asked.survey.survey, |place| {
        fields
            .get(&format!("p{place}"))
            .unwrap_or_default()
            .to_owned()
    })
}

fn page(web: &Web, at_work: &AtWork, sheet: Option<u32>) -> KeyingPage {
    let pile = at_work.pile();
    let next = sheet.or_else(|| pile.next());
    let keyed = at_work.batch.state.papers().keyed_in(pile.pass);
    // At the end of the pile a script goes back from here to any sheet.
    let shown = next.unwrap_or(keyed);
    let save = at_work.save_form(web, shown);
    KeyingPage::new(&at_work.page, &pile, save, next.is_none())
}

fn typed_wrong(web: &Web, at_work: &AtWork, fields: &Fields, faults: Vec<TypedFault>) -> Response {
    let sheet = fields.get("sheet").and_then(|sheet| sheet.parse().ok());
    let places = at_work.batch.state.papers().form.fields().len();
    let pile = at_work.pile();
    let sheet = sheet.filter(|sheet| at_work.is_mine() && pile.may_show(*sheet));
    let Some(sheet) = sheet else {
        return refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "this sheet is not before you",
        );
    };
    let page = page(web, at_work, Some(sheet)).with_typing(&pile, &typing(fields, places, faults));
    (StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response()
}

/// Only a person who has this pile gets here: nobody sees another pass.
pub(super) fn two_versions(
    web: &Web,
    at_work: &AtWork,
    sheet: u32,
    stale: &Kept,
    mine: &str,
) -> Response {
    let Kept::Stale { revision, content } = stale else {
        return see_other(&at_work.desk_of(&at_work.batch));
    };
    let client = batch_at_work::new_client_id(&web.services);
    let saved = (sheet, *revision, content);
    let page = StaleSheetPage::new(&at_work.page, &at_work.pile(), saved, mine, client);
    (StatusCode::CONFLICT, render(&page)).into_response()
}
