//! Whether the statements of a declared measure hang together.

use crate::{
    domain::{item::ItemKind, measure::Measure, survey::Survey},
    stats::{
        confidence::Confidence,
        reliability::{
            alpha::{Alpha, cronbach},
            omega::{Omega, omega_total},
            scale::{DeclaredScale, Item, Refused, ResponsePattern},
        },
    },
};

use super::patterns::{Patterns, Said};

/// Of one measure, each figure or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Reliability {
    pub alpha: Result<Alpha, Refused>,
    pub omega: Result<Omega, Refused>,
}

/// `patterns` are those of the items of `measure`, in their order. Each point of the scale scores one
/// more than the next less agreeing one.
pub fn of_measure(survey: &Survey, measure: &Measure, patterns: &Patterns) -> Reliability {
    let scale = DeclaredScale {
        name: measure.key.to_string(),
        items: measure
            .items
            .iter()
            .enumerate()
            .map(|(position, key)| Item {
                position,
                is_reversed: measure.reversed.contains(key),
            })
            .collect(),
    };
    let points = measure
        .items
        .first()
        .and_then(|key| survey.item(key))
        .map_or(0, |item| match &item.kind {
            ItemKind::Likert(scale) => scale.points().len(),
            ItemKind::Choice(_) | ItemKind::Ballot(_) => 0,
        });
    let score = |said: &Said| match said {
        Said::Option(point) => i32::try_from(points.saturating_sub(*point)).ok(),
        Said::Blank | Said::Marks(_) => None,
    };
    let scored: Vec<ResponsePattern> = patterns
        .merged()
        .iter()
        .map(|(said, people)| ResponsePattern {
            scores: said.iter().map(score).collect(),
            count: people.iter().sum(),
        })
        .collect();
    Reliability {
        alpha: cronbach(&scored, Some(&scale), Confidence::ninety_five()),
        omega: omega_total(&scored, Some(&scale)),
    }
}
