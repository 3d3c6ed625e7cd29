//! Cells of files that people import, and what is said about them in a terminal.

use countmein::service::{
    csv_file::CsvFile,
    import_counts::{self, ImportCountsError},
    import_responses::{self, ImportError, Options},
    import_roll::{self, ImportRollError},
    wave_overview,
};

use super::{checks::assert_is_printable, corpus};
use crate::{
    service::samples::{open_attitudes, open_by_code},
    support::{TestApp, on_both_backends, operator},
};

/// Columns of a file of responses. **A new column is one more name here.**
const COLUMNS: [&str; 4] = ["channel", "s1", "ref", "code"];

fn file(column: &str, text: &str) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    let cell = |name: &str, usual: &str| {
        if name == column {
            text.to_owned()
        } else {
            usual.to_owned()
        }
    };
    let row = [
        cell("channel", "postal"),
        cell("s1", "agree"),
        cell("ref", "A-1"),
        cell("code", ""),
    ];
    writer.write_record(row).unwrap();
    writer.into_inner().unwrap()
}

/// Columns of a roll. **A new column is one more name here.**
const ROLL: [&str; 4] = ["name", "address", "email", "group"];

/// Each string as each cell of a roll, as its heading and as the whole file; nothing is written.
async fn check_rolls(app: &TestApp, texts: &[String]) {
    let (key, _) = open_by_code(app, 1).await;
    let check = async |file: &[u8]| {
        let outcome = import_roll::import(&app.services, &operator(), &key, file, true).await;
        match outcome {
            Ok(_) => {}
            Err(ImportRollError::Store(error)) => panic!("{file:?}: {error}"),
            Err(ImportRollError::BadRows(rows)) => {
                for row in &rows {
                    assert_is_printable(&row.to_string());
                }
            }
            Err(error) => assert_is_printable(&error.to_string()),
        }
    };
    for text in texts {
        let table = |headings: [&str; 4], cells: [&str; 4]| {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(headings).unwrap();
            writer.write_record(cells).unwrap();
            writer.into_inner().unwrap()
        };
        check(&table(ROLL, [text; 4])).await;
        check(&table(ROLL, [text, "1 High Street", "", text])).await;
        check(&table(["name", "address", "email", text], ["a"; 4])).await;
        check(text.as_bytes()).await;
    }
}

on_both_backends!(
    rolls_are_refused_in_words_that_a_terminal_can_show,
    async |backend: Backend| {
        let app = TestApp::start(backend).await;
        let step = if backend == Backend::Sqlite { 1 } else { 20 };
        let texts: Vec<String> = corpus::all().into_iter().step_by(step).collect();
        check_rolls(&app, &texts).await;
    }
);

on_both_backends!(
    cells_are_refused_in_words_that_a_terminal_can_show,
    async |backend: Backend| {
        let app = TestApp::start(backend).await;
        let key = open_attitudes(&app).await;
        let texts = corpus::all();
        let texts = texts
            .iter()
            .step_by(if backend == Backend::Sqlite { 1 } else { 7 });
        let (mut refused, mut counted) = (0, 0);
        for text in texts {
            for column in COLUMNS {
                let outcome = import_responses::import(
                    &app.services,
                    &operator(),
                    &key,
                    &file(column, text),
                    Options::default(),
                )
                .await;
                match outcome {
                    Ok(done) => counted += done.counted,
                    Err(ImportError::Store(error)) => panic!("{column} {text:?}: {error}"),
                    Err(ImportError::BadRows(rows)) => {
                        refused += 1;
                        for row in &rows {
                            assert_is_printable(&row.to_string());
                        }
                    }
                    Err(error) => {
                        refused += 1;
                        assert_is_printable(&error.to_string());
                    }
                }
            }
            // As a heading, as a cell of totals, and as the whole file.
            let heading = import_responses::import(
                &app.services,
                &operator(),
                &key,
                format!("channel,\"{}\"\nonline,x\n", text.replace('"', "\"\"")).as_bytes(),
                Options::default(),
            )
            .await;
            assert_is_printable(&heading.unwrap_err().to_string());
            let totals = format!(
                "channel,item,option,count\nmeeting,\"{0}\",\"{0}\",\"{0}\"\n",
                text.replace('"', "\"\"")
            );
            match import_counts::import(&app.services, &operator(), &key, totals.as_bytes(), false)
                .await
            {
                Err(ImportCountsError::Store(error)) => panic!("{text:?}: {error}"),
                Err(error) => assert_is_printable(&error.to_string()),
                Ok(_) => panic!("{text:?} was counted"),
            }
            if let Err(error) = CsvFile::parse(text.as_bytes()) {
                assert_is_printable(&error.to_string());
            }
        }
        println!("{counted} rows counted, {refused} files refused");
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert!(
            overview.conservation.balances(),
            "{}",
            overview.conservation
        );
    }
);
