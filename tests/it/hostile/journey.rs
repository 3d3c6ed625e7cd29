//! One survey after the other, each with a string in every field, from its first page to its files:
//! what comes out has the elements, headers and rows that it has with harmless words.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    time::Duration,
};

use countmein::{
    domain::{key::WaveKey, pb_file, survey_file, wave::DRAIN},
    service::{close_wave, export_pb, import_responses, load_survey, open_wave, subscribe},
};

use super::{
    checks::{assert_is_printable, assert_no_formula, mail_shape},
    corpus, dom, paper, survey,
};
use crate::support::{
    Backend, STAFF_EMAIL, TestApp,
    browsing::{Browser, Page},
    mime::Mail,
    on_both_backends,
};

/// Longer than answers on their way are waited for.
const PAUSE: Duration = DRAIN.saturating_add(Duration::from_millis(1));

/// What came out, by its name.
#[derive(Default)]
pub struct Outputs {
    pages: BTreeMap<&'static str, String>,
    tables: BTreeMap<&'static str, String>,
    json: BTreeMap<&'static str, String>,
    /// The mail to a person of the roll.
    pub invitation: String,
    mail: String,
    pb: String,
}

/// None when the file is refused.
pub async fn walk(app: &TestApp, staff: &Browser, key: &str, text: &str) -> Option<Outputs> {
    let plan = match survey_file::read(&survey::file(key, text)) {
        Ok(checked) => checked.plan,
        Err(faults) => {
            for fault in faults {
                assert_is_printable(&fault.to_string());
            }
            return None;
        }
    };
    load_survey::load(&app.services, &crate::support::operator(), plan)
        .await
        .unwrap();
    let mut out = Outputs::default();
    let [before, now] =
        ["before", "now"].map(|wave| format!("{key}/{wave}").parse::<WaveKey>().unwrap());
    for wave in [&before, &now] {
        open_wave::open(&app.services, &crate::support::operator(), wave)
            .await
            .unwrap();
        let mut rows = "channel,heard,age,projects\n".to_owned();
        for number in 0..12 {
            let answer = ["agree", "strongly-agree", "strongly-disagree"][number % 3];
            let project = if number % 4 == 0 { "trees" } else { "benches" };
            writeln!(rows, "postal,{answer},under-30,{project}").unwrap();
        }
        import_responses::import(
            &app.services,
            &crate::support::operator(),
            wave,
            rows.as_bytes(),
            import_responses::Options::default(),
        )
        .await
        .unwrap();
    }
    // The results of an open wave may leave out any of its people; those of a closed one do not.
    close_wave::stop_collecting(&app.services, &crate::support::operator(), &before)
        .await
        .unwrap();
    app.advance(PAUSE);
    let _ = close_wave::close(&app.services, &crate::support::operator(), &before).await;
    app.publish(&before).await;
    answer(app, &now, &mut out).await;
    results(app, staff, &now, &mut out).await;
    let invited = format!("{key}/invited").parse().unwrap();
    paper::walk(app, staff, &invited, text, &mut out).await;
    close(app, staff, &now, &mut out).await;
    Some(out)
}

impl Outputs {
    pub fn page(&mut self, name: &'static str, page: Page) -> Page {
        assert!(page.status.as_u16() < 500, "{name}: {}", page.body);
        self.html(name, page.body.clone());
        page
    }

    pub fn html(&mut self, name: &'static str, html: String) {
        self.pages.insert(name, html);
    }

    pub fn json(&mut self, name: &'static str, json: String) {
        self.json.insert(name, json);
    }
}

async fn answer(app: &TestApp, key: &WaveKey, out: &mut Outputs) {
    let base = format!("/w/{key}");
    let browser = Browser::new(app);
    out.page("start", browser.get(&base).await);
    browser.post(&format!("{base}/start"), &[]).await;
    out.page("question", browser.get(&format!("{base}/question/1")).await);
    out.page(
        "question-wrong",
        browser
            .post(&format!("{base}/question/1"), &[("a.heard", "none")])
            .await,
    );
    browser
        .post(&format!("{base}/question/1"), &[("a.heard", "agree")])
        .await;
    out.page("choice", browser.get(&format!("{base}/question/2")).await);
    browser
        .post(&format!("{base}/question/2"), &[("a.age", "30-and-over")])
        .await;
    out.page("ballot", browser.get(&format!("{base}/question/3")).await);
    out.page(
        "ballot-wrong",
        browser
            .post(&format!("{base}/question/3"), &[("a.projects", "none")])
            .await,
    );
    browser
        .post(
            &format!("{base}/question/3"),
            &[("a.projects", "benches"), ("a.projects", "trees")],
        )
        .await;
    let check = out.page("check", browser.get(&format!("{base}/check")).await);
    browser
        .post(
            &format!("{base}/submit"),
            &[("draft", &check.field("draft"))],
        )
        .await;
    let done = out.page("done", browser.get(&format!("{base}/done")).await);
    out.page("counted", browser.get(&base).await);
    out.page(
        "receipt",
        browser
            .get(&format!("/receipt?code={}", done.receipt()))
            .await,
    );
    out.page(
        "expired",
        Browser::new(app).get(&format!("{base}/check")).await,
    );
}

async fn results(app: &TestApp, staff: &Browser, key: &WaveKey, out: &mut Outputs) {
    let reader = Browser::new(app);
    out.page("results", reader.get(&format!("/r/{key}")).await);
    out.page("more", reader.get(&format!("/r/{key}/more")).await);
    out.page("staff-wave", staff.get(&format!("/staff/w/{key}")).await);
    for (name, path) in [("table", "table.csv"), ("changes", "changes.csv")] {
        out.tables
            .insert(name, reader.get(&format!("/r/{key}/{path}")).await.body);
    }
    out.json.insert(
        "report",
        reader.get(&format!("/r/{key}/report.json")).await.body,
    );
}

async fn close(app: &TestApp, staff: &Browser, key: &WaveKey, out: &mut Outputs) {
    let late = Browser::new(app);
    let base = format!("/w/{key}");
    late.post(&format!("{base}/start"), &[]).await;
    late.post(&format!("{base}/question/1"), &[("a.heard", "agree")])
        .await;
    subscribe::subscribe(
        &app.services,
        &crate::support::operator(),
        key,
        "reader@example.org",
    )
    .await
    .unwrap();
    close_wave::stop_collecting(&app.services, &crate::support::operator(), key)
        .await
        .unwrap();
    app.advance(PAUSE);
    // The schedule may have closed it already.
    let _ = close_wave::close(&app.services, &crate::support::operator(), key).await;
    out.page("too-late", late.get(&format!("{base}/question/2")).await);
    out.page("closed", Browser::new(app).get(&base).await);
    out.page("staff-closed", staff.get(&format!("/staff/w/{key}")).await);
    out.mail = paper::mail_to(app, "reader@example.org").await;
    let mail = Mail::read(&out.mail);
    let stop = mail.header("List-Unsubscribe");
    let token = stop.trim_matches(['<', '>']).rsplit('/').next().unwrap();
    out.page("stop", late.get(&format!("/mail/stop/{token}")).await);
    out.page(
        "stopped",
        late.post(&format!("/mail/stop/{token}"), &[]).await,
    );
    out.html("mail-html", mail.html);
    out.html("invitation-html", Mail::read(&out.invitation).html);
    let place = export_pb::Place {
        country: "Scotland".to_owned(),
        unit: "Here".to_owned(),
    };
    out.pb = export_pb::export(
        &app.services,
        &crate::support::operator(),
        key,
        None,
        &place,
    )
    .await
    .unwrap();
}

/// How many paragraphs a text is, on pages that have them.
fn paragraphs(text: &str) -> usize {
    text.trim()
        .split("\n\n")
        .filter(|part| !part.trim().is_empty())
        .count()
}

/// The pages that list every survey: each distinct line of them, whichever survey it is of.
async fn lists(staff: &Browser) -> BTreeSet<String> {
    let same = |value: &str| {
        let is_key = |part: &str| part.starts_with("hostile-") || part.starts_with("harmless");
        let parts = value.split('/');
        parts
            .map(|part| if is_key(part) { "KEY" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    let mut lines = BTreeSet::new();
    for path in ["/", "/staff", "/staff/screen", "/staff/privacy"] {
        let page = staff.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        lines.extend(dom::read(&page.body, same).shape);
    }
    lines
}

struct Reference {
    shapes: BTreeMap<&'static str, dom::Dom>,
    out: Outputs,
}

fn read_pages(key: &str, out: &Outputs) -> BTreeMap<&'static str, dom::Dom> {
    // Keys, tokens and receipts differ from survey to survey, and so do codes and their runs.
    let is_token = |part: &str| {
        part.len() >= 24 && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let is_qr = |value: &str| {
        value.starts_with('M') && value.chars().all(|c| " Mhvz-0123456789".contains(c))
    };
    let same = |value: &str| {
        let value = value.replace(key, "KEY");
        let value = match (value.split_once("/codes/"), value.split_once("/v#")) {
            (Some((wave, run)), _) => format!("{wave}/RUN{}", run.trim_matches(char::is_numeric)),
            (None, Some((server, _))) => format!("{server}/v#CODE"),
            (None, None) if is_qr(&value) => "QR".to_owned(),
            (None, None) if value.starts_with("subscriber-") => "SUBSCRIBER".to_owned(),
            (None, None) => value,
        };
        let parts = value.split(['/', '=', '&', '?']);
        parts
            .map(|part| if is_token(part) { "TOKEN" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    out.pages
        .iter()
        .map(|(name, html)| (*name, dom::read(html, same)))
        .collect()
}

impl Reference {
    fn of(key: &str, out: Outputs) -> Self {
        Self {
            shapes: read_pages(key, &out),
            out,
        }
    }

    /// Compares, and says which fields came out of what.
    fn assert_same(&self, key: &str, text: &str, out: &Outputs) -> Covered {
        let mut covered = self.same_pages(key, text, out);
        covered.extend(self.same_files(text, out));
        covered.extend(self.same_mail(text, out));
        covered
    }

    fn same_pages(&self, key: &str, text: &str, out: &Outputs) -> Covered {
        let mut covered = Covered::new();
        for (name, found) in read_pages(key, out) {
            let wanted = &self.shapes[name];
            let different = dom::difference(&wanted.shape, &found.shape);
            assert!(
                different.is_none(),
                "{text:?} changed {name}: {}",
                different.unwrap()
            );
            assert_eq!(
                wanted.fields, found.fields,
                "{text:?} hid something on {name}"
            );
            covered.extend(covering(name, found.fields));
        }
        covered
    }

    fn same_files(&self, text: &str, out: &Outputs) -> Covered {
        let mut covered = Covered::new();
        for (name, csv) in &out.tables {
            let wanted = assert_no_formula(name, &self.out.tables[name]);
            assert_eq!(
                assert_no_formula(name, csv),
                wanted,
                "{text:?} changed the rows of {name}"
            );
            covered.extend(covering(name, dom::marks(csv)));
        }
        for (name, json) in &out.json {
            let _: serde_json::Value = serde_json::from_str(json).unwrap();
            covered.extend(covering(name, dom::marks(json)));
        }
        let (pb, _) = pb_file::read(out.pb.as_bytes())
            .unwrap_or_else(|faults| panic!("{text:?}: {faults:?}\n{}", out.pb));
        assert_eq!(
            (pb.projects.len(), pb.votes.len()),
            (2, 13),
            "{text:?} changed the Pabulib file"
        );
        covered.extend(covering("pb", dom::marks(&out.pb)));
        covered
    }

    fn same_mail(&self, text: &str, out: &Outputs) -> Covered {
        let mut covered = Covered::new();
        for (in_subject, in_text, found, wanted) in [
            ("subject", "mail-text", &out.mail, &self.out.mail),
            (
                "invitation-subject",
                "invitation-text",
                &out.invitation,
                &self.out.invitation,
            ),
        ] {
            assert_eq!(
                mail_shape(found),
                mail_shape(wanted),
                "{text:?} changed the mail"
            );
            let mail = Mail::read(found);
            assert_eq!(mail.header("To").matches('@').count(), 1, "{found}");
            let subject = mail.header("Subject");
            assert!(!subject.contains(['\r', '\n']), "{subject:?}");
            covered.extend(covering(in_subject, dom::marks(&subject)));
            covered.extend(covering(in_text, dom::marks(&mail.text)));
        }
        covered
    }
}

/// Fields, each with an output that it came out of.
type Covered = BTreeSet<(String, String)>;

fn covering(
    output: &str,
    fields: impl IntoIterator<Item = String>,
) -> impl Iterator<Item = (String, String)> {
    fields
        .into_iter()
        .map(move |field| (field, output.to_owned()))
}

async fn through_everything(backend: Backend, texts: Vec<String>) {
    let app = TestApp::start_with(backend, |config| config.disclosure.minimum = 1).await;
    app.add_staff().await;
    let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
    let mut references: BTreeMap<usize, Reference> = BTreeMap::new();
    let (mut covered, mut refused) = (BTreeSet::new(), Vec::new());
    walk(&app, &staff, "harmless", "harmless words")
        .await
        .unwrap();
    let listed = lists(&staff).await;
    let total = texts.len();
    for (number, text) in texts.into_iter().enumerate() {
        let key = format!("hostile-{number}");
        let Some(out) = walk(&app, &staff, &key, &text).await else {
            refused.push(text);
            continue;
        };
        let shape = paragraphs(&format!("{text}‹"));
        let reference = if let Some(known) = references.get(&shape) {
            known
        } else {
            let key = format!("harmless-{shape}");
            let harmless = vec!["harmless words "; shape].join("\n\n");
            let reference = walk(&app, &staff, &key, &harmless).await.unwrap();
            references
                .entry(shape)
                .or_insert(Reference::of(&key, reference))
        };
        covered.extend(reference.assert_same(&key, &text, &out));
    }
    let found: Vec<String> = lists(&staff).await.difference(&listed).cloned().collect();
    assert!(found.is_empty(), "on a page of all surveys: {found:?}");
    // Only what no page could show is refused: control characters.
    for text in &refused {
        assert!(
            text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')),
            "{text:?} was refused"
        );
    }
    let outputs: BTreeSet<&String> = covered.iter().map(|(_, output)| output).collect();
    let fields: BTreeSet<&String> = covered.iter().map(|(field, _)| field).collect();
    println!(
        "{total} strings, {} refused; {} fields, {} outputs, {} pairs of them",
        refused.len(),
        fields.len(),
        outputs.len(),
        covered.len()
    );
    let never: Vec<String> = survey::fields()
        .into_iter()
        .chain(["person", "address", "group"].map(str::to_owned))
        .filter(|field| !fields.contains(field))
        .collect();
    assert!(never.is_empty(), "these fields came out nowhere: {never:?}");
    assert!(outputs.len() >= 35, "{outputs:?}");
}

on_both_backends!(a_sample_comes_out_as_text, async |backend: Backend| {
    let sample = corpus::all().into_iter().step_by(40).collect();
    through_everything(backend, sample).await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: run tests/run"]
async fn every_string_comes_out_as_text() {
    through_everything(Backend::Sqlite, corpus::all()).await;
}
