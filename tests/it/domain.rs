//! The rules of the domain, through its public surface.

use std::{collections::BTreeMap, time::Duration};

use countmein::domain::{
    access_code::{AccessCode, AccessCodeError, CodeKey},
    answer::{Answers, Blanks, FaultReason, RawAnswers},
    channel::Channel,
    count_sheet::{CountSheet, CountSheetError},
    layout::Layout,
    moment::Moment,
    money::{Currency, Money},
    receipt::{Receipt, VisitToken},
    survey::Survey,
    survey_file,
    text::{Lang, Text},
    wave::{DRAIN, Draft, TransitionError, WaveState},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use time::macros::datetime;

use crate::support::repository_file;

mod access_code;
mod keying;
mod passwords;
mod pb_file;
mod roll_key;
mod sealed;
mod second_factor;

fn survey(name: &str) -> Survey {
    survey_file::read(&repository_file(&format!("surveys/{name}.toml")))
        .unwrap()
        .plan
        .survey
}

fn raw(pairs: &[(&str, &[&str])]) -> RawAnswers {
    let owned = |keys: &[&str]| keys.iter().map(ToString::to_string).collect();
    pairs
        .iter()
        .map(|(item, keys)| ((*item).to_owned(), owned(keys)))
        .collect()
}

fn reasons(survey: &Survey, pairs: &[(&str, &[&str])]) -> Vec<FaultReason> {
    let faults = Answers::check(survey, &raw(pairs), Blanks::AsSurveySays).unwrap_err();
    faults.into_iter().map(|fault| fault.reason).collect()
}

#[test]
fn answers_outside_the_survey_are_refused_with_their_reason() {
    let attitudes = survey("co-production-attitudes");
    assert_eq!(
        reasons(&attitudes, &[("s1", &["maybe"])]),
        [FaultReason::UnknownOption("maybe".to_owned())]
    );
    assert_eq!(
        reasons(&attitudes, &[("s1", &["agree", "disagree"])]),
        [FaultReason::MoreThanOne]
    );
    assert_eq!(
        reasons(&attitudes, &[("s8", &["agree"])]),
        [FaultReason::UnknownItem]
    );
    let ballot = survey("citizen-priorities");
    let item = ballot
        .items
        .iter()
        .find(|item| item.key.as_str() == "projects")
        .unwrap();
    let keys: Vec<String> = item.option_keys().iter().map(ToString::to_string).collect();
    let five: Vec<&str> = keys[..5].iter().map(String::as_str).collect();
    assert_eq!(
        reasons(&ballot, &[("projects", &five)]),
        [FaultReason::OverLimit {
            limit: 4,
            marked: 5
        }]
    );
    assert_eq!(
        reasons(&ballot, &[("projects", &[five[0], five[0]])]),
        [FaultReason::MarkedTwice]
    );
    let knapsack = survey("citizen-priorities-knapsack");
    let all: Vec<&str> = keys.iter().map(String::as_str).collect();
    assert!(matches!(
        reasons(&knapsack, &[("projects", &all)])[..],
        [FaultReason::OverBudget { budget, cost }] if cost > budget
    ));
}

#[test]
fn every_fault_has_a_code_of_its_own() {
    let zero = Money::ZERO;
    let codes = [
        FaultReason::UnknownItem.code(),
        FaultReason::Required.code(),
        FaultReason::UnknownOption(String::new()).code(),
        FaultReason::MoreThanOne.code(),
        FaultReason::MarkedTwice.code(),
        FaultReason::OverLimit {
            limit: 1,
            marked: 2,
        }
        .code(),
        FaultReason::OverBudget {
            budget: zero,
            cost: zero,
        }
        .code(),
    ];
    let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
    assert_eq!(distinct.len(), codes.len());
}

proptest! {
    /// What is stored is what was marked, whatever was marked.
    #[test]
    fn the_layout_keeps_every_answer(choices in prop::collection::vec(0_usize..6, 7)) {
        let survey = survey("co-production-attitudes");
        let layout = Layout::of(&survey);
        let mut raw: RawAnswers = BTreeMap::new();
        for (item, choice) in survey.items.iter().zip(&choices) {
            if let Some(key) = item.option_keys().get(*choice) {
                raw.insert(item.key.to_string(), vec![key.to_string()]);
            }
        }
        let answers = Answers::check(&survey, &raw, Blanks::Allowed).unwrap();
        let text = layout.encode(&answers);
        let expected: String = choices
            .iter()
            .map(|choice| "12345-".chars().nth(*choice).unwrap())
            .collect();
        prop_assert_eq!(&text, &expected);
        prop_assert_eq!(layout.decode(&survey, &text).unwrap(), answers);
    }

    #[test]
    fn the_layout_refuses_what_no_answer_can_be(text in "[0-9a-z-]{0,9}") {
        let survey = survey("co-production-attitudes");
        let layout = Layout::of(&survey);
        let possible = text.len() == 7 && text.chars().all(|c| "12345-".contains(c));
        prop_assert_eq!(layout.decode(&survey, &text).is_ok(), possible);
    }

    #[test]
    fn money_survives_writing_and_reading(minor in 0_u64..1_000_000_000_000) {
        let pounds = Currency::new("GBP").unwrap();
        let amount = Money::from_minor(minor).unwrap();
        let text = format!("{}.{:02}", minor / 100, minor % 100);
        prop_assert_eq!(Money::parse(&text, &pounds).unwrap(), amount);
        let shown = pounds.format(amount).replace([',', '£'], "");
        prop_assert_eq!(Money::parse(&shown, &pounds).unwrap(), amount);
    }
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let code = AccessCode::random(&mut StdRng::seed_from_u64(7));
    let printed = code.to_string();
    assert_eq!(printed.len(), 19);
    let spaced = printed.replace('-', " ").to_lowercase();
    let look_alikes = printed.replace('0', "o").replace('1', "l");
    for typed in [
        printed.clone(),
        spaced,
        look_alikes,
        format!("  {printed}\n"),
    ] {
        assert_eq!(typed.parse::<AccessCode>().unwrap(), code, "{typed}");
    }
    assert_eq!(
        "ABCD-EFGH".parse::<AccessCode>(),
        Err(AccessCodeError::Length { typed: 8 })
    );
    assert_eq!(format!("{code:?}"), "AccessCode(…)");
}

#[test]
fn the_hash_of_a_code_needs_the_key() {
    let code = AccessCode::random(&mut StdRng::seed_from_u64(7));
    let (one, other) = (CodeKey::new(&[1; 32]), CodeKey::new(&[2; 32]));
    assert_eq!(code.hash(&one), code.hash(&one));
    assert_ne!(code.hash(&one), code.hash(&other));
}

#[test]
fn a_visit_gives_two_values_that_do_not_show_each_other() {
    let token = VisitToken::random(&mut StdRng::seed_from_u64(3));
    let (receipt, admission) = (token.receipt(), token.admission_key());
    assert_eq!(VisitToken::from_hex(&token.to_hex()), Some(token.clone()));
    assert_eq!(receipt.to_string().parse::<Receipt>().unwrap(), receipt);
    assert_eq!(receipt.as_str().len(), 20);
    assert!(!admission.as_str().contains(&token.to_hex()));
    assert_eq!(format!("{token:?}"), "VisitToken(…)");
}

#[test]
fn a_wave_goes_forward_only() {
    let start: Moment = datetime!(2026-03-01 09:00 UTC).into();
    let closes: Moment = datetime!(2026-03-31 22:00 UTC).into();
    let draft = WaveState::Draft(Draft);
    assert_eq!(
        draft.close(start, closes),
        Err(TransitionError::Close("draft"))
    );
    assert_eq!(draft.publish(start), Err(TransitionError::Publish("draft")));
    let open = WaveState::Open(draft.open(start).unwrap());
    assert_eq!(open.open(start), Err(TransitionError::Open("open")));
    assert_eq!(open.publish(start), Err(TransitionError::Publish("open")));
    // The last answers need a moment to reach the ledger.
    let late = closes + DRAIN;
    assert_eq!(
        open.close(late, closes),
        Err(TransitionError::StillCollecting(closes))
    );
    let ended = WaveState::Closed(open.close(late + Duration::from_millis(1), closes).unwrap());
    assert_eq!(ended.open(late), Err(TransitionError::Open("closed")));
    assert_eq!(ended.stop(late), Err(TransitionError::Close("closed")));
    let published = WaveState::Published(ended.publish(late).unwrap());
    assert_eq!(
        published.publish(late),
        Err(TransitionError::Publish("published"))
    );
}

#[test]
fn a_count_sheet_that_does_not_add_up_cannot_be_made() {
    let survey = survey("co-production-attitudes");
    let sheet = |people, first: Vec<u64>| {
        let mut counts = vec![Vec::new(); 7];
        counts[0] = first;
        CountSheet::new(&survey, Channel::Meeting, people, counts)
    };
    assert!(sheet(10, vec![5, 3, 1, 1, 0]).is_ok());
    assert!(matches!(
        sheet(0, vec![0; 5]),
        Err(CountSheetError::People(0))
    ));
    assert!(matches!(
        sheet(10, vec![5, 3, 1, 1, 1]),
        Err(CountSheetError::MoreThanPeople {
            sum: 11,
            people: 10,
            ..
        })
    ));
    assert!(matches!(
        sheet(10, vec![5, 3]),
        Err(CountSheetError::Options { .. })
    ));
    assert!(matches!(
        sheet(10, vec![u64::MAX, 3, 0, 0, 0]),
        Err(CountSheetError::OptionMoreThanPeople { .. })
    ));
}

#[test]
fn amounts_are_written_as_people_write_them() {
    let pounds = Currency::new("GBP").unwrap();
    let show = |minor| pounds.format(Money::from_minor(minor).unwrap());
    assert_eq!(show(0), "£0");
    assert_eq!(show(1_234_500), "£12,345");
    assert_eq!(show(1_234_505), "£12,345.05");
    let yen = Currency::new("JPY").unwrap();
    assert_eq!(yen.format(Money::from_minor(1_500).unwrap()), "1,500 JPY");
    for wrong in ["", "12.", "12.345", "-5", "1,000", "1e3", " 5"] {
        assert!(Money::parse(wrong, &pounds).is_err(), "{wrong}");
    }
}

#[test]
fn a_wording_in_no_language_of_the_reader_is_shown_in_english_or_what_there_is() {
    let text = Text::new([(Lang::new("pl").unwrap(), "Tak".to_owned())]);
    assert_eq!(text.get(&Lang::english()), "Tak");
    assert!(Lang::new("EN").is_err());
    assert!(Lang::new("english").is_err());
    assert!(Lang::new("pt-br").is_ok());
}
