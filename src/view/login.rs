//! The pages of a login, step by step, and the one behind an e-mailed link. In English.

use askama::Template;

use super::{
    page::{Page, SummaryLine},
    qr::Qr,
};
use crate::domain::second_factor::{RecoveryCode, TotpSecret};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginFault {
    /// The same words whichever of the two is wrong.
    Wrong,
    TooManyAttempts,
    /// Of the second factor.
    TooManyCodes,
}

impl LoginFault {
    fn words(self) -> &'static str {
        match self {
            Self::Wrong => "The e-mail address or the password is not right.",
            Self::TooManyAttempts => "There were too many tries. Wait 5 minutes and try again.",
            Self::TooManyCodes => {
                "There were too many wrong codes. Wait 5 minutes and log in again."
            }
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "login.html", config = "src/view/askama.toml")]
pub struct LoginPage {
    page: Page,
    email: String,
    errors: Vec<SummaryLine>,
}

impl LoginPage {
    pub fn new(page: &Page, email: &str, fault: Option<LoginFault>) -> Self {
        let errors = one("#email", fault.map(LoginFault::words));
        Self {
            page: page
                .titled("Log in as staff")
                .with_errors(!errors.is_empty()),
            email: email.chars().take(254).collect(),
            errors,
        }
    }
}

/// Asks for the second factor.
#[derive(Debug, Template)]
#[template(path = "login_code.html", config = "src/view/askama.toml")]
pub struct FactorPage {
    page: Page,
    errors: Vec<SummaryLine>,
}

impl FactorPage {
    pub fn new(page: &Page, is_wrong: bool) -> Self {
        let words = "This code is not right, or it was used before. Type the six digits that the app shows now.";
        let errors = one("#code", is_wrong.then_some(words));
        Self {
            page: page.titled("Enter a code").with_errors(is_wrong),
            errors,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolFault {
    Code,
    Password,
    TooManyPasswords,
}

/// Shows the secret of a second factor and asks for one code of it.
#[derive(Debug, Template)]
#[template(path = "enrol.html", config = "src/view/askama.toml")]
pub struct EnrolPage {
    page: Page,
    action: String,
    email: String,
    address: String,
    secret: String,
    picture: Option<Qr>,
    /// The secret under seal, to come back with the form.
    offer: String,
    asks_password: bool,
    code_errors: Vec<SummaryLine>,
    password_errors: Vec<SummaryLine>,
    errors: Vec<SummaryLine>,
}

impl EnrolPage {
    /// A page with a navigation is that of somebody logged in, who shows once more that it is them.
    pub fn new(
        page: &Page,
        email: &str,
        secret: &TotpSecret,
        offer: &str,
        action: &str,
        fault: Option<EnrolFault>,
    ) -> Self {
        let code = (fault == Some(EnrolFault::Code)).then_some(
            "This code is not right. Type the six digits that the app shows now; the clock of the phone has to be right.",
        );
        let password = match fault {
            Some(EnrolFault::Password) => Some("The password is not right."),
            Some(EnrolFault::TooManyPasswords) => {
                Some("There were too many wrong passwords. Wait 5 minutes and try again.")
            }
            _ => None,
        };
        let address = secret.address(email);
        let (password_errors, code_errors) = (one("#password", password), one("#code", code));
        Self {
            page: page
                .titled("Set up your authenticator app")
                .with_errors(fault.is_some()),
            action: action.to_owned(),
            email: email.to_owned(),
            picture: Qr::of(&address),
            address,
            secret: secret.in_blocks(),
            offer: offer.to_owned(),
            asks_password: !page.navigation.is_empty(),
            errors: [password_errors.clone(), code_errors.clone()].concat(),
            code_errors,
            password_errors,
        }
    }
}

/// Shows recovery codes, the only time.
#[derive(Debug, Template)]
#[template(path = "recovery_codes.html", config = "src/view/askama.toml")]
pub struct RecoveryCodesPage {
    page: Page,
    codes: Vec<String>,
    onward: String,
}

impl RecoveryCodesPage {
    pub fn new(page: &Page, codes: &[RecoveryCode], onward: &str) -> Self {
        Self {
            page: page.titled("Your recovery codes"),
            codes: codes.iter().map(ToString::to_string).collect(),
            onward: onward.to_owned(),
        }
    }
}

/// Behind an e-mailed link.
#[derive(Debug, Template)]
#[template(path = "choose_password.html", config = "src/view/askama.toml")]
pub struct ChoosePasswordPage {
    page: Page,
    action: String,
    email: String,
    errors: Vec<SummaryLine>,
}

impl ChoosePasswordPage {
    pub fn new(page: &Page, token: &str, email: &str, fault: Option<String>) -> Self {
        let errors = one("#new-password", fault.map(sentence).as_deref());
        Self {
            page: page
                .titled("Choose your password")
                .with_errors(!errors.is_empty()),
            action: format!("/staff/link/{token}"),
            email: email.to_owned(),
            errors,
        }
    }
}

/// A link that was used, has run out, or never was: nobody is told which.
#[derive(Debug, Template)]
#[template(path = "dead_link.html", config = "src/view/askama.toml")]
pub struct DeadLinkPage {
    page: Page,
}

impl DeadLinkPage {
    pub fn new(page: &Page) -> Self {
        Self {
            page: page.titled("This link does not work any more"),
        }
    }
}

pub(super) fn one(href: &str, text: Option<&str>) -> Vec<SummaryLine> {
    text.map(|text| SummaryLine {
        href: href.to_owned(),
        text: text.to_owned(),
    })
    .into_iter()
    .collect()
}

/// The words of an error, with a capital letter and a full stop.
pub(super) fn sentence(error: impl AsRef<str>) -> String {
    let mut letters = error.as_ref().chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
