//! Whatever the bytes are, reading them ends, and ends well.

use std::time::{Duration, Instant};

use countmein::domain::pb_file::{Code, MOST_LISTED, read, scan, write};
use proptest::prelude::*;

use super::{POINTS, SOUND};

fn read_all(bytes: &[u8]) {
    match scan(bytes) {
        Ok(scan) => {
            assert!(!scan.findings.has_errors());
            let file = scan.to_file();
            assert_eq!(file.votes.len(), scan.ballots.len());
            assert_eq!(file.projects.len(), scan.projects.len());
            for ballot in scan.ballots.iter() {
                assert!(ballot.points.is_empty() || ballot.points.len() == ballot.projects.len());
            }
            let (again, _) =
                read(write(&file).as_bytes()).unwrap_or_else(|found| panic!("{found}"));
            assert_eq!(again, file);
        }
        Err(found) => {
            assert!(found.has_errors());
            assert!(found.listed().len() <= 2 * MOST_LISTED);
            assert!(!found.to_string().is_empty());
        }
    }
}

/// What a slip of a hand or of a program does to a file.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            ";",
            ";;",
            "\"",
            "\"\"",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            ",",
            ",,",
            " ",
            "META\n",
            "PROJECTS\n",
            "\nVOTES\n",
            "none",
            "p1",
            "p2,p2",
            "999999999",
            "-1",
            "0.5",
            "1e9",
            "1,5",
            "ordinal",
            "cumulative",
            "voter_id",
            "\u{feff}",
            "é",
            "99999999999999999999",
            "max_length;0\n",
            "min_points;0.000001\n",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_to_the_end(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn any_slip_in_a_file_is_read_to_the_end(
        file in prop::sample::select(vec![SOUND, POINTS]),
        slips in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..8, pieces()), 1..4),
    ) {
        let mut bytes = file.as_bytes().to_vec();
        for (place, length, piece) in slips {
            let start = place.index(bytes.len());
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, piece);
            if bytes.is_empty() {
                break;
            }
        }
        read_all(&bytes);
    }
}

/// Without META nobody reads the ballots; what is wrong with them is said all the same.
#[test]
fn a_file_is_never_refused_without_a_word() {
    for text in [
        "VOTES\n\"",
        "PROJECTS\nproject_id;cost\nVOTES\nvoter_id;\"vote",
        "\"",
    ] {
        let found = scan(text.as_bytes()).err().unwrap();
        assert_eq!(found.count(Code::QuoteNotClosed), 1, "{text}: {found}");
        read_all(text.as_bytes());
    }
}

/// Ids that all fall on the same place of a table, equal voters, and nothing but faults: the time
/// grows with the length of the file and no faster.
#[test]
fn no_choice_of_ids_makes_reading_slow() {
    let projects: Vec<String> = (0..3000)
        .map(|number| format!("{number:06}-the-same-end"))
        .collect();
    let table: Vec<String> = projects.iter().map(|id| format!("{id};1\n")).collect();
    let table = table.concat();
    let list = projects.join(",");
    let votes = format!("v;{list},nobody\n").repeat(20);
    let text =
        format!("META\nkey;value\nPROJECTS\nproject_id;cost\n{table}VOTES\nvoter_id;vote\n{votes}");
    let start = Instant::now();
    let found = scan(text.as_bytes()).err().unwrap();
    assert!(found.has_errors());
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
}
