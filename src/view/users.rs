//! The pages on which administrators look after users. In English.

use askama::Template;

use super::{
    login::{one, sentence},
    page::{Page, SummaryLine},
};
use crate::domain::{id::UserId, role::Role};

/// A user as administrators see them.
#[derive(Debug, Clone)]
pub struct UserRow {
    pub id: UserId,
    pub email: String,
    pub role: Role,
    pub has_password: bool,
    pub has_second_factor: bool,
    pub is_disabled: bool,
}

impl UserRow {
    fn state(&self) -> &'static str {
        match (self.is_disabled, self.has_password) {
            (true, _) => "Disabled",
            (false, false) => "Invited",
            (false, true) => "Active",
        }
    }

    fn second_factor(&self) -> &'static str {
        match (self.has_second_factor, self.role.needs_second_factor()) {
            (true, _) => "Yes",
            (false, true) => "No: set up at the next login",
            (false, false) => "No",
        }
    }
}

#[derive(Debug)]
struct RoleChoice {
    name: &'static str,
    may: &'static str,
    is_chosen: bool,
}

fn roles(chosen: Option<Role>) -> Vec<RoleChoice> {
    Role::ALL
        .into_iter()
        .map(|role| RoleChoice {
            name: role.as_str(),
            may: what_it_may(role),
            is_chosen: Some(role) == chosen,
        })
        .collect()
}

fn what_it_may(role: Role) -> &'static str {
    match role {
        Role::Administrator => "looks after users, and all that a coordinator may",
        Role::Coordinator => "runs waves",
        Role::Keyer => "keys paper in",
        Role::Facilitator => "runs meetings",
        Role::Commissioner => "reads results",
        Role::Projector => "a screen in a hall",
    }
}

#[derive(Debug, Template)]
#[template(path = "users.html", config = "src/view/askama.toml")]
pub struct UsersPage {
    page: Page,
    rows: Vec<UserRow>,
    roles: Vec<RoleChoice>,
    typed: String,
    email_errors: Vec<SummaryLine>,
    role_errors: Vec<SummaryLine>,
    errors: Vec<SummaryLine>,
}

/// Why nobody was invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteFault {
    /// What is wrong with the address.
    Address(String),
    Role,
}

impl UsersPage {
    pub fn new(page: &Page, rows: Vec<UserRow>) -> Self {
        Self {
            page: page.titled("Users"),
            rows,
            roles: roles(None),
            typed: String::new(),
            email_errors: Vec::new(),
            role_errors: Vec::new(),
            errors: Vec::new(),
        }
    }

    #[must_use]
    pub fn with_fault(self, typed: &str, role: Option<Role>, fault: &InviteFault) -> Self {
        let (email, role_fault) = match fault {
            InviteFault::Address(what) => (Some(sentence(what)), None),
            InviteFault::Role => (None, Some("Choose a role.")),
        };
        let (email_errors, role_errors) =
            (one("#email", email.as_deref()), one("#role", role_fault));
        Self {
            page: self.page.with_errors(true),
            typed: typed.chars().take(254).collect(),
            roles: roles(role),
            errors: [email_errors.clone(), role_errors.clone()].concat(),
            email_errors,
            role_errors,
            ..self
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "user.html", config = "src/view/askama.toml")]
pub struct UserPage {
    page: Page,
    base: String,
    user: UserRow,
    roles: Vec<RoleChoice>,
    /// What the holder of the page does on the page of their account instead.
    is_oneself: bool,
    problem: Option<String>,
}

impl UserPage {
    pub fn new(page: &Page, user: UserRow, is_oneself: bool) -> Self {
        Self {
            page: page.titled(&user.email),
            base: format!("/staff/users/{}", user.id),
            roles: roles(Some(user.role)),
            is_oneself,
            problem: None,
            user,
        }
    }

    #[must_use]
    pub fn with_problem(self, problem: &str) -> Self {
        Self {
            page: self.page.with_errors(true),
            problem: Some(problem.to_owned()),
            ..self
        }
    }
}
