//! Files as they are found in the wild.

use countmein::domain::pb_file::{
    Age, Ballot, Bounds, Code, PbDate, Sex, VoteType, VotingMethod, read,
};
use time::macros::date;

use super::{POINTS, SOUND, changed, codes, findings, sound};

fn ballots(text: &str) -> Vec<(Vec<u32>, Vec<i64>)> {
    let scan = sound(text);
    let owned = |ballot: Ballot<'_>| (ballot.projects.to_vec(), ballot.points.to_vec());
    scan.ballots.iter().map(owned).collect()
}

#[test]
fn a_file_says_what_it_says() {
    let scan = sound(SOUND);
    let terms = &scan.terms;
    assert_eq!(terms.vote_type, VoteType::Approval);
    assert_eq!((terms.money_scale, terms.budget), (1, 10_000));
    assert_eq!((terms.num_projects, terms.num_votes), (Some(3), Some(3)));
    assert_eq!(terms.date_begin, Some(PbDate::Day(date!(2025 - 06 - 01))));
    assert_eq!(terms.date_end, Some(PbDate::Year(2025)));
    assert_eq!(
        terms.length,
        Bounds {
            least: None,
            most: None
        }
    );
    assert_eq!(scan.meta.get("unit"), Some("Smallville"));
    let costs: Vec<u64> = scan.projects.iter().map(|project| project.cost).collect();
    assert_eq!(costs, [4000, 7000, 505]);
    let lamp = &scan.projects[2];
    assert_eq!(lamp.id, "p/3");
    assert_eq!(lamp.name.as_deref(), Some("Lamp; \"bright\""));
    assert_eq!((lamp.votes, lamp.selected), (Some(1), Some(1)));
    let methods: Vec<VotingMethod> = scan.ballots.iter().map(|ballot| ballot.method).collect();
    assert_eq!(
        methods,
        [
            VotingMethod::Internet,
            VotingMethod::Paper,
            VotingMethod::Internet
        ]
    );
    assert_eq!(scan.ballots.marks(), 5);
}

#[test]
fn people_are_described_as_far_as_the_file_does() {
    let (file, _) = read(SOUND.as_bytes()).unwrap();
    let voters: Vec<_> = (0..3).map(|row| file.voter(row).unwrap()).collect();
    assert_eq!(voters[0].age, Some(Age::Bucket(40, 59)));
    assert_eq!(voters[1].age, Some(Age::Years(27)));
    assert_eq!(
        (voters[0].sex, voters[1].sex),
        (Some(Sex::Female), Some(Sex::Male))
    );
    assert_eq!((voters[2].age, voters[2].sex), (None, None));
    assert_eq!(voters[1].method, VotingMethod::Paper);
    assert_eq!(file.voter(3), None);
    assert_eq!(file.items(0, "vote").collect::<Vec<_>>(), ["p1", "p2"]);
}

#[test]
fn line_ends_byte_order_marks_and_the_case_of_titles_make_no_difference() {
    let (file, _) = read(SOUND.as_bytes()).unwrap();
    let windows = SOUND.replace('\n', "\r\n");
    let mixed = SOUND.replacen('\n', "\r\n", 7);
    let marked = format!("\u{feff}{SOUND}");
    let unended = SOUND.trim_end().to_owned();
    let titles = changed(
        SOUND,
        &[
            ("META", "Meta"),
            ("PROJECTS", "projects;;;;"),
            ("VOTES", " Votes"),
        ],
    );
    for text in [windows, mixed, marked, unended, titles] {
        let (other, found) = read(text.as_bytes()).unwrap();
        assert_eq!(other, file);
        assert_eq!(found.counts().count(), 0, "{found}");
    }
}

#[test]
fn a_quoted_cell_may_run_over_lines() {
    let file = changed(
        SOUND,
        &[("Small vote", "\"Small\r\n\r\nvote; \"\"large\"\"\"")],
    );
    let (read, found) = read(file.as_bytes()).unwrap();
    assert_eq!(
        read.meta.get("description"),
        Some("Small\r\n\r\nvote; \"large\"")
    );
    assert_eq!(found.counts().count(), 0, "{found}");
    let broken = changed(&file, &[("p2;27", "p5;27")]);
    assert_eq!(findings(&broken).listed()[0].line, 24);
}

#[test]
fn a_quote_within_a_cell_is_a_letter() {
    let file = changed(SOUND, &[("Bench", "Bench \"Anna\"")]);
    assert_eq!(
        sound(&file).projects[0].name.as_deref(),
        Some("Bench \"Anna\"")
    );
    let file = changed(SOUND, &[("Bench", "\"Bench \"Anna")]);
    assert_eq!(sound(&file).projects[0].name.as_deref(), Some("Bench Anna"));
}

#[test]
fn lists_may_stand_in_quotes_and_have_spaces() {
    let file = changed(
        SOUND,
        &[("v1;p1,p2", "v1;\"p1,p2\""), ("p1,p/3", "p1 , p/3")],
    );
    assert_eq!(ballots(&file), ballots(SOUND));
    assert_eq!(codes(&file), [Code::SpacesInList]);
    assert_eq!(findings(&file).count(Code::SpacesInList), 2);
}

/// Seen in Warsaw: one project four times on a ballot. The published counts add all of them up.
#[test]
fn an_approval_counts_once_however_often_it_is_written() {
    let file = changed(
        SOUND,
        &[("v1;p1,p2", "v1;p2,p1,p2,p1,p2"), ("p2;700;2", "p2;700;4")],
    );
    assert_eq!(ballots(&file)[0].0, [0, 1]);
    // p1 has 2 ballots and 3 marks, p2 has 2 and 4: both ways of counting are in circulation.
    assert_eq!(codes(&file), [Code::DuplicateInBallot]);
    let neither = changed(&file, &[("p2;700;4", "p2;700;3")]);
    assert_eq!(
        codes(&neither),
        [Code::VotesDiffer, Code::DuplicateInBallot]
    );
}

#[test]
fn points_of_one_project_on_a_ballot_are_added_up() {
    let file = changed(
        POINTS,
        &[
            ("v2;p1;5", "v2;p1,p2,p1,p1;1,2,1,1"),
            ("p1;400;2;8", "p1;400;4;6"),
            ("p2;700;1;2", "p2;700;2;4"),
        ],
    );
    assert_eq!(ballots(&file)[1], (vec![0, 1], vec![3, 2]));
    assert_eq!(codes(&file), [Code::DuplicateInBallot]);
}

#[test]
fn ballots_are_in_the_order_of_the_projects_and_rankings_in_that_of_the_voter() {
    let file = changed(POINTS, &[("p1,p2;3,2", "p2,p1;2,3")]);
    assert_eq!(ballots(&file), ballots(POINTS));
    let ranked = changed(
        POINTS,
        &[
            ("cumulative", "ordinal"),
            ("p1,p2;3,2", "p2,p1,p2;2,1,1"),
            ("p1;400;2;8", "p1;400;2;6"),
            ("p2;700;1;2", "p2;700;1;3"),
        ],
    );
    assert_eq!(ballots(&ranked)[0], (vec![1, 0], vec![2, 1]));
    assert_eq!(codes(&ranked), [Code::DuplicateInBallot]);
}

/// Without points, the first of a ranking of `k` counts `k`.
#[test]
fn a_ranking_without_points_scores_by_place() {
    let file = changed(
        POINTS,
        &[
            ("cumulative", "ordinal"),
            ("vote;points", "vote"),
            ("p1,p2;3,2", "p2,p1"),
            ("v2;p1;5", "v2;p1"),
            ("p1;400;2;8", "p1;400;2;2"),
        ],
    );
    assert_eq!(codes(&file), []);
}

#[test]
fn decimal_points_find_the_scale_that_holds_them() {
    let file = changed(
        POINTS,
        &[
            ("3,2", "3,2.25"),
            ("v2;p1;5", "v2;p1;5.5"),
            ("p1;400;2;8", "p1;400;2;8.5"),
            ("p2;700;1;2", "p2;700;1;2.250"),
        ],
    );
    let scan = sound(&file);
    assert_eq!(scan.ballots.points_scale(), 2);
    assert_eq!(scan.ballots.get(0).unwrap().points, [300, 225]);
    assert_eq!(scan.ballots.get(1).unwrap().points, [550]);
    assert_eq!(codes(&file), []);
    // The second walk, at the scale that was found, reports everything once.
    let odd = changed(&file, &[("p1,p2;3,2.25", "p1 ,p2;3,2.25")]);
    assert_eq!(findings(&odd).count(Code::SpacesInList), 1);
}

#[test]
fn none_and_nothing_are_missing_values() {
    let file = changed(
        SOUND,
        &[
            ("p1;400;2;Bench;1", "p1;400;none;None;"),
            ("PROJECTS", "max_length;none\nPROJECTS"),
            ("internet", "none"),
        ],
    );
    let scan = sound(&file);
    let bench = &scan.projects[0];
    assert_eq!(
        (bench.votes, &bench.name, bench.selected),
        (None, &None, None)
    );
    assert_eq!(scan.terms.length.most, None);
    assert_eq!(scan.ballots.get(0).unwrap().method, VotingMethod::Unstated);
    assert_eq!(codes(&file), []);
}

#[test]
fn an_empty_ballot_is_a_ballot() {
    let file = changed(SOUND, &[("v2;p2", "v2;"), ("p2;700;2", "p2;700;1")]);
    assert_eq!(ballots(&file)[1].0, Vec::<u32>::new());
    assert_eq!(codes(&file), [Code::EmptyBallot]);
}

#[test]
fn a_withdrawn_project_is_marked() {
    let file = changed(SOUND, &[("p2;700", "p2;999999999")]);
    let withdrawn: Vec<bool> = sound(&file)
        .projects
        .iter()
        .map(|p| p.is_withdrawn)
        .collect();
    assert_eq!(withdrawn, [false, true, false]);
}

#[test]
fn long_and_similar_ids_are_told_apart() {
    let file = changed(
        SOUND,
        &[
            ("p1;400", "district-north/2024;400"),
            ("p2;700", "district-south/2024;700"),
            ("v1;p1,p2", "v1;district-south/2024,district-north/2024"),
            ("v2;p2", "v2;district-south/2024"),
            ("v3;p1", "v3;district-north/2024"),
        ],
    );
    assert_eq!(ballots(&file), ballots(SOUND));
    let unknown = changed(&file, &[("v2;district-south", "v2;district-north-south")]);
    assert_eq!(codes(&unknown), [Code::UnknownProject]);
}

#[test]
fn caps_of_categories_are_amounts_in_the_order_of_their_names() {
    let file = changed(
        SOUND,
        &[(
            "PROJECTS",
            "categories;roads,parks\nbudget_per_category;600,400.25\nPROJECTS",
        )],
    );
    let scan = sound(&file);
    assert_eq!(scan.terms.categories, ["roads", "parks"]);
    assert_eq!(scan.terms.money_scale, 2);
    assert_eq!(scan.terms.budget_per_category, [60_000, 40_025]);
    assert_eq!(scan.projects[0].cost, 40_000);
}
