//! The post of a wave: its totals, and the opening of mail bags.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    domain::{
        envelope::Arrival,
        key::WaveKey,
        role::{Permission, Role},
    },
    service::{
        change_batch::PaperError,
        post_overview::{self, PostOverview},
        receive_envelope,
    },
    view::{BagRow, ErrorKind, Page, StaffPost, StaffPostPage},
    web::{
        Web,
        error::{PageError, render, see_other},
        extract::InWave,
        form::Fields,
        guard::CurrentUser,
        language::Reading,
    },
};

pub async fn show(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
) -> Result<Response, PageError> {
    Ok(render(&post_page(&web, &user, &key).await?))
}

pub async fn open_bag(
    State(web): State<Web>,
    user: CurrentUser,
    InWave(key): InWave,
    reading: Reading,
    fields: Fields,
) -> Result<Response, PageError> {
    let Some(Ok(arrival)) = fields.get("arrival").map(str::parse::<Arrival>) else {
        return Err(PageError::new(&reading.page(), ErrorKind::Malformed));
    };
    match receive_envelope::open_bag(&web.services, &user.actor(), &key, arrival).await {
        Ok(bag) => Ok(see_other(&format!("/staff/w/{key}/post/bags/{bag}"))),
        Err(error) => {
            let why = said(&Page::for_staff("/staff"), error)?;
            let page = post_page(&web, &user, &key).await?.with_notice(why);
            Ok((StatusCode::CONFLICT, render(&page)).into_response())
        }
    }
}

/// What staff are told: that nothing was done, and why.
pub(super) fn said(page: &Page, error: PaperError) -> Result<String, PageError> {
    of_theirs(page, error).map(|error| format!("Nothing was done: {error}."))
}

/// What staff can do something about; else a page of its own for what is not there, and for a fault of
/// ours.
pub(super) fn of_theirs(page: &Page, error: PaperError) -> Result<PaperError, PageError> {
    match error {
        PaperError::UnknownBag(_) | PaperError::UnknownBatch(_) => {
            Err(PageError::new(page, ErrorKind::NotFound))
        }
        PaperError::Lookup(error) => Err(PageError::lookup(page, &error)),
        PaperError::Store(error) => Err(PageError::store(page, &error)),
        error => Ok(error),
    }
}

/// The page in the place of one that cannot be shown.
pub(super) fn instead(page: &Page, error: PaperError) -> PageError {
    of_theirs(page, error).map_or_else(|page| page, |error| PageError::server(page, &error))
}

/// Whether somebody may see who has which pile, and not only that somebody has it.
pub(super) fn knows_names(role: Role) -> bool {
    role.may(Permission::SettlePaper)
}

async fn post_page(
    web: &Web,
    user: &CurrentUser,
    key: &WaveKey,
) -> Result<StaffPostPage, PageError> {
    let page = Page::for_role(&format!("/staff/w/{key}/post"), user.0.role);
    let overview = post_overview::post(&web.services, key)
        .await
        .map_err(|error| PageError::lookup(&page, &error))?;
    Ok(StaffPostPage::new(&page, &shown(overview, user)))
}

fn shown(overview: PostOverview, user: &CurrentUser) -> StaffPost {
    let (is_open, unopened) = (
        post_overview::is_open(&overview.asked),
        overview.rows.unopened(),
    );
    let names = &overview.names;
    let opened_by = |by| {
        if by == user.0.id {
            Some("you".to_owned())
        } else {
            let name = names.get(&by).cloned();
            name.filter(|_| knows_names(user.0.role))
        }
    };
    let bags = overview.bags.into_iter().map(|(bag, envelopes)| BagRow {
        id: bag.id.0,
        day: bag.day,
        arrival: bag.arrival,
        envelopes,
        opened_by: opened_by(bag.opened_by),
    });
    let bags = bags.collect();
    let wave = overview.asked.wave;
    StaffPost {
        survey: overview.asked.survey.survey.title.clone(),
        closes: wave.spec.closes,
        offset: wave.spec.offset(),
        is_open,
        arrival: overview.arrival,
        today: overview.today,
        unopened,
        at_work: overview.rows.envelopes_at_work,
        counted: overview.rows.counted.envelopes,
        all: overview.rows.envelopes,
        bags,
        key: wave.key,
        wave: wave.spec.title,
    }
}
