//! Mails: the message from a report, and the ways it goes out.

mod message;
mod transport;

use lettre::message::Mailbox;

use crate::{
    config::Config, domain::notice::Notice, store::mail::Subscriber,
    tally::disclosure::PublishedReport,
};

pub use crate::view::SummaryKind;
pub use transport::{SendError, Transport};

#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    #[error("mail.{setting} is not an e-mail address such as “Name <name@example.org>”: {error}")]
    Address {
        setting: &'static str,
        error: lettre::address::AddressError,
    },
    #[error("mail.smtp_url cannot be used: {0}")]
    SmtpUrl(String),
    #[error("mail.ca_file cannot be used: {0}")]
    CaFile(String),
}

/// What the summary of a wave is about: how it stood when it closed.
#[derive(Debug)]
pub struct Closing {
    pub report: PublishedReport,
    /// Where the audit log ended then. Summaries carry it out of the house: whoever cuts the log
    /// later cannot call them back.
    pub audit_head: Option<String>,
}

/// Renders and sends.
pub struct Mailer {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    public_url: String,
    transport: Transport,
}

impl Mailer {
    pub fn new(config: &Config) -> Result<Self, MailerError> {
        let address = |setting, text: &str| {
            text.parse::<Mailbox>()
                .map_err(|error| MailerError::Address { setting, error })
        };
        let reply_to = config.mail.reply_to.as_str();
        Ok(Self {
            from: address("from", &config.mail.from)?,
            reply_to: (!reply_to.is_empty())
                .then(|| address("reply_to", reply_to))
                .transpose()?,
            public_url: config.public_url.clone(),
            transport: Transport::new(config)?,
        })
    }

    /// Where mails go, for the log: never with a password.
    pub fn describe(&self) -> String {
        self.transport.describe()
    }

    /// What has become of a mail that left without an error, for the log.
    pub fn outcome(&self) -> &'static str {
        match self.transport {
            Transport::Smtp { .. } => "mail sent",
            Transport::Folder(_) => "mail written to a file, and sent to nobody",
        }
    }

    pub async fn send_summary(
        &self,
        message_id: &str,
        subscriber: &Subscriber,
        closing: &Closing,
        kind: SummaryKind,
    ) -> Result<(), SendError> {
        let message = self.summary(message_id, subscriber, closing, kind)?;
        self.transport.send(message_id, message).await
    }

    pub async fn send_notice(
        &self,
        message_id: &str,
        recipient: &str,
        notice: &Notice,
    ) -> Result<(), SendError> {
        let message = self.notice(message_id, recipient, notice)?;
        self.transport.send(message_id, message).await
    }
}
