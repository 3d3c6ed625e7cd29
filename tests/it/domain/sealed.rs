//! What waits in the database under seal.

use aes_gcm::{
    Aes256Gcm, Key, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use countmein::domain::{
    hex::hex,
    sealed::{Purpose, SealKey},
};
use rand::{SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};

const PLAIN: &str = "the same sixteen, the same sixteen, the same sixteen";

fn seal(seed: u64) -> String {
    let mut rng = StdRng::seed_from_u64(seed);
    SealKey::new(&[7; 32])
        .seal(Purpose::Mail, PLAIN, &mut rng)
        .unwrap()
}

#[test]
fn whatever_byte_is_changed_it_no_longer_opens() {
    let (key, sealed) = (SealKey::new(&[7; 32]), seal(1));
    assert_eq!(key.unseal(Purpose::Mail, &sealed).unwrap(), PLAIN);
    for place in 0..sealed.len() {
        for digit in "0123456789abcdef".chars() {
            let mut changed = sealed.clone();
            changed.replace_range(place..=place, &digit.to_string());
            assert_eq!(
                key.unseal(Purpose::Mail, &changed).is_ok(),
                changed == sealed,
                "place {place}"
            );
        }
    }
    for length in 0..sealed.len() {
        assert!(key.unseal(Purpose::Mail, &sealed[..length]).is_err());
    }
}

#[test]
fn another_key_and_another_purpose_open_nothing() {
    let sealed = seal(1);
    assert!(
        SealKey::new(&[8; 32])
            .unseal(Purpose::Mail, &sealed)
            .is_err()
    );
    for other in [Purpose::SecondFactor, Purpose::Enrolment, Purpose::CodeRun] {
        assert!(SealKey::new(&[7; 32]).unseal(other, &sealed).is_err());
    }
}

#[test]
fn the_same_text_never_looks_the_same() {
    let (one, other) = (seal(1), seal(2));
    assert_ne!(one, other);
    // No block of sixteen bytes stands twice, though those of the text do.
    for sealed in [one, other] {
        let bytes = sealed.as_bytes();
        let mut blocks: Vec<&[u8]> = bytes[24..].chunks(32).collect();
        let count = blocks.len();
        blocks.sort_unstable();
        blocks.dedup();
        assert_eq!(blocks.len(), count);
    }
}

/// Opened here by the cipher itself: AES-256-GCM, with a nonce of 96 bits in front.
#[test]
fn the_cipher_is_the_one_that_the_document_names() {
    let key: [u8; 32] = Sha256::new()
        .chain_update(b"count-me-in sealing")
        .chain_update([7; 32])
        .finalize()
        .into();
    let sealed = seal(3);
    let bytes: Vec<u8> = (0..sealed.len() / 2)
        .map(|place| u8::from_str_radix(&sealed[place * 2..place * 2 + 2], 16).unwrap())
        .collect();
    assert_eq!(hex(&bytes), sealed);
    let nonce: [u8; 12] = bytes[..12].try_into().unwrap();
    let payload = Payload {
        msg: &bytes[12..],
        aad: b"count-me-in mail",
    };
    let plain = Aes256Gcm::new(&Key::<Aes256Gcm>::from(key))
        .decrypt(&Nonce::from(nonce), payload)
        .unwrap();
    assert_eq!(plain, PLAIN.as_bytes());
}
