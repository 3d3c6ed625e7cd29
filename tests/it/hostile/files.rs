//! Cells of files that people import, and what is said about them in a terminal.

use countmein::service::{
    csv_file::CsvFile,
    import_counts::{self, ImportCountsError},
    import_responses::{self, ImportError, Options},
    wave_overview,
};

use super::{corpus, journey::assert_is_printable};
use crate::{
    service::samples::open_attitudes,
    support::{TestApp, on_both_backends},
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
                    &crate::support::operator(),
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
                &crate::support::operator(),
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
            match import_counts::import(
                &app.services,
                &crate::support::operator(),
                &key,
                totals.as_bytes(),
                false,
            )
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
