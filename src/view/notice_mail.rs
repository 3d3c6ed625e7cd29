//! Mails to one person: what it is about, a link or a code, and why they get it.

use askama::Template;
use time::UtcOffset;

use super::{dates, page::Page};
use crate::domain::{
    moment::Moment,
    notice::{AccountChange, Invitation, LinkPurpose, Notice},
    role::Role,
    text::Lang,
};

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
        match notice {
            Notice::Invitation(invitation) => Self::invitation(invitation, public_url),
            Notice::StaffLink {
                token,
                role,
                purpose,
                expires,
            } => Self::staff_link(
                &format!("{public_url}/staff/link/{token}"),
                *role,
                *purpose,
                *expires,
            ),
            Notice::AccountChanged { change, at } => Self::account_changed(*change, *at),
        }
    }

    fn staff_link(link: &str, role: Role, purpose: LinkPurpose, expires: Moment) -> Self {
        let page = Page::new(&Lang::english(), "/");
        let (subject, why) = match purpose {
            LinkPurpose::Invitation => (
                "Choose your password for Count Me In",
                format!("You have been given access to Count Me In as {role}."),
            ),
            LinkPurpose::NewPassword => (
                "Choose a new password for Count Me In",
                "An administrator of Count Me In has sent you this link, so that you can choose a new password. Your present one works until then.".to_owned(),
            ),
        };
        let until = dates::moment(page.words, expires, UtcOffset::UTC);
        Self {
            subject: subject.to_owned(),
            before: vec![why, "Open this address to choose your password:".to_owned()],
            link: Some(link.to_owned()),
            after: vec![
                format!("The address works once, until {until}."),
                "If you did not expect this mail, do nothing: without you it opens nothing."
                    .to_owned(),
            ],
            page,
        }
    }

    /// Without a link: whoever writes such mails to deceive wants one pressed.
    fn account_changed(change: AccountChange, at: Moment) -> Self {
        let page = Page::new(&Lang::english(), "/");
        let at = dates::moment(page.words, at, UtcOffset::UTC);
        let what = match change {
            AccountChange::Password => "your password was changed",
            AccountChange::SecondFactorSet => "an authenticator app was set up for your account",
            AccountChange::SecondFactorReset => {
                "an administrator reset the second factor of your account: you set it up anew when you next log in"
            }
            AccountChange::RecoveryCodeUsed => "one of your recovery codes was used to log in",
            AccountChange::RecoveryCodesRenewed => "new recovery codes were made for your account",
        };
        Self {
            subject: "A change to your account in Count Me In".to_owned(),
            before: vec![format!("On {at} {what}.")],
            link: None,
            after: vec![
                "If you did this, or know of it, there is nothing to do. If not, tell an administrator at once: they can end your sessions and disable your account."
                    .to_owned(),
            ],
            page,
        }
    }

    /// In the first language of the survey, which its roll is written in.
    fn invitation(invitation: &Invitation, public_url: &str) -> Self {
        let page = Page::new(&Lang::first_of(&invitation.languages), "/");
        let survey = invitation.survey.get(page.lang());
        let until = dates::moment(
            page.words,
            invitation.closes,
            dates::offset_of_minutes(invitation.offset_minutes),
        );
        let with = |key: &str| {
            let values = [
                ("name", invitation.name.as_str()),
                ("survey", survey),
                ("until", until.as_str()),
                ("code", invitation.code.as_str()),
                ("address", &format!("{public_url}/v")),
            ];
            page.words.t_with(key, &values)
        };
        let greeting = if invitation.name.is_empty() {
            "invitation.greeting-nobody"
        } else {
            "invitation.greeting"
        };
        Self {
            subject: one_line(&with("invitation.subject")),
            before: vec![
                with(greeting),
                with("invitation.what"),
                with("invitation.how"),
            ],
            // After the #, so that the code is in no server's log.
            link: Some(format!("{public_url}/v#{}", invitation.code)),
            after: vec![
                with("invitation.typed"),
                with("invitation.once"),
                with("invitation.why"),
            ],
            page,
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

/// A subject is a header, and a header has one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
