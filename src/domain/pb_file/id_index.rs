//! From the id of a project to its position, fast: every mark on every ballot comes through here.
//!
//! An open-addressing table over the last eight bytes of an id, read as one number. However the ids
//! are chosen, a look-up takes a bounded number of steps: an id that would stand too far from its
//! place goes into an ordered map instead.

use std::collections::BTreeMap;

/// Farthest that an id may stand from its place.
const MOST_STEPS: usize = 16;

const EMPTY: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Slot {
    word: u64,
    position: u32,
    length: u32,
}

pub(super) struct IdIndex<'i> {
    slots: Vec<Slot>,
    mask: usize,
    ids: Vec<&'i str>,
    far: BTreeMap<&'i str, u32>,
}

/// The last eight bytes of an id as a number, as [`IdIndex::find`] wants it.
pub(super) fn word_of(id: &[u8]) -> u64 {
    id.iter().fold(0, |word, byte| add_to_word(word, *byte))
}

/// The word of an id that is one byte longer.
#[inline]
pub(super) fn add_to_word(word: u64, byte: u8) -> u64 {
    (word << 8) | u64::from(byte)
}

impl<'i> IdIndex<'i> {
    /// With the position at which each id first occurs.
    pub(super) fn new(ids: Vec<&'i str>) -> Self {
        let size = (ids.len().saturating_mul(4)).next_power_of_two().max(16);
        let empty = Slot {
            word: 0,
            position: EMPTY,
            length: 0,
        };
        let mut index = Self {
            slots: vec![empty; size],
            mask: size - 1,
            ids: Vec::new(),
            far: BTreeMap::new(),
        };
        for (position, id) in ids.iter().enumerate() {
            if let Ok(position) = u32::try_from(position) {
                index.insert(id, position, &ids);
            }
        }
        index.ids = ids;
        index
    }

    fn insert(&mut self, id: &'i str, position: u32, ids: &[&'i str]) {
        let word = word_of(id.as_bytes());
        let length = length_of(id.as_bytes());
        let place = self.place(word, length);
        for step in 0..MOST_STEPS {
            let slot = &mut self.slots[(place + step) & self.mask];
            if slot.position == EMPTY {
                *slot = Slot {
                    word,
                    position,
                    length,
                };
                return;
            }
            if ids[slot.position as usize] == id {
                return;
            }
        }
        self.far.entry(id).or_insert(position);
    }

    /// The position of `id`, whose [`word_of`] is `word`.
    #[inline]
    pub(super) fn find(&self, id: &[u8], word: u64) -> Option<u32> {
        let length = length_of(id);
        let place = self.place(word, length);
        for step in 0..MOST_STEPS {
            let slot = &self.slots[(place + step) & self.mask];
            if slot.position == EMPTY {
                return None;
            }
            if slot.word == word
                && slot.length == length
                && (length <= 8 || self.ids[slot.position as usize].as_bytes() == id)
            {
                return Some(slot.position);
            }
        }
        if self.far.is_empty() {
            return None;
        }
        let id = std::str::from_utf8(id).ok()?;
        self.far.get(id).copied()
    }

    #[inline]
    fn place(&self, word: u64, length: u32) -> usize {
        // Multiplication spreads the low bits of the word over the high bits of the product.
        let spread = (word ^ u64::from(length).rotate_left(56)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let high = u32::try_from(spread >> 32).unwrap_or(0);
        high as usize & self.mask
    }
}

#[inline]
fn length_of(id: &[u8]) -> u32 {
    u32::try_from(id.len()).unwrap_or(u32::MAX)
}
