//! Statements that together measure one thing.

use serde::{Deserialize, Serialize};

use super::key::ItemKey;

/// What the people who wrote a survey declare about some of its statements: that they are one scale,
/// on which a sum of answers has a meaning. Without that, how well they hang together means nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    pub key: ItemKey,
    /// At least two, all answered on the same scale.
    pub items: Vec<ItemKey>,
    /// Those of `items` that say the opposite, so that agreeing counts as disagreeing.
    pub reversed: Vec<ItemKey>,
}
