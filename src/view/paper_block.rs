//! How paper was keyed, in words: for the page of results, mails and the pages of staff.

use super::{page::Page, words::Catalogue};
use crate::tally::report::{KeyingMethod, PaperReport, RemainingBasis, RemainingErrors, Report};

#[derive(Debug, Clone)]
pub struct PaperBlock {
    pub method: String,
    pub remaining: Option<String>,
    /// A figure and its name.
    pub rows: Vec<(String, String)>,
    /// Why the marks are not among them.
    pub hidden: Option<String>,
}

impl PaperBlock {
    pub fn of(report: &Report, page: &Page) -> Option<Self> {
        let paper = report.paper.as_ref()?;
        let words = page.words;
        Some(Self {
            method: method_in_words(&paper.method, words),
            remaining: paper
                .remaining
                .as_ref()
                .map(|left| remaining_in_words(left, words)),
            rows: rows(paper, words),
            hidden: paper
                .marks
                .is_none()
                .then(|| page.t("paper.hidden").to_owned()),
        })
    }
}

fn rows(paper: &PaperReport, words: &Catalogue) -> Vec<(String, String)> {
    let sheets = &paper.sheets;
    let marks = paper.marks.as_ref();
    let always = [
        ("counted", Some(sheets.counted)),
        ("blank", Some(sheets.blank)),
        ("spoilt", Some(sheets.spoilt)),
        ("unreadable", Some(sheets.unreadable)),
        ("no-valid-mark", Some(sheets.no_valid_mark)),
        ("uncertain", marks.map(|marks| marks.uncertain)),
        ("overvoted", marks.map(|marks| marks.overvoted)),
        ("twice", Some(paper.keyed_twice.sheets)),
        ("fields", Some(paper.keyed_twice.fields)),
        ("differences", Some(paper.keyed_twice.differences)),
    ];
    always
        .into_iter()
        .filter_map(|(key, count)| {
            let name = words.t(&format!("paper.{key}")).to_owned();
            count.map(|count| (name, words.number(count)))
        })
        .collect()
}

pub(super) fn method_in_words(method: &KeyingMethod, words: &Catalogue) -> String {
    match method {
        KeyingMethod::Double => words.t("paper.double").to_owned(),
        KeyingMethod::Sampled {
            percent,
            most_errors,
            accepted,
            rejected,
        } => words.t_with(
            "paper.sampled",
            &[
                ("percent", &words.percent(u64::from(*percent))),
                ("errors", &words.number(u64::from(*most_errors))),
                ("accepted", &words.number(*accepted)),
                ("rejected", &words.number(*rejected)),
            ],
        ),
    }
}

pub(super) fn remaining_in_words(left: &RemainingErrors, words: &Catalogue) -> String {
    let key = match left.basis {
        RemainingBasis::Sample => "paper.left-sample",
        RemainingBasis::Independence => "paper.left-independence",
    };
    words.t_with(
        key,
        &[
            ("sheets", &words.number(left.sheets)),
            ("most", &share_in_percent(left.wrong_sheets_at_most, words)),
            ("fields", &in_ten_thousand(left.wrong_fields, words)),
        ],
    )
}

const LEAST: f64 = 0.01;

/// With two decimal places: what is left is often far below one per cent.
fn share_in_percent(share: f64, words: &Catalogue) -> String {
    let percent = share * 100.0;
    // A limit is not to be rounded down to nothing.
    format!("{}%", words.decimal(upward(percent)))
}

/// A limit is rounded up.
fn upward(value: f64) -> f64 {
    // Twelve places is what a report keeps, and the last of them is no reason to round up.
    ((value - 1e-9) / LEAST).ceil().max(0.0) * LEAST
}

fn in_ten_thousand(share: f64, words: &Catalogue) -> String {
    let fields = share * 10_000.0;
    if fields > 0.0 && fields < LEAST {
        words.t_with("paper.less-than", &[("n", &words.decimal(LEAST))])
    } else {
        words.decimal(fields)
    }
}
