use countmein::{
    domain::{channel::Channel, count_sheet::CountSheet, id::Seq},
    tally::fold::{ItemCounts, Tally, TallyError},
};
use proptest::{prelude::*, sample::select};

use super::support::{choice, likert, mixed, sheet, survey};

fn counts(options: &[u64], answered: u64, blank: u64) -> ItemCounts {
    ItemCounts {
        options: options.to_vec(),
        answered,
        blank,
    }
}

#[test]
fn counts_every_kind_of_item() {
    let mut tally = Tally::new(&mixed());
    let responses = ["121100110", "-3------", "5-0001---", "110000---"];
    tally
        .add_response(Channel::Online, responses[0])
        .expect("response");
    assert!(tally.add_response(Channel::Online, responses[1]).is_err());
    tally
        .add_response(Channel::Postal, responses[2])
        .expect("response");
    tally
        .add_response(Channel::Postal, responses[3])
        .expect("response");
    assert_eq!(tally.people(), 3);
    assert_eq!(tally.responses(Channel::Postal), 2);
    assert_eq!(
        tally.items(),
        [
            counts(&[2, 0, 0, 0, 1], 3, 0),
            counts(&[1, 1, 0], 2, 1),
            // A ballot of zeros has no mark: it is blank.
            counts(&[1, 1, 0, 1], 2, 1),
            counts(&[1, 1, 0], 1, 2),
        ]
    );
    assert_eq!(
        tally.items_in(Channel::Online)[2],
        counts(&[1, 1, 0, 0], 1, 0)
    );
    assert_eq!(tally.items_in(Channel::Meeting)[0], counts(&[0; 5], 0, 0));
}

#[test]
fn a_sheet_adds_its_totals_and_who_gave_none() {
    let survey = mixed();
    let mut tally = Tally::new(&survey);
    let meeting = sheet(
        &survey,
        30,
        vec![vec![10, 9, 0, 5, 1], vec![], vec![20, 30, 5, 0], vec![]],
    );
    tally.add_sheet(&meeting).expect("sheet");
    assert_eq!(tally.people(), 30);
    assert_eq!(tally.on_sheets(Channel::Meeting), 30);
    assert_eq!(tally.responses(Channel::Meeting), 0);
    assert_eq!(
        tally.items(),
        [
            counts(&[10, 9, 0, 5, 1], 25, 5),
            counts(&[0; 3], 0, 0),
            counts(&[20, 30, 5, 0], 30, 0),
            counts(&[0; 3], 0, 0),
        ]
    );
    tally.void_sheet(&meeting).expect("void");
    assert_eq!((tally.people(), tally.voided()), (0, 30));
    assert_eq!(tally.items(), Tally::new(&survey).items());
    assert_eq!(tally.void_sheet(&meeting), Err(TallyError::NotCounted));
}

#[test]
fn a_sheet_of_another_survey_is_refused() {
    let mut tally = Tally::new(&mixed());
    let before = tally.clone();
    let other = survey(vec![likert("only", 5)]);
    let short = sheet(&other, 5, vec![vec![1, 1, 1, 1, 1]]);
    assert_eq!(tally.add_sheet(&short), Err(TallyError::Sheet));
    // A stored sheet whose totals are more than its people, as no constructor would make it.
    let forged = r#"{"channel":"meeting","people":3,"counts":[[3,3,0,0,0],[],[],[]]}"#;
    let forged: CountSheet = serde_json::from_str(forged).expect("sheet");
    assert_eq!(tally.add_sheet(&forged), Err(TallyError::Sheet));
    assert_eq!(tally, before);
}

#[test]
fn nothing_is_partly_counted() {
    let mut tally = Tally::new(&mixed());
    tally
        .add_response(Channel::Online, "111000100")
        .expect("response");
    let before = tally.clone();
    let good = "111000100";
    let faulty = [
        ("611000100", 1), // no sixth point
        ("141000100", 2), // no fourth option
        ("111110100", 3), // three marks of two
        ("111-00100", 3), // half a blank ballot
        ("111002100", 3), // no such symbol
        ("111000011", 7), // 50 of a budget of 40
        ("0110001é", 1),  // nine bytes all the same
        ("A11000100", 1),
    ];
    for (answers, place) in faulty {
        let fault = TallyError::Answer { response: 1, place };
        assert_eq!(
            tally.add_response(Channel::Online, answers),
            Err(fault),
            "{answers}"
        );
        assert_eq!(
            tally.void_response(Channel::Online, answers),
            Err(fault),
            "{answers}"
        );
        let block = [good, good, answers, good].concat();
        let fault = TallyError::Answer { response: 3, place };
        assert_eq!(
            tally.add_block(Channel::Online, &block),
            Err(fault),
            "{answers}"
        );
    }
    for length in ["", "1", "1110001001"] {
        let found = length.len();
        let fault = TallyError::Length { width: 9, found };
        assert_eq!(tally.add_response(Channel::Online, length), Err(fault));
    }
    let fault = TallyError::Length {
        width: 9,
        found: 10,
    };
    assert_eq!(tally.add_block(Channel::Online, "1110001001"), Err(fault));
    assert_eq!(tally.add_block(Channel::Online, ""), Ok(0));
    assert_eq!(tally, before);
}

#[test]
fn a_void_takes_back_only_what_was_counted() {
    let survey = mixed();
    let mut tally = Tally::new(&survey);
    tally
        .add_response(Channel::Meeting, "1--------")
        .expect("response");
    let totals = vec![vec![0, 9, 0, 0, 0], vec![], vec![], vec![]];
    tally.add_sheet(&sheet(&survey, 10, totals)).expect("sheet");
    let before = tally.clone();
    // A person on the sheet chose the second point, but no response did; nor did any online.
    let not_counted = Err(TallyError::NotCounted);
    assert_eq!(
        tally.void_response(Channel::Meeting, "2--------"),
        not_counted
    );
    assert_eq!(
        tally.void_response(Channel::Online, "1--------"),
        not_counted
    );
    assert_eq!(tally, before);
    tally
        .void_response(Channel::Meeting, "1--------")
        .expect("void");
    assert_eq!((tally.people(), tally.voided()), (10, 1));
}

#[test]
fn a_watermark_never_goes_back() {
    let mut tally = Tally::new(&mixed());
    assert_eq!(tally.watermark(), Seq(0));
    tally.advance_to(Seq(7));
    tally.advance_to(Seq(3));
    assert_eq!(tally.watermark(), Seq(7));
}

#[test]
fn a_survey_without_items_counts_people() {
    let mut tally = Tally::new(&survey(Vec::new()));
    tally.add_response(Channel::Online, "").expect("response");
    assert_eq!(tally.add_block(Channel::Online, ""), Ok(0));
    assert!(tally.add_block(Channel::Online, "1").is_err());
    assert_eq!(tally.people(), 1);
}

#[test]
fn thirty_five_options_have_thirty_five_symbols() {
    let mut tally = Tally::new(&survey(vec![choice("long", 35)]));
    let block: String = "123456789abcdefghijklmnopqrstuvwxyz-".into();
    assert_eq!(tally.add_block(Channel::Online, &block), Ok(36));
    assert_eq!(tally.items(), [counts(&[1; 35], 35, 1)]);
}

/// Answers that `mixed` can have.
fn response() -> impl Strategy<Value = String> {
    let scale = select(vec!["1", "2", "3", "4", "5", "-"]);
    let choice = select(vec!["1", "2", "3", "-"]);
    let approval = select(vec![
        "----", "0000", "1000", "0100", "0010", "0001", "1100", "1001", "0110",
    ]);
    let knapsack = select(vec!["---", "000", "100", "010", "001", "110", "101"]);
    (scale, choice, approval, knapsack).prop_map(|(a, b, c, d)| [a, b, c, d].concat())
}

fn ledger() -> impl Strategy<Value = Vec<(Channel, String)>> {
    prop::collection::vec((select(Channel::ALL.to_vec()), response()), 0..40)
}

fn one_by_one(ledger: &[(Channel, String)]) -> Tally {
    let mut tally = Tally::new(&mixed());
    for (channel, answers) in ledger {
        tally.add_response(*channel, answers).expect("response");
    }
    tally
}

proptest! {
    #[test]
    fn a_block_is_its_responses_one_by_one(ledger in ledger()) {
        let mut tally = Tally::new(&mixed());
        for channel in Channel::ALL {
            let of_channel: Vec<&str> = ledger
                .iter()
                .filter(|(other, _)| *other == channel)
                .map(|(_, answers)| answers.as_str())
                .collect();
            let people = tally.add_block(channel, &of_channel.concat()).expect("block");
            prop_assert_eq!(usize::try_from(people), Ok(of_channel.len()));
        }
        prop_assert_eq!(tally, one_by_one(&ledger));
    }

    #[test]
    fn the_order_of_responses_does_not_matter(
        (ledger, shuffled) in ledger().prop_flat_map(|l| (Just(l.clone()), Just(l).prop_shuffle())),
    ) {
        prop_assert_eq!(one_by_one(&ledger), one_by_one(&shuffled));
    }

    #[test]
    fn a_void_undoes_an_add(ledger in ledger(), channel in select(Channel::ALL.to_vec()), extra in response()) {
        let before = one_by_one(&ledger);
        let mut tally = before.clone();
        tally.add_response(channel, &extra).expect("response");
        prop_assert_ne!(&tally, &before);
        tally.void_response(channel, &extra).expect("void");
        prop_assert_eq!(tally.items(), before.items());
        prop_assert_eq!(tally.people(), before.people());
        prop_assert_eq!(tally.voided(), 1);
    }

    #[test]
    fn channels_sum_to_the_whole(ledger in ledger()) {
        let tally = one_by_one(&ledger);
        let people: u64 = Channel::ALL.iter().map(|channel| tally.people_in(*channel)).sum();
        prop_assert_eq!(people, tally.people());
        for (position, whole) in tally.items().iter().enumerate() {
            let parts = Channel::ALL.map(|channel| tally.items_in(channel)[position].clone());
            let sum = |of: fn(&ItemCounts) -> u64| parts.iter().map(of).sum::<u64>();
            prop_assert_eq!(sum(|part| part.answered), whole.answered);
            prop_assert_eq!(sum(|part| part.blank), whole.blank);
            // Everyone either answered or left it blank.
            prop_assert_eq!(whole.answered + whole.blank, tally.people());
            for option in 0..whole.options.len() {
                let votes: u64 = parts.iter().map(|part| part.options[option]).sum();
                prop_assert_eq!(votes, whole.options[option]);
            }
        }
    }
}
