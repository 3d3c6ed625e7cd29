//! Which voters are there twice. In most files their ids go up from row to row, and nobody can be
//! there twice; otherwise they are sorted. A hash table would be at the mercy of the ids; however
//! they are chosen, this takes no longer.

use std::ops::Range;

use super::{code::Code, fault::Faults, rows::Cell};

#[derive(Clone, Copy)]
struct Voter {
    start: u32,
    end: u32,
}

impl Voter {
    fn span(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

pub(super) struct Voters<'v> {
    text: &'v str,
    found: Vec<Voter>,
    last: &'v str,
    /// Whether every id so far is longer than the one before, or as long and comes after it.
    go_up: bool,
}

impl<'v> Voters<'v> {
    pub(super) fn new(text: &'v str) -> Self {
        Self {
            text,
            found: Vec::new(),
            last: "",
            go_up: true,
        }
    }

    pub(super) fn add(&mut self, cell: Cell, faults: &mut Faults<'_>) {
        let span = cell.inside();
        let id = self.text[span.clone()].trim_ascii();
        if id.is_empty() {
            faults.add(Code::MissingVoterId, cell.span(), |_| {
                "the ballot has no voter_id".to_owned()
            });
            return;
        }
        self.go_up = self.go_up && (self.last.len(), self.last) < (id.len(), id);
        self.last = id;
        let place = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        self.found.push(Voter {
            start: place(span.start),
            end: place(span.end),
        });
    }

    fn id(&self, voter: Voter) -> &'v str {
        self.text[voter.span()].trim_ascii()
    }

    /// Reports every ballot whose voter has another one above.
    pub(super) fn report(&self, faults: &mut Faults<'_>) {
        if self.go_up {
            return;
        }
        let hashed = self.found.iter();
        let hashed = hashed.map(|voter| (hash(self.id(*voter).as_bytes()), *voter));
        let mut hashed: Vec<(u64, Voter)> = hashed.collect();
        hashed.sort_unstable_by_key(|(hash, _)| *hash);
        let mut again = Vec::new();
        for group in hashed.chunk_by(|one, next| one.0 == next.0) {
            if group.len() > 1 {
                let mut group: Vec<Voter> = group.iter().map(|(_, voter)| *voter).collect();
                group.sort_unstable_by_key(|voter| (self.id(*voter), voter.start));
                let pairs = group.windows(2);
                again.extend(
                    pairs
                        .filter(|pair| self.id(pair[0]) == self.id(pair[1]))
                        .map(|pair| pair[1]),
                );
            }
        }
        again.sort_unstable_by_key(|voter| voter.start);
        for voter in again {
            faults.add(Code::DuplicateVoterId, voter.span(), |id| {
                format!("there is another ballot of the voter “{id}” above")
            });
        }
    }
}

/// Eight bytes at a time; only has to tell most ids apart.
fn hash(id: &[u8]) -> u64 {
    let (words, rest) = id.as_chunks::<8>();
    let mix =
        |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = words
        .iter()
        .fold(0, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let rest = rest
        .iter()
        .fold(1, |word: u64, byte| (word << 8) | u64::from(*byte));
    mix(hash, rest)
}
