//! Faults of the file's form: brackets, quotes and equals signs.

use toml::de::Error;

use super::fault::Faults;

/// Codes for something that is not there. After a fault of form it may well be there, unread.
const ABSENT: &[&str] = &[
    "S-MISSING-KEY",
    "S-MISSING-LANGUAGE",
    "S-NO-ITEMS",
    "S-NO-OPTIONS",
    "S-UNKNOWN-SCALE",
    "S-LIMIT",
];

/// Adds the faults of form, and drops those that may only follow from them: what stands below the
/// first one may have been misread.
pub(super) fn report(faults: &mut Faults<'_>, errors: &[Error]) {
    let first = errors
        .iter()
        .map(|error| error.span().map_or(0, |span| span.start))
        .min()
        .unwrap_or(0);
    let (first_line, _) = faults.place(first);
    faults.retain(|fault| fault.line < first_line && !ABSENT.contains(&fault.code));
    for error in errors {
        let message = format!("this cannot be read: {}", error.message());
        faults.error_in_line(
            "S-TOML",
            &error.span().unwrap_or(0..0),
            message,
            |excerpt| remedy(error.message(), excerpt).to_owned(),
        );
    }
}

fn remedy(message: &str, excerpt: &str) -> &'static str {
    if excerpt.contains(['“', '”', '„', '‘', '’']) {
        "write straight quotes (\"), not the curly ones of a word processor"
    } else if message.contains("duplicate key") {
        "the same name stands twice in one section: keep one of them"
    } else {
        "check the quotes, brackets, commas and equals signs here and on the line above"
    }
}
