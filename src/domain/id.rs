//! Database ids, one type each, so that a wave's id cannot be passed for a user's.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A version of a survey's wording.
    SurveyVersionId
);
id!(
    /// A collection period.
    WaveId
);
id!(
    /// A member of staff.
    UserId
);
id!(
    /// A mail waiting in, or sent from, the outbox.
    MailId
);
id!(
    /// A report as it stood when a wave closed or was published.
    SnapshotId
);

id!(
    /// Codes that were made together.
    CodeRunId
);
id!(
    /// A request for an act that needs two people.
    RequestId
);

id!(
    /// Mail that was opened together.
    MailBagId
);
id!(
    /// Sheets of paper that are keyed together.
    BatchId
);

/// A place in a wave's ledger: 1, 2, 3 … without gaps, in the order of appending.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub i64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
