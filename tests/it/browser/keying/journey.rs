//! A hundred envelopes from the mail bag to the report, all of it at the pages: two keyers with errors
//! planted, one who decides, and the books looked at after every step.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc, time::Duration};

use countmein::{
    domain::{access_code::AccessCode, keying::Pass, wave::DRAIN},
    service::{
        close_wave,
        report::{self, Reader},
        submit,
    },
    tally::report::{Figures, RefusalReason, Report},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{ANN, BEN, CAT, ENTER, FAST, Office};
use crate::{
    service::samples::{submission, token},
    support::{
        Backend, TestApp,
        browsing::Browser,
        chromium::{Chromium, Scripts, WIDE},
        operator,
        paper::{codes, open_attitudes},
    },
};

const ONLINE: usize = 5;
const LATE: usize = 3;
const BATCHES: [usize; 4] = [25, 25, 25, 15];
const SHEETS: usize = 90;
/// Wrong fields among 10,000 that each keyer makes.
const ERRORS: f64 = 30.0 / 10_000.0;
const SEED: u64 = 20_261_126;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_hundred_envelopes_become_the_report_that_the_papers_say() {
    let mut town = Town::new().await;
    town.scan_the_post().await;
    town.open_batches().await;
    for number in 1..=4 {
        town.key(number, ANN, Pass::First).await;
        town.key(number, BEN, Pass::Second).await;
        town.decide(number).await;
        town.count(number).await;
    }
    town.check_report().await;
}

struct Town {
    office: Office,
    rng: StdRng,
    codes: Vec<AccessCode>,
    /// What stands on each sheet.
    truth: Vec<String>,
    /// What each of the two keyed, in the end.
    keyed: [Vec<String>; 2],
    online: Vec<String>,
    /// The coordinator's other window.
    books: Browser,
}

impl Town {
    async fn new() -> Self {
        let app = TestApp::start(Backend::Sqlite).await;
        let key = open_attitudes(&app).await;
        let window = Chromium::start(&app, WIDE, Scripts::On).await;
        let office = Office::of(app, key, window).await;
        let codes = codes(&office.app, &office.key, SHEETS + ONLINE + LATE).await;
        let mut rng = StdRng::seed_from_u64(SEED);
        let online: Vec<String> = (0..ONLINE).map(|_| marks(&mut rng)).collect();
        for (code, answers) in codes.iter().zip(&online) {
            let services = Arc::clone(&office.app.services);
            let sent = submission(&services, &office.key, token(), Some(code.clone()), answers);
            submit::submit(&services, sent).await.unwrap();
        }
        let truth = (0..SHEETS).map(|sheet| paper(sheet, &mut rng)).collect();
        let books = Browser::of_staff(&office.app, CAT).await;
        Self {
            office,
            rng,
            codes,
            truth,
            keyed: [Vec::new(), Vec::new()],
            online,
            books,
        }
    }

    fn page(&self, rest: &str) -> String {
        format!("/staff/w/{}{rest}", self.office.key)
    }

    /// Every page with totals says that they add up.
    async fn books_hold(&self, step: &str) {
        let mut pages = vec![self.page(""), self.page("/post"), self.page("/batches")];
        for number in 1..=BATCHES.len() {
            pages.push(self.page(&format!("/batches/{number}")));
        }
        let mut seen = 0;
        for path in pages {
            let page = self.books.get(&path).await;
            if page.status == 404 {
                continue;
            }
            assert_eq!(page.status, 200, "{path} after {step}");
            assert!(!page.body.contains("class=\"no\""), "{path} after {step}");
            seen += page.body.matches("class=\"yes\"").count();
        }
        assert!(seen > 3, "after {step}");
    }

    async fn scan(&self, codes: impl Iterator<Item = String>) {
        for code in codes {
            let focused = self.office.window.client.active_element().await.unwrap();
            focused.send_keys(&format!("{code}\n")).await.unwrap();
        }
    }

    async fn scan_the_post(&mut self) {
        let window = &self.office.window;
        window.enter(&self.office.app, ANN).await;
        window.goto(&self.page("/post")).await;
        window.press("Open a mail bag and scan it").await;
        let (online, rest) = self.codes.split_at(ONLINE);
        let (accepted, late) = rest.split_at(SHEETS);
        let unknown = ["0000-0000-0000-0000".to_owned(), stranger()];
        let written = |codes: &[AccessCode]| -> Vec<String> {
            codes.iter().map(ToString::to_string).collect()
        };
        let bag = [&written(&accepted[..40])[..], &written(online), &unknown];
        self.scan(bag.concat().into_iter()).await;
        self.scan(written(&accepted[40..]).into_iter()).await;
        window.sees("90 accepted in this bag").await;
        self.books_hold("the first bag").await;

        window.goto(&self.page("/post")).await;
        window.find("label[for=late]").await.click().await.unwrap();
        window.press("Open a mail bag and scan it").await;
        self.scan(written(late).into_iter()).await;
        window.sees("REFUSED").await;
        self.office.until(async || self.refused().await == 10).await;
        self.books_hold("the late bag").await;
    }

    /// Envelopes that were refused, by the page of the post.
    async fn refused(&self) -> u64 {
        let page =
            countmein::service::post_overview::post(&self.office.app.services, &self.office.key);
        let rows = page.await.unwrap().rows;
        rows.envelopes.values().sum::<u64>() - rows.accepted()
    }

    async fn open_batches(&self) {
        let window = &self.office.window;
        for envelopes in BATCHES {
            window.goto(&self.page("/batches")).await;
            let number = envelopes.to_string();
            window.type_into("#envelopes", &number).await;
            window.type_into("#sheets", &number).await;
            window.press("Open the batch").await;
            self.books_hold("opening a batch").await;
        }
    }

    /// The sheets of a batch, from 0.
    fn sheets(number: usize) -> std::ops::Range<usize> {
        let before: usize = BATCHES[..number - 1].iter().sum();
        before..before + BATCHES[number - 1]
    }

    async fn key(&mut self, number: usize, who: &str, pass: Pass) {
        let mut hand = String::new();
        for sheet in Self::sheets(number) {
            let keyed = with_errors(&self.truth[sheet], &mut self.rng);
            match keyed.as_str() {
                "=blank" => hand.push('b'),
                "=spoilt" => hand.push('s'),
                "=unreadable" => hand.push('u'),
                marks => hand.push_str(marks),
            }
            hand.push(ENTER);
            self.keyed[usize::from(pass == Pass::Second)].push(keyed);
        }
        let window = &self.office.window;
        window.enter(&self.office.app, who).await;
        window.goto(&self.page("/batches")).await;
        window.press(&format!("Take batch {number}")).await;
        window.find(".scripted").await;
        window.keys(&hand, FAST).await;
        window.sees("End of the pile?").await;
        window.keys(&ENTER.to_string(), FAST).await;
        self.office.gone().await;
        self.books_hold(&format!("the {pass} keying of batch {number}"))
            .await;
    }

    async fn decide(&self, number: usize) {
        let differing: Vec<usize> = Self::sheets(number)
            .filter(|sheet| self.keyed[0][*sheet] != self.keyed[1][*sheet])
            .collect();
        if differing.is_empty() {
            return;
        }
        let window = &self.office.window;
        window.enter(&self.office.app, CAT).await;
        window.goto(&self.page("/batches")).await;
        window.press(&format!("Take batch {number}")).await;
        window.find(".scripted").await;
        for sheet in &differing {
            let mut hand = String::new();
            let both = self.keyed[0][*sheet]
                .chars()
                .zip(self.keyed[1][*sheet].chars());
            for ((one, two), right) in both.zip(self.truth[*sheet].chars()) {
                if one != two {
                    let _ = write!(hand, "{right}");
                }
            }
            hand.push(ENTER);
            window.keys(&hand, FAST).await;
        }
        window.sees("decided on").await;
        window.keys(&ENTER.to_string(), FAST).await;
        self.office.gone().await;
        self.books_hold(&format!("the decisions on batch {number}"))
            .await;
    }

    async fn count(&self, number: usize) {
        let window = &self.office.window;
        window.enter(&self.office.app, CAT).await;
        window.goto(&self.page(&format!("/batches/{number}"))).await;
        window.press(&format!("Count batch {number}")).await;
        self.books_hold(&format!("the count of batch {number}"))
            .await;
    }

    /// What holds where both keyed the same wrong mark stays wrong; everything else is as on the paper.
    async fn check_report(&self) {
        let shared: BTreeSet<usize> = (0..SHEETS)
            .filter(|sheet| {
                let [one, two] = [&self.keyed[0][*sheet], &self.keyed[1][*sheet]];
                let fields = one.chars().zip(two.chars()).zip(self.truth[*sheet].chars());
                fields
                    .into_iter()
                    .any(|((a, b), right)| a == b && a != right)
            })
            .collect();
        let planted: usize = self
            .keyed
            .iter()
            .map(|keyed| {
                let sheets = keyed.iter().zip(&self.truth);
                sheets.filter(|(keyed, truth)| keyed != truth).count()
            })
            .sum();
        println!(
            "{planted} sheets keyed wrongly, {} alike by both",
            shared.len()
        );
        assert!(
            planted >= 3 && shared.is_empty(),
            "another seed plants errors"
        );
        let Office { app, key, .. } = &self.office;
        close_wave::stop_collecting(&app.services, &operator(), key)
            .await
            .unwrap();
        app.advance(DRAIN + Duration::from_secs(1));
        // The server's schedule may be quicker.
        let _ = close_wave::close(&app.services, &operator(), key).await;
        self.books_hold("the closing").await;
        let report = report::of_wave(&app.services, key, Reader::Staff).await;
        let report = report.unwrap();
        let report = report.report();
        assert_eq!(report.wave.state, "closed");
        let counted = self.truth.iter().filter(|sheet| !sheet.starts_with('='));
        let all: Vec<&String> = counted.chain(&self.online).collect();
        assert_eq!(report.turnout.people, u64::try_from(all.len()).unwrap());
        for (place, item) in report.items.iter().enumerate() {
            let Figures::Likert(figures) = &item.figures else {
                panic!("seven statements");
            };
            for (point, figure) in (b'1'..).zip(&figures.points) {
                let here = all.iter().filter(|sheet| sheet.as_bytes()[place] == point);
                let count = u64::try_from(here.count()).unwrap();
                assert_eq!(figure.count, count, "statement {place}, point {point}");
            }
        }
        Self::check_what_did_not_count(report);
    }

    fn check_what_did_not_count(report: &Report) {
        let attempts = |reason| {
            let found = report
                .turnout
                .refused
                .iter()
                .find(|one| one.reason == reason);
            found.map_or(0, |one| one.attempts)
        };
        for (reason, envelopes) in [
            (RefusalReason::CodeAlreadyCounted, 5),
            (RefusalReason::CodeUnknown, 2),
            (RefusalReason::AfterClosing, 3),
            (RefusalReason::PaperBlank, 2),
            (RefusalReason::PaperSpoilt, 1),
            (RefusalReason::PaperUnreadable, 1),
        ] {
            assert_eq!(attempts(reason), envelopes, "{reason:?}");
        }
    }
}

fn marks(rng: &mut StdRng) -> String {
    (0..7)
        .map(|_| char::from(b'1' + rng.random_range(0..5)))
        .collect()
}

/// Some papers are blank, spoilt or unreadable, and some fields blank, unclear or marked twice.
fn paper(sheet: usize, rng: &mut StdRng) -> String {
    match sheet {
        7 | 55 => return "=blank".to_owned(),
        30 => return "=spoilt".to_owned(),
        62 => return "=unreadable".to_owned(),
        _ => {}
    }
    marks(rng)
        .chars()
        .map(|mark| match rng.random_range(0..100) {
            0..4 => '-',
            4 => '?',
            5 => '*',
            _ => mark,
        })
        .collect()
}

/// As somebody keys it who now and then hits another digit.
fn with_errors(sheet: &str, rng: &mut StdRng) -> String {
    if sheet.starts_with('=') {
        return sheet.to_owned();
    }
    sheet
        .chars()
        .map(|mark| {
            if rng.random_bool(ERRORS) {
                let wrong = char::from(b'1' + rng.random_range(0..5));
                if wrong == mark { '-' } else { wrong }
            } else {
                mark
            }
        })
        .collect()
}

/// A code that nobody was given.
fn stranger() -> String {
    AccessCode::random(&mut StdRng::seed_from_u64(SEED)).to_string()
}
