//! Settings: defaults, then the file, then the environment, then the command line.

mod network_range;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
};

use serde::Deserialize;

pub use network_range::{NetworkRange, NetworkRangeError};

/// Every setting with its default and what it is for: the reference manual of this module.
pub const DEFAULT_FILE: &str = include_str!("config.default.toml");

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub listen: SocketAddr,
    pub public_url: String,
    pub trusted_proxies: Vec<NetworkRange>,
    pub data_dir: PathBuf,
    pub database_url: String,
    pub secret: Secret,
    pub disclosure: DisclosureConfig,
    pub retention: RetentionConfig,
    pub mail: MailConfig,
    pub print: PrintConfig,
    pub log: LogConfig,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisclosureConfig {
    pub minimum: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionConfig {
    pub roll_days: u32,
    pub mail_days: u32,
    pub subscriber_days: u32,
    pub code_run_days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    pub smtp_url: Secret,
    pub from: String,
    pub reply_to: String,
    pub ca_file: PathBuf,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrintConfig {
    pub chromium: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// A setting that must not reach a log.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() {
            "(empty)"
        } else {
            "(secret)"
        })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://127.0.0.1:8080".to_owned(),
            trusted_proxies: [IpAddr::V4(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()]
                .map(NetworkRange::from)
                .to_vec(),
            data_dir: PathBuf::from("data"),
            database_url: String::new(),
            secret: Secret::default(),
            disclosure: DisclosureConfig::default(),
            retention: RetentionConfig::default(),
            mail: MailConfig::default(),
            print: PrintConfig::default(),
            log: LogConfig::default(),
        }
    }
}

impl Default for DisclosureConfig {
    fn default() -> Self {
        Self { minimum: 10 }
    }
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            roll_days: 30,
            mail_days: 90,
            subscriber_days: 365,
            code_run_days: 14,
        }
    }
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            smtp_url: Secret::default(),
            from: "Count Me In <count-me-in@localhost>".to_owned(),
            reply_to: String::new(),
            ca_file: PathBuf::new(),
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            filter: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the settings file {path} cannot be read: {error}")]
    Unreadable {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error(
        "the settings file {path} has a fault:\n{error}\n`countmein config` prints every setting there is"
    )]
    Malformed {
        path: PathBuf,
        error: Box<toml::de::Error>,
    },
    #[error(
        "public_url has to start with http:// or https:// and to have no slash at its end: {0}"
    )]
    PublicUrl(String),
    #[error(transparent)]
    TrustedProxies(#[from] NetworkRangeError),
    #[error("database_url has to start with sqlite: or postgres: (the rest is not shown here)")]
    DatabaseUrl,
    #[error("a database in memory would lose every answer: name a file")]
    InMemory,
    #[error("disclosure.minimum has to be 1 or more")]
    Minimum,
    #[error("the secret has to be 64 hexadecimal digits")]
    Secret,
    #[error("the secret key {path} cannot be used: {error}")]
    SecretFile {
        path: PathBuf,
        error: std::io::Error,
    },
}

impl Config {
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        toml::from_str(&text).map_err(|error| ConfigError::Malformed {
            path: path.to_owned(),
            error: Box::new(error),
        })
    }

    pub fn validate(&self) -> Result<(), ConfigError> {
        let url = self.public_url.as_str();
        let scheme = url.starts_with("http://") || url.starts_with("https://");
        if !scheme || url.ends_with('/') {
            return Err(ConfigError::PublicUrl(url.to_owned()));
        }
        let known = ["sqlite:", "postgres:", "postgresql:"];
        if !self.database_url.is_empty()
            && !known
                .iter()
                .any(|scheme| self.database_url.starts_with(scheme))
        {
            return Err(ConfigError::DatabaseUrl);
        }
        // In memory every connection would have a database of its own, gone with the process.
        if self.database_url.contains(":memory:") || self.database_url.contains("mode=memory") {
            return Err(ConfigError::InMemory);
        }
        if self.disclosure.minimum == 0 {
            Err(ConfigError::Minimum)
        } else {
            Ok(())
        }
    }

    pub fn database_url(&self) -> String {
        if self.database_url.is_empty() {
            format!(
                "sqlite://{}?mode=rwc",
                self.data_dir.join("countmein.sqlite").display()
            )
        } else {
            self.database_url.clone()
        }
    }

    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join("mail")
    }
}
