//! How the paper of a wave is checked, in plain words.

use crate::{
    domain::keying::{KeyingPlan, SampledPlan},
    tally::acceptance::Thought,
};

/// A share of wrong fields that is about ten times what one keyer leaves.
const BADLY_KEYED: f64 = 0.05;

/// Offered before anything is chosen.
const USUAL_PERCENT: u8 = 20;

#[derive(Debug)]
pub(super) struct ShownPlan {
    pub is_sampled: bool,
    pub percent: u8,
    pub accepted: u32,
    /// What is chosen, and what the sample of these figures would mean.
    pub chosen: String,
    pub meaning: String,
}

impl ShownPlan {
    pub fn new(plan: KeyingPlan, sheets: u32, fields_each: u32) -> Self {
        let usual = SampledPlan::new(USUAL_PERCENT, 0).ok();
        let sampled = match plan {
            KeyingPlan::Sampled(sampled) => Some(sampled),
            KeyingPlan::Double => usual,
        };
        let thought = Thought {
            sheets,
            fields_each,
            wrong: BADLY_KEYED,
        };
        Self {
            is_sampled: plan != KeyingPlan::Double,
            percent: sampled.map_or(USUAL_PERCENT, SampledPlan::percent),
            accepted: sampled.map_or(0, SampledPlan::accepted),
            chosen: chosen(plan),
            meaning: sampled
                .map(|plan| meaning(plan, thought))
                .unwrap_or_default(),
        }
    }
}

fn chosen(plan: KeyingPlan) -> String {
    match plan {
        KeyingPlan::Double => "Every sheet is keyed twice, by two people.".to_owned(),
        KeyingPlan::Sampled(plan) => format!(
            "Of each batch {} % of the sheets, drawn by chance, are keyed again. With more than {} wrong {} among them all its sheets are keyed again.",
            plan.percent(),
            plan.accepted(),
            if plan.accepted() == 1 {
                "field"
            } else {
                "fields"
            },
        ),
    }
}

fn meaning(plan: SampledPlan, thought: Thought) -> String {
    let passes = match thought.passes(plan) {
        Some(0) => "in less than 1 of 100 cases".to_owned(),
        Some(percent) => format!("in about {percent} of 100 cases"),
        None => return String::new(),
    };
    format!(
        "With {} % and {} accepted, a badly keyed batch of {} sheets, {} fields of which 5 % are wrong, still passes {passes}. The wrong fields of a batch that passes are counted as they were keyed.",
        plan.percent(),
        plan.accepted(),
        thought.sheets,
        thought.fields(),
    )
}
