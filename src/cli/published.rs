//! Published percentages that do not say of how many people: which numbers they fit. No range is
//! printed for them, since nobody knows the number; at most one for a number that somebody assumes.

use std::{fs, path::Path, process::ExitCode};

use super::{CommandError, Outcome};
use crate::stats::{
    confidence::Confidence,
    published::{
        PublishedRow, Rounding, common_n, counts_that_fit, feasible_n, what_if, with_non_response,
    },
};

/// How many numbers of a long list are printed.
const SHOWN: usize = 12;

/// Share of people who may have left a statement out, where no single number fits the table.
const LARGEST_LOSS: f64 = 0.1;

struct Row {
    name: String,
    percentages: PublishedRow,
}

pub fn fit(file: &Path, limit: u64, assume: Option<u64>) -> Outcome {
    let rows = read(file)?;
    println!("Numbers of people up to {limit} that these per cents fit, each rounded half up:");
    for row in &rows {
        let fitting = feasible_n(&row.percentages, limit, Rounding::HalfUp);
        println!("  {:<24} {}", row.name, listed(&fitting));
    }
    let table: Vec<PublishedRow> = rows.iter().map(|row| row.percentages.clone()).collect();
    let common = common_n(&table, limit, Rounding::HalfUp)?;
    println!("One number for all rows: {}", listed(&common));
    let forced = common_n(&table, limit, Rounding::LargestRemainder)?;
    println!(
        "One number, rows made to add up to 100: {}",
        listed(&forced)
    );
    let losses = with_non_response(&table, limit, Rounding::HalfUp, LARGEST_LOSS)?;
    let some: Vec<u64> = losses.iter().map(|loss| loss.people).collect();
    println!("People, if up to a tenth left a row out: {}", listed(&some));
    println!(
        "Which of them it was, the per cents do not say; so there is no range for them.\n\
         From about 121 people on, nearly every number fits whole per cents."
    );
    if let Some(assumed) = assume {
        assuming(&rows, assumed);
    }
    Ok(ExitCode::SUCCESS)
}

fn assuming(rows: &[Row], assumed: u64) {
    println!("\nWHAT IF {assumed} people had answered each row? An assumption, not a finding:");
    for row in rows {
        let ranges: Vec<String> = row
            .percentages
            .percentages()
            .iter()
            .map(|percentage| {
                what_if(*percentage, assumed, Confidence::ninety_five()).map_or_else(
                    |_| format!("{percentage}% (no such count)"),
                    |found| {
                        format!(
                            "{percentage}% ({:.0} to {:.0}%)",
                            found.low_if_assumed() * 100.0,
                            found.high_if_assumed() * 100.0
                        )
                    },
                )
            })
            .collect();
        println!("  {:<24} {}", row.name, ranges.join("  "));
        let counts = counts_that_fit(&row.percentages, assumed, Rounding::HalfUp, 2);
        if counts.are_unique() {
            println!(
                "  {:<24} only these counts fit: {:?}. With this number, the per cents give every count away.",
                "", counts.counts[0]
            );
        }
    }
}

fn listed(numbers: &[u64]) -> String {
    if numbers.is_empty() {
        return "none".to_owned();
    }
    let shown: Vec<String> = numbers.iter().take(SHOWN).map(u64::to_string).collect();
    let more = numbers.len().saturating_sub(SHOWN);
    if more == 0 {
        shown.join(", ")
    } else {
        format!("{} and {more} more", shown.join(", "))
    }
}

/// A row: its name, then whole per cents. The first line has headings.
fn read(file: &Path) -> Result<Vec<Row>, CommandError> {
    let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| format!("{}: {e}", file.display()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let at = |what: &str| format!("{}, line {line}: {what}", file.display());
        let percentages = record
            .iter()
            .skip(1)
            .map(|cell| {
                cell.trim_end_matches('%')
                    .trim()
                    .parse::<u64>()
                    .map_err(|_| {
                        at(&format!(
                            "“{cell}” is not a whole per cent: write a number from 0 to 100"
                        ))
                    })
            })
            .collect::<Result<Vec<u64>, String>>()?;
        rows.push(Row {
            name: record.get(0).unwrap_or_default().to_owned(),
            percentages: PublishedRow::new(percentages).map_err(|e| at(&e.to_string()))?,
        });
    }
    if rows.is_empty() {
        let what = "there are no rows: write headings in the first line, then a name and whole per cents in each";
        return Err(format!("{}: {what}", file.display()).into());
    }
    Ok(rows)
}
