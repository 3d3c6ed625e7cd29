//! What the program is made of, and what it may reach: its crates, the programs that it starts, its
//! connections and its scripts.

use std::{collections::BTreeSet, path::PathBuf};

use countmein::view::assets;

use crate::{
    architecture::{code_of, files_of, source},
    support::repository_file,
};

/// Crates with cryptography in them, each with what it is for; `docs/security.md` says the same.
pub const CRYPTOGRAPHY: &[&str] = &[
    "aes-gcm", "argon2", "chacha20", "cookie", "hmac", "lettre", "rand", "sea-orm", "sha2",
    "totp-rs",
];

/// What would be cryptography, whatever crate has it.
const SIGNS_OF_IT: &[&str] = &[
    "aead", "aes", "argon", "bcrypt", "blake", "blowfish", "chacha", "cipher", "crypt", "crypto",
    "curve", "dalek", "des", "digest", "ecdsa", "ed", "hmac", "jwt", "md", "native", "openssl",
    "pbkdf", "rc", "ring", "ripemd", "rsa", "rustls", "salsa", "scrypt", "sha", "tls", "totp", "x",
];

/// Names in `[dependencies]` of a manifest.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let manifest: toml::Table = repository_file(manifest).parse().unwrap();
    let table = manifest["dependencies"].as_table().unwrap();
    table.keys().cloned().collect()
}

fn everything() -> Vec<PathBuf> {
    [
        "domain", "stats", "tally", "store", "clock", "config", "secret", "service", "view",
        "mail", "jobs", "web", "app", "cli",
    ]
    .into_iter()
    .flat_map(files_of)
    .collect()
}

/// The files of the program whose code has one of these in it.
fn files_with(signs: &[&str]) -> BTreeSet<String> {
    let source = source();
    let found = everything().into_iter().filter(|file| {
        let code = code_of(file);
        signs.iter().any(|sign| code.contains(sign))
    });
    found
        .map(|file| file.strip_prefix(&source).unwrap().display().to_string())
        .collect()
}

#[test]
fn cryptography_comes_from_known_crates_alone() {
    let all: BTreeSet<String> = dependencies("Cargo.toml")
        .into_iter()
        .chain(dependencies("migration/Cargo.toml"))
        .collect();
    for name in CRYPTOGRAPHY {
        assert!(all.contains(*name), "{name} is used no longer");
    }
    for name in &all {
        let known = CRYPTOGRAPHY.contains(&name.as_str());
        let is_sign = |part: &str| {
            let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
            SIGNS_OF_IT.contains(&part)
        };
        assert!(
            known || !name.split(['-', '_']).any(is_sign),
            "{name} is not in the list"
        );
    }
    let weak = files_with(&["Sha1", "sha1::", "Md5", "md5::", "cbc::", "ecb::", "ctr::"]);
    assert!(weak.is_empty(), "{weak:?}");
}

#[test]
fn memory_is_safe_and_sums_are_checked() {
    let manifest: toml::Table = repository_file("Cargo.toml").parse().unwrap();
    let workspace = &manifest["workspace"];
    assert_eq!(
        workspace["lints"]["rust"]["unsafe_code"].as_str(),
        Some("forbid")
    );
    for file in ["Cargo.toml", "migration/Cargo.toml"] {
        let manifest: toml::Table = repository_file(file).parse().unwrap();
        assert_eq!(
            manifest["lints"]["workspace"].as_bool(),
            Some(true),
            "{file}"
        );
    }
    assert_eq!(
        manifest["profile"]["release"]["overflow-checks"].as_bool(),
        Some(true)
    );
}

#[test]
fn one_file_starts_a_program() {
    assert_eq!(
        files_with(&["Command::new", "process::Command"]),
        BTreeSet::from(["cli/print/chromium.rs".to_owned()])
    );
    assert!(files_with(&["sh -c", "\"/bin/sh\"", "\"cmd\""]).is_empty());
}

#[test]
fn connections_are_those_of_the_settings() {
    let out = files_with(&[
        "TcpStream::connect",
        "UdpSocket",
        "UnixStream",
        "reqwest",
        "ureq",
    ]);
    assert!(out.is_empty(), "{out:?}");
    let database = files_with(&["Database::connect"]);
    assert_eq!(database, BTreeSet::from(["store/mod.rs".to_owned()]));
    let mail = files_with(&["SmtpTransport", "lettre::transport"]);
    assert!(
        !mail.is_empty() && mail.iter().all(|file| file.starts_with("mail/")),
        "{mail:?}"
    );
    for name in [
        "reqwest",
        "ureq",
        "curl",
        "isahc",
        "surf",
        "awc",
        "libloading",
    ] {
        assert!(!dependencies("Cargo.toml").contains(name), "{name}");
    }
}

#[test]
fn chance_and_time_come_from_one_place() {
    let drawn = files_with(&[
        "rand::rng()",
        "thread_rng",
        "OsRng",
        "getrandom",
        "from_os_rng",
    ]);
    let drawn: Vec<_> = drawn.iter().map(String::as_str).collect();
    assert!(drawn.iter().all(|file| *file == "clock.rs"), "{drawn:?}");
}

/// Text stays text, nothing is evaluated, and nothing is kept in the browser or sent by a script: but for
/// envelopes that are scanned, and keyed sheets of paper, which are kept until the server has them.
#[test]
fn scripts_make_no_markup_and_keep_only_sheets_that_wait() {
    let mut scripts = 0;
    for asset in assets::all() {
        if !asset.content_type.starts_with("text/javascript") {
            continue;
        }
        scripts += 1;
        for sign in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "localStorage",
            "sessionStorage",
            "indexedDB",
            "document.cookie",
            "fetch(",
            "XMLHttpRequest",
            "WebSocket",
            "sendBeacon",
            "postMessage",
            "import(",
            "onpaste",
            "\"paste\"",
            "\"message\"",
        ] {
            let is = |name: &str| asset.path.starts_with(&format!("/assets/{name}-"));
            let may = match sign {
                "localStorage" => is("queue"),
                "fetch(" => is("queue") || is("post"),
                _ => false,
            };
            assert!(
                may || !asset.content.contains(sign),
                "{} has {sign}",
                asset.path
            );
        }
    }
    assert!(scripts >= 1);
}
