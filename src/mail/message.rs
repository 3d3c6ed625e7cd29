//! From a report to the bytes of a mail: subject, text and HTML with the same numbers, and the
//! headers that keep it out of auto-reply loops and let its reader stop it with one press.

use lettre::{
    Message,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use super::{Mailer, SendError};
use crate::{store::mail::Claimed, tally::disclosure::PublishedReport, view::SummaryMail};

impl Mailer {
    pub(super) fn summary(
        &self,
        mail: &Claimed,
        published: &PublishedReport,
    ) -> Result<Message, SendError> {
        let report = published.report();
        let results = format!(
            "{}/r/{}/{}",
            self.public_url, report.survey.key, report.wave.name
        );
        let stop = format!(
            "{}/mail/stop/{}",
            self.public_url, mail.subscriber.stop_token
        );
        let contact = self
            .reply_to
            .as_ref()
            .map(|mailbox| mailbox.email.to_string());
        let summary = SummaryMail::new(report, &results, &stop, contact.as_deref());
        let broken = |error: &dyn ToString| SendError::Permanent(error.to_string());
        let text = summary.text().map_err(|error| broken(&error))?;
        let html = summary.html().map_err(|error| broken(&error))?;
        let to = mail.subscriber.email.parse().map_err(|_| {
            SendError::Permanent("the address of the subscriber cannot be used".to_owned())
        })?;
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(summary.subject())
            .message_id(Some(format!(
                "<{}@{}>",
                mail.message_id,
                self.from.email.domain()
            )))
            .header(AutoSubmitted)
            .header(ContentLanguage)
            .header(ListUnsubscribe(format!("<{stop}>")))
            .header(ListUnsubscribePost);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        builder
            .multipart(MultiPart::alternative_plain_html(text, html))
            .map_err(|error| broken(&error))
    }
}

/// A header with the same value in every mail.
macro_rules! fixed_header {
    ($type:ident, $name:literal, $value:literal) => {
        #[derive(Clone)]
        struct $type;

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self)
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value.to_owned())
            }
        }
    };
}

fixed_header!(AutoSubmitted, "Auto-Submitted", "auto-generated");
fixed_header!(ContentLanguage, "Content-Language", "en");
fixed_header!(
    ListUnsubscribePost,
    "List-Unsubscribe-Post",
    "List-Unsubscribe=One-Click"
);

#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}
