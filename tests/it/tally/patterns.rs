//! Answers that one person gave together, merged.

use countmein::{
    domain::{channel::Channel, key::ItemKey},
    tally::{
        fold::TallyError,
        patterns::{Patterns, Said},
    },
};

use super::support::mixed;

fn keys(names: &[&str]) -> Vec<ItemKey> {
    names
        .iter()
        .map(|name| ItemKey::new(*name).expect("key"))
        .collect()
}

#[test]
fn equal_answers_are_merged_by_channel_and_voids_taken_out() {
    let mut patterns = Patterns::new(&mixed(), &keys(&["scale", "approval"]));
    let block = "131100---210011---131100---";
    patterns.add_block(Channel::Online, block).expect("block");
    patterns
        .add_block(Channel::Postal, "121100------------")
        .expect("block");
    patterns
        .void_response(Channel::Online, "210011---")
        .expect("void");
    let found = patterns.merged();
    assert_eq!(
        found,
        [
            (vec![Said::Blank, Said::Blank], [0, 1, 0]),
            (vec![Said::Option(0), Said::Marks(vec![0, 1])], [2, 1, 0]),
        ]
    );
}

#[test]
fn what_was_not_counted_cannot_be_taken_out() {
    let mut patterns = Patterns::new(&mixed(), &keys(&["scale"]));
    patterns
        .add_block(Channel::Online, "1--------")
        .expect("block");
    let void = patterns.void_response(Channel::Postal, "1--------");
    assert_eq!(void, Err(TallyError::NotCounted));
}

#[test]
fn a_faulty_block_leaves_nothing_behind() {
    let mut patterns = Patterns::new(&mixed(), &keys(&["approval"]));
    let faulty = patterns.add_block(Channel::Online, "--1100-----1110---");
    assert_eq!(
        faulty,
        Err(TallyError::Answer {
            response: 2,
            place: 3
        })
    );
    assert_eq!(patterns.merged(), []);
    let short = patterns.add_block(Channel::Online, "--1100--");
    assert_eq!(short, Err(TallyError::Length { width: 9, found: 8 }));
}
