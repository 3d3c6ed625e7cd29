//! A survey: what is asked, in which order and languages, and its waves.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    hex::hex,
    item::Item,
    key::{ItemKey, SurveyKey},
    measure::Measure,
    text::{Lang, Text},
    wave::WaveSpec,
};

/// What is asked. Fixed once a wave of it is open: [`Survey::wording_hash`] names the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    pub key: SurveyKey,
    /// The first is the language of people who do not choose one.
    pub languages: Vec<Lang>,
    pub title: Text,
    pub intro: Text,
    /// What happens with the answers: shown before the first question and in the receipt.
    pub follow_up: Option<Text>,
    pub pages: Pages,
    pub items: Vec<Item>,
    /// Left out where there are none, so that the wording hash of older surveys stays what it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
}

/// How the online form lays the items out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pages {
    OneQuestion,
    AllQuestions,
}

/// A survey and the waves that its file plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyPlan {
    pub survey: Survey,
    pub waves: Vec<WaveSpec>,
}

impl Survey {
    pub fn item(&self, key: &ItemKey) -> Option<&Item> {
        self.items.iter().find(|item| item.key == *key)
    }

    /// SHA-256, in hexadecimal, over everything that a person reads or can answer. Waves and dates
    /// are no part of it: moving a closing date is not a new wording.
    pub fn wording_hash(&self) -> String {
        let canonical = serde_json::to_vec(self).unwrap_or_default();
        hex(&Sha256::digest(canonical))
    }
}
