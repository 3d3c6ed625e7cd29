//! What a row of VOTES says about the person.

use super::{PbFile, ballots::VotingMethod, table::present};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age<'f> {
    Years(u16),
    /// Such as `40-59`, both included.
    Bucket(u16, u16),
    /// Anything else, as written.
    Other(&'f str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex<'f> {
    Female,
    Male,
    Other,
    /// Anything but F, M and O, as written.
    Unknown(&'f str),
}

/// One voter; none where the file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voter<'f> {
    pub id: Option<&'f str>,
    pub age: Option<Age<'f>>,
    pub sex: Option<Sex<'f>>,
    pub method: VotingMethod,
    pub district: Option<&'f str>,
    pub neighborhood: Option<&'f str>,
    pub education: Option<&'f str>,
}

impl<'f> Age<'f> {
    fn parse(text: &'f str) -> Self {
        if let Ok(years) = text.parse() {
            return Self::Years(years);
        }
        let ends = text.split_once('-').and_then(|(from, to)| {
            let ends = (from.trim().parse().ok()?, to.trim().parse().ok()?);
            (ends.0 <= ends.1).then_some(ends)
        });
        ends.map_or(Self::Other(text), |(from, to)| Self::Bucket(from, to))
    }
}

impl<'f> Sex<'f> {
    fn parse(text: &'f str) -> Self {
        match text {
            "F" => Self::Female,
            "M" => Self::Male,
            "O" => Self::Other,
            other => Self::Unknown(other),
        }
    }
}

impl PbFile {
    /// What a row of VOTES says about the person, besides the ballot.
    pub fn voter(&self, row: usize) -> Option<Voter<'_>> {
        if row >= self.votes.len() {
            return None;
        }
        let value = |column| self.votes.value(row, column);
        let method = match value("voting_method") {
            Some("internet") => VotingMethod::Internet,
            Some("paper") => VotingMethod::Paper,
            _ => VotingMethod::Unstated,
        };
        Some(Voter {
            id: value("voter_id"),
            age: value("age").map(Age::parse),
            sex: value("sex").map(Sex::parse),
            method,
            district: value("district"),
            neighborhood: value("neighborhood"),
            education: value("education"),
        })
    }

    /// The items of a list cell of a row of VOTES, such as its projects; none where it is empty.
    pub fn items(&self, row: usize, column: &str) -> impl Iterator<Item = &str> {
        let place = self.votes.column(column);
        let cell = place.and_then(|column| self.votes.cell(row, column));
        super::table::list(cell.and_then(present).unwrap_or_default())
    }
}
