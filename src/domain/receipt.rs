//! What a participant keeps, and what keeps a second press of the button from counting.
//!
//! A browser that starts a questionnaire gets a random [`VisitToken`]. It is never stored on the
//! server. Two one-way values are made of it: the [`AdmissionKey`], which the database takes once
//! for a wave, and the [`Receipt`], the public id of the response in the ledger. Whoever has the
//! token can ask twice and gets the same receipt; whoever has only the database cannot tell which
//! admission belongs to which response.

use std::{fmt, str::FromStr};

use rand::CryptoRng;
use sha2::{Digest, Sha256};

use super::hex::{TOKEN_BYTES, hex, unhex};
use super::{
    access_code::CodeKey,
    id::{BatchId, WaveId},
};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RECEIPT_SYMBOLS: usize = 20;

/// 128 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct VisitToken([u8; TOKEN_BYTES]);

/// What the database holds of a visit: SHA-256, hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AdmissionKey(String);

/// 100 bits in five blocks of four, in the Crockford alphabet (no I, L, O, U).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Receipt(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a receipt has 20 letters and digits in five blocks of four, such as 7K3M-0Q2R-9XTB-44HW-C1ZP"
)]
pub struct ReceiptError;

impl VisitToken {
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; TOKEN_BYTES];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    pub fn from_hex(text: &str) -> Option<Self> {
        unhex(text).map(Self)
    }

    pub fn admission_key(&self) -> AdmissionKey {
        AdmissionKey(hex(&self.digest(b"count-me-in admission")))
    }

    pub fn receipt(&self) -> Receipt {
        let digest = self.digest(b"count-me-in receipt");
        let symbols = (0..RECEIPT_SYMBOLS)
            .map(|place| char::from(ALPHABET[usize::from(digest[place] & 31)]))
            .collect();
        Receipt(symbols)
    }

    fn digest(&self, purpose: &[u8]) -> [u8; 32] {
        Sha256::new()
            .chain_update(purpose)
            .chain_update(self.0)
            .finalize()
            .into()
    }
}

impl fmt::Debug for VisitToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VisitToken(…)")
    }
}

impl AdmissionKey {
    /// For a row of an imported file that names its paper: the same paper is admitted once. Keyed,
    /// because the numbers of papers can be counted through.
    pub fn of_paper(key: &CodeKey, wave: WaveId, reference: &str) -> Self {
        Self(key.of_paper(wave, reference))
    }

    /// Of a sheet in a batch: it is let in once, whatever becomes of the batch's own state.
    pub fn of_sheet(key: &CodeKey, batch: BatchId, sheet: u32) -> Self {
        Self(key.of_sheet(batch, sheet))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Receipt {
    /// The 20 symbols as the ledger holds them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn from_stored(symbols: String) -> Self {
        Self(symbols)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, symbol) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{symbol}")?;
        }
        Ok(())
    }
}

impl FromStr for Receipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let symbols = read_symbols(text).map_err(|_| ReceiptError)?;
        if symbols.len() == RECEIPT_SYMBOLS {
            Ok(Self(symbols))
        } else {
            Err(ReceiptError)
        }
    }
}

/// Reads what a person typed in the Crockford alphabet: any case, with or without spaces and
/// hyphens, `O` for `0` and `I` or `L` for `1`. The error is the place, from 0, of the first symbol
/// that is not of the alphabet.
pub(super) fn read_symbols(text: &str) -> Result<String, usize> {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '.' | '_'))
        .take(64)
        .enumerate()
        .map(|(place, c)| match c.to_ascii_uppercase() {
            'O' => Ok('0'),
            'I' | 'L' => Ok('1'),
            c if u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte)) => Ok(c),
            _ => Err(place),
        })
        .collect()
}

/// Value 0 to 31 of a symbol of the alphabet.
pub(super) fn symbol_value(symbol: u8) -> Option<u8> {
    ALPHABET
        .iter()
        .position(|s| *s == symbol)
        .and_then(|value| u8::try_from(value).ok())
}

pub(super) fn symbol_of(value: u8) -> char {
    char::from(ALPHABET[usize::from(value & 31)])
}
