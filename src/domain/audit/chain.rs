//! The chain: each event carries a keyed hash of itself and of the hash before it. Whoever can write
//! into the database, and has no key, can change, take out or swap nothing without its showing.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::{hex::hex, moment::Moment};

/// The key of the chain. It is kept outside the database.
#[derive(Clone)]
pub struct AuditKey(Hmac<Sha256>);

/// What a link of the chain is made of, as the database holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub seq: i64,
    pub at: Moment,
    pub user_id: Option<i64>,
    pub who: String,
    pub role: String,
    pub origin: String,
    pub act: String,
    pub object: String,
    pub detail: String,
    pub result: String,
    /// The hash of the event before this one; empty for the first.
    pub previous: String,
}

impl AuditKey {
    pub fn new(secret: &[u8; 32]) -> Self {
        // HMAC pads a key to the block of its hash with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(secret);
        let keyed: Hmac<Sha256> = KeyInit::new(&block.into());
        Self(keyed.chain_update(b"count-me-in audit log"))
    }

    /// Stands for an e-mail address in the log: the same for the same address, and without the key no
    /// way back. The first byte of a link is a length of eight bytes, so that none reads like this.
    pub fn pseudonym(&self, address: &str) -> String {
        let mac = self.0.clone().chain_update(b"person ");
        let mac = mac.chain_update(address.as_bytes());
        hex(&mac.finalize().into_bytes()[..16])
    }

    /// HMAC-SHA256 over every field, each with its length before it, so that no two events read the
    /// same.
    pub fn hash(&self, link: &Link) -> String {
        let user = link.user_id.map(|id| id.to_string()).unwrap_or_default();
        let fields = [
            link.seq.to_string(),
            link.at.millis().to_string(),
            user,
            link.who.clone(),
            link.role.clone(),
            link.origin.clone(),
            link.act.clone(),
            link.object.clone(),
            link.detail.clone(),
            link.result.clone(),
            link.previous.clone(),
        ];
        let mac = fields.iter().fold(self.0.clone(), |mac, field| {
            mac.chain_update(field.len().to_be_bytes())
                .chain_update(field.as_bytes())
        });
        hex(&mac.finalize().into_bytes())
    }
}
