//! Short names that people write in survey files, addresses and CSV columns.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Longest key that we accept; it has to fit an address bar and a column heading.
pub const MAX_KEY_LENGTH: usize = 60;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is not a usable key: write 1 to {MAX_KEY_LENGTH} lower-case letters (a to z), digits and hyphens, starting with a letter or a digit"
)]
pub struct KeyError(pub String);

fn validate(text: &str) -> Result<(), KeyError> {
    let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let all_allowed = text
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if starts_well && all_allowed && text.len() <= MAX_KEY_LENGTH {
        Ok(())
    } else {
        Err(KeyError(text.chars().take(80).collect()))
    }
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn new(text: impl Into<String>) -> Result<Self, KeyError> {
                let text = text.into();
                validate(&text)?;
                Ok(Self(text))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = KeyError;

            fn from_str(text: &str) -> Result<Self, KeyError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = KeyError;

            fn try_from(text: String) -> Result<Self, KeyError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> String {
                key.0
            }
        }
    };
}

key!(
    /// Names a survey: the first part of its addresses.
    SurveyKey
);
key!(
    /// Names a wave within its survey.
    WaveName
);
key!(
    /// Names an item within its survey: a CSV column, a form field.
    ItemKey
);
key!(
    /// Names a scale point, an option or a project within its item.
    OptionKey
);

/// Names a wave in the whole installation: `survey/wave`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WaveKey {
    pub survey: SurveyKey,
    pub wave: WaveName,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” does not name a wave: write the survey, a slash and the wave, such as co-production-attitudes/april"
)]
pub struct WaveKeyError(pub String);

impl fmt::Display for WaveKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.survey, self.wave)
    }
}

impl FromStr for WaveKey {
    type Err = WaveKeyError;

    fn from_str(text: &str) -> Result<Self, WaveKeyError> {
        let fault = || WaveKeyError(text.chars().take(120).collect());
        let (survey, wave) = text.split_once('/').ok_or_else(fault)?;
        Ok(Self {
            survey: survey.parse().map_err(|_| fault())?,
            wave: wave.parse().map_err(|_| fault())?,
        })
    }
}

impl TryFrom<String> for WaveKey {
    type Error = WaveKeyError;

    fn try_from(text: String) -> Result<Self, WaveKeyError> {
        text.parse()
    }
}

impl From<WaveKey> for String {
    fn from(key: WaveKey) -> String {
        key.to_string()
    }
}
