//! What a wave's responses stand for. The frame decides which interval is printed, and in which words.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Frame {
    /// Everyone of a known group of `size` people was asked.
    Census { size: u64 },
    /// `size` is the number of people in the group from which the people asked were drawn at random.
    Sample { size: u64 },
    /// Whoever came.
    Open,
}

impl Frame {
    pub fn size(self) -> Option<u64> {
        match self {
            Self::Census { size } | Self::Sample { size } => Some(size),
            Self::Open => None,
        }
    }
}
