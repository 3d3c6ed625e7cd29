//! The secret key of an installation. It is kept outside the database, so that a copy of the database
//! alone tells nothing about access codes and cannot forge a cookie.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use rand::Rng;
use sha2::{Digest, Sha256};

use crate::{
    clock::Randomness,
    config::{Config, ConfigError},
    domain::hex::{hex, unhex},
};

pub fn is_there(config: &Config) -> bool {
    !config.secret.0.is_empty() || key_file(config).exists()
}

fn key_file(config: &Config) -> PathBuf {
    config.data_dir.join("secret.key")
}

/// The key from the settings, or from `data_dir/secret.key`, which is made when it is not there.
pub fn load(config: &Config, randomness: &Randomness) -> Result<[u8; 32], ConfigError> {
    if !config.secret.0.is_empty() {
        return unhex(&config.secret.0).ok_or(ConfigError::Secret);
    }
    let path = key_file(config);
    let fault = |error| ConfigError::SecretFile {
        path: path.clone(),
        error,
    };
    match fs::read_to_string(&path) {
        Ok(text) => unhex(text.trim()).ok_or(ConfigError::Secret),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0; 32];
            randomness.generator().fill_bytes(&mut key);
            create(&path, &hex(&key)).map_err(fault)?;
            // Another process may have been quicker; what stands in the file holds.
            let text = fs::read_to_string(&path).map_err(fault)?;
            unhex(text.trim()).ok_or(ConfigError::Secret)
        }
        Err(error) => Err(fault(error)),
    }
}

/// Tells a key from another without giving it away.
pub fn fingerprint(key: &[u8; 32]) -> String {
    let digest = Sha256::new()
        .chain_update(b"count-me-in key fingerprint")
        .chain_update(key)
        .finalize();
    hex(&digest[..16])
}

/// Makes the folder of the key, the database and the mails, for its owner alone. One that is there
/// keeps the rights that somebody gave it.
pub fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Written whole beside its place and linked into it, so that no reader ever sees half a key.
fn create(path: &Path, text: &str) -> std::io::Result<()> {
    let mut part: PathBuf = path.to_owned();
    part.set_extension(format!("{}.part", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&part, path);
    fs::remove_file(&part)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
