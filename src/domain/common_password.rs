//! Passwords that are long and among the first that anyone would try: leaked ones, known words with a
//! year or a few digits, walks along the keyboard, one piece again and again, the person's own address
//! or the name of the service.

use zxcvbn::zxcvbn;

/// What everyone tries first here.
pub const SERVICE: [&str; 4] = ["countmein", "count me in", "count-me-in", "cmi"];

/// Guesses to find it are estimated, with lists of leaked passwords, names and words: fewer than
/// 10¹⁰ are too few, as they are few for whoever has the hash.
const FEWEST_GUESSES_LOG10: f64 = 10.0;

/// Whether somebody with this address would be guessed by it. What is known of them, and the words of the
/// service, count for nothing: the rest has to be hard to guess by itself. A row of signs that is no walk
/// is as good as letters.
pub fn is_common(password: &str, email: &str) -> bool {
    let parts = parts_of_address(email);
    let known = SERVICE.into_iter().chain(parts.iter().map(String::as_str));
    let rest = known.fold(password.to_lowercase(), |rest, part| rest.replace(part, ""));
    [password, rest.as_str()]
        .iter()
        .any(|text| zxcvbn(text, &[]).guesses_log10() < FEWEST_GUESSES_LOG10)
}

/// The address, the name before the `@`, its pieces, and those of the domain.
fn parts_of_address(email: &str) -> Vec<String> {
    let email = email.to_lowercase();
    let (name, domain) = email.split_once('@').unwrap_or((&email, ""));
    let mut parts: Vec<String> = email
        .split(|c: char| !c.is_alphanumeric())
        .chain([name, domain])
        .filter(|part| part.chars().count() >= 3)
        .map(ToOwned::to_owned)
        .collect();
    parts.dedup();
    parts
}
