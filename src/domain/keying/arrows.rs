//! The states by name and every arrow between them: what the diagram is drawn from, and what a test
//! holds the transitions against.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use super::batch::BatchState;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateName {
    Counting,
    FirstKeying,
    SecondKeying,
    Resolving,
    Reconciled,
    Counted,
}

/// What is done to a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    CountPile,
    Claim,
    Release,
    Key,
    FinishPass,
    Decide,
    FinishResolving,
    Restart,
    Count,
}

pub type Arrow = (StateName, Deed, StateName);

/// Nothing else happens to a batch.
pub const ARROWS: [Arrow; 24] = {
    use Deed as D;
    use StateName as S;
    [
        (S::Counting, D::CountPile, S::Counting),
        (S::Counting, D::CountPile, S::FirstKeying),
        (S::Counting, D::CountPile, S::SecondKeying),
        (S::FirstKeying, D::Claim, S::FirstKeying),
        (S::FirstKeying, D::Release, S::FirstKeying),
        (S::FirstKeying, D::Key, S::FirstKeying),
        (S::FirstKeying, D::FinishPass, S::SecondKeying),
        (S::FirstKeying, D::FinishPass, S::Counting),
        (S::FirstKeying, D::Restart, S::FirstKeying),
        (S::SecondKeying, D::Claim, S::SecondKeying),
        (S::SecondKeying, D::Release, S::SecondKeying),
        (S::SecondKeying, D::Key, S::SecondKeying),
        (S::SecondKeying, D::FinishPass, S::Resolving),
        (S::SecondKeying, D::FinishPass, S::Reconciled),
        (S::SecondKeying, D::FinishPass, S::Counting),
        (S::SecondKeying, D::Restart, S::FirstKeying),
        (S::Resolving, D::Claim, S::Resolving),
        (S::Resolving, D::Release, S::Resolving),
        (S::Resolving, D::Decide, S::Resolving),
        (S::Resolving, D::FinishResolving, S::Reconciled),
        (S::Resolving, D::FinishResolving, S::SecondKeying),
        (S::Resolving, D::Restart, S::FirstKeying),
        (S::Reconciled, D::Restart, S::FirstKeying),
        (S::Reconciled, D::Count, S::Counted),
    ]
};

impl StateName {
    pub const ALL: [Self; 6] = [
        Self::Counting,
        Self::FirstKeying,
        Self::SecondKeying,
        Self::Resolving,
        Self::Reconciled,
        Self::Counted,
    ];

    pub fn of(state: &BatchState) -> Self {
        match state {
            BatchState::Counting(_) => Self::Counting,
            BatchState::FirstKeying(_) => Self::FirstKeying,
            BatchState::SecondKeying(_) => Self::SecondKeying,
            BatchState::Resolving(_) => Self::Resolving,
            BatchState::Reconciled(_) => Self::Reconciled,
            BatchState::Counted(_) => Self::Counted,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counting => "counting",
            Self::FirstKeying => "first-keying",
            Self::SecondKeying => "second-keying",
            Self::Resolving => "resolving",
            Self::Reconciled => "reconciled",
            Self::Counted => "counted",
        }
    }
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Counting => "being counted again",
            Self::FirstKeying => "in its first keying",
            Self::SecondKeying => "in its second keying",
            Self::Resolving => "waiting for decisions",
            Self::Reconciled => "ready to be counted",
            Self::Counted => "counted",
        })
    }
}

impl FromStr for StateName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("“{text}” is no state of a batch"))
    }
}

impl Deed {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CountPile => "count the pile",
            Self::Claim => "take",
            Self::Release => "put back",
            Self::Key => "key a sheet",
            Self::FinishPass => "finish the pile",
            Self::Decide => "decide a sheet",
            Self::FinishResolving => "finish deciding",
            Self::Restart => "start anew",
            Self::Count => "count into the ledger",
        }
    }
}

/// The arrows as a state diagram in Mermaid.
pub fn diagram() -> String {
    let mut text = "stateDiagram-v2\n    [*] --> counting: open, sheets and envelopes differ\n    \
                    [*] --> first_keying: open\n"
        .to_owned();
    let node = |name: StateName| name.as_str().replace('-', "_");
    for (from, deed, to) in ARROWS {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "    {} --> {}: {}",
            node(from),
            node(to),
            deed.as_str()
        );
    }
    text + "    counted --> [*]\n"
}
