//! Pages for staff.

pub mod account;
pub mod ask;
pub mod audit;
pub mod bag;
pub mod batch;
pub mod batches;
pub mod codes;
pub mod cover;
pub mod differences;
pub mod edit;
pub mod keying;
pub mod keying_statistics;
pub mod link;
pub mod login;
pub mod paper;
pub mod pile;
pub mod post;
pub mod privacy;
pub mod requests;
pub mod roll;
pub mod screen;
pub mod second_factor;
pub mod users;
pub mod wave;
pub mod waves;

use axum::{
    http::{HeaderMap, header},
    response::Response,
};

use super::{Web, error::see_other};
use crate::{
    domain::role::{Permission, Role},
    store::{session::Stage, staff::Account},
};

/// Where a role begins its work.
fn first_page(role: Role) -> &'static str {
    if role.may(Permission::SeeWaves) {
        "/staff"
    } else {
        "/staff/screen"
    }
}

/// The next page of a login that has come this far.
fn next_page(account: &Account, stage: Stage) -> &'static str {
    match stage {
        Stage::Full => first_page(account.user.role),
        Stage::Password if account.sealed_secret.is_some() => "/staff/login/code",
        Stage::Password => "/staff/login/set-up",
    }
}

/// To the next page of a login, with the cookie of its session.
fn on_with(web: &Web, account: &Account, stage: Stage, token: String) -> Response {
    let mut response = see_other(next_page(account, stage));
    let stays = account.user.role.stays_logged_in();
    let cookie = web.cookies.staff(token, stays);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// Whether a script asks, which has no use for a page.
fn wants_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT);
    accepted.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

/// What a use case says, as a sentence of its own: without its full stop.
fn sentence(text: &str) -> String {
    let mut symbols = text.chars();
    symbols.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(symbols).collect()
    })
}
