//! Every fault has a broken file, and is found where it stands.

use std::collections::BTreeSet;

use countmein::domain::pb_file::{Code, MAX_BYTES, MOST_LISTED, Severity, scan};

use super::{POINTS, SOUND, changed, codes, findings, sound};

struct Case {
    code: Code,
    /// Line and column at which it is found.
    place: (usize, usize),
    file: &'static str,
    changes: &'static [(&'static str, &'static str)],
}

const fn case(
    code: Code,
    place: (usize, usize),
    file: &'static str,
    changes: &'static [(&'static str, &'static str)],
) -> Case {
    Case {
        code,
        place,
        file,
        changes,
    }
}

/// Errors of form and of META.
const FORM: &[Case] = &[
    case(
        Code::QuoteNotClosed,
        (18, 13),
        SOUND,
        &[("bright\"\"\"", "bright\"\"")],
    ),
    case(Code::MissingSection, (1, 1), SOUND, &[("VOTES\n", "")]),
    case(
        Code::SectionOrder,
        (14, 1),
        SOUND,
        &[("META", "@"), ("PROJECTS\n", "META\n"), ("@", "PROJECTS")],
    ),
    case(
        Code::RepeatedSection,
        (15, 1),
        SOUND,
        &[("PROJECTS\n", "PROJECTS\nmeta\n")],
    ),
    case(
        Code::RepeatedSection,
        (22, 1),
        SOUND,
        &[("v2;p2;27;M;paper\n", "PROJECTS\nv2;p2;27;M;paper\n")],
    ),
    case(
        Code::TextBeforeMeta,
        (1, 1),
        SOUND,
        &[("META", "Exported on Monday\nMETA")],
    ),
    case(Code::MissingHeader, (2, 1), SOUND, &[("key;value\n", "")]),
    case(
        Code::MissingHeader,
        (2, 1),
        "META\nkey;value\nPROJECTS\nVOTES\n",
        &[(
            "META\nkey;value\nPROJECTS\nVOTES\n",
            "META\nPROJECTS\nVOTES\n",
        )],
    ),
    case(
        Code::MissingColumn,
        (15, 1),
        SOUND,
        &[("project_id;cost;", "project_id;price;")],
    ),
    case(
        Code::MissingColumn,
        (20, 1),
        SOUND,
        &[("voter_id;vote;", "voter_id;ballot;")],
    ),
    case(
        Code::MissingColumn,
        (20, 1),
        SOUND,
        &[("approval", "scoring")],
    ),
    case(
        Code::DuplicateColumn,
        (15, 28),
        SOUND,
        &[("name;selected", "name;name")],
    ),
    case(
        Code::WrongNumberOfCells,
        (16, 1),
        SOUND,
        &[("p1;400;2;Bench;1", "p1;400;2;Bench")],
    ),
    case(
        Code::WrongNumberOfCells,
        (22, 1),
        SOUND,
        &[("v2;p2;27;M;paper", "v2;p2;27;M;paper;x")],
    ),
    case(
        Code::WrongNumberOfCells,
        (3, 1),
        SOUND,
        &[("Small vote", "Small;vote")],
    ),
    case(
        Code::MissingMetaKey,
        (1, 1),
        SOUND,
        &[("country;Poland\n", "")],
    ),
    case(
        Code::MissingMetaKey,
        (1, 1),
        SOUND,
        &[("country;Poland", "country;none")],
    ),
    case(
        Code::DuplicateMetaKey,
        (5, 1),
        SOUND,
        &[("unit;Smallville", "country;Poland")],
    ),
    case(
        Code::UnknownVoteType,
        (10, 11),
        SOUND,
        &[("approval", "approvals")],
    ),
    case(
        Code::MalformedNumber,
        (9, 8),
        SOUND,
        &[("budget;1000", "budget;1 000")],
    ),
    case(
        Code::MalformedNumber,
        (9, 8),
        SOUND,
        &[("budget;1000", "budget;-1000")],
    ),
    case(
        Code::MalformedNumber,
        (7, 14),
        SOUND,
        &[("num_projects;3", "num_projects;3.5")],
    ),
    case(
        Code::CommaInNumber,
        (9, 8),
        SOUND,
        &[("budget;1000", "budget;1000,50")],
    ),
    case(Code::CommaInNumber, (18, 5), SOUND, &[("50.50", "50,50")]),
    case(
        Code::TooManyDecimals,
        (18, 5),
        SOUND,
        &[("50.50", "50.1234567")],
    ),
    case(
        Code::NumberTooLarge,
        (9, 8),
        SOUND,
        &[("budget;1000", "budget;1000000000001")],
    ),
    case(
        Code::NumProjectsDiffers,
        (7, 14),
        SOUND,
        &[("num_projects;3", "num_projects;4")],
    ),
    case(
        Code::NumVotesDiffers,
        (8, 11),
        SOUND,
        &[("num_votes;3", "num_votes;2")],
    ),
];

/// Errors of projects and ballots.
const ROWS: &[Case] = &[
    case(
        Code::MissingProjectId,
        (16, 1),
        SOUND,
        &[("p1;400", ";400")],
    ),
    case(
        Code::DuplicateProjectId,
        (17, 1),
        SOUND,
        &[("p2;700", "p1;700")],
    ),
    case(Code::CostNotPositive, (16, 1), SOUND, &[("p1;400", "p1;0")]),
    case(
        Code::CostNotPositive,
        (16, 1),
        SOUND,
        &[("p1;400", "p1;-0.01")],
    ),
    case(
        Code::UnknownProject,
        (21, 7),
        SOUND,
        &[("v1;p1,p2", "v1;p1,P2")],
    ),
    case(
        Code::PointsCountDiffers,
        (20, 10),
        POINTS,
        &[("3,2", "3,2,1")],
    ),
    case(
        Code::PointsCountDiffers,
        (21, 7),
        POINTS,
        &[("v2;p1;5", "v2;p1;")],
    ),
    case(
        Code::MalformedNumber,
        (21, 7),
        POINTS,
        &[("v2;p1;5", "v2;p1;five")],
    ),
];

/// Warnings: the file can be tallied all the same.
const ODD: &[Case] = &[
    case(
        Code::BlankLine,
        (14, 1),
        SOUND,
        &[("PROJECTS", "\nPROJECTS")],
    ),
    case(
        Code::ExtraEmptyCells,
        (16, 1),
        SOUND,
        &[("Bench;1", "Bench;1;;")],
    ),
    case(
        Code::ExtraEmptyCells,
        (20, 1),
        SOUND,
        &[("sex;voting_method", "sex;voting_method;")],
    ),
    case(
        Code::TextAfterQuote,
        (3, 20),
        SOUND,
        &[("Small vote", "\"Small\" vote")],
    ),
    case(
        Code::UnknownMetaKey,
        (14, 1),
        SOUND,
        &[("PROJECTS", "max_lenght;5\nPROJECTS")],
    ),
    case(
        Code::MalformedDate,
        (13, 10),
        SOUND,
        &[("date_end;2025", "date_end;31.02.2025")],
    ),
    case(
        Code::MalformedTag,
        (14, 10),
        SOUND,
        &[("PROJECTS", "currency;zł\nPROJECTS")],
    ),
    case(
        Code::MalformedTag,
        (14, 10),
        SOUND,
        &[("PROJECTS", "language;Polish\nPROJECTS")],
    ),
    case(
        Code::BoundsContradict,
        (14, 12),
        SOUND,
        &[("PROJECTS", "min_length;3\nmax_length;2\nPROJECTS")],
    ),
    case(
        Code::CapsCountDiffers,
        (15, 21),
        SOUND,
        &[(
            "PROJECTS",
            "categories;a,b\nbudget_per_category;500\nPROJECTS",
        )],
    ),
    case(
        Code::WithdrawnProject,
        (17, 1),
        SOUND,
        &[("p2;700", "p2;999999999")],
    ),
    case(
        Code::CostOverBudget,
        (17, 1),
        SOUND,
        &[("p2;700", "p2;1000.01")],
    ),
    case(
        Code::CostOutOfBounds,
        (18, 1),
        SOUND,
        &[("PROJECTS", "max_project_cost;600\nPROJECTS")],
    ),
    case(
        Code::UnknownSelected,
        (16, 16),
        SOUND,
        &[("Bench;1", "Bench;yes")],
    ),
    case(
        Code::VotesDiffer,
        (16, 1),
        SOUND,
        &[("p1;400;2", "p1;400;1")],
    ),
    case(
        Code::ScoreDiffers,
        (16, 1),
        POINTS,
        &[("p1;400;2;8", "p1;400;2;9")],
    ),
    case(Code::MissingVoterId, (21, 1), SOUND, &[("v1;p1", ";p1")]),
    case(Code::DuplicateVoterId, (23, 1), SOUND, &[("v3;", "v1;")]),
    case(
        Code::DuplicateVoterId,
        (23, 2),
        SOUND,
        &[("v3;", "\"v1\";")],
    ),
    case(Code::EmptyBallot, (22, 4), SOUND, &[("v2;p2", "v2;")]),
    case(Code::EmptyBallot, (22, 4), SOUND, &[("v2;p2", "v2;none")]),
    case(
        Code::DuplicateInBallot,
        (22, 4),
        SOUND,
        &[("v2;p2", "v2;p2,p2")],
    ),
    case(Code::SpacesInList, (21, 7), SOUND, &[("p1,p2", "p1, p2")]),
    case(Code::EmptyListItem, (21, 7), SOUND, &[("p1,p2", "p1,,p2")]),
    case(
        Code::UnknownVotingMethod,
        (22, 12),
        SOUND,
        &[("paper", "phone")],
    ),
];

#[test]
fn every_fault_is_found_where_it_stands() {
    for case in FORM.iter().chain(ROWS).chain(ODD) {
        let file = changed(case.file, case.changes);
        let found = findings(&file);
        let places: Vec<(Code, usize, usize)> = found
            .listed()
            .iter()
            .map(|fault| (fault.code, fault.line, fault.column))
            .collect();
        let (line, column) = case.place;
        assert!(
            places.contains(&(case.code, line, column)),
            "{} not at {line}:{column} but {places:?} in\n{file}",
            case.code
        );
    }
}

#[test]
fn errors_refuse_the_file_and_warnings_do_not() {
    for case in FORM.iter().chain(ROWS) {
        assert_eq!(case.code.severity(), Severity::Error);
        assert!(scan(changed(case.file, case.changes).as_bytes()).is_err());
    }
    for case in ODD {
        assert_eq!(case.code.severity(), Severity::Warning);
        let file = changed(case.file, case.changes);
        let ballots = sound(&file).ballots.len();
        assert_eq!(ballots, sound(case.file).ballots.len(), "{file}");
    }
}

#[test]
fn every_code_has_a_file_that_shows_it() {
    let shown: BTreeSet<Code> = FORM
        .iter()
        .chain(ROWS)
        .chain(ODD)
        .map(|case| case.code)
        .chain(super::bounds::SHOWN.iter().copied())
        .chain([Code::FileTooLarge, Code::NotUtf8, Code::TooManyRows])
        .collect();
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    assert_eq!(shown, all);
}

#[test]
fn codes_are_words_with_hyphens_and_differ() {
    let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(words.len(), Code::ALL.len());
    for code in Code::ALL {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-' || byte == b'8';
        assert!(code.as_str().bytes().all(is_plain), "{code}");
        assert!(!code.remedy().is_empty());
    }
}

#[test]
fn the_sound_files_are_without_fault() {
    assert_eq!(codes(SOUND), []);
    assert_eq!(codes(POINTS), []);
}

#[test]
fn a_file_that_is_too_large_or_not_text_is_refused_at_once() {
    let large = vec![0; MAX_BYTES + 1];
    let refused = scan(&large).err().unwrap();
    assert_eq!(refused.count(Code::FileTooLarge), 1);

    let mut bytes = changed(SOUND, &[("Bench", "Łąka x")]).into_bytes();
    let place = bytes.windows(2).position(|pair| pair == b" x").unwrap() + 1;
    bytes[place] = 0xff;
    let refused = scan(&bytes).err().unwrap();
    let fault = &refused.listed()[0];
    assert_eq!(fault.code, Code::NotUtf8);
    assert_eq!((fault.line, fault.column), (16, 15));
}

#[test]
fn sections_without_end_are_refused() {
    let lines: Vec<String> = (0..1001).map(|number| format!("k{number};v\n")).collect();
    let lines = lines.concat();
    let file = changed(SOUND, &[("PROJECTS", &format!("{lines}PROJECTS"))]);
    assert_eq!(findings(&file).count(Code::TooManyRows), 1);
    let columns = ";c".repeat(300);
    let file = changed(
        SOUND,
        &[("voting_method", &format!("voting_method{columns}"))],
    );
    assert_eq!(findings(&file).count(Code::TooManyRows), 1);
}

#[test]
fn many_faults_are_listed_up_to_a_limit_and_all_of_them_counted() {
    let broken: Vec<String> = (0..70)
        .map(|number| format!("x{number};p9,p8;;;\n"))
        .collect();
    let broken = broken.concat();
    let odd: Vec<String> = (0..60)
        .map(|number| format!("y{number};p1,p1;;;\n"))
        .collect();
    let odd = odd.concat();
    let file = changed(
        SOUND,
        &[
            ("num_votes;3", "num_votes;133"),
            ("v1;", &format!("{odd}{broken}v1;")),
        ],
    );
    let found = findings(&file);
    assert_eq!(found.count(Code::UnknownProject), 140);
    assert_eq!(found.count(Code::DuplicateInBallot), 60);
    assert_eq!(found.total(Severity::Error), 140);
    assert_eq!(found.unlisted(Severity::Error), 90);
    assert_eq!(found.listed().len(), 2 * MOST_LISTED);
    let places: Vec<(usize, usize)> = found
        .listed()
        .iter()
        .map(|fault| (fault.line, fault.column))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    let shown = found.to_string();
    assert!(shown.contains("… and 90 more of severity error"), "{shown}");
}

#[test]
fn a_fault_says_where_what_and_how_to_mend_it() {
    let file = changed(SOUND, &[("v1;p1,p2", "v1;p1,p9")]);
    assert_eq!(
        findings(&file).listed()[0].to_string(),
        "line 21, column 7: error unknown-project: there is no project “p9” — «p9» — write ids of \
         the PROJECTS section, exactly as they stand there, with commas between them"
    );
    let file = changed(SOUND, &[("PROJECTS", "max_lenght;5\nPROJECTS")]);
    let shown = findings(&file).listed()[0].to_string();
    assert!(shown.contains("is it “max_length”?"), "{shown}");
}

#[test]
fn what_follows_from_a_fault_is_not_reported_besides() {
    for (changes, only) in [
        (("bright\"\"\"", "bright\"\""), Code::QuoteNotClosed),
        (("v3;p1", "v3;\"p1"), Code::QuoteNotClosed),
        (("v2;p2", "v2;p9"), Code::UnknownProject),
        (("v2;p2;27", "v2;p2"), Code::WrongNumberOfCells),
    ] {
        assert_eq!(codes(&changed(SOUND, &[changes])), [only]);
    }
    let file = changed(POINTS, &[("p1,p2;3,2", "p1,p9;3,2")]);
    assert_eq!(codes(&file), [Code::UnknownProject]);
}
