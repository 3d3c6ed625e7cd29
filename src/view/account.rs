//! The pages of one's own account. In English.

use askama::Template;
use time::UtcOffset;

use super::{
    dates,
    login::{one, sentence},
    page::{Page, SummaryLine},
};
use crate::domain::{moment::Moment, role::Role};

/// What a person sees of their account.
#[derive(Debug, Clone)]
pub struct AccountView {
    pub email: String,
    pub role: Role,
    pub has_second_factor: bool,
    /// How many of them work still.
    pub recovery_codes: u64,
    pub sessions: Vec<RunningSession>,
}

#[derive(Debug, Clone)]
pub struct RunningSession {
    pub id: String,
    pub is_this: bool,
    pub began: Moment,
    pub seen: Moment,
}

#[derive(Debug, Template)]
#[template(path = "account.html", config = "src/view/askama.toml")]
pub struct AccountPage {
    page: Page,
    notice: Option<&'static str>,
    email: String,
    role: &'static str,
    has_second_factor: bool,
    needs_second_factor: bool,
    recovery_codes: u64,
    sessions: Vec<ShownSession>,
}

#[derive(Debug)]
struct ShownSession {
    id: String,
    is_this: bool,
    began: String,
    seen: String,
}

impl AccountPage {
    pub fn new(page: &Page, view: AccountView, notice: Option<&'static str>) -> Self {
        let at = |moment| dates::moment(page.words, moment, UtcOffset::UTC);
        let sessions = view
            .sessions
            .into_iter()
            .map(|session| ShownSession {
                began: at(session.began),
                seen: at(session.seen),
                is_this: session.is_this,
                id: session.id,
            })
            .collect();
        Self {
            page: page.titled("Your account"),
            notice,
            email: view.email,
            role: view.role.as_str(),
            has_second_factor: view.has_second_factor,
            needs_second_factor: view.role.needs_second_factor(),
            recovery_codes: view.recovery_codes,
            sessions,
        }
    }
}

/// Why a change that asks for the present password was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfirmFault {
    Password,
    TooMany,
    /// The new password, and what is wrong with it.
    New(String),
}

impl ConfirmFault {
    fn of_current(&self) -> Option<&'static str> {
        match self {
            Self::Password => Some("The password is not right."),
            Self::TooMany => {
                Some("There were too many wrong passwords. Wait 5 minutes and try again.")
            }
            Self::New(_) => None,
        }
    }

    fn of_new(&self) -> Option<String> {
        match self {
            Self::New(fault) => Some(sentence(fault)),
            Self::Password | Self::TooMany => None,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "change_password.html", config = "src/view/askama.toml")]
pub struct ChangePasswordPage {
    page: Page,
    email: String,
    password_errors: Vec<SummaryLine>,
    new_errors: Vec<SummaryLine>,
    errors: Vec<SummaryLine>,
}

impl ChangePasswordPage {
    pub fn new(page: &Page, email: &str, fault: Option<&ConfirmFault>) -> Self {
        let current = fault.and_then(ConfirmFault::of_current);
        let new = fault.and_then(ConfirmFault::of_new);
        let password_errors = one("#password", current);
        let new_errors = one("#new-password", new.as_deref());
        Self {
            page: page
                .titled("Change your password")
                .with_errors(fault.is_some()),
            email: email.to_owned(),
            errors: [password_errors.clone(), new_errors.clone()].concat(),
            password_errors,
            new_errors,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "renew_codes.html", config = "src/view/askama.toml")]
pub struct RenewCodesPage {
    page: Page,
    email: String,
    errors: Vec<SummaryLine>,
}

impl RenewCodesPage {
    pub fn new(page: &Page, email: &str, fault: Option<&ConfirmFault>) -> Self {
        let errors = one("#password", fault.and_then(ConfirmFault::of_current));
        Self {
            page: page
                .titled("New recovery codes")
                .with_errors(!errors.is_empty()),
            email: email.to_owned(),
            errors,
        }
    }
}
