//! Responses and totals from files.

use std::sync::Arc;

use countmein::{
    domain::key::WaveKey,
    service::{
        import_counts::{self, ImportCountsError},
        import_responses::{self, ImportError, Imported, Options},
        report::{self, Reader},
        wave_overview,
    },
    tally::report::Figures,
};

use super::samples::{open_attitudes, open_by_code};
use crate::support::{TestApp, on_both, operator, repository_file};

const ALL_OR_NOTHING: Options = Options {
    dry_run: false,
    skip_bad: false,
};
const DRY_RUN: Options = Options {
    dry_run: true,
    skip_bad: false,
};
const SKIP_BAD: Options = Options {
    dry_run: false,
    skip_bad: true,
};

async fn import(
    app: &TestApp,
    key: &WaveKey,
    file: &str,
    options: Options,
) -> Result<Imported, ImportError> {
    import_responses::import(&app.services, &operator(), key, file.as_bytes(), options).await
}

async fn people(app: &TestApp, key: &WaveKey) -> u64 {
    let overview = wave_overview::overview(&app.services, key).await.unwrap();
    assert!(
        overview.conservation.balances(),
        "{}",
        overview.conservation
    );
    overview.people
}

on_both!(a_good_file_is_counted_once, async |app: TestApp| {
    let key = open_attitudes(&app).await;
    let file = repository_file("surveys/samples/co-production-attitudes-now.csv");
    let dry = import(&app, &key, &file, DRY_RUN).await.unwrap();
    assert_eq!((dry.counted, people(&app, &key).await), (60, 0));
    assert_eq!(
        import(&app, &key, &file, ALL_OR_NOTHING)
            .await
            .unwrap()
            .counted,
        60
    );
    assert!(matches!(
        import(&app, &key, &file, ALL_OR_NOTHING).await,
        Err(ImportError::ImportedBefore)
    ));
    assert_eq!(people(&app, &key).await, 60);
});

on_both!(
    a_bad_row_stops_the_whole_file_and_is_named,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let file = "channel,ref,s1,s2\npostal,P-1,agree,agree\npostal,P-2,perhaps,agree\n\
                radio,P-3,agree,agree\npostal,P-1,agree,agree\npostal,7\n";
        let Err(ImportError::BadRows(bad)) = import(&app, &key, file, ALL_OR_NOTHING).await else {
            panic!("the file was taken");
        };
        let named: Vec<(u64, &str)> = bad.iter().map(|row| (row.line, row.code)).collect();
        assert_eq!(
            named,
            [
                (3, "A-OPTION"),
                (4, "I-CHANNEL"),
                (5, "I-REF"),
                (6, "I-CELLS")
            ]
        );
        assert!(bad[0].message.contains("perhaps"));
        assert_eq!(people(&app, &key).await, 0);
    }
);

on_both!(
    the_good_rows_of_a_file_can_go_first_and_the_mended_ones_later,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let faulty = "channel,ref,s1\npostal,P-1,agree\npostal,P-2,agre\npostal,P-3,disagree\n";
        let first = import(&app, &key, faulty, SKIP_BAD).await.unwrap();
        assert_eq!((first.counted, first.bad.len()), (2, 1));
        let mended = faulty.replace("agre\n", "agree\n");
        let second = import(&app, &key, &mended, SKIP_BAD).await.unwrap();
        assert_eq!(second.counted, 1);
        assert_eq!(people(&app, &key).await, 3);
        let without_ref = "channel,ref,s1\npostal,,agree\npostal,P-9,agre\n";
        assert!(matches!(
            import(&app, &key, without_ref, SKIP_BAD).await,
            Err(ImportError::SkipNeedsRef)
        ));
    }
);

on_both!(
    a_code_counts_once_on_paper_and_online_together,
    async |app: TestApp| {
        let (key, codes) = open_by_code(&app, 3).await;
        let row = |code: &str| format!("postal,{code},benches\n");
        let keys = "channel,code,projects\n";
        let file = format!(
            "{keys}{}{}",
            row(&codes[0].to_string()),
            row(&codes[0].to_string())
        );
        let Err(ImportError::BadRows(bad)) = import(&app, &key, &file, ALL_OR_NOTHING).await else {
            panic!("one code was counted twice");
        };
        assert_eq!(bad.len(), 1);
        assert_eq!((bad[0].line, bad[0].code), (3, "code-already-counted"));
        let unknown = format!("{keys}{}", row("0000-0000-0000-0000"));
        let Err(ImportError::BadRows(bad)) = import(&app, &key, &unknown, ALL_OR_NOTHING).await
        else {
            panic!("a code that was never issued was counted");
        };
        assert_eq!(bad[0].code, "code-unknown");
        let none = "channel,projects\npostal,benches\n";
        assert!(matches!(
            import(&app, &key, none, ALL_OR_NOTHING).await,
            Err(ImportError::ColumnMissing("code"))
        ));
        let good = format!("{keys}{}", row(&codes[0].to_string()));
        assert_eq!(
            import(&app, &key, &good, ALL_OR_NOTHING)
                .await
                .unwrap()
                .counted,
            1
        );
        assert_eq!(people(&app, &key).await, 1);
        let counts = "channel,item,option,count\nmeeting,people,,5\n";
        assert!(matches!(
            import_counts::import(&app.services, &operator(), &key, counts.as_bytes(), false).await,
            Err(ImportCountsError::ByCode(_))
        ));
    }
);

on_both!(
    two_imports_at_once_count_a_paper_once,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let rows: Vec<String> = (0..200).map(|n| format!("postal,P-{n},agree")).collect();
        let rows = rows.join("\n");
        let imports: Vec<_> = (0..4)
            .map(|n| {
                // Each file differs, so that the check for the same file does not decide.
                let file = format!("channel,ref,s1\n{rows}\npostal,Q-{n},agree\n");
                let (services, key) = (Arc::clone(&app.services), key.clone());
                tokio::spawn(async move {
                    import_responses::import(
                        &services,
                        &operator(),
                        &key,
                        file.as_bytes(),
                        SKIP_BAD,
                    )
                    .await
                })
            })
            .collect();
        let mut counted = 0;
        for import in imports {
            counted += import.await.unwrap().unwrap().counted;
        }
        assert_eq!(counted, 204);
        assert_eq!(people(&app, &key).await, 204);
    }
);

/// Published percentages of the workshops (Report on the Co-Production Star Training Programme,
/// 2012), from strongly agree to strongly disagree.
const PUBLISHED: [(&str, [[u64; 5]; 7]); 2] = [
    (
        "january",
        [
            [22, 46, 15, 17, 0],
            [57, 39, 2, 2, 0],
            [2, 27, 5, 46, 20],
            [5, 24, 14, 52, 5],
            [0, 7, 0, 64, 29],
            [3, 15, 15, 61, 6],
            [0, 3, 7, 73, 17],
        ],
    ),
    (
        "april",
        [
            [19, 61, 4, 16, 0],
            [28, 66, 2, 4, 0],
            [2, 38, 2, 44, 14],
            [5, 35, 6, 52, 2],
            [0, 2, 4, 55, 39],
            [2, 39, 19, 40, 0],
            [0, 8, 10, 68, 14],
        ],
    ),
];

on_both!(
    the_workshop_counts_give_every_published_percentage,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        for (wave, published) in PUBLISHED {
            let key = app.open(&format!("co-production-attitudes/{wave}")).await;
            let file = repository_file(&format!(
                "surveys/samples/co-production-attitudes-{wave}.csv"
            ));
            import_counts::import(&app.services, &operator(), &key, file.as_bytes(), false)
                .await
                .unwrap();
            assert!(matches!(
                import_counts::import(&app.services, &operator(), &key, file.as_bytes(), false)
                    .await,
                Err(ImportCountsError::ImportedBefore)
            ));
            app.services.lookup.forget_waves();
            countmein::service::close_wave::stop_collecting(&app.services, &operator(), &key)
                .await
                .unwrap();
            countmein::service::close_wave::close(&app.services, &operator(), &key)
                .await
                .unwrap();
            let published_report = report::of_wave(&app.services, &key, Reader::Staff)
                .await
                .unwrap();
            for (item, expected) in published_report.report().items.iter().zip(published) {
                let Figures::Likert(figures) = &item.figures else {
                    panic!("{:?}", item.figures)
                };
                let percents: Vec<u64> = figures.points.iter().map(|point| point.percent).collect();
                assert_eq!(percents, expected, "{wave} {}", item.key);
            }
        }
    }
);

on_both!(
    totals_that_do_not_add_up_are_refused_with_the_reason,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let head = "channel,item,option,count\n";
        let import = async |rows: &str| {
            let file = format!("{head}{rows}");
            import_counts::import(&app.services, &operator(), &key, file.as_bytes(), false).await
        };
        assert!(matches!(
            import("meeting,s1,agree,5\n").await,
            Err(ImportCountsError::PeopleMissing(_))
        ));
        assert!(matches!(
            import("meeting,people,,5\nmeeting,s1,agree,4\nmeeting,s1,disagree,2\n").await,
            Err(ImportCountsError::Sheet { .. })
        ));
        let Err(ImportCountsError::BadRows(bad)) = import(
            "meeting,people,,5\nmeeting,s9,agree,4\nmeeting,s1,agree,-1\nmeeting,people,,6\n",
        )
        .await
        else {
            panic!("bad rows were taken");
        };
        let named: Vec<(u64, &str)> = bad.iter().map(|row| (row.line, row.code)).collect();
        assert_eq!(named, [(3, "I-ITEM"), (4, "I-COUNT"), (5, "I-TWICE")]);
        assert_eq!(people(&app, &key).await, 0);
    }
);

on_both!(a_file_that_is_no_table_is_refused, async |app: TestApp| {
    let key = open_attitudes(&app).await;
    for (file, expected) in [
        ("", "empty"),
        ("channel,ref,s1\n", "no rows"),
        ("channel,s1,mood\npostal,agree,good\n", "mood"),
        ("s1\nagree\n", "channel"),
        ("channel,s1,s1\npostal,agree,agree\n", "twice"),
    ] {
        let error = import(&app, &key, file, ALL_OR_NOTHING)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{file:?}: {error}");
    }
    let latin1 = b"channel,s1\npostal,\xe9\n";
    let error =
        import_responses::import(&app.services, &operator(), &key, latin1, ALL_OR_NOTHING).await;
    assert!(error.unwrap_err().to_string().contains("UTF-8"));
    // What spreadsheets write: a byte order mark, semicolons, Windows line ends.
    let spreadsheet = "\u{feff}channel;ref;s1\r\npostal;P-1;agree\r\n";
    assert_eq!(
        import(&app, &key, spreadsheet, ALL_OR_NOTHING)
            .await
            .unwrap()
            .counted,
        1
    );
});

on_both!(
    a_file_that_was_only_saved_again_is_the_same_file,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let file = "channel,s1,s2\npostal,agree,agree\npostal,disagree,\n";
        import(&app, &key, file, ALL_OR_NOTHING).await.unwrap();
        for again in [
            file.replace('\n', "\r\n"),
            format!("\u{feff}{file}"),
            format!("{file}\n\n"),
            file.replace(',', ";"),
            file.replace("agree,agree", "\"agree\", agree "),
        ] {
            assert!(
                matches!(
                    import(&app, &key, &again, ALL_OR_NOTHING).await,
                    Err(ImportError::ImportedBefore)
                ),
                "{again:?}"
            );
        }
        assert_eq!(people(&app, &key).await, 2);
    }
);
