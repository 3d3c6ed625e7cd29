//! “Did you mean …?”

/// The one of `known` that `written` is most likely a slip of.
pub(in crate::domain) fn nearest<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let written: Vec<char> = written.to_lowercase().chars().take(40).collect();
    // About a third of the letters may be wrong, but never more than two, or anything is like anything.
    let most = written.len().div_ceil(3).clamp(1, 2);
    known
        .iter()
        .map(|key| (distance(&written, key), *key))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, key)| key)
}

/// Letters to insert, delete or replace on the way from one to the other.
fn distance(written: &[char], key: &str) -> usize {
    let mut row: Vec<usize> = (0..=written.len()).collect();
    for (line, letter) in key.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for column in 1..row.len() {
            let replace = diagonal + usize::from(written[column - 1] != letter);
            diagonal = row[column];
            row[column] = replace.min(row[column] + 1).min(row[column - 1] + 1);
        }
    }
    row[written.len()]
}
