//! The record of acts: read, filtered, exported and checked.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde::Deserialize;
use time::{Date, macros::format_description};

use crate::{
    domain::moment::Moment,
    service::{
        Services,
        audit_log::{self, Export},
        verify_audit,
    },
    store::audit::{Filter, Head, Recorded},
    view::{
        AuditCheck, AuditExcerpt, AuditPage, AuditQuery, AuditRow, AuditVerifyPage, ErrorKind,
        Page, audit_csv_head, audit_csv_rows,
    },
    web::{
        Web,
        error::{PageError, render},
        extract::InQuery,
        form::{Fields, is_broken},
        guard::CurrentUser,
        staff::sentence,
    },
};

/// The filter as it comes in an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    who: String,
    act: String,
    object: String,
    result: String,
    from: String,
    to: String,
    page: String,
}

/// No log has more pages; and no database takes any number as an offset.
const MOST_PAGES: u64 = 1_000_000_000;

impl Asked {
    fn number(&self) -> u64 {
        let number: u64 = self.page.parse().unwrap_or(1);
        number.clamp(1, MOST_PAGES) - 1
    }

    /// What is filtered by, and the same as it is shown again.
    fn read(&self, page: &Page) -> Result<(Result<Filter, String>, AuditQuery), PageError> {
        let clean = |text: &str| text.trim().chars().take(254).collect::<String>();
        let query = AuditQuery {
            who: clean(&self.who).to_lowercase(),
            act: clean(&self.act),
            object: clean(&self.object),
            result: clean(&self.result),
            from: clean(&self.from),
            to: clean(&self.to),
        };
        let all = [
            &query.who,
            &query.act,
            &query.object,
            &query.result,
            &query.from,
            &query.to,
        ];
        if all.iter().any(|text| is_broken(text)) {
            return Err(PageError::new(page, ErrorKind::Malformed));
        }
        Ok((filter(&query), query))
    }
}

fn filter(query: &AuditQuery) -> Result<Filter, String> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let from = day(&query.from)?;
    let to = day(&query.to)?;
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err("The first day is later than the last: change one of them.".to_owned());
    }
    let begin = |day: Date| Moment::from(day.midnight().assume_utc());
    Ok(Filter {
        who: text(&query.who),
        act: text(&query.act),
        object: text(&query.object),
        result: text(&query.result),
        from: from.map(begin),
        before: to.and_then(Date::next_day).map(begin),
    })
}

fn day(text: &str) -> Result<Option<Date>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let format = format_description!("[year]-[month]-[day]");
    let day = Date::parse(text, format);
    day.map(Some)
        .map_err(|_| "A day is written as 2026-03-02: year, month and day.".to_owned())
}

pub async fn list(
    State(web): State<Web>,
    user: CurrentUser,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, PageError> {
    let page = Page::for_role("/staff/audit", user.0.role);
    let (filter, query) = asked.read(&page)?;
    let (filter, fault) = match filter {
        Ok(filter) => (filter, None),
        Err(fault) => (Filter::default(), Some(fault)),
    };
    let number = asked.number();
    let found = audit_log::excerpt(&web.services, &filter, number)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    let status = if fault.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let excerpt = AuditExcerpt {
        rows: rows(found.events),
        acts: found.acts,
        names: found.names,
        found: found.found,
        number,
        per_page: audit_log::PAGE,
        fault,
    };
    Ok((status, render(&AuditPage::new(&page, query, &excerpt))).into_response())
}

fn rows(events: Vec<Recorded>) -> Vec<AuditRow> {
    let row = |event: Recorded| AuditRow {
        link: event.link,
        hash: event.hash,
    };
    events.into_iter().map(row).collect()
}

pub async fn csv(
    State(web): State<Web>,
    user: CurrentUser,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, PageError> {
    let page = Page::for_role("/staff/audit", user.0.role);
    let Ok(filter) = asked.read(&page)?.0 else {
        return Err(PageError::new(&page, ErrorKind::Malformed));
    };
    let export = Export::start(&web.services, &user.actor(), filter)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"record-of-acts.csv\"",
        ),
    ];
    Ok((headers, streamed(Arc::clone(&web.services), export)).into_response())
}

/// Piece by piece, as the browser takes them. A piece that cannot be read breaks the download off,
/// so that nobody takes a part for the whole.
fn streamed(services: Arc<Services>, export: Export) -> Body {
    let first = stream::once(async { Ok(audit_csv_head()) });
    let rest = stream::try_unfold((services, export), |(services, mut export)| async move {
        let events = export.next(&services).await.inspect_err(|error| {
            tracing::error!(%error, "an export of the record of acts broke off");
        })?;
        if events.is_empty() {
            return Ok::<_, crate::store::StoreError>(None);
        }
        let text = audit_csv_rows(&rows(events), &export.names);
        Ok(Some((text, (services, export))))
    });
    Body::from_stream(futures_util::StreamExt::chain(first, rest))
}

pub async fn ask_to_verify(user: CurrentUser) -> Response {
    let page = Page::for_role("/staff/audit/verify", user.0.role);
    render(&AuditVerifyPage::new(&page, AuditCheck::NotYet))
}

pub async fn verify(
    State(web): State<Web>,
    user: CurrentUser,
    fields: Fields,
) -> Result<Response, PageError> {
    let page = Page::for_role("/staff/audit/verify", user.0.role);
    let typed = fields.get("head").unwrap_or_default().trim();
    let noted = match (!typed.is_empty())
        .then(|| typed.parse::<Head>())
        .transpose()
    {
        Ok(noted) => noted,
        Err(fault) => {
            let check = AuditCheck::BadHead {
                typed: typed.to_owned(),
                fault: fault.to_string(),
            };
            let shown = AuditVerifyPage::new(&page, check);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&shown)).into_response());
        }
    };
    let checked = verify_audit::verify(&web.services, noted)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    let check = match checked.outcome {
        Ok(head) => AuditCheck::Sound {
            events: checked.events,
            head: head.to_string(),
        },
        Err(broken) => AuditCheck::Broken {
            what: sentence(&broken.to_string()),
        },
    };
    Ok(render(&AuditVerifyPage::new(&page, check)))
}
