//! What is kept of people, and the answer to one who asks.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use time::UtcOffset;

use crate::{
    domain::retention::Retention,
    service::person::{self, PersonError},
    store::{self, StoreError},
    view::{
        ErasedCertificate, ErrorKind, KeptRow, Page, PrivacyFault, PrivacyPage, StaffPrivacy,
        WaveDates, Words, dates,
    },
    web::{
        Web,
        error::{PageError, render},
        form::Fields,
        guard::CurrentUser,
    },
};

pub async fn show(State(web): State<Web>, user: CurrentUser) -> Result<Response, PageError> {
    Ok(render(&privacy_page(&web, &user).await?))
}

/// One form with two buttons, so that the address is typed once.
pub async fn person(
    State(web): State<Web>,
    user: CurrentUser,
    fields: Fields,
) -> Result<Response, PageError> {
    let typed = fields.get("email").unwrap_or_default();
    match (fields.get("do"), fields.get("sure")) {
        (Some("export"), _) => export(&web, &user, typed).await,
        (Some("erase"), Some("yes")) => erase(&web, &user, typed).await,
        (Some("erase"), _) => refused(&web, &user, typed, PrivacyFault::NotSure).await,
        _ => {
            let page = Page::for_role("/staff/privacy", user.0.role);
            Err(PageError::new(&page, ErrorKind::Malformed))
        }
    }
}

async fn export(web: &Web, user: &CurrentUser, typed: &str) -> Result<Response, PageError> {
    match person::export(&web.services, &user.actor(), typed).await {
        Ok(export) => {
            let name = "attachment; filename=\"what-is-kept.json\"";
            let headers = [(header::CONTENT_DISPOSITION, name)];
            Ok((headers, axum::Json(export)).into_response())
        }
        Err(error) => not_done(web, user, typed, error).await,
    }
}

async fn erase(web: &Web, user: &CurrentUser, typed: &str) -> Result<Response, PageError> {
    match person::erase(&web.services, &user.actor(), typed).await {
        Ok(done) => {
            let certificate = ErasedCertificate {
                at: done.at,
                reference: done.reference,
                on_rolls: done.erased.on_rolls,
                subscriptions: done.erased.subscriptions,
                mails: done.erased.mails,
            };
            let page = privacy_page(web, user).await?;
            Ok(render(&page.with_certificate(certificate)))
        }
        Err(error) => not_done(web, user, typed, error).await,
    }
}

async fn not_done(
    web: &Web,
    user: &CurrentUser,
    typed: &str,
    error: PersonError,
) -> Result<Response, PageError> {
    match error {
        PersonError::Store(error) => Err(PageError::store(
            &Page::for_role("/staff/privacy", user.0.role),
            &error,
        )),
        error => {
            refused(
                web,
                user,
                typed,
                PrivacyFault::Address(format!("Nothing was done: {error}.")),
            )
            .await
        }
    }
}

async fn refused(
    web: &Web,
    user: &CurrentUser,
    typed: &str,
    fault: PrivacyFault,
) -> Result<Response, PageError> {
    let page = privacy_page(web, user).await?.with_fault(typed, fault);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
}

async fn privacy_page(web: &Web, user: &CurrentUser) -> Result<PrivacyPage, PageError> {
    let page = Page::for_role("/staff/privacy", user.0.role);
    let waves = waves(web, &page)
        .await
        .map_err(|error| PageError::store(&page, &error))?;
    let shown = StaffPrivacy {
        kept: kept(web.services.retention),
        waves,
        not_traced: person::NOT_TRACED.to_vec(),
    };
    Ok(PrivacyPage::new(&page, shown))
}

fn kept(periods: Retention) -> Vec<KeptRow> {
    let row = |what, days, after| KeptRow { what, days, after };
    vec![
        row(
            "Rolls: names and addresses for letters and invitations",
            periods.roll_days,
            "publication of the wave",
        ),
        row(
            "Subscribers: e-mail addresses for summaries",
            periods.subscriber_days,
            "publication of the wave",
        ),
        row(
            "Mails of the outbox",
            periods.mail_days,
            "the day on which they were sent",
        ),
        row(
            "Codes of print runs, under seal",
            periods.code_run_days,
            "the day on which they were made",
        ),
    ]
}

/// Waves that have anybody on their roll or list.
async fn waves(web: &Web, page: &Page) -> Result<Vec<WaveDates>, StoreError> {
    let (db, periods) = (&web.services.db, web.services.retention);
    let words = Words::for_lang(page.lang());
    let day = |moment| dates::day_of(words, moment, UtcOffset::UTC);
    let mut rows = Vec::new();
    for wave in store::wave::all(db).await? {
        let on_roll = store::roll::count(db, wave.id).await?;
        let subscribers = store::retention::count_subscribers(db, wave.id).await?;
        if on_roll + subscribers > 0 {
            rows.push(WaveDates {
                on_roll,
                roll_goes: day(periods.roll_goes(&wave)),
                subscribers,
                subscribers_go: day(periods.subscribers_go(&wave)),
                wave: wave.key.to_string(),
            });
        }
    }
    Ok(rows)
}
