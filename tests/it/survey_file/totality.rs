//! Whatever stands in a file, reading it ends in a survey or in faults with a place, never in a panic.

use countmein::domain::survey_file::{Severity, read};
use proptest::{prelude::*, sample::Index};

use super::{
    SOUND,
    shipped::{ATTITUDES, KNAPSACK, PRIORITIES},
};

/// Pieces that mean something to a survey file, and some that mean nothing anywhere.
const PIECES: &[&str] = &[
    "\n",
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ",",
    ".",
    "#",
    "0",
    "-1",
    "1.5",
    "nan",
    "true",
    "2026-01-01",
    "9999-12-31T23:59:60-23:59",
    "1e999",
    "0xffffffffffffffffff",
    "18446744073709551616",
    "\u{0}",
    "\r",
    "é",
    "🗳",
    "\u{feff}",
    "\\u0000",
    "key = \"s1\"\n",
    "[[item]]\n",
    "[item]\n",
    "[[wave]]\n",
    "[scales]\n",
    "[scales.agreement]\n",
    "[item.text]\n",
    "[[item.project]]\n",
    "en = \"\"\n",
    "limit = 99999999999999999999\n",
    "languages = [\"gd\"]\n",
    "frame = {}\n",
    "item.key = 1\n",
    "points = [[]]\n",
    "title = [1]\n",
];

#[derive(Debug, Clone)]
enum Change {
    Insert(Index, usize),
    Delete(Index, usize),
    RepeatLine(Index, Index),
    DropLine(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Change::Delete(at, length)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::RepeatLine(from, to)),
        any::<Index>().prop_map(Change::DropLine),
    ]
}

fn apply(file: &str, change: &Change) -> String {
    let mut letters: Vec<char> = file.chars().collect();
    let mut lines: Vec<&str> = file.split_inclusive('\n').collect();
    match change {
        Change::Insert(at, piece) => {
            let at = at.index(letters.len() + 1);
            letters.splice(at..at, PIECES[*piece].chars());
        }
        Change::Delete(at, length) => {
            let at = at.index(letters.len() + 1);
            letters.drain(at..(at + length).min(letters.len()));
        }
        Change::RepeatLine(from, to) if !lines.is_empty() => {
            let line = lines[from.index(lines.len())];
            lines.insert(to.index(lines.len() + 1), line);
            return lines.concat();
        }
        Change::DropLine(at) if !lines.is_empty() => {
            lines.remove(at.index(lines.len()));
            return lines.concat();
        }
        Change::RepeatLine(..) | Change::DropLine(_) => {}
    }
    letters.into_iter().collect()
}

fn reads_or_blames(file: &str) {
    let lines = file.matches('\n').count() + 1;
    let faults = match read(file) {
        Ok(checked) => {
            let only_warnings = |fault: &_| severity(fault) == Severity::Warning;
            assert!(checked.warnings.iter().all(only_warnings));
            assert!(!checked.plan.survey.items.is_empty());
            checked.warnings
        }
        Err(faults) => {
            assert!(faults.iter().any(|fault| fault.severity == Severity::Error));
            faults
        }
    };
    for fault in &faults {
        assert!(
            (1..=lines).contains(&fault.line) && fault.column >= 1,
            "{fault}"
        );
        assert!(fault.excerpt.chars().count() <= 81, "{fault}");
        assert!(!fault.to_string().contains('\n'), "{fault}");
    }
    assert!(faults.is_sorted_by_key(|fault| fault.line));
}

fn severity(fault: &countmein::domain::survey_file::Fault) -> Severity {
    fault.severity
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_blamed(text in any::<String>()) {
        reads_or_blames(&text);
    }

    #[test]
    fn any_heap_of_pieces_is_read_or_blamed(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        reads_or_blames(&text);
    }

    #[test]
    fn any_change_of_a_sound_file_is_read_or_blamed(
        file in prop::sample::select(vec![SOUND, ATTITUDES, PRIORITIES, KNAPSACK]),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let text = changes.iter().fold(file.to_owned(), |text, change| apply(&text, change));
        reads_or_blames(&text);
    }
}
