//! Codes on letters, e-mails and voter cards: 16 symbols in four blocks. Fourteen are random
//! (70 bits); two are Reed-Solomon check symbols over GF(32), so that a typing error is told from a
//! wrong code before anything is looked up.

mod field;
mod suspects;

use std::{fmt, str::FromStr};

use rand::CryptoRng;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use self::field::{invert, multiply, power};
pub use self::suspects::{Block, Suspects};
use super::receipt::{read_symbols, symbol_of, symbol_value};
use super::{
    hex::hex,
    id::{BatchId, WaveId},
};

/// Symbols of a code.
pub const LENGTH: usize = 16;
const DATA: usize = 14;

/// A code whose check symbols agree. Whether it was ever issued, only the database knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccessCode([u8; LENGTH]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessCodeError {
    #[error("a code has 16 letters and digits in four blocks of four, and this one has {typed}")]
    Length { typed: usize },
    #[error("a code has only letters and digits, without the letter U: see block {block}")]
    Symbol { block: Block },
    #[error("there is a typing error in this code{0}")]
    Check(Suspects),
}

impl AccessCode {
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; DATA];
        rng.fill_bytes(&mut bytes);
        Self::from_data(bytes.map(|byte| byte & 31))
    }

    /// The check symbols are chosen so that Σ cᵢαⁱ and Σ cᵢα²ⁱ are both zero (i from 0).
    fn from_data(data: [u8; DATA]) -> Self {
        let mut symbols = [0; LENGTH];
        symbols[..DATA].copy_from_slice(&data);
        let [s1, s2] = syndromes(&symbols);
        let (a14, a15) = (power(14), power(15));
        let (b14, b15) = (power(28), power(30));
        let determinant = multiply(a14, b15) ^ multiply(a15, b14);
        let scale = invert(determinant);
        symbols[14] = multiply(scale, multiply(s1, b15) ^ multiply(s2, a15));
        symbols[15] = multiply(scale, multiply(a14, s2) ^ multiply(b14, s1));
        Self(symbols)
    }

    /// The 16 symbols without separators: what is hashed.
    pub fn symbols(&self) -> String {
        self.0.iter().map(|value| symbol_of(*value)).collect()
    }
}

impl AccessCode {
    /// What the database holds of a code: without the key, 70 random bits cannot be searched for.
    pub fn hash(&self, key: &CodeKey) -> CodeHash {
        let mac = key.0.clone().chain_update(self.symbols()).finalize();
        CodeHash(hex(&mac.into_bytes()))
    }
}

/// The key of the hashes of access codes. It is kept outside the database.
#[derive(Clone)]
pub struct CodeKey(Hmac<Sha256>);

impl CodeKey {
    pub fn new(secret: &[u8; 32]) -> Self {
        // HMAC pads a key to the block of its hash with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(secret);
        let keyed: Hmac<Sha256> = KeyInit::new(&block.into());
        Self(keyed.chain_update(b"count-me-in access code"))
    }

    /// A keyed hash of the number of a paper, which is another one in another wave.
    pub fn of_paper(&self, wave: WaveId, reference: &str) -> String {
        let mac = self.0.clone().chain_update(b"paper ");
        let mac = mac.chain_update(wave.0.to_be_bytes());
        hex(&mac.chain_update(reference).finalize().into_bytes())
    }

    /// A keyed hash of the place of a sheet in its batch. No reference that somebody writes on a paper
    /// is ever the same.
    pub fn of_sheet(&self, batch: BatchId, sheet: u32) -> String {
        let mac = self.0.clone().chain_update(b"sheet ");
        let mac = mac.chain_update(batch.0.to_be_bytes());
        hex(&mac
            .chain_update(sheet.to_be_bytes())
            .finalize()
            .into_bytes())
    }

    /// A keyed hash of the number of a scan with what was scanned.
    pub fn of_scan(&self, scan: &str, what: &str) -> String {
        let mac = self.0.clone().chain_update(b"scan ").chain_update(scan);
        hex(&mac
            .chain_update(b" ")
            .chain_update(what)
            .finalize()
            .into_bytes())
    }

    /// A keyed hash of the hash of a file that has codes beside answers. Without the key, whoever knows
    /// a code could try every answer until the hash of a short file fits.
    pub fn of_file(&self, sha256: &str) -> String {
        let mac = self.0.clone().chain_update(b"file ").chain_update(sha256);
        hex(&mac.finalize().into_bytes())
    }
}

/// HMAC-SHA256 of a code, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeHash(String);

impl CodeHash {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccessCode {
    type Err = AccessCodeError;

    fn from_str(text: &str) -> Result<Self, AccessCodeError> {
        let typed = read_symbols(text).map_err(|place| AccessCodeError::Symbol {
            block: Block::of(place),
        })?;
        let values: Vec<u8> = typed.bytes().filter_map(symbol_value).collect();
        let symbols: [u8; LENGTH] =
            values
                .try_into()
                .map_err(|values: Vec<u8>| AccessCodeError::Length {
                    typed: values.len(),
                })?;
        match syndromes(&symbols) {
            [0, 0] => Ok(Self(symbols)),
            found => Err(AccessCodeError::Check(Suspects::find(&symbols, found))),
        }
    }
}

impl fmt::Display for AccessCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbols = self.symbols();
        write!(
            f,
            "{}-{}-{}-{}",
            &symbols[..4],
            &symbols[4..8],
            &symbols[8..12],
            &symbols[12..]
        )
    }
}

/// A code is a secret: it must not reach a log by way of `{:?}`.
impl fmt::Debug for AccessCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessCode(…)")
    }
}

fn syndromes(symbols: &[u8; LENGTH]) -> [u8; 2] {
    let sum = |step: usize| {
        symbols.iter().enumerate().fold(0, |sum, (place, symbol)| {
            sum ^ multiply(*symbol, power(step * place))
        })
    };
    [sum(1), sum(2)]
}
