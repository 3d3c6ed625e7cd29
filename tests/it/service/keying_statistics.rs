//! How well people key: by person, by wave, and in the report.

use countmein::{
    domain::{
        audit::Actor,
        key::WaveKey,
        keying::{Pass, SampledPlan, SheetForm, StateName},
        role::Role,
        wave::DRAIN,
    },
    service::{
        close_wave, count_batch, keying_statistics, lookup, open_batch,
        report::{self, Reader},
        work_on_batch,
    },
    store::{self, staff::User},
    tally::report::{KeyingMethod, PaperSheets, RemainingBasis},
};

use crate::support::{
    TestApp, on_both,
    paper::{accept, codes, coordinator, key_one, key_pile, keyer, open_attitudes, typed},
};

async fn user(app: &TestApp, email: &str, role: Role) -> User {
    let account = store::staff::by_email(&app.services.db, email)
        .await
        .unwrap();
    User {
        role,
        ..account.unwrap().user
    }
}

async fn close(app: &TestApp, who: &Actor, key: &WaveKey) {
    let s = &app.services;
    close_wave::stop_collecting(s, who, key).await.unwrap();
    app.advance(DRAIN + std::time::Duration::from_secs(1));
    close_wave::close(s, who, key).await.unwrap();
}

fn close_to(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

async fn decide(app: &TestApp, who: &Actor, key: &WaveKey, batch: u32, sheet: u32, as_is: &str) {
    let s = &app.services;
    work_on_batch::claim(s, who, key, batch).await.unwrap();
    let decision = typed(Pass::Decision, sheet, as_is);
    key_one(app, who, key, batch, decision).await.unwrap();
    work_on_batch::finish_pass(s, who, key, batch, Pass::Decision, 0)
        .await
        .unwrap();
}

on_both!(
    each_keyer_is_measured_by_what_holds_in_the_end,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let cat = coordinator(&app, "cat@x.org").await;
        let codes = codes(&app, &key, 5).await;
        accept(&app, &ann, &key, &codes).await;
        let s = &app.services;
        let number = open_batch::open(s, &cat, &key, 5, 5).await.unwrap();
        let first = ["1234512", "55555-5", "=blank", "=spoilt", "1?*1111"];
        key_pile(&app, &ann, &key, number, Pass::First, &first).await;
        let second = ["1234512", "55545-5", "-------", "=spoilt", "1?*1111"];
        key_pile(&app, &ben, &key, number, Pass::Second, &second).await;
        let head = user(&app, "cat@x.org", Role::Coordinator).await;
        let early = keying_statistics::statistics(s, &head, &key).await.unwrap();
        assert_eq!(early.wave.unwrap().batches, 0, "a difference waits");
        assert!(
            early
                .keyers
                .iter()
                .all(|line| line.figures.errors.is_none())
        );
        decide(&app, &cat, &key, number, 2, "55545-5").await;

        let found = keying_statistics::statistics(s, &head, &key).await.unwrap();
        assert_eq!(found.method, KeyingMethod::Double);
        let who: Vec<(&str, Pass)> = found
            .keyers
            .iter()
            .map(|line| (line.email.as_str(), line.pass))
            .collect();
        assert_eq!(
            who,
            [
                ("ann@x.org", Pass::First),
                ("ben@x.org", Pass::Second),
                ("cat@x.org", Pass::Decision)
            ]
        );
        let [ann_s, ben_s, cat_s] = [0, 1, 2].map(|place: usize| found.keyers[place].figures);
        // Five sheets of nine seconds; three of them have seven fields each.
        assert_eq!((ann_s.sheets, ann_s.sheets_an_hour), (5, Some(400)));
        assert_eq!((ann_s.checked.fields, ann_s.checked.wrong_fields), (21, 1));
        assert_eq!((ben_s.checked.fields, ben_s.checked.wrong_fields), (21, 0));
        assert_eq!(
            (ann_s.checked.differences, ben_s.checked.differences),
            (1, 1)
        );
        close_to(ann_s.errors.unwrap().rate, 10_000.0 / 21.0);
        // 1 − 0.05^(1/21)
        close_to(
            ben_s.errors.unwrap().at_most,
            (1.0 - 0.05_f64.powf(1.0 / 21.0)) * 10_000.0,
        );
        assert_eq!((cat_s.sheets, cat_s.errors), (1, None));

        let wave = found.wave.unwrap();
        assert_eq!((wave.batches, wave.sheets, wave.twice.fields), (1, 5, 21));
        close_to(wave.differences_per_ten_thousand.unwrap(), 10_000.0 / 21.0);
        let left = wave.remaining.unwrap();
        assert_eq!((left.basis, left.sheets), (RemainingBasis::Independence, 5));
        // Upper Clopper–Pearson limits of 1 in 5 and of none in 5.
        close_to(
            left.wrong_sheets_at_most,
            0.716_417_936_118 * 0.521_823_750_105,
        );
        close_to(left.wrong_fields, 0.0);

        let own = user(&app, "ann@x.org", Role::Keyer).await;
        let own = keying_statistics::statistics(s, &own, &key).await.unwrap();
        assert!(own.wave.is_none());
        assert_eq!(own.keyers.len(), 1);
        assert_eq!(own.keyers[0].email, "ann@x.org");
    }
);

on_both!(
    the_report_tells_how_paper_was_keyed_once_the_wave_is_over,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let cat = coordinator(&app, "cat@x.org").await;
        let codes = codes(&app, &key, 14).await;
        accept(&app, &ann, &key, &codes).await;
        let s = &app.services;
        let number = open_batch::open(s, &cat, &key, 14, 14).await.unwrap();
        let mut sheets = vec!["1234512"; 11];
        sheets.extend(["=blank", "=unreadable", "1?*1111"]);
        key_pile(&app, &ann, &key, number, Pass::First, &sheets).await;
        key_pile(&app, &ben, &key, number, Pass::Second, &sheets).await;
        count_batch::count(s, &cat, &key, number).await.unwrap();
        let open = report::of_wave(s, &key, Reader::Staff).await;
        assert!(open.is_ok_and(|open| open.report().paper.is_none()));
        close(&app, &cat, &key).await;
        let closed = report::of_wave(s, &key, Reader::Staff).await.unwrap();
        let paper = closed.report().paper.clone().unwrap();
        assert_eq!(paper.method, KeyingMethod::Double);
        assert_eq!(
            paper.sheets,
            PaperSheets {
                counted: 12,
                blank: 1,
                unreadable: 1,
                ..PaperSheets::default()
            }
        );
        assert_eq!((paper.batches, paper.keyed_twice.sheets), (1, 14));
        assert_eq!(
            (paper.keyed_twice.fields, paper.keyed_twice.differences),
            (84, 0)
        );
        let marks = paper.marks.unwrap();
        assert_eq!((marks.uncertain, marks.overvoted), (2, 0));
        let again = report::of_wave(s, &key, Reader::Staff).await.unwrap();
        assert_eq!(again.report().paper, closed.report().paper);
    }
);

/// The sheets that the second keyer is given.
async fn drawn(app: &TestApp, key: &WaveKey, number: u32) -> Vec<u32> {
    let asked = lookup::find_now(&app.services, key).await.unwrap();
    let form = SheetForm::of(&asked.survey.survey);
    let batch = store::keying::find(&app.services.db, asked.wave.id, number, &form).await;
    let batch = batch.unwrap().unwrap();
    batch.state.papers().wanted().into_iter().collect()
}

async fn key_again(app: &TestApp, who: &Actor, key: &WaveKey, number: u32, sheets: &[u32]) {
    let s = &app.services;
    work_on_batch::claim(s, who, key, number).await.unwrap();
    for sheet in sheets {
        let entry = typed(Pass::Second, *sheet, "1234512");
        key_one(app, who, key, number, entry).await.unwrap();
    }
    work_on_batch::finish_pass(s, who, key, number, Pass::Second, 10)
        .await
        .unwrap();
}

on_both!(
    a_sampled_wave_says_what_its_samples_allow,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let cat = coordinator(&app, "cat@x.org").await;
        let codes = codes(&app, &key, 20).await;
        accept(&app, &ann, &key, &codes).await;
        let s = &app.services;
        let plan = Some(SampledPlan::new(20, 0).unwrap());
        open_batch::choose_plan(s, &cat, &key, plan).await.unwrap();
        for number in [1, 2] {
            open_batch::open(s, &cat, &key, 10, 10).await.unwrap();
            let sample = drawn(&app, &key, number).await;
            assert_eq!(sample.len(), 2);
            let mut sheets = vec!["1234512"; 10];
            if number == 2 {
                // Wrong in one field of a sheet that is drawn.
                sheets[usize::try_from(sample[0]).unwrap() - 1] = "1234511";
            }
            key_pile(&app, &ann, &key, number, Pass::First, &sheets).await;
            key_again(&app, &ben, &key, number, &sample).await;
            if number == 2 {
                decide(&app, &cat, &key, number, sample[0], "1234512").await;
                let rest: Vec<u32> = (1..=10).filter(|sheet| !sample.contains(sheet)).collect();
                key_again(&app, &ben, &key, number, &rest).await;
            }
            let sheets = count_batch::count(s, &cat, &key, number).await.unwrap();
            assert_eq!(sheets.responses, 10);
        }
        close(&app, &cat, &key).await;
        let closed = report::of_wave(s, &key, Reader::Staff).await.unwrap();
        let paper = closed.report().paper.clone().unwrap();
        assert_eq!(
            paper.method,
            KeyingMethod::Sampled {
                percent: 20,
                most_errors: 0,
                accepted: 1,
                rejected: 1
            }
        );
        // Two sheets of the accepted batch and all of the other.
        assert_eq!(
            (paper.keyed_twice.sheets, paper.keyed_twice.differences),
            (12, 1)
        );
        let left = paper.remaining.unwrap();
        assert_eq!((left.basis, left.sheets), (RemainingBasis::Sample, 8));
        // One wrong of four drawn out of twenty allows thirteen more, and only eight are left.
        close_to(left.wrong_sheets_at_most, 1.0);
        close_to(left.wrong_fields, 1.0 / 28.0);
        let form = SheetForm::of(&lookup::find_now(s, &key).await.unwrap().survey.survey);
        let wave = store::wave::find(&s.db, &key).await.unwrap().unwrap();
        let batch = store::keying::find(&s.db, wave.id, 2, &form).await.unwrap();
        assert_eq!(StateName::of(&batch.unwrap().state), StateName::Counted);
    }
);
