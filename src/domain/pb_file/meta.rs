//! The META section: keys and values in the order of the file.

/// Every key that the format knows, and whether a file has to have it.
const KEYS: &[(&str, bool)] = &[
    ("description", true),
    ("country", true),
    ("unit", true),
    ("district", false),
    ("subunit", false),
    ("instance", true),
    ("num_projects", true),
    ("num_votes", true),
    ("budget", true),
    ("vote_type", true),
    ("rule", true),
    ("date_begin", true),
    ("date_end", true),
    ("min_length", false),
    ("max_length", false),
    ("min_sum_cost", false),
    ("max_sum_cost", false),
    ("min_points", false),
    ("max_points", false),
    ("min_sum_points", false),
    ("max_sum_points", false),
    ("default_score", false),
    ("min_project_cost", false),
    ("max_project_cost", false),
    ("min_project_score_threshold", false),
    ("neighborhoods", false),
    ("subdistricts", false),
    ("categories", false),
    ("edition", false),
    ("language", false),
    ("currency", false),
    ("fully_funded", false),
    ("experimental", false),
    ("comment", false),
    ("acknowledgments", false),
    ("leftover_budget", false),
    ("budget_per_category", false),
    ("budget_per_neighborhood", false),
    ("min_length_per_category", false),
    ("max_length_per_category", false),
    ("min_sum_cost_per_category", false),
    ("max_sum_cost_per_category", false),
];

pub(super) fn is_known(key: &str) -> bool {
    KEYS.iter().any(|(known, _)| *known == key)
}

pub(super) fn known() -> Vec<&'static str> {
    KEYS.iter().map(|(key, _)| *key).collect()
}

pub(super) fn obligatory() -> impl Iterator<Item = &'static str> {
    KEYS.iter()
        .filter(|(_, obligatory)| *obligatory)
        .map(|(key, _)| *key)
}

/// Keys and values, each key once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    entries: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetaError {
    #[error("a line of META needs a key")]
    EmptyKey,
    #[error("the key “{0}” begins or ends with a space")]
    SpacesAroundKey(String),
    #[error("the key “{0}” is there twice")]
    DuplicateKey(String),
}

impl Meta {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(
        &mut self,
        key: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<(), MetaError> {
        let key = key.into();
        if key.trim().is_empty() {
            Err(MetaError::EmptyKey)
        } else if key.trim() != key {
            Err(MetaError::SpacesAroundKey(key))
        } else if self.entries.iter().any(|(known, _)| *known == key) {
            Err(MetaError::DuplicateKey(key))
        } else {
            self.entries.push((key, value.into()));
            Ok(())
        }
    }

    /// Keys and values in their order.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// What a key says, without spaces around it; none where it is missing, empty or `none`.
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.entries.iter().find(|(known, _)| known == key)?;
        super::table::present(value)
    }
}
