//! Passwords that are long and among the first that anyone would try: known words with a year or a
//! few digits, walks along the keyboard, one piece again and again, the person's own address. There
//! is no list of leaked passwords here: each of these shapes stands for many thousands of them.

use std::collections::BTreeSet;

/// So few characters beyond what is known make no password.
const FEWEST_OWN: usize = 5;
/// A walk or a row is seen from this length on.
const SHORTEST_WALK: usize = 4;

/// What passwords are made of most, in the letters that are meant.
const WORDS: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "pass",
    "haslo",
    "secret",
    "letmein",
    "login",
    "logon",
    "welcome",
    "witamy",
    "admin",
    "administrator",
    "root",
    "user",
    "guest",
    "test",
    "tester",
    "testing",
    "demo",
    "default",
    "changeme",
    "change",
    "temp",
    "temporary",
    "master",
    "access",
    "server",
    "system",
    "office",
    "council",
    "community",
    "survey",
    "ballot",
    "budget",
    "vote",
    "voting",
    "scotland",
    "poland",
    "polska",
    "iloveyou",
    "ilove",
    "loveyou",
    "love",
    "monkey",
    "dragon",
    "football",
    "soccer",
    "baseball",
    "hockey",
    "princess",
    "sunshine",
    "shadow",
    "superman",
    "batman",
    "spiderman",
    "starwars",
    "pokemon",
    "liverpool",
    "arsenal",
    "chelsea",
    "rangers",
    "celtic",
    "hello",
    "whatever",
    "trustno",
    "freedom",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "abcdef",
    "spring",
    "summer",
    "autumn",
    "winter",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "myname",
    "mypassword",
    "this",
    "thisis",
    "is",
    "my",
    "the",
    "new",
    "for",
    "now",
];

/// Names of this service, and how people write them.
pub const SERVICE: &[&str] = &["countmein", "count", "mein", "countme", "cmi"];

/// Rows and columns of keyboards, the alphabet and the digits: walked in either direction.
const ROWS: &[&str] = &[
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
];

/// Whether somebody who tries the common ones first finds this one. `email` is the person's own.
pub fn is_common(password: &str, email: &str) -> bool {
    let lower = password.to_lowercase();
    if has_few_characters(&lower) || repeats(&lower) {
        return true;
    }
    let mut parts: Vec<String> = WORDS
        .iter()
        .chain(SERVICE)
        .map(|w| (*w).to_owned())
        .collect();
    parts.extend(parts_of_address(email));
    own_characters(&lower, &parts) < FEWEST_OWN
}

/// `aaaabbbbcccc`, `121212121212`.
fn has_few_characters(text: &str) -> bool {
    text.chars().collect::<BTreeSet<_>>().len() <= 3
}

/// One piece that would be too short by itself, again and again, the last of them perhaps cut off.
fn repeats(text: &str) -> bool {
    let symbols: Vec<char> = text.chars().collect();
    let longest = (symbols.len() / 2).min(11);
    (1..=longest).any(|piece| {
        symbols
            .iter()
            .zip(symbols.iter().skip(piece))
            .all(|(one, other)| one == other)
    })
}

/// A character as it is typed, and the letter that it stands for in `P4$$w0rd`.
#[derive(Clone, Copy)]
struct Symbol {
    typed: char,
    meant: char,
}

impl From<char> for Symbol {
    fn from(typed: char) -> Self {
        let meant = match typed {
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' | '€' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            c => c,
        };
        Self { typed, meant }
    }
}

/// Letters and digits, of any script, and pictures. Other signs mostly stand between what is known.
fn is_counted(symbol: char) -> bool {
    symbol.is_alphanumeric()
        || matches!(symbol, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// The fewest counted characters that stand in no known part, no walk and no year.
fn own_characters(text: &str, parts: &[String]) -> usize {
    let symbols: Vec<Symbol> = text
        .chars()
        .map(Symbol::from)
        .filter(|symbol| is_counted(symbol.meant))
        .collect();
    let mut fewest = vec![0; symbols.len() + 1];
    for (start, symbol) in symbols.iter().enumerate().rev() {
        let own = fewest[start + 1] + usize::from(is_counted(symbol.typed));
        fewest[start] = known_lengths(&symbols[start..], parts)
            .into_iter()
            .map(|length| fewest[start + length])
            .fold(own, usize::min);
    }
    fewest[0]
}

/// The lengths of what is known at the start of `rest`.
fn known_lengths(rest: &[Symbol], parts: &[String]) -> Vec<usize> {
    let begins_with = |part: &str| {
        let mut symbols = rest.iter();
        part.chars().all(|letter| {
            let symbol = symbols.next();
            symbol.is_some_and(|symbol| symbol.meant == letter || symbol.typed == letter)
        })
    };
    let typed: Vec<char> = rest.iter().map(|symbol| symbol.typed).collect();
    let year = is_year(&typed).then_some(4);
    parts
        .iter()
        .filter(|part| begins_with(part))
        .map(|part| part.chars().count())
        .chain(SHORTEST_WALK..=walk_length(&typed))
        .chain(year)
        .collect()
}

/// How long the walk along a row is that starts here, or so many times the same character.
fn walk_length(rest: &[char]) -> usize {
    let same = rest.iter().take_while(|c| Some(*c) == rest.first()).count();
    let along = |row: &mut dyn Iterator<Item = char>| {
        let row: Vec<char> = row.collect();
        (0..row.len())
            .map(|start| {
                row[start..]
                    .iter()
                    .zip(rest)
                    .take_while(|(a, b)| a == b)
                    .count()
            })
            .max()
            .unwrap_or(0)
    };
    ROWS.iter()
        .flat_map(|row| [along(&mut row.chars()), along(&mut row.chars().rev())])
        .max()
        .unwrap_or(0)
        .max(same)
}

fn is_year(rest: &[char]) -> bool {
    matches!(rest, ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit())
}

/// The name before the `@`, its pieces, and those of the domain.
fn parts_of_address(email: &str) -> Vec<String> {
    let email = email.to_lowercase();
    let name = email.split('@').next().unwrap_or_default();
    let whole: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut parts: Vec<String> = email
        .split(|c: char| !c.is_alphanumeric())
        .map(ToOwned::to_owned)
        .chain([whole])
        .filter(|part| part.chars().count() >= 3)
        .collect();
    parts.dedup();
    parts
}
