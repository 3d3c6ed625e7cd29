//! How a mail leaves: by SMTP, or as a file in a folder where there is no SMTP server.

use std::{path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::client::{Certificate, Tls, TlsParameters},
};

use super::MailerError;
use crate::config::Config;

pub enum Transport {
    Smtp {
        transport: AsyncSmtpTransport<Tokio1Executor>,
        host: String,
    },
    Folder(PathBuf),
}

/// Whether another try can help.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("{0}")]
    Transient(String),
    #[error("{0}")]
    Permanent(String),
}

/// A server that accepts a connection and says nothing must not hold the worker up.
const TIMEOUT: Duration = Duration::from_secs(30);

impl Transport {
    pub fn new(config: &Config) -> Result<Self, MailerError> {
        let url = config.mail.smtp_url.0.as_str();
        if url.is_empty() {
            return Ok(Self::Folder(config.mail_folder()));
        }
        let host = host_of(url);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| MailerError::SmtpUrl("write it as smtp://host:25".to_owned()))?
            .timeout(Some(TIMEOUT));
        if !config.mail.ca_file.as_os_str().is_empty() {
            let fault = |error: &dyn ToString| MailerError::CaFile(error.to_string());
            let pem = std::fs::read(&config.mail.ca_file).map_err(|error| fault(&error))?;
            let certificate = Certificate::from_pem(&pem).map_err(|error| fault(&error))?;
            let parameters = TlsParameters::builder(host.clone())
                .add_root_certificate(certificate)
                .build()
                .map_err(|error| fault(&error))?;
            builder = builder.tls(if url.starts_with("smtps:") {
                Tls::Wrapper(parameters)
            } else {
                Tls::Required(parameters)
            });
        }
        Ok(Self::Smtp {
            transport: builder.build(),
            host,
        })
    }

    pub fn describe(&self) -> String {
        match self {
            Self::Smtp { host, .. } => format!("mails are sent through {host}"),
            Self::Folder(folder) => format!(
                "no mail.smtp_url is set: mails are written as files to {} and sent to nobody",
                folder.display()
            ),
        }
    }

    pub async fn send(&self, id: &str, message: Message) -> Result<(), SendError> {
        match self {
            Self::Smtp { transport, .. } => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(SendError::Permanent(plain(&error))),
                Err(error) => Err(SendError::Transient(plain(&error))),
            },
            Self::Folder(folder) => write(folder, id, &message.formatted())
                .await
                .map_err(|error| SendError::Transient(error.to_string())),
        }
    }
}

/// The kind and code of an SMTP error. The server's own words may hold the address, which has no
/// business in a log or a list.
fn plain(error: &lettre::transport::smtp::Error) -> String {
    let kind = if error.is_timeout() {
        "the mail server did not answer in time"
    } else if error.is_response() {
        "the mail server's answer could not be understood"
    } else if error.is_permanent() {
        "the mail server refused the mail for good"
    } else if error.is_transient() {
        "the mail server refused the mail for now"
    } else {
        "the mail server could not be reached"
    };
    error
        .status()
        .map_or_else(|| kind.to_owned(), |code| format!("{kind} (code {code})"))
}

/// Written under another name first, so that whoever watches the folder never reads half a mail. The
/// name is that of the message: a second try replaces the first.
async fn write(folder: &std::path::Path, id: &str, bytes: &[u8]) -> std::io::Result<()> {
    let (folder, bytes, id) = (folder.to_owned(), bytes.to_owned(), id.to_owned());
    tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)?;
        let part = folder.join(format!("{id}.part"));
        std::fs::write(&part, bytes)?;
        std::fs::rename(part, folder.join(format!("{id}.eml")))
    })
    .await?
}

/// The host of an address such as `smtp://user:password@host:587?tls=required`.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host
        .strip_prefix('[')
        .and_then(|h| h.split(']').next())
        .unwrap_or(host);
    host.split(':').next().unwrap_or_default().to_owned()
}
