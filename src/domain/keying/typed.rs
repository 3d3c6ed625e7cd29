//! A sheet as it is typed into a form: a short text for each question, or one word for the whole sheet.

use std::ops::Range;

use super::sheet::{FieldKind, MULTIPLE, SheetForm, UNCLEAR};
use crate::domain::{
    item::{Item, ItemKind},
    layout::{BLANK, Layout},
    survey::Survey,
};

/// What is wrong with the text of one question, and the first place of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedFault {
    pub place: usize,
    pub message: String,
}

/// The text of a sheet, of what `typed` has for the first place of each question.
pub fn typed_sheet(
    survey: &Survey,
    typed: impl Fn(usize) -> String,
) -> Result<String, Vec<TypedFault>> {
    let layout = Layout::of(survey);
    let mut content = String::with_capacity(layout.width());
    let mut faults = Vec::new();
    for (number, (item, places)) in (1..).zip(survey.items.iter().zip(layout.places())) {
        match read_item(item, places, &typed(places.start)) {
            Ok(symbols) => content.push_str(&symbols),
            Err(wanted) => faults.push(TypedFault {
                place: places.start,
                message: format!("question {number}: {wanted}"),
            }),
        }
    }
    if faults.is_empty() {
        Ok(content)
    } else {
        Err(faults)
    }
}

/// The text of a sheet of which only the places `open` are typed; the others are those of `base`.
pub fn typed_places(
    form: &SheetForm,
    base: &str,
    open: &[usize],
    typed: impl Fn(usize) -> String,
) -> Result<String, Vec<TypedFault>> {
    let mut symbols = base.as_bytes().to_vec();
    let mut faults = Vec::new();
    for place in open {
        let Some((field, symbol)) = form.fields().get(*place).zip(symbols.get_mut(*place)) else {
            continue;
        };
        match read_field(*field, &typed(*place)) {
            Ok(found) => *symbol = found,
            Err(wanted) => faults.push(TypedFault {
                place: *place,
                message: format!("place {}: {wanted}", place + 1),
            }),
        }
    }
    if faults.is_empty() {
        Ok(String::from_utf8_lossy(&symbols).into_owned())
    } else {
        Err(faults)
    }
}

fn read_item(item: &Item, places: &Range<usize>, text: &str) -> Result<String, String> {
    match &item.kind {
        ItemKind::Likert(_) | ItemKind::Choice(_) => {
            let field = FieldKind::OneOf(item.option_keys().len());
            read_field(field, text).map(|symbol| char::from(symbol).to_string())
        }
        ItemKind::Ballot(_) => read_ballot(places.len(), text),
    }
}

/// As the keys of a keypad have it: the dot and the slash are beside the digits, and so is the nought.
fn read_field(field: FieldKind, text: &str) -> Result<u8, String> {
    let symbol = match (text.trim().to_ascii_lowercase().as_bytes(), field) {
        ([b'.' | b'/'], _) => UNCLEAR,
        ([b'0'], FieldKind::OneOf(_)) | ([BLANK], _) => field.empty(),
        ([one], _) => *one,
        _ => 0,
    };
    if field.takes(symbol) {
        return Ok(symbol);
    }
    Err(match field {
        FieldKind::OneOf(options) => format!(
            "type one of {}, - for blank, {} for unclear, or {} for several marks",
            symbols_in_words(options),
            char::from(UNCLEAR),
            char::from(MULTIPLE),
        ),
        FieldKind::Box => "type 1 for marked, 0 for not marked, or ? for unclear".to_owned(),
    })
}

/// The keys of so many options: 1 to 9, and then letters.
pub fn symbol_of(option: usize) -> char {
    let digit = u32::try_from(option + 1).unwrap_or(u32::MAX);
    char::from_digit(digit, 36).unwrap_or('?')
}

fn symbols_in_words(options: usize) -> String {
    match options {
        0..=9 => format!("1 to {options}"),
        more => format!("1 to 9 and a to {}", symbol_of(more - 1)),
    }
}

/// Numbers of projects, each with a question mark behind it where its box is unclear; a dash for none.
fn read_ballot(projects: usize, text: &str) -> Result<String, String> {
    let wanted = || {
        format!(
            "type the numbers of the marked projects, 1 to {projects}, with spaces between, each with \
             a ? behind it where its mark is unclear; or - where none is marked"
        )
    };
    let mut symbols = vec![FieldKind::Box.empty(); projects];
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .collect();
    if words == ["-"] {
        return Ok(String::from_utf8_lossy(&symbols).into_owned());
    }
    if words.is_empty() {
        return Err(wanted());
    }
    for word in words {
        let (number, symbol) = match word.strip_suffix('?') {
            Some(number) => (number, UNCLEAR),
            None => (word, b'1'),
        };
        let number: usize = number.parse().map_err(|_| wanted())?;
        let place = number.checked_sub(1).and_then(|n| symbols.get_mut(n));
        *place.ok_or_else(wanted)? = symbol;
    }
    Ok(String::from_utf8_lossy(&symbols).into_owned())
}
