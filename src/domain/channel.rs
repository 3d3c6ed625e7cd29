//! The three ways by which a person is counted.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Online,
    Postal,
    Meeting,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Online, Self::Postal, Self::Meeting];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Postal => "postal",
            Self::Meeting => "meeting",
        }
    }

    /// Position in [`Channel::ALL`], for tables with one column a channel.
    pub fn index(self) -> usize {
        match self {
            Self::Online => 0,
            Self::Postal => 1,
            Self::Meeting => 2,
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a channel: write online, postal or meeting")]
pub struct ChannelError(pub String);

impl FromStr for Channel {
    type Err = ChannelError;

    fn from_str(text: &str) -> Result<Self, ChannelError> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == text)
            .ok_or_else(|| ChannelError(text.chars().take(40).collect()))
    }
}
