//! Nothing is lost on the way to a file and back.

use countmein::domain::pb_file::{Meta, MetaError, PbFile, Table, TableError, read, write};
use proptest::prelude::*;

use super::{POINTS, SOUND, changed};

#[test]
fn the_small_files_come_back_as_they_were() {
    for text in [SOUND, POINTS] {
        let (file, _) = read(text.as_bytes()).unwrap();
        assert_eq!(write(&file), text);
    }
}

#[test]
fn what_could_be_mistaken_stands_in_quotes() {
    let file = changed(SOUND, &[("PROJECTS", "\"votes\";\"\"\nPROJECTS")]);
    let (file, _) = read(file.as_bytes()).unwrap();
    assert!(file.meta.entries().any(|entry| entry == ("votes", "")));
    let text = write(&file);
    assert!(text.contains("\n\"votes\";\n"), "{text}");
    assert_eq!(read(text.as_bytes()).unwrap().0, file);
}

#[test]
fn tables_and_meta_are_whole() {
    assert_eq!(Table::new(Vec::<String>::new()), Err(TableError::NoColumns));
    assert_eq!(
        Table::new(["a", "a"]),
        Err(TableError::DuplicateColumn("a".to_owned()))
    );
    let mut table = Table::new(["a", "b"]).unwrap();
    table.push(["1", "none"]).unwrap();
    assert_eq!(
        table.push(["1"]),
        Err(TableError::WrongNumberOfCells {
            found: 1,
            columns: 2
        })
    );
    assert_eq!((table.len(), table.is_empty()), (1, false));
    assert_eq!(table.cell(0, 1), Some("none"));
    assert_eq!(table.value(0, "b"), None);
    assert_eq!(table.value(0, "a"), Some("1"));
    assert_eq!((table.cell(0, 2), table.cell(usize::MAX, 0)), (None, None));
    let mut meta = Meta::new();
    meta.push("unit", "Smallville").unwrap();
    assert_eq!(
        meta.push("unit", "Bigville"),
        Err(MetaError::DuplicateKey("unit".to_owned()))
    );
    assert_eq!(meta.push(" ", ""), Err(MetaError::EmptyKey));
}

/// Text with everything that a file treats in its own way.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            4 => "[a-z0-9]{1,6}",
            1 => prop::sample::select(vec![
                ";", ",", "\"", "\"\"", "\n", "\r\n", "\r", " ", "none", "META", "votes", "ż", "\u{feff}", "\u{0}", "#1: ",
            ])
            .prop_map(str::to_owned),
        ],
        0..5,
    )
    .prop_map(|parts| parts.concat())
}

fn id() -> impl Strategy<Value = String> {
    "[A-Za-z0-9/._-]{1,12}"
}

prop_compose! {
    fn projects()(ids in prop::collection::btree_set(id(), 1..6))
        (rows in prop::collection::vec((1_u32..100_000, 0..100_u32, text(), text()), ids.len()), ids in Just(ids))
        -> Vec<[String; 4]> {
        ids.into_iter()
            .zip(rows)
            .map(|(id, (cost, cents, name, extra))| [id, format!("{cost}.{cents:02}"), name, extra])
            .collect()
    }
}

prop_compose! {
    fn file()(projects in projects())
        (votes in prop::collection::vec(
            (prop::collection::vec(0..projects.len(), 1..4), text(), prop::sample::select(vec!["internet", "paper", ""])),
            0..6,
        ),
        unit in text(),
        extra in prop::collection::btree_map("x[a-z]{1,5}", text(), 0..4),
        projects in Just(projects))
        -> PbFile {
        let mut meta = Meta::new();
        let counts = (projects.len().to_string(), votes.len().to_string());
        for (key, value) in [
            ("description", "Made"), ("country", "Poland"), ("instance", "1"), ("num_projects", &counts.0),
            ("num_votes", &counts.1), ("budget", "1000.5"), ("vote_type", "approval"), ("rule", "greedy"),
            ("date_begin", "2025"), ("date_end", "2025"), ("unit", &format!("u{unit}")),
        ] {
            meta.push(key, value).unwrap();
        }
        for (key, value) in extra {
            meta.push(key, value).unwrap();
        }
        let mut project_table = Table::new(["project_id", "cost", "name", "odd;\"column"]).unwrap();
        for project in &projects {
            project_table.push(project).unwrap();
        }
        let mut vote_table = Table::new(["voter_id", "note", "vote", "voting_method"]).unwrap();
        for (number, (marks, note, method)) in votes.into_iter().enumerate() {
            let list: Vec<&str> = marks.iter().map(|mark| projects[*mark][0].as_str()).collect();
            let voter = format!("v{number}");
            vote_table.push([voter.as_str(), &note, &list.join(","), method]).unwrap();
        }
        PbFile { meta, projects: project_table, votes: vote_table }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn written_and_read_again_is_the_same(file in file()) {
        let text = write(&file);
        let (again, _) = read(text.as_bytes()).map_err(|found| TestCaseError::fail(format!("{found}\n{text}")))?;
        prop_assert_eq!(&again, &file);
        prop_assert_eq!(write(&again), text);
    }
}
