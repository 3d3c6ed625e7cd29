//! Secrets that the database has to hold for a while: under AES-256-GCM, with a key that is kept
//! outside the database. A copy of the database alone opens none of them.

use aes_gcm::{
    Aes256Gcm, Key, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use rand::CryptoRng;
use sha2::{Digest, Sha256};

use super::hex::hex;

const NONCE: usize = 12;

/// What a sealed text is for. One that was sealed for a purpose does not open for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    SecondFactor,
    /// A secret that is offered and not taken yet.
    Enrolment,
    Mail,
    CodeRun,
}

impl Purpose {
    fn name(self) -> &'static [u8] {
        match self {
            Self::SecondFactor => b"count-me-in second factor",
            Self::Enrolment => b"count-me-in enrolment",
            Self::Mail => b"count-me-in mail",
            Self::CodeRun => b"count-me-in code run",
        }
    }
}

#[derive(Clone)]
pub struct SealKey(Aes256Gcm);

/// The key is another one, or somebody changed what was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed text could not be opened: it was changed, or sealed with another key")]
pub struct UnsealError;

impl SealKey {
    pub fn new(secret: &[u8; 32]) -> Self {
        let key = Sha256::new()
            .chain_update(b"count-me-in sealing")
            .chain_update(secret)
            .finalize();
        let bytes: [u8; 32] = key.into();
        Self(Aes256Gcm::new(&Key::<Aes256Gcm>::from(bytes)))
    }

    /// Hexadecimal digits of the nonce and of what is sealed.
    pub fn seal(
        &self,
        purpose: Purpose,
        plain: &str,
        rng: &mut impl CryptoRng,
    ) -> Result<String, UnsealError> {
        let mut nonce = [0; NONCE];
        rng.fill_bytes(&mut nonce);
        let payload = Payload {
            msg: plain.as_bytes(),
            aad: purpose.name(),
        };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| UnsealError)?;
        Ok(format!("{}{}", hex(&nonce), hex(&sealed)))
    }

    pub fn unseal(&self, purpose: Purpose, sealed: &str) -> Result<String, UnsealError> {
        let bytes = bytes_of(sealed).ok_or(UnsealError)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE).ok_or(UnsealError)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| UnsealError)?;
        let payload = Payload {
            msg: sealed,
            aad: purpose.name(),
        };
        let plain = self.0.decrypt(&Nonce::from(nonce), payload);
        String::from_utf8(plain.map_err(|_| UnsealError)?).map_err(|_| UnsealError)
    }
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
