//! Reading a mail as a mail program does: as much of it as our own mails need.

use base64::{Engine, engine::general_purpose::STANDARD};

/// A mail with its headers, its text part and its HTML part, all decoded.
#[derive(Debug)]
pub struct Mail {
    headers: Vec<(String, String)>,
    pub text: String,
    pub html: String,
}

impl Mail {
    /// Panics where a part is missing or cannot be decoded.
    pub fn read(source: &str) -> Self {
        for line in source.lines() {
            assert!(line.len() <= 998, "a line of {} bytes: {line}", line.len());
        }
        let source = source.replace("\r\n", "\n");
        let (headers, body) = split(&source);
        let kind = value(&headers, "Content-Type").expect("a mail says what it holds");
        assert!(kind.starts_with("multipart/alternative"), "{kind}");
        let boundary = kind.split('"').nth(1).expect("parts have a boundary");
        let part = |wanted: &str| {
            body.split(&format!("--{boundary}"))
                .map(|part| split(part.trim_start()))
                .find(|(headers, _)| {
                    value(headers, "Content-Type").is_some_and(|kind| kind.starts_with(wanted))
                })
                .map_or_else(
                    || panic!("no {wanted} in {source}"),
                    |(headers, body)| decode(&headers, body),
                )
        };
        Self {
            text: part("text/plain"),
            html: part("text/html"),
            headers,
        }
    }

    /// The header, in words.
    pub fn header(&self, name: &str) -> String {
        words(value(&self.headers, name).unwrap_or_else(|| panic!("no {name} in {self:?}")))
    }
}

fn value<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(header, _)| header.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// Headers, unfolded, and what comes after the first empty line.
fn split(source: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = source.split_once("\n\n").unwrap_or((source, ""));
    let headers = head
        .replace("\n ", " ")
        .replace("\n\t", " ")
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    (headers, body)
}

fn decode(headers: &[(String, String)], body: &str) -> String {
    let bytes = match value(headers, "Content-Transfer-Encoding") {
        Some("quoted-printable") => {
            quoted_printable::decode(body, quoted_printable::ParseMode::Robust).unwrap()
        }
        Some("base64") => STANDARD.decode(body.replace('\n', "")).unwrap(),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

/// `=?utf-8?b?…?=` in words; white space between two such pieces is no part of them.
fn words(value: &str) -> String {
    let mut decoded = String::new();
    let mut was_encoded = false;
    for piece in value.split(' ') {
        let inner = piece
            .strip_prefix("=?utf-8?b?")
            .and_then(|rest| rest.strip_suffix("?="));
        if !(decoded.is_empty() || was_encoded && inner.is_some()) {
            decoded.push(' ');
        }
        match inner {
            Some(base64) => {
                let bytes = STANDARD.decode(base64).unwrap();
                decoded.push_str(&String::from_utf8(bytes).unwrap());
            }
            None => decoded.push_str(piece),
        }
        was_encoded = inner.is_some();
    }
    decoded
}
