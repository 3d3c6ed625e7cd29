//! Settings given on the command line or in the environment, over those of the file.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;

use super::CommandError;
use crate::config::{Config, LogFormat, NetworkRange, Secret};

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Flags {
    /// Settings file [default: countmein.toml where there is one]
    #[arg(long, global = true, env = "COUNTMEIN_CONFIG")]
    config: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, global = true, env = "COUNTMEIN_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The address under which people reach the service
    #[arg(long, global = true, env = "COUNTMEIN_PUBLIC_URL")]
    public_url: Option<String>,
    #[arg(
        long,
        global = true,
        env = "COUNTMEIN_TRUSTED_PROXIES",
        hide = true,
        value_delimiter = ','
    )]
    trusted_proxies: Option<Vec<NetworkRange>>,
    /// Folder for the SQLite file, the secret key and mails
    #[arg(long, global = true, env = "COUNTMEIN_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// sqlite:… or postgres:…
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    #[arg(long, global = true, env = "COUNTMEIN_SECRET", hide = true)]
    secret: Option<String>,
    #[arg(long, global = true, env = "COUNTMEIN_SMTP_URL", hide = true)]
    smtp_url: Option<String>,
    #[arg(long, global = true, env = "COUNTMEIN_MAIL_FROM", hide = true)]
    mail_from: Option<String>,
    #[arg(long, global = true, env = "COUNTMEIN_MAIL_REPLY_TO", hide = true)]
    mail_reply_to: Option<String>,
    #[arg(long, global = true, env = "COUNTMEIN_CHROMIUM", hide = true)]
    chromium: Option<PathBuf>,
    #[arg(long, global = true, env = "COUNTMEIN_LOG", hide = true)]
    log: Option<String>,
    #[arg(long, global = true, env = "COUNTMEIN_LOG_FORMAT", hide = true)]
    log_format: Option<String>,
}

impl Flags {
    pub fn config(self) -> Result<Config, CommandError> {
        let usual = PathBuf::from("countmein.toml");
        let mut config = match self.config {
            Some(path) => Config::read(&path)?,
            None if usual.exists() => Config::read(&usual)?,
            None => Config::default(),
        };
        let moved = self.listen.is_some();
        set(&mut config.listen, self.listen);
        set(&mut config.trusted_proxies, self.trusted_proxies);
        set(&mut config.data_dir, self.data_dir);
        set(&mut config.database_url, self.database_url);
        set(&mut config.secret, self.secret.map(Secret));
        set(&mut config.mail.smtp_url, self.smtp_url.map(Secret));
        set(&mut config.mail.from, self.mail_from);
        set(&mut config.mail.reply_to, self.mail_reply_to);
        set(&mut config.print.chromium, self.chromium);
        set(&mut config.log.filter, self.log);
        if let Some(format) = self.log_format {
            config.log.format = match format.as_str() {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                other => return Err(format!("“{other}” is no log format: text or json").into()),
            };
        }
        // Whoever moves the server for a trial means its address as well.
        if moved && self.public_url.is_none() && config.public_url == Config::default().public_url {
            config.public_url = format!("http://{}", config.listen);
        }
        set(&mut config.public_url, self.public_url);
        config.validate()?;
        Ok(config)
    }
}

fn set<T>(setting: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *setting = given;
    }
}
