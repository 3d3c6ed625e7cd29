//! What is kept of people, for how long, and the answer to one who asks.

use askama::Template;

use super::page::{Page, SummaryLine};

/// One kind of data, for how long it is kept, and counted from when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    pub what: &'static str,
    pub days: u32,
    pub after: &'static str,
}

/// When the people of one wave go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveDates {
    pub wave: String,
    pub on_roll: u64,
    pub roll_goes: String,
    pub subscribers: u64,
    pub subscribers_go: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffPrivacy {
    pub kept: Vec<KeptRow>,
    pub waves: Vec<WaveDates>,
    pub not_traced: Vec<&'static str>,
}

/// That somebody was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedCertificate {
    pub at: String,
    pub reference: String,
    pub on_rolls: u64,
    pub subscriptions: u64,
    pub mails: u64,
}

#[derive(Debug, Template)]
#[template(path = "privacy.html", config = "src/view/askama.toml")]
pub struct PrivacyPage {
    page: Page,
    kept: Vec<KeptRow>,
    waves: Vec<WaveDates>,
    not_traced: Vec<&'static str>,
    typed: String,
    errors: Vec<SummaryLine>,
    email_fault: Option<String>,
    sure_fault: Option<String>,
    certificate: Option<ErasedCertificate>,
}

/// What can be wrong with a form for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrivacyFault {
    Address(String),
    NotSure,
}

impl PrivacyPage {
    pub fn new(page: &Page, privacy: StaffPrivacy) -> Self {
        Self {
            page: page.titled("Privacy"),
            kept: privacy.kept,
            waves: privacy.waves,
            not_traced: privacy.not_traced,
            typed: String::new(),
            errors: Vec::new(),
            email_fault: None,
            sure_fault: None,
            certificate: None,
        }
    }

    #[must_use]
    pub fn with_fault(mut self, typed: &str, fault: PrivacyFault) -> Self {
        self.page = self.page.with_errors(true);
        self.typed = typed.chars().take(254).collect();
        let (href, text) = match fault {
            PrivacyFault::Address(text) => {
                self.email_fault = Some(text.clone());
                ("#email", text)
            }
            PrivacyFault::NotSure => {
                let text =
                    "Tick that you have made sure who asks: what is erased cannot be brought back.";
                self.sure_fault = Some(text.to_owned());
                ("#sure", text.to_owned())
            }
        };
        self.errors = vec![SummaryLine {
            href: href.to_owned(),
            text,
        }];
        self
    }

    #[must_use]
    pub fn with_certificate(mut self, certificate: ErasedCertificate) -> Self {
        self.certificate = Some(certificate);
        self
    }
}
