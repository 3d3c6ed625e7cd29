//! Where the typing error of a code is. The check symbols of a mistyped code fit few explanations: one
//! wrong symbol, two neighbours that changed places, or two look-alikes. The blocks that hold one of
//! these are suspected. The right code is never told: what was meant is for the person to read from
//! the letter.

use std::fmt;

use super::{
    LENGTH,
    field::{invert, logarithm, multiply, power},
};
use crate::domain::receipt::symbol_value;

const BLOCKS: usize = 4;

/// One of the four blocks of a code, 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block(u8);

impl Block {
    /// The block of a symbol, counted from 0. What stands after the last block counts with it.
    pub fn of(place: usize) -> Self {
        match place / (LENGTH / BLOCKS) {
            0 => Self(1),
            1 => Self(2),
            2 => Self(3),
            _ => Self(4),
        }
    }

    pub fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The blocks in one of which the typing error probably is; none where nothing simple explains it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Suspects {
    blocks: [bool; BLOCKS],
    swapped: bool,
}

/// Symbols that people read for each other and that are both of the alphabet. (`O` and `0`, `I`, `L`
/// and `1` are read alike in the first place.)
const LOOK_ALIKES: [[u8; 2]; 3] = [*b"5S", *b"8B", *b"2Z"];

impl Suspects {
    /// One wrong symbol at place p, off by e, leaves the sums eαᵖ and eα²ᵖ: their quotient tells p.
    pub(super) fn find(symbols: &[u8; LENGTH], sums: [u8; 2]) -> Self {
        let mut found = Self::default();
        let one = one_wrong(sums);
        if let Some((place, _)) = one {
            found.suspect(place);
        }
        let swap = swapped_pair(symbols, sums);
        if let Some(place) = swap {
            found.suspect(place);
            found.suspect(place + 1);
            found.swapped = one.is_none();
        }
        // Two look-alikes are likelier than one symbol that is wrong for no reason, and fit by chance
        // less often.
        let is_look_alike =
            one.is_some_and(|(place, error)| look_alike_error(symbols[place]) == Some(error));
        if !is_look_alike && swap.is_none() {
            for place in two_look_alikes(symbols, sums).into_iter().flatten() {
                found.suspect(place);
            }
        }
        found
    }

    fn suspect(&mut self, place: usize) {
        let block = usize::from(Block::of(place).0);
        self.blocks[block - 1] = true;
    }

    /// In order. An error that could be anywhere suspects no block rather than all.
    pub fn blocks(&self) -> Vec<Block> {
        if self.blocks == [true; BLOCKS] {
            return Vec::new();
        }
        (1..)
            .zip(self.blocks)
            .filter(|(_, suspected)| *suspected)
            .map(|(number, _)| Block(number))
            .collect()
    }

    /// Whether nothing but two neighbours that changed places explains the error.
    pub fn swapped(&self) -> bool {
        self.swapped
    }
}

impl fmt::Display for Suspects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blocks: Vec<String> = self.blocks().iter().map(Block::to_string).collect();
        match blocks.as_slice() {
            [] => Ok(()),
            blocks => write!(f, ", probably in block {}", blocks.join(" or ")),
        }
    }
}

/// The place of the one wrong symbol, and by how much it is off.
fn one_wrong([s1, s2]: [u8; 2]) -> Option<(usize, u8)> {
    let place = logarithm(multiply(s2, invert(s1))).filter(|place| *place < LENGTH)?;
    Some((place, multiply(s1, invert(power(place)))))
}

/// Neighbours at i and i+1 that changed places differ by d and leave dαⁱ(1+α) and dα²ⁱ(1+α)².
fn swapped_pair(symbols: &[u8; LENGTH], [s1, s2]: [u8; 2]) -> Option<usize> {
    let step = 1 ^ power(1);
    let quotient = multiply(s2, invert(multiply(s1, step)));
    let place = logarithm(quotient).filter(|place| place + 1 < LENGTH)?;
    let difference = symbols[place] ^ symbols[place + 1];
    (multiply(difference, multiply(power(place), step)) == s1).then_some(place)
}

/// By how much a symbol is off when its look-alike was meant.
fn look_alike_error(symbol: u8) -> Option<u8> {
    LOOK_ALIKES.iter().find_map(|pair| {
        let [one, other] = pair.map(symbol_value);
        (one == Some(symbol) || other == Some(symbol)).then_some(one? ^ other?)
    })
}

/// The places of two symbols whose look-alikes would make the code right, where there are such.
fn two_look_alikes(symbols: &[u8; LENGTH], sums: [u8; 2]) -> Option<[usize; 2]> {
    let doubtful: Vec<(usize, u8)> = symbols
        .iter()
        .enumerate()
        .filter_map(|(place, symbol)| Some((place, look_alike_error(*symbol)?)))
        .collect();
    let share = |step: usize, (place, error): (usize, u8)| multiply(error, power(step * place));
    doubtful.iter().enumerate().find_map(|(index, one)| {
        let other = doubtful[index + 1..]
            .iter()
            .find(|other| [1, 2].map(|step| share(step, *one) ^ share(step, **other)) == sums)?;
        Some([one.0, other.0])
    })
}
