//! The page behind an e-mailed link, on which a member of staff chooses a password.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::on_with;
use crate::{
    service::staff_link::{self, LinkError},
    view::{ChoosePasswordPage, DeadLinkPage, Page},
    web::{
        Web,
        error::{PageError, render},
        extract::InPath,
        form::Fields,
        network::StaffAddress,
    },
};

/// Changes nothing: mail programs open links by themselves.
pub async fn show(
    State(web): State<Web>,
    InPath(token): InPath<String>,
) -> Result<Response, PageError> {
    match staff_link::owner(&web.services, &token).await {
        Ok(owner) => Ok(render(&ChoosePasswordPage::new(
            &page(),
            &token,
            &owner.user.email,
            None,
        ))),
        Err(error) => refused(&error),
    }
}

pub async fn choose(
    State(web): State<Web>,
    InPath(token): InPath<String>,
    StaffAddress(address): StaffAddress,
    fields: Fields,
) -> Result<Response, PageError> {
    let typed = fields.get("new-password").unwrap_or_default().to_owned();
    match staff_link::choose_password(&web.services, &token, typed, &address).await {
        Ok(begun) => Ok(on_with(&web, &begun.account, begun.stage, begun.token)),
        Err(LinkError::Password(fault)) => {
            let owner = staff_link::owner(&web.services, &token).await;
            let email = owner.map(|owner| owner.user.email).unwrap_or_default();
            let fault = fault.to_string();
            let page = ChoosePasswordPage::new(&page(), &token, &email, Some(fault));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
        Err(error) => refused(&error),
    }
}

/// The same page for a link that was used, has run out, or never was.
fn refused(error: &LinkError) -> Result<Response, PageError> {
    match error {
        LinkError::Gone => {
            let page = DeadLinkPage::new(&page());
            Ok((StatusCode::GONE, render(&page)).into_response())
        }
        error => Err(PageError::server(&page(), error)),
    }
}

fn page() -> Page {
    Page::for_staff("/staff/login")
}
