//! A million random steps (in `tests/run` a tenth of them) and all that is refused between them, each taken by the state machine and by the model of it.

use std::{collections::BTreeSet, ops::RangeInclusive};

use countmein::domain::{
    id::UserId,
    keying::{ARROWS, Arrow, BatchState, KeyingPlan, SampledPlan, SheetForm, StateName},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    compare::{apply, same, sound},
    model::{At, DECISION, FIRST, HALF_AN_HOUR, Model, SECOND, Sampled, Save, Step},
    narrow_form,
};
use crate::support::sample_or_all;

const LAWFUL_STEPS: usize = 1_000_000;
const SAMPLED_STEPS: usize = 100_000;
const PEOPLE: i64 = 4;
/// Few enough for two keyers to agree by chance, also on what is wrong.
const TEXTS: [&str; 8] = [
    "11",
    "10",
    "21",
    "*1",
    "1?",
    "=blank",
    "=spoilt",
    "=unreadable",
];

struct Run {
    rng: StdRng,
    form: SheetForm,
    model: Model,
    /// None while it is on its way along an arrow.
    code: Option<BatchState>,
    /// What each sheet says.
    paper: Vec<&'static str>,
    now: i64,
    seen: BTreeSet<Arrow>,
    taken: usize,
}

/// What is opened, in both.
fn open(rng: &mut StdRng, form: &SheetForm) -> (Model, BatchState) {
    let envelopes = rng.random_range(1..=6);
    let sheets = if rng.random_bool(0.8) {
        envelopes
    } else {
        rng.random_range(0..=6)
    };
    let by = rng.random_range(1..=PEOPLE);
    let sampled = rng.random_bool(0.4).then(|| Sampled {
        percent: rng.random_range(1..=100),
        accepted: rng.random_range(0..3),
        seed: rng.random_range(0..1000).to_string(),
        verdict: None,
    });
    let seed = sampled.as_ref().map(|plan| plan.seed.clone());
    let plan = sampled.as_ref().map_or(KeyingPlan::Double, |plan| {
        let percent = u8::try_from(plan.percent).unwrap();
        let accepted = u32::try_from(plan.accepted).unwrap();
        KeyingPlan::Sampled(SampledPlan::new(percent, accepted).unwrap())
    });
    let code = BatchState::opened(
        form.clone(),
        plan,
        seed.unwrap_or_default(),
        envelopes,
        sheets,
        UserId(by),
    );
    let model = Model::opened((form.empty(), envelopes), (by, sheets), sampled);
    (model, code.unwrap())
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let form = narrow_form();
        let (model, code) = open(&mut rng, &form);
        Self {
            rng,
            form,
            model,
            code: Some(code),
            paper: vec![TEXTS[0]; 20],
            now: HALF_AN_HOUR,
            seen: BTreeSet::new(),
            taken: 0,
        }
    }

    fn next_batch(&mut self) {
        let (model, code) = open(&mut self.rng, &self.form);
        (self.model, self.code) = (model, Some(code));
        for text in &mut self.paper {
            *text = TEXTS[self.rng.random_range(0..TEXTS.len())];
        }
    }

    fn anybody(&mut self) -> i64 {
        self.rng.random_range(1..=PEOPLE)
    }

    /// Mostly whoever has the pile.
    fn at_the_desk(&mut self) -> i64 {
        match self.model.desk {
            Some((who, _)) if self.rng.random_bool(0.95) => who,
            _ => self.anybody(),
        }
    }

    /// Mostly as it is on the paper.
    fn read(&mut self, sheet: u32) -> String {
        let at = usize::try_from(sheet).unwrap().min(self.paper.len() - 1);
        if self.rng.random_bool(0.85) {
            self.paper[at].to_owned()
        } else {
            TEXTS[self.rng.random_range(0..TEXTS.len())].to_owned()
        }
    }

    fn save(&mut self, pass: u8, sheet: u32) -> Step {
        let seen = match self.model.versions(pass, sheet) {
            _ if self.rng.random_bool(0.04) => self.rng.random_range(0..3),
            now => now,
        };
        let save = Save {
            pass,
            sheet,
            who: self.at_the_desk(),
            text: self.read(sheet),
        };
        Step::Save(save, seen)
    }

    /// What comes next, in a batch on which all goes well.
    fn next_in_order(&mut self) -> Step {
        let sheets = self.model.sheets();
        if self.model.desk.is_none()
            && matches!(self.model.at, At::First | At::Second | At::Resolving)
        {
            return Step::Claim(self.anybody());
        }
        match self.model.at {
            At::Counting(expected, _) => {
                let number = if self.rng.random_bool(0.5) {
                    expected
                } else {
                    sheets
                };
                Step::CountPile(self.anybody(), number)
            }
            At::First if self.model.keyed() < sheets => self.save(FIRST, self.model.keyed() + 1),
            At::First => Step::Finish(self.at_the_desk(), FIRST, sheets),
            At::Second => {
                let mut left = self.model.wanted();
                left.retain(|sheet| self.model.latest(SECOND, *sheet).is_none());
                match left.first() {
                    Some(sheet) => self.save(SECOND, *sheet),
                    None => Step::Finish(self.at_the_desk(), SECOND, sheets),
                }
            }
            At::Resolving => match self.model.undecided().first() {
                Some(sheet) => self.save(DECISION, *sheet),
                None => Step::Finish(self.at_the_desk(), DECISION, sheets),
            },
            // More sheets with marks than envelopes: nothing else helps.
            At::Reconciled if self.rng.random_bool(0.1) => Step::Restart,
            At::Reconciled | At::Counted => Step::Count,
        }
    }

    /// What somebody might try, whether or not it makes sense.
    fn anything(&mut self) -> Step {
        let pass = match self.model.at {
            At::First if self.rng.random_bool(0.8) => FIRST,
            At::Second if self.rng.random_bool(0.8) => SECOND,
            At::Resolving if self.rng.random_bool(0.8) => DECISION,
            _ => self.rng.random_range(FIRST..=DECISION),
        };
        let number = self.rng.random_range(0..=7);
        match self.rng.random_range(0..16) {
            0 | 1 => Step::CountPile(self.anybody(), number),
            2..=5 => Step::Claim(self.anybody()),
            6 => Step::Release(self.at_the_desk()),
            7 if self.rng.random_bool(0.2) => Step::Restart,
            7 => Step::Count,
            8 => Step::Finish(self.at_the_desk(), pass, number),
            _ => self.save(pass, number),
        }
    }

    fn step(&mut self) -> Result<(), String> {
        self.now += [
            0,
            1,
            60_000,
            HALF_AN_HOUR / 2,
            HALF_AN_HOUR,
            2 * HALF_AN_HOUR,
        ][[0, 1, 2, 2, 2, 2, 2, 2, 2, 3, 4, 5][self.rng.random_range(0..12)]];
        let step = if self.rng.random_bool(0.75) {
            self.next_in_order()
        } else {
            self.anything()
        };
        let is_lawful = self.model.take(&step, self.now);
        // Only what is refused needs a copy: what is taken goes on from here.
        let state = if is_lawful {
            self.code.take()
        } else {
            self.code.clone()
        };
        let state = state.ok_or("no batch")?;
        let before = StateName::of(&state);
        match (is_lawful, apply(&self.form, state, &step, self.now)) {
            (false, Err(_)) => Ok(()),
            (true, Ok((deed, state))) => {
                let arrow = (before, deed, StateName::of(&state));
                if !ARROWS.contains(&arrow) {
                    return Err(format!("{arrow:?} is no arrow, and came of {step:?}"));
                }
                self.seen.insert(arrow);
                self.taken += 1;
                let checked = same(&self.model, &state, self.touched(&step))
                    .and_then(|()| sound(&self.model, &state));
                self.code = Some(state);
                checked.map_err(|what| format!("{what} after {step:?}"))
            }
            (_, answer) => {
                let answer = answer.map(|(deed, state)| (deed, StateName::of(&state)));
                Err(format!(
                    "{step:?} is lawful: {is_lawful}, and got {answer:?}"
                ))
            }
        }
    }

    /// The sheets that a step can have changed.
    fn touched(&self, step: &Step) -> RangeInclusive<u32> {
        match step {
            Step::Save(save, _) => save.sheet..=save.sheet,
            Step::Claim(_) | Step::Release(_) => RangeInclusive::new(1, 0),
            _ => 1..=self.model.sheets().max(self.model.keyed()),
        }
    }
}

#[test]
fn a_million_lawful_steps_and_all_that_is_refused_between_them_are_those_of_the_model() {
    let seed = rand::random();
    let mut run = Run::new(seed);
    let (mut steps, mut batches) = (0, 1);
    let lawful = sample_or_all(SAMPLED_STEPS, LAWFUL_STEPS);
    while run.taken < lawful {
        steps += 1;
        if let Err(what) = run.step() {
            panic!("seed {seed}, step {steps}: {what}");
        }
        let is_over = run.model.at == At::Counted && run.rng.random_bool(0.5);
        if is_over || run.model.round > 4 {
            run.next_batch();
            batches += 1;
        }
    }
    let never: Vec<&Arrow> = ARROWS
        .iter()
        .filter(|arrow| !run.seen.contains(arrow))
        .collect();
    assert!(never.is_empty(), "seed {seed}: {never:?}");
    println!("{lawful} of {steps} steps in {batches} batches were lawful");
}
