//! Whose pile it is, and who counts it again.

use std::time::Duration;

use countmein::domain::{
    id::UserId,
    keying::{
        ARROWS, BatchState, CLAIM_LASTS, KeyingError, KeyingPlan, NewEntry, Pass, StateName,
        diagram,
    },
    moment::Moment,
    two_person::Reason,
};

use super::narrow_form;
use crate::support::repository_file;

const ANN: UserId = UserId(1);
const BEN: UserId = UserId(2);
const CAT: UserId = UserId(3);

fn opened(envelopes: u32, sheets: u32) -> BatchState {
    let (form, seed) = (narrow_form(), String::new());
    BatchState::opened(form, KeyingPlan::Double, seed, envelopes, sheets, CAT).unwrap()
}

fn at(minutes: u64) -> Moment {
    Moment::from_millis(0) + Duration::from_mins(minutes)
}

fn key(
    state: BatchState,
    who: UserId,
    sheet: u32,
    seen: u32,
    now: Moment,
) -> Result<BatchState, KeyingError> {
    let new = NewEntry {
        sheet,
        seen,
        content: narrow_form().read("11").unwrap(),
        seconds: 4,
    };
    let pass = match StateName::of(&state) {
        StateName::FirstKeying => Pass::First,
        _ => Pass::Second,
    };
    state.key(who, pass, &new, now)
}

fn count_pile(state: BatchState, who: UserId, sheets: u32) -> Result<BatchState, KeyingError> {
    state.count_pile(who, sheets, Reason::new("one envelope was empty").unwrap())
}

#[test]
fn nobody_takes_a_pile_from_a_desk_before_half_an_hour_without_a_sheet() {
    assert_eq!(CLAIM_LASTS, Duration::from_mins(30));
    let state = opened(3, 3).claim(ANN, at(0)).unwrap();
    // Each sheet gives as long again.
    let state = key(state, ANN, 1, 0, at(10)).unwrap();
    let until = at(40);
    let just_before = Moment::from_millis(until.millis() - 1);
    let refused = state.clone().claim(BEN, just_before);
    assert_eq!(refused, Err(KeyingError::ClaimedByOther { by: ANN, until }));
    // Nobody else took it, so that Ann goes on after her lunch.
    let later = key(state.clone(), ANN, 2, 0, at(75)).unwrap();
    assert_eq!(later.claimed().unwrap().until, at(105));
    // Ben took it: what Ann saves now is refused, and says whose the pile is.
    let taken = state.claim(BEN, until).unwrap();
    let refused = key(taken.clone(), ANN, 2, 0, at(41));
    assert!(matches!(
        refused,
        Err(KeyingError::ClaimedByOther { by: BEN, .. })
    ));
    assert!(key(taken.clone(), BEN, 2, 0, at(41)).is_ok());
    assert_eq!(taken.clone().release(ANN), Err(KeyingError::NotClaimed));
    let put_back = taken.release(BEN).unwrap();
    assert_eq!(
        key(put_back, BEN, 2, 0, at(42)),
        Err(KeyingError::NotClaimed)
    );
}

/// Also when somebody else has corrected all that they keyed.
#[test]
fn whoever_had_a_hand_in_the_first_keying_has_none_in_the_second() {
    let state = opened(1, 1).claim(ANN, at(0)).unwrap();
    let state = key(state, ANN, 1, 0, at(1)).unwrap().release(ANN).unwrap();
    let state = state.claim(BEN, at(2)).unwrap();
    let state = key(state, BEN, 1, 1, at(3)).unwrap();
    let state = state.finish_pass(BEN, Pass::First, 1, at(4)).unwrap();
    for keyer in [ANN, BEN] {
        let refused = state.clone().claim(keyer, at(5));
        assert_eq!(refused, Err(KeyingError::KeyedByYou));
    }
    assert!(state.claim(CAT, at(5)).is_ok());
}

#[test]
fn a_pile_is_counted_again_until_two_people_agree() {
    let state = opened(4, 3);
    assert_eq!(
        count_pile(state.clone(), CAT, 3),
        Err(KeyingError::SameCounter)
    );
    let still = count_pile(state.clone(), ANN, 2).unwrap();
    assert_eq!(StateName::of(&still), StateName::Counting);
    let agreed = count_pile(still, BEN, 2).unwrap();
    assert_eq!(StateName::of(&agreed), StateName::FirstKeying);
    // As many as envelopes came is what everybody expected.
    let expected = count_pile(state, ANN, 4).unwrap();
    assert_eq!(StateName::of(&expected), StateName::FirstKeying);
}

/// A sheet that is lost between two desks is missed by two people, or by nobody.
#[test]
fn whoever_found_another_number_does_not_settle_it() {
    let state = opened(2, 2).claim(ANN, at(0)).unwrap();
    let state = key(state, ANN, 1, 0, at(1)).unwrap();
    let doubt = state.finish_pass(ANN, Pass::First, 1, at(2)).unwrap();
    assert_eq!(StateName::of(&doubt), StateName::Counting);
    assert_eq!(
        count_pile(doubt.clone(), ANN, 1),
        Err(KeyingError::SameCounter)
    );
    let found_it = count_pile(doubt.clone(), BEN, 2).unwrap();
    assert_eq!(StateName::of(&found_it), StateName::FirstKeying);
    let lost = count_pile(doubt, BEN, 1).unwrap();
    assert_eq!(StateName::of(&lost), StateName::SecondKeying);
    assert_eq!(lost.papers().sheets(), 1);
}

#[test]
fn the_diagram_of_the_documents_is_that_of_the_code() {
    let document = repository_file("docs/keying.md");
    let drawn: Vec<&str> = document
        .split("```mermaid\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(drawn, [diagram()]);
    for name in StateName::ALL {
        assert!(
            ARROWS
                .iter()
                .any(|(from, _, to)| *from == name || *to == name)
        );
        assert!(document.contains(&format!("`{}`", name.as_str())), "{name}");
    }
}
