//! Mails to one person: what it is about, a link or a code, and why they get it.

use askama::Template;
use time::UtcOffset;

use super::{dates, page::Page};
use crate::domain::{notice::Notice, text::Lang};

#[derive(Debug)]
pub struct NoticeMail {
    page: Page,
    subject: String,
    before: Vec<String>,
    /// A full address, shown as it is.
    link: Option<String>,
    after: Vec<String>,
}

#[derive(Template)]
#[template(
    path = "mail/notice.txt",
    config = "src/view/askama.toml",
    whitespace = "preserve"
)]
struct TextPart<'a> {
    mail: &'a NoticeMail,
}

#[derive(Template)]
#[template(path = "mail/notice.html", config = "src/view/askama.toml")]
struct HtmlPart<'a> {
    mail: &'a NoticeMail,
}

impl NoticeMail {
    /// `public_url` is where the service is reached, without a slash at its end.
    pub fn new(notice: &Notice, public_url: &str) -> Self {
        let page = Page::new(&Lang::english(), "/");
        match notice {
            Notice::StaffLink {
                token,
                role,
                expires,
            } => {
                let until = dates::moment(page.words, *expires, UtcOffset::UTC);
                Self {
                    subject: "Choose your password for Count Me In".to_owned(),
                    before: vec![
                        format!("You have been given access to Count Me In as {role}."),
                        "Open this address to choose your password:".to_owned(),
                    ],
                    link: Some(format!("{public_url}/staff/link/{token}")),
                    after: vec![
                        format!("The address works once, until {until}."),
                        "If you did not expect this mail, do nothing: without you it opens nothing."
                            .to_owned(),
                    ],
                    page,
                }
            }
        }
    }

    pub fn subject(&self) -> &str {
        &self.subject
    }

    pub fn lang(&self) -> &Lang {
        self.page.lang()
    }

    pub fn text(&self) -> Result<String, askama::Error> {
        TextPart { mail: self }.render()
    }

    pub fn html(&self) -> Result<String, askama::Error> {
        HtmlPart { mail: self }.render()
    }
}
