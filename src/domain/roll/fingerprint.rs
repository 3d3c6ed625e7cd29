//! What tells that two rows mean the same person, however their words are written.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

use super::Person;
use crate::domain::{hex::hex, id::WaveId};

/// The key of the fingerprints of people. It is kept outside the database.
#[derive(Clone)]
pub struct RollKey(Hmac<Sha256>);

/// By name and address, and by name and e-mail address: whoever has one of them in common is the same
/// person. At least one is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprints {
    pub by_address: Option<String>,
    pub by_mail: Option<String>,
}

impl RollKey {
    pub fn new(secret: &[u8; 32]) -> Self {
        // HMAC pads a key to the block of its hash with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(secret);
        let keyed: Hmac<Sha256> = KeyInit::new(&block.into());
        Self(keyed.chain_update(b"count-me-in roll"))
    }

    /// They differ from wave to wave, so that nobody who was taken off can be followed.
    pub fn fingerprints(&self, wave: WaveId, person: &Person) -> Fingerprints {
        let name = plain(person.name.as_str());
        let by_address = (!person.address.is_empty())
            .then(|| self.hash(wave, "address", &[&name, &plain(&person.address.to_text())]));
        let by_mail = person.email.as_deref();
        let by_mail = by_mail.map(|email| self.hash(wave, "e-mail", &[&name, &plain_mail(email)]));
        Fingerprints {
            by_address,
            by_mail,
        }
    }

    /// For a row whose own fingerprint another row of the same person has.
    pub fn second_row(&self, wave: WaveId, serial: i64) -> String {
        self.hash(wave, "second row", &[&serial.to_string()])
    }

    /// Each field with its length before it, so that no two kinds of people read the same.
    fn hash(&self, wave: WaveId, kind: &str, fields: &[&str]) -> String {
        let mut mac = self.0.clone().chain_update(wave.0.to_be_bytes());
        for field in [kind].iter().chain(fields) {
            mac.update(&field.len().to_be_bytes());
            mac.update(field.as_bytes());
        }
        hex(&mac.finalize().into_bytes())
    }
}

impl Fingerprints {
    /// What a row is kept under: the address or, without one, the e-mail address.
    pub fn main(&self) -> &str {
        let first = self.by_address.as_deref();
        first.or(self.by_mail.as_deref()).unwrap_or_default()
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        let both = [self.by_address.as_deref(), self.by_mail.as_deref()];
        both.into_iter().flatten()
    }
}

/// Letters and digits only: composed in one way, small, without blanks and punctuation.
pub(super) fn plain(text: &str) -> String {
    let small = small(text);
    let kept: String = small.chars().filter(|c| c.is_alphanumeric()).collect();
    // A name of signs alone is still a name, and no other.
    if kept.is_empty() { small } else { kept }
}

/// A dot or a plus sign makes another address.
pub(super) fn plain_mail(email: &str) -> String {
    small(email)
}

fn small(text: &str) -> String {
    let composed: String = text.nfkc().collect();
    composed.to_lowercase().nfkc().collect()
}
