//! Matching two lists by any order that the evidence offers, and whether the matches are more than
//! chance.

use std::{collections::BTreeMap, fmt};

use statrs::function::{erf::erfc, gamma::gamma_lr};

use super::town::Person;

/// Chance may look like a leak once in this many runs.
const TOLERANCE: f64 = 1e-3;
/// Fewer than these in a group tell nothing.
const FEWEST: usize = 5;

/// Something by which the evidence orders people: their codes, or their responses.
pub struct View {
    pub name: String,
    /// By the place of the person in the town; absent where the evidence does not show them.
    pub order: BTreeMap<usize, i128>,
}

/// One way of matching codes to responses, and how well it did.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub codes: String,
    pub responses: String,
    pub matched: usize,
    pub correlation: f64,
    /// The smaller of two probabilities under chance: of as many matches, of as much correlation.
    pub p: f64,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ~ {}: {} matched, correlation {:.2}, p = {:.1e}",
            self.codes, self.responses, self.matched, self.correlation, self.p
        )
    }
}

/// Those of all attempts that chance does not explain, the worst first. Each pair of views is tried in
/// two ways, and Bonferroni's correction pays for every one of them.
pub fn leaks(people: &[Person], codes: &[View], responses: &[View]) -> Vec<Attempt> {
    let attempts: Vec<Attempt> = codes
        .iter()
        .flat_map(|code| responses.iter().filter_map(|r| attempt(people, code, r)))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let bound = TOLERANCE / (2 * attempts.len()) as f64;
    let mut leaks: Vec<Attempt> = attempts.into_iter().filter(|a| a.p < bound).collect();
    leaks.sort_by(|a, b| a.p.total_cmp(&b.p));
    leaks
}

/// Matches within each wave and channel, which both sides name: that much is no secret.
#[expect(clippy::cast_precision_loss, reason = "a few hundred people")]
fn attempt(people: &[Person], codes: &View, responses: &View) -> Option<Attempt> {
    let mut cells: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, person) in people.iter().enumerate() {
        if codes.order.contains_key(&place) && responses.order.contains_key(&place) {
            let cell = (person.wave, person.channel);
            cells.entry(cell).or_default().push(place);
        }
    }
    let (mut matched, mut expected, mut weighted, mut freedom) = (0, 0.0, 0.0, 0.0);
    for members in cells.values().filter(|members| members.len() >= FEWEST) {
        let mut by_code = members.clone();
        by_code.sort_by_key(|place| (codes.order[place], &people[*place].code_hash));
        let mut by_response = members.clone();
        by_response.sort_by_key(|place| (responses.order[place], &people[*place].public_id));
        let pairs = by_code.iter().zip(&by_response);
        matched += pairs.filter(|(code, response)| code == response).count();
        expected += 1.0;
        let rest = (members.len() - 1) as f64;
        if let Some(rho) = correlation(members, codes, responses) {
            weighted += rho * rest;
            freedom += rest;
        }
    }
    if expected == 0.0 {
        return None;
    }
    // The matches of a random order with another are Poisson's, one in each group.
    let p_matched = if matched == 0 {
        1.0
    } else {
        gamma_lr(matched as f64, expected)
    };
    let z: f64 = if freedom > 0.0 {
        weighted / f64::sqrt(freedom)
    } else {
        0.0
    };
    Some(Attempt {
        codes: codes.name.clone(),
        responses: responses.name.clone(),
        matched,
        correlation: if freedom > 0.0 {
            weighted / freedom
        } else {
            0.0
        },
        p: p_matched.min(erfc(z.abs() / std::f64::consts::SQRT_2)),
    })
}

/// Spearman's, with the mean of their ranks for equals; none where one side has no order at all.
#[expect(clippy::cast_precision_loss, reason = "a few hundred people")]
fn correlation(members: &[usize], codes: &View, responses: &View) -> Option<f64> {
    let centre = (members.len() - 1) as f64 / 2.0;
    let centred = |view: &View| -> Vec<f64> {
        let values: Vec<i128> = members.iter().map(|place| view.order[place]).collect();
        values
            .iter()
            .map(|value| {
                let below = values.iter().filter(|other| *other < value).count() as f64;
                let equal = values.iter().filter(|other| *other == value).count() as f64;
                below + (equal - 1.0) / 2.0 - centre
            })
            .collect()
    };
    let (x, y) = (centred(codes), centred(responses));
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let scale = dot(&x, &x) * dot(&y, &y);
    (scale > 0.0).then(|| dot(&x, &y) / scale.sqrt())
}
