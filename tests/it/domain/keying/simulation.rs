//! Errors are planted into keyings, and what is left of them after two people, a third and a count is
//! measured: how far double keying and samples can be trusted.

use std::collections::BTreeSet;

use countmein::{
    domain::{
        id::UserId,
        keying::{
            BatchState, Counted, KeyingPlan, NewEntry, Pass, SampledPlan, SheetForm, StateName,
            Verdict,
        },
        moment::Moment,
    },
    stats::keying::AcceptancePlan,
};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::index};

use super::survey;
use crate::support::repository_file;

const SHEETS: usize = 25;
const PLACES: usize = 7;
const FIELDS: usize = SHEETS * PLACES;
const SYMBOLS: &[u8] = b"12345-";
/// Wrong keys of a good keyer, in 10,000.
const WRONG_KEYS: f64 = 30.0;

type Pile = Vec<Vec<u8>>;

fn paper(rng: &mut StdRng) -> Pile {
    let mut sheet = || {
        let mut places = vec![0; PLACES];
        places.fill_with(|| SYMBOLS[rng.random_range(0..SYMBOLS.len())]);
        places
    };
    (0..SHEETS).map(|_| sheet()).collect()
}

fn another(rng: &mut StdRng, right: u8) -> u8 {
    loop {
        let symbol = SYMBOLS[rng.random_range(0..SYMBOLS.len())];
        if symbol != right {
            return symbol;
        }
    }
}

/// How somebody goes wrong.
#[derive(Clone, Copy)]
struct Keyer {
    /// One key for another, in 10,000 fields.
    wrong_keys: f64,
    /// A line is left out, and the rest of the sheet stands one line too high, in 10,000 sheets.
    skipped_lines: f64,
    /// The other's keying is copied instead of the paper, in 10,000 sheets.
    copied: f64,
}

impl Keyer {
    const GOOD: Self = Self {
        wrong_keys: WRONG_KEYS,
        skipped_lines: 0.0,
        copied: 0.0,
    };

    fn keys(self, rng: &mut StdRng, paper: &Pile, other: Option<&Pile>) -> Pile {
        let mut keyed = paper.clone();
        for (at, sheet) in keyed.iter_mut().enumerate() {
            if let Some(other) = other
                && rng.random_bool(self.copied / 10_000.0)
            {
                sheet.clone_from(&other[at]);
                continue;
            }
            if rng.random_bool(self.skipped_lines / 10_000.0) {
                sheet.remove(rng.random_range(0..PLACES));
                sheet.push(b'-');
            }
            for place in sheet {
                if rng.random_bool(self.wrong_keys / 10_000.0) {
                    *place = another(rng, *place);
                }
            }
        }
        keyed
    }
}

const ANN: UserId = UserId(1);
const BEN: UserId = UserId(2);
const CAT: UserId = UserId(3);

struct Office {
    form: SheetForm,
    now: Moment,
}

impl Office {
    fn new() -> Self {
        let file = repository_file("surveys/co-production-attitudes.toml");
        Self {
            form: SheetForm::of(&survey(&file)),
            now: Moment::from_millis(0),
        }
    }

    fn new_entry(&self, sheet: u32, places: &[u8]) -> NewEntry {
        NewEntry {
            sheet,
            seen: 0,
            content: self.form.read(str::from_utf8(places).unwrap()).unwrap(),
            seconds: 9,
        }
    }

    fn keyed(&self, state: BatchState, who: UserId, pass: Pass, pile: &Pile) -> BatchState {
        let mut state = state.claim(who, self.now).unwrap();
        let sheets: BTreeSet<u32> = match pass {
            Pass::First => (1..=state.papers().sheets()).collect(),
            _ => state.papers().wanted(),
        };
        for sheet in sheets {
            if state.papers().entry(pass, sheet).is_none() {
                let new = self.new_entry(sheet, &pile[index_of(sheet)]);
                state = state.key(who, pass, &new, self.now).unwrap();
            }
        }
        let found = state.papers().sheets();
        state.finish_pass(who, pass, found, self.now).unwrap()
    }

    /// Cat looks at the paper, makes no mistake, and sees only what differs.
    fn resolved(&self, state: BatchState, paper: &Pile) -> BatchState {
        let mut state = state.claim(CAT, self.now).unwrap();
        for sheet in state.papers().undecided() {
            let places = |pass| {
                let entry = state.papers().entry(pass, sheet).unwrap();
                entry.content.symbols(&self.form).unwrap().into_bytes()
            };
            let (first, second) = (places(Pass::First), places(Pass::Second));
            let right = &paper[index_of(sheet)];
            let decided: Vec<u8> = (0..PLACES)
                .map(|at| {
                    if first[at] == second[at] {
                        first[at]
                    } else {
                        right[at]
                    }
                })
                .collect();
            let new = self.new_entry(sheet, &decided);
            state = state.decide(CAT, &new, self.now).unwrap();
        }
        state.finish_resolving(CAT, self.now).unwrap()
    }

    /// Both keyings and the decisions, up to the first verdict.
    fn checked(
        &self,
        plan: KeyingPlan,
        seed: &str,
        [paper, first, second]: [&Pile; 3],
    ) -> BatchState {
        let sheets = u32::try_from(SHEETS).unwrap();
        let (form, seed) = (self.form.clone(), seed.to_owned());
        let state = BatchState::opened(form, plan, seed, sheets, sheets, CAT).unwrap();
        let state = self.keyed(state, ANN, Pass::First, first);
        let state = self.keyed(state, BEN, Pass::Second, second);
        match StateName::of(&state) {
            StateName::Resolving => self.resolved(state, paper),
            _ => state,
        }
    }
}

fn index_of(sheet: u32) -> usize {
    usize::try_from(sheet - 1).unwrap()
}

fn wrong_fields(one: &Pile, other: &Pile) -> usize {
    let fields = one.iter().flatten().zip(other.iter().flatten());
    fields.filter(|(one, other)| one != other).count()
}

fn what_counts(form: &SheetForm, counted: &Counted) -> Pile {
    let places = counted.sheets().map(|sheet| sheet.symbols(form));
    places.map(|places| places.unwrap().into_bytes()).collect()
}

/// Wrong fields in 10,000: of the first keying alone, and of what goes into the ledger.
fn after_double_keying(rng: &mut StdRng, first: Keyer, second: Keyer) -> (f64, f64) {
    const BATCHES: u32 = 700;
    let office = Office::new();
    let (mut single, mut double) = (0, 0);
    for _ in 0..BATCHES {
        let paper = paper(rng);
        let one = first.keys(rng, &paper, None);
        let two = second.keys(rng, &paper, Some(&one));
        let state = office.checked(KeyingPlan::Double, "", [&paper, &one, &two]);
        let counted = state.count(CAT).unwrap();
        single += wrong_fields(&one, &paper);
        double += wrong_fields(&what_counts(&office.form, &counted), &paper);
    }
    let fields = f64::from(BATCHES) * f64::from(u32::try_from(FIELDS).unwrap());
    let rate = |wrong: usize| f64::from(u32::try_from(wrong).unwrap()) * 10_000.0 / fields;
    (rate(single), rate(double))
}

#[test]
fn double_keying_leaves_what_two_people_have_wrong_in_the_same_way() {
    let mut rng = StdRng::seed_from_u64(20_261_126);
    let skips = Keyer {
        skipped_lines: 50.0,
        ..Keyer::GOOD
    };
    let copies = Keyer {
        copied: 500.0,
        ..Keyer::GOOD
    };
    let models = [
        ("independent wrong keys", Keyer::GOOD, Keyer::GOOD),
        ("and skipped lines", skips, skips),
        ("and 5 % of sheets copied", Keyer::GOOD, copies),
    ];
    println!("wrong fields in 10,000, over 122,500 fields:");
    let rates = models.map(|(name, first, second)| {
        let (single, double) = after_double_keying(&mut rng, first, second);
        println!("{name}: {single:.2} keyed once, {double:.2} keyed twice");
        (single, double)
    });
    let [(single, independent), (with_skips, skipped), (_, copied)] = rates;
    assert!((20.0..40.0).contains(&single), "{single}");
    assert!(independent <= 0.5, "{independent}");
    // A left-out line is several wrong fields at once, and still seldom the same line for both.
    assert!(
        with_skips > single && skipped <= 0.5,
        "{with_skips} {skipped}"
    );
    // Whoever copies keeps the other's errors: this is why the second keying is blind.
    assert!(copied > independent, "{copied}");
}

/// The share of batches that a sample lets pass, each with this many wrong fields.
fn share_accepted(rng: &mut StdRng, plan: SampledPlan, wrong: usize, batches: u32) -> f64 {
    let office = Office::new();
    let mut accepted = 0;
    for number in 0..batches {
        let paper = paper(rng);
        let mut first = paper.clone();
        for at in index::sample(rng, FIELDS, wrong) {
            let place = &mut first[at / PLACES][at % PLACES];
            *place = another(rng, *place);
        }
        let seed = format!("{wrong} {number}");
        let piles = [&paper, &first, &paper];
        let state = office.checked(KeyingPlan::Sampled(plan), &seed, piles);
        let sample = state.papers().sample.as_ref().unwrap();
        match sample.verdict {
            Verdict::Accepted { errors } => {
                assert!(errors <= plan.accepted());
                assert_eq!(StateName::of(&state), StateName::Reconciled);
                accepted += 1;
            }
            Verdict::Rejected { errors } => {
                assert!(errors > plan.accepted());
                assert_eq!(StateName::of(&state), StateName::SecondKeying);
                assert_eq!(state.papers().wanted().len(), SHEETS);
            }
            Verdict::Pending => panic!("no verdict"),
        }
    }
    f64::from(accepted) / f64::from(batches)
}

/// Errors that fall anywhere make the fields of drawn sheets a sample of the batch's fields.
#[test]
fn a_sample_lets_batches_pass_as_often_as_its_plan_says() {
    const BATCHES: u32 = 1500;
    let mut rng = StdRng::seed_from_u64(20_261_126);
    let size = u64::try_from(FIELDS).unwrap();
    for (percent, accepted, wrong) in [(20, 0, 2), (20, 1, 8), (40, 1, 4)] {
        let plan = SampledPlan::new(percent, accepted).unwrap();
        let sample = u64::from(plan.sample_of(u32::try_from(SHEETS).unwrap()))
            * u64::try_from(PLACES).unwrap();
        let expected = AcceptancePlan {
            sample,
            accepted: u64::from(accepted),
        };
        let expected = expected
            .accepts(size, u64::try_from(wrong).unwrap())
            .unwrap();
        let share = share_accepted(&mut rng, plan, wrong, BATCHES);
        let standard_error = (expected * (1.0 - expected) / f64::from(BATCHES)).sqrt();
        println!(
            "{percent} % re-keyed, {accepted} accepted, {wrong} of {FIELDS} wrong: \
             {share:.3} of batches pass, {expected:.3} expected"
        );
        assert!(
            (share - expected).abs() < 4.0 * standard_error,
            "{share} {expected}"
        );
    }
}

/// What a sample has not seen and what was rejected: after a rejection everything is keyed twice.
#[test]
fn a_rejected_batch_is_keyed_twice_to_its_end() {
    let mut rng = StdRng::seed_from_u64(7);
    let office = Office::new();
    let paper = paper(&mut rng);
    let bad = Keyer {
        wrong_keys: 2000.0,
        ..Keyer::GOOD
    };
    let first = bad.keys(&mut rng, &paper, None);
    let plan = KeyingPlan::Sampled(SampledPlan::new(20, 0).unwrap());
    let state = office.checked(plan, "seed", [&paper, &first, &paper]);
    assert_eq!(StateName::of(&state), StateName::SecondKeying);
    let state = office.keyed(state, BEN, Pass::Second, &paper);
    let state = office.resolved(state, &paper);
    assert_eq!(StateName::of(&state), StateName::Reconciled);
    let counted = state.count(CAT).unwrap();
    assert_eq!(
        wrong_fields(&what_counts(&office.form, &counted), &paper),
        0
    );
}
