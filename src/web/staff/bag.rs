//! Scanning the envelopes of one mail bag. A code is never put into an address or a log.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    post::{instead, of_theirs},
    sentence, wants_json,
};
use crate::{
    domain::{id::MailBagId, key::WaveKey, keying::ClientId, wave::AccessRule},
    service::{
        change_batch::PaperError,
        post_overview::{self, BagOverview},
        receive_envelope::{self, Presented, Received},
    },
    view::{ErrorKind, Page, ScanAnswer, ScanOutcome, StaffBag, StaffBagPage},
    web::{
        Web,
        error::{PageError, render},
        extract::InPath,
        form::Fields,
        guard::CurrentUser,
        language::Reading,
        participant::WavePath,
    },
};

/// A bag of a wave, in an address.
#[derive(Debug, Deserialize)]
pub struct BagPath {
    survey: String,
    wave: String,
    bag: i64,
}

impl BagPath {
    fn read(&self, reading: &Reading) -> Result<(WaveKey, MailBagId), PageError> {
        let key = WavePath::new(&self.survey, &self.wave).key(reading)?;
        Ok((key, MailBagId(self.bag)))
    }
}

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BagPath>,
    reading: Reading,
) -> Result<Response, PageError> {
    let (key, bag) = path.read(&reading)?;
    let (page, bag) = bag_page(&web, &user, &key, bag).await?;
    Ok(render(&StaffBagPage::new(&page, &bag)))
}

/// Notes one envelope, or several of a wave without codes. The answer is the page again, ready for the
/// next; a script that asks for JSON gets the outcome alone.
pub async fn receive(
    State(web): State<Web>,
    user: CurrentUser,
    InPath(path): InPath<BagPath>,
    reading: Reading,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    let (key, id) = path.read(&reading)?;
    let malformed = || PageError::new(&reading.page(), ErrorKind::Malformed);
    let scan = fields.get("scan").and_then(ClientId::new);
    let scan = scan.ok_or_else(malformed)?;
    let presented = presented(&fields).ok_or_else(malformed)?;
    let typed = match &presented {
        Presented::Code { typed, .. } => typed.clone(),
        Presented::Spoilt | Presented::Plain(_) => String::new(),
    };
    let actor = user.actor();
    let received =
        receive_envelope::receive(&web.services, &actor, &key, id, scan, presented).await;
    let (status, outcome) = outcome(received, typed)?;
    // After the scan: the page shows what the bag has now.
    let (page, bag) = bag_page(&web, &user, &key, id).await?;
    if wants_json(&headers) {
        let answer = ScanAnswer::new(&page, &bag, &outcome);
        return Ok((status, Json(answer)).into_response());
    }
    let page = StaffBagPage::new(&page, &bag).after(&bag, &outcome);
    Ok((status, render(&page)).into_response())
}

fn presented(fields: &Fields) -> Option<Presented> {
    match fields.get("kind")? {
        "code" => Some(Presented::Code {
            typed: code_in(fields.get("code").unwrap_or_default()),
            is_second: fields.get("second") == Some("1"),
        }),
        "spoilt" => Some(Presented::Spoilt),
        "plain" => {
            let count = fields.get("count").unwrap_or_default();
            Some(Presented::Plain(count.trim().parse().unwrap_or(0)))
        }
        _ => None,
    }
}

/// The QR code of a letter holds an address with the code behind the `#`.
fn code_in(scanned: &str) -> String {
    let code = match scanned.rsplit_once('#') {
        Some((address, code)) if address.contains('/') && !code.trim().is_empty() => code,
        _ => scanned,
    };
    code.trim().to_owned()
}

fn outcome(
    received: Result<Received, PaperError>,
    typed: String,
) -> Result<(StatusCode, ScanOutcome), PageError> {
    let error = match received {
        Ok(Received::Noted(outcome)) => return Ok((StatusCode::OK, ScanOutcome::Noted(outcome))),
        Ok(Received::CameBefore) => {
            return Ok((StatusCode::OK, ScanOutcome::CameBefore { typed }));
        }
        Err(error) => error,
    };
    let status = match error {
        PaperError::Code(_) | PaperError::HowMany(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    };
    let error = of_theirs(&Page::for_staff("/staff"), error)?;
    let why = format!("{}.", sentence(&error.to_string()));
    Ok((status, ScanOutcome::Nothing { why, typed }))
}

async fn bag_page(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
    id: MailBagId,
) -> Result<(Page, StaffBag), PageError> {
    let page = Page::for_role(&format!("/staff/w/{key}/post/bags/{id}"), user.0.role);
    match post_overview::bag(&web.services, key, id).await {
        Ok(overview) => Ok((page, shown(overview))),
        Err(error) => Err(instead(&page, error)),
    }
}

fn shown(overview: BagOverview) -> StaffBag {
    let is_open = post_overview::is_open(&overview.asked);
    let wave = overview.asked.wave;
    StaffBag {
        survey: overview.asked.survey.survey.title.clone(),
        bag: overview.bag.id.0,
        day: overview.bag.day,
        arrival: overview.bag.arrival,
        by_code: wave.spec.access == AccessRule::Code,
        is_open,
        envelopes: overview.tally,
        scan: overview.scan,
        key: wave.key,
        wave: wave.spec.title,
    }
}
