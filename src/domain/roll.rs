//! People whom the letters and invitations of a wave go to. Nothing here knows a code or an answer.

mod fingerprint;
mod matching;

pub use self::{
    fingerprint::{Fingerprints, RollKey},
    matching::{Changes, Standing, Verdict},
};

pub const MOST_NAME: usize = 120;
pub const MOST_LINES: usize = 6;
pub const MOST_LINE: usize = 80;
pub const MOST_GROUP: usize = 60;

/// A name as it stands on an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// Where a letter goes, line by line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address(Vec<String>);

/// What people on the roll have in common: a street, a school, a part of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RollFault {
    #[error("there is no name: write one, or “The householder”")]
    NoName,
    #[error(
        "the name has more than {MOST_NAME} characters: shorten it to what fits on an envelope"
    )]
    NameTooLong,
    #[error(
        "the address has more than {MOST_LINES} lines: leave some out, or use address1 to address4"
    )]
    TooManyLines,
    #[error("a line of the address has more than {MOST_LINE} characters: divide it")]
    LineTooLong,
    #[error("the group has more than {MOST_GROUP} characters: shorten it")]
    GroupTooLong,
    #[error("the {0} has a character that cannot be printed: type it again")]
    Unprintable(&'static str),
    #[error("this is not an e-mail address: write one such as name@example.org, or nothing")]
    NotAnEmail,
    #[error("there is neither an address nor an e-mail address: nothing could be sent")]
    NoWay,
}

impl RollFault {
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoName | Self::NameTooLong | Self::Unprintable("name") => "R-NAME",
            Self::TooManyLines | Self::LineTooLong | Self::Unprintable("address") => "R-ADDRESS",
            Self::GroupTooLong | Self::Unprintable(_) => "R-GROUP",
            Self::NotAnEmail => "R-EMAIL",
            Self::NoWay => "R-NO-WAY",
        }
    }
}

impl Name {
    pub fn new(text: &str) -> Result<Self, RollFault> {
        let name = one_line(text, "name")?;
        match name.chars().count() {
            0 => Err(RollFault::NoName),
            count if count > MOST_NAME => Err(RollFault::NameTooLong),
            _ => Ok(Self(name)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Address {
    /// Empty lines are left out.
    pub fn new<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, RollFault> {
        let mut kept = Vec::new();
        for line in lines {
            let line = one_line(line, "address")?;
            if line.chars().count() > MOST_LINE {
                return Err(RollFault::LineTooLong);
            }
            if !line.is_empty() {
                kept.push(line);
            }
        }
        if kept.len() > MOST_LINES {
            return Err(RollFault::TooManyLines);
        }
        Ok(Self(kept))
    }

    /// An address in one cell: its line breaks divide it or, where there are none, its commas.
    pub fn of_cell(text: &str) -> Result<Self, RollFault> {
        if text.trim().contains(['\n', '\r']) {
            Self::new(text.split(['\n', '\r']))
        } else {
            Self::new(text.split(','))
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines, with line breaks between them: how the database holds an address.
    pub fn to_text(&self) -> String {
        self.0.join("\n")
    }
}

impl Group {
    pub fn new(text: &str) -> Result<Option<Self>, RollFault> {
        let group = one_line(text, "group")?;
        if group.chars().count() > MOST_GROUP {
            return Err(RollFault::GroupTooLong);
        }
        Ok((!group.is_empty()).then_some(Self(group)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// With single spaces between its words. Marks that turn the direction of writing, or that nobody
/// sees, would let one name pass for another.
fn one_line(text: &str, what: &'static str) -> Result<String, RollFault> {
    let is_odd = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}');
    if text
        .chars()
        .any(|c| (c.is_control() && c != '\t') || is_odd(c))
    {
        return Err(RollFault::Unprintable(what));
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// One row of a roll that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: Name,
    pub address: Address,
    pub email: Option<String>,
    pub group: Option<Group>,
}

impl Person {
    /// As the database holds somebody whose row was checked when it was read.
    pub fn stored(name: String, address: &str, email: Option<String>) -> Self {
        Self {
            name: Name(name),
            address: Address(address.lines().map(str::to_owned).collect()),
            email,
            group: None,
        }
    }
}
