//! What a login asks for after the password: the code of an authenticator app (TOTP, RFC 6238), or
//! one of the recovery codes that stand in for a lost one.

use std::{fmt, str::FromStr};

use rand::CryptoRng;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

use super::{
    hex::hex,
    moment::Moment,
    receipt::{read_symbols, symbol_of},
};

const SECRET_BYTES: usize = 20;

/// 160 random bits that the authenticator app and the service share.
pub struct TotpSecret([u8; SECRET_BYTES]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the secret of a second factor: it has 32 letters and digits")]
pub struct TotpSecretError;

/// The number of a span of 30 seconds since 1970. Its code is taken once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TotpStep(pub i64);

impl TotpSecret {
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; SECRET_BYTES];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// As authenticator apps read it: base 32 without padding.
    pub fn to_base32(&self) -> String {
        Secret::new_stack(self.0).to_base32()
    }

    /// The same in blocks of four, for typing.
    pub fn in_blocks(&self) -> String {
        blocks(&self.to_base32(), " ")
    }

    /// What the QR code holds, and what a link on a phone opens.
    pub fn address(&self, email: &str) -> String {
        let account: String = email.bytes().map(escaped).collect();
        let secret = self.to_base32();
        format!("otpauth://totp/Count%20Me%20In:{account}?secret={secret}&issuer=Count%20Me%20In")
    }

    /// The step whose code this is: the present one, the one before or the one after, since no two
    /// clocks agree.
    pub fn step_of(&self, typed: &str, now: Moment) -> Option<TotpStep> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.totp().check(&digits, seconds(now))?;
        i64::try_from(step).ok().map(TotpStep)
    }

    /// The code that an authenticator app shows at this moment.
    pub fn code_at(&self, now: Moment) -> String {
        self.totp().generate(seconds(now)).to_string()
    }

    /// SHA-1, six digits, 30 seconds, one step to either side: what every app can do.
    fn totp(&self) -> Totp {
        Builder::new()
            .with_secret(Secret::new_stack(self.0))
            .build_noncompliant()
    }
}

impl FromStr for TotpSecret {
    type Err = TotpSecretError;

    fn from_str(text: &str) -> Result<Self, TotpSecretError> {
        let secret = Secret::try_from_base32(text).map_err(|_| TotpSecretError)?;
        let bytes = secret.as_bytes().try_into().map_err(|_| TotpSecretError)?;
        Ok(Self(bytes))
    }
}

/// A secret must not reach a log by way of `{:?}`.
impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

fn seconds(moment: Moment) -> u64 {
    u64::try_from(moment.millis() / 1000).unwrap_or(0)
}

/// A byte as it may stand in an address.
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

const RECOVERY_SYMBOLS: usize = 24;

/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;

/// 120 random bits in six blocks of four, in the Crockford alphabet (no I, L, O, U).
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a recovery code has 24 letters and digits in six blocks of four")]
pub struct RecoveryCodeError;

impl RecoveryCode {
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; RECOVERY_SYMBOLS];
        rng.fill_bytes(&mut bytes);
        Self(bytes.iter().map(|byte| symbol_of(byte & 31)).collect())
    }

    /// What the database holds. Nobody finds 120 random bits by trying, so no salt is needed.
    pub fn hash(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"count-me-in recovery code")
            .chain_update(&self.0)
            .finalize();
        hex(&digest)
    }
}

impl FromStr for RecoveryCode {
    type Err = RecoveryCodeError;

    fn from_str(text: &str) -> Result<Self, RecoveryCodeError> {
        let symbols = read_symbols(text).map_err(|_| RecoveryCodeError)?;
        if symbols.len() == RECOVERY_SYMBOLS {
            Ok(Self(symbols))
        } else {
            Err(RecoveryCodeError)
        }
    }
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blocks(&self.0, "-"))
    }
}

/// A code is a secret: it must not reach a log by way of `{:?}`.
impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// What somebody typed where a second factor is asked for.
#[derive(Debug)]
pub enum SecondFactor {
    /// Of an authenticator app; whether it is right, the secret tells.
    AppCode(String),
    Recovery(RecoveryCode),
}

impl SecondFactor {
    /// A recovery code is told from a code of an app by its length.
    pub fn read(typed: &str) -> Self {
        typed.parse().map_or_else(
            |_| Self::AppCode(typed.chars().take(64).collect()),
            Self::Recovery,
        )
    }
}

fn blocks(symbols: &str, joint: &str) -> String {
    let symbols: Vec<char> = symbols.chars().collect();
    let blocks: Vec<String> = symbols
        .chunks(4)
        .map(|block| block.iter().collect())
        .collect();
    blocks.join(joint)
}
