//! From a report to the bytes of a mail: subject, text and HTML with the same numbers, and the
//! headers that keep it out of auto-reply loops and let its reader stop it with one press.

use lettre::{
    Message,
    message::{
        Mailbox, MessageBuilder, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use super::{Closing, Mailer, SendError};
use crate::{
    domain::{notice::Notice, text::Lang},
    store::mail::Subscriber,
    view::{NoticeMail, SummaryKind, SummaryMail},
};

impl Mailer {
    pub(super) fn summary(
        &self,
        message_id: &str,
        subscriber: &Subscriber,
        closing: &Closing,
        kind: SummaryKind,
    ) -> Result<Message, SendError> {
        let report = closing.report.report();
        let results = format!(
            "{}/r/{}/{}",
            self.public_url, report.survey.key, report.wave.name
        );
        let stop = format!("{}/mail/stop/{}", self.public_url, subscriber.stop_token);
        let contact = self
            .reply_to
            .as_ref()
            .map(|mailbox| mailbox.email.to_string());
        let summary = SummaryMail::new(report, &results, &stop, contact.as_deref(), kind)
            .with_audit_head(closing.audit_head.as_deref());
        let text = summary.text().map_err(|error| broken(&error))?;
        let html = summary.html().map_err(|error| broken(&error))?;
        let english = Lang::english();
        self.addressed(message_id, &subscriber.email, summary.subject(), &english)?
            .header(ListUnsubscribe(format!("<{stop}>")))
            .header(ListUnsubscribePost)
            .multipart(MultiPart::alternative_plain_html(text, html))
            .map_err(|error| broken(&error))
    }

    pub(super) fn notice(
        &self,
        message_id: &str,
        recipient: &str,
        notice: &Notice,
    ) -> Result<Message, SendError> {
        let mail = NoticeMail::new(notice, &self.public_url);
        let text = mail.text().map_err(|error| broken(&error))?;
        let html = mail.html().map_err(|error| broken(&error))?;
        self.addressed(message_id, recipient, mail.subject(), mail.lang())?
            .multipart(MultiPart::alternative_plain_html(text, html))
            .map_err(|error| broken(&error))
    }

    /// What every mail has, whatever it carries.
    fn addressed(
        &self,
        message_id: &str,
        recipient: &str,
        subject: &str,
        lang: &Lang,
    ) -> Result<MessageBuilder, SendError> {
        let to = recipient.parse().map_err(|_| {
            SendError::Permanent("the address of the recipient cannot be used".to_owned())
        })?;
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .message_id(Some(format!("<{message_id}@{}>", self.from.email.domain())))
            .header(AutoSubmitted)
            .header(ContentLanguage(lang.to_string()));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        Ok(builder)
    }
}

/// Another try would break in the same way.
fn broken(error: &dyn ToString) -> SendError {
    SendError::Permanent(error.to_string())
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
fixed_header!(
    ListUnsubscribePost,
    "List-Unsubscribe-Post",
    "List-Unsubscribe=One-Click"
);

/// A header whose value is its own in every mail.
macro_rules! written_header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

written_header!(ContentLanguage, "Content-Language");
written_header!(ListUnsubscribe, "List-Unsubscribe");
