//! Real elections: what we count is what was published.

use std::{collections::HashSet, fs, path::Path};

use countmein::domain::pb_file::{Severity, VotingMethod, read, scan, write};

use super::{POINTS, SOUND};

/// Name, projects, ballots, distinct ballots, ballots by internet and by paper, budget. The counts
/// were taken from the files by another program; the budgets stand in their META.
const KNOWN: &[(&str, usize, usize, usize, usize, usize, u64)] = &[
    (
        "Poland_Zabrze_2020_Osiedle_Mlodego_Gornika",
        1,
        61,
        1,
        0,
        0,
        150_000,
    ),
    ("Netherlands_Assen_2024", 14, 84, 67, 0, 0, 100_000),
    (
        "Worldwide_Mechanical_Turk_Utilities_8",
        20,
        74,
        74,
        0,
        0,
        500_000,
    ),
    ("Switzerland_Zurich_S5", 24, 180, 169, 0, 0, 60_000),
    (
        "US_Stanford_Dataset_PB_Cambridge_2015_vote_knapsacks",
        23,
        941,
        817,
        0,
        0,
        600_000,
    ),
    ("Netherlands_Amsterdam_166", 52, 426, 328, 0, 0, 250_000),
    ("Poland_Swiecie_2023", 22, 2553, 695, 0, 0, 1_070_000),
    (
        "Poland_Wieliczka_2023_Green_Budget",
        64,
        6586,
        1190,
        0,
        0,
        1_000_000,
    ),
    (
        "Poland_Czestochowa_2025_Polnoc",
        26,
        4173,
        685,
        4173,
        0,
        686_515,
    ),
    (
        "Poland_Krakow_2022_Nowa_Huta",
        39,
        4824,
        1163,
        1036,
        3788,
        2_272_198,
    ),
    ("France_Toulouse_2024", 183, 7260, 4299, 0, 0, 8_000_000),
    (
        "Poland_Lodz_2022_Baluty_Zachodnie",
        11,
        14_465,
        257,
        1446,
        13_019,
        474_000,
    ),
    (
        "Poland_Warszawa_2026",
        83,
        61_668,
        51_202,
        61_457,
        211,
        24_186_815,
    ),
    (
        "Poland_Lodz_2022",
        160,
        90_494,
        23_571,
        43_373,
        47_121,
        6_112_868,
    ),
];

/// Published counts that contradict the ballots are findings, so a file without them agrees with
/// itself: number of projects and ballots, and the votes and the score of each project.
fn check(name: &str, bytes: &[u8]) {
    let scan = scan(bytes).unwrap_or_else(|found| panic!("{name}: {found}"));
    let codes: Vec<String> = scan
        .findings
        .counts()
        .map(|(code, count)| format!("{code} {count}"))
        .collect();
    // 9 of the 74 ballots from Mechanical Turk give 98 or 99 of the 100 points that they should.
    let expected: &[&str] = match name {
        "Worldwide_Mechanical_Turk_Utilities_8" => &["under-min-sum-points 9"],
        _ => &[],
    };
    assert_eq!(codes, expected, "{name}");
    assert_eq!(scan.findings.total(Severity::Error), 0);
    if let Some((_, projects, ballots, distinct, internet, paper, budget)) =
        KNOWN.iter().find(|(known, ..)| *known == name)
    {
        let by = |method| {
            scan.ballots
                .iter()
                .filter(|ballot| ballot.method == method)
                .count()
        };
        let different: HashSet<_> = scan
            .ballots
            .iter()
            .map(|b| (b.projects, b.points))
            .collect();
        assert_eq!(scan.projects.len(), *projects, "{name}");
        assert_eq!(scan.ballots.len(), *ballots, "{name}");
        assert_eq!(different.len(), *distinct, "{name}");
        assert_eq!(by(VotingMethod::Internet), *internet, "{name}");
        assert_eq!(by(VotingMethod::Paper), *paper, "{name}");
        assert_eq!(scan.terms.budget, *budget, "{name}");
    }
    let file = scan.to_file();
    let text = write(&file);
    let (again, _) = read(text.as_bytes()).unwrap();
    assert!(
        again == file,
        "{name} is another file after writing and reading"
    );
    assert!(
        write(&again) == text,
        "{name} is written in another way the second time"
    );
}

#[test]
fn elections_agree_with_what_they_published() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pb");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".pb").map(str::to_owned))
        .collect();
    names.sort();
    for name in &names {
        check(name, &fs::read(folder.join(format!("{name}.pb"))).unwrap());
    }
    check("the small file with approvals", SOUND.as_bytes());
    check("the small file with points", POINTS.as_bytes());
    match names.len() {
        0 => println!(
            "used the two small files only: {} is not there",
            folder.display()
        ),
        some => println!("used {some} real elections and the two small files"),
    }
}
