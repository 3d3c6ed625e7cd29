//! Tables and paragraphs in 100 columns.

/// Widest line.
pub const WIDTH: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// A column: its title, on which side its cells stand, and how wide it can get. What does not fit is
/// cut short.
pub type Column = (&'static str, Side, usize);

/// Rows under a head. `stretched` takes what the other columns leave of the width.
pub fn grid(columns: &[Column], stretched: usize, rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(place, (title, _, most))| {
            let cells = rows.iter().filter_map(|row| row.get(place));
            let widest = cells.map(|cell| width(cell)).max().unwrap_or(0);
            widest.min(*most).max(width(title))
        })
        .collect();
    let others: usize = widths.iter().sum::<usize>() - widths[stretched];
    let gaps = 2 * columns.len();
    let room = WIDTH.saturating_sub(others + gaps).max(8);
    widths[stretched] = widths[stretched].min(room);
    let titles: Vec<String> = columns
        .iter()
        .map(|(title, ..)| (*title).to_owned())
        .collect();
    let mut text = line(columns, &widths, &titles);
    for row in rows {
        text.push_str(&line(columns, &widths, row));
    }
    text
}

fn line(columns: &[Column], widths: &[usize], cells: &[String]) -> String {
    let mut line = String::new();
    for (((_, side, _), width), cell) in columns.iter().zip(widths).zip(cells) {
        let cell = cut(cell, *width);
        line.push_str("  ");
        let gap = " ".repeat(width.saturating_sub(self::width(&cell)));
        match side {
            Side::Left => line.extend([cell, gap]),
            Side::Right => line.extend([gap, cell]),
        }
    }
    let mut line = line.trim_end().to_owned();
    line.push('\n');
    line
}

/// In characters: good enough for the alphabets of council papers.
fn width(text: &str) -> usize {
    text.chars().count()
}

pub fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A paragraph whose first line begins with `first` and the others with as many spaces.
pub fn paragraph(first: &str, text: &str) -> String {
    let indent = width(first);
    let mut lines = String::from(first);
    let mut used = indent;
    for (place, word) in text.split_whitespace().enumerate() {
        let length = width(word);
        if place > 0 && used + 1 + length > WIDTH {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            used = indent;
        } else if place > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines.push('\n');
    lines
}
