//! Every page in every state that it has, narrow and wide: axe finds nothing, nothing scrolls
//! sideways, and nothing is heavy.

use super::{
    audit::Tour,
    samples::{self, KINDS},
};
use crate::support::{
    Backend, STAFF_EMAIL, TestApp,
    chromium::{Chromium, NARROW, Scripts, WIDE},
};

/// The same walk on a phone and on a laptop.
macro_rules! narrow_and_wide {
    ($name:ident, $walk:expr) => {
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs Chromium and axe: run tests/run"]
            async fn narrow() {
                ($walk)(tour(NARROW).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs Chromium and axe: run tests/run"]
            async fn wide() {
                ($walk)(tour(WIDE).await).await;
            }
        }
    };
}

pub(super) use narrow_and_wide;

pub async fn tour(width: u32) -> Tour {
    let app = TestApp::start(Backend::Sqlite).await;
    let window = Chromium::start(&app, width, Scripts::On).await;
    Tour::new(app, window)
}

narrow_and_wide!(a_survey, async |mut tour: Tour| {
    tour.app.load("co-production-attitudes").await;
    tour.visit("home-empty", "/").await;
    let key = tour.app.open("co-production-attitudes/now").await;
    tour.visit("home", "/").await;
    tour.visit("start-open", "/w/co-production-attitudes/now")
        .await;
    tour.window.press("Start").await;
    for number in 1..=7 {
        tour.window.sees(&format!("Question {number} of 7")).await;
        if number == 1 {
            tour.look("question-likert").await;
        }
        tour.window.choose("Not sure").await;
        tour.window.press("Continue").await;
    }
    tour.window.sees("Check your answers").await;
    tour.look("check").await;
    tour.visit(
        "question-likert-answered",
        "/w/co-production-attitudes/now/question/1?change=1",
    )
    .await;
    tour.visit(
        "check-in-polish",
        "/w/co-production-attitudes/now/check?lang=pl",
    )
    .await;
    tour.window
        .goto("/w/co-production-attitudes/now/check?lang=en")
        .await;
    tour.window.press("Send my answers").await;
    tour.window.sees("Thank you").await;
    tour.look("done").await;
    let receipt = crate::browser::receipt(&tour.window).await;
    tour.visit("start-counted", "/w/co-production-attitudes/now")
        .await;
    tour.visit("receipt-ask", "/receipt").await;
    tour.visit("receipt-found", &format!("/receipt?code={receipt}"))
        .await;
    tour.visit(
        "receipt-not-found",
        "/receipt?code=7K3M-0Q2R-9XTB-44HW-C1ZP",
    )
    .await;
    tour.visit("receipt-malformed", "/receipt?code=7K3M").await;
    samples::stop(&tour.app, &key).await;
    // Of this page's cookies one says that the browser is counted: the next comes without it.
    tour.window.goto("/w/co-production-attitudes/now").await;
    tour.window.client.delete_all_cookies().await.unwrap();
    tour.window.goto("/w/co-production-attitudes/now").await;
    tour.window.sees("This closed on").await;
    tour.look("start-closed").await;
    tour.end();
});

narrow_and_wide!(every_kind_of_question, async |mut tour: Tour| {
    tour.app.load_text(KINDS).await;
    tour.app.open("every-kind/now").await;
    tour.window.goto("/w/every-kind/now").await;
    tour.window.press("Start").await;
    let one = "Choose one answer.";
    for (kind, question, error, answer) in [
        ("likert", "The council listens", one, "Agree"),
        ("choice", "How old are you?", one, "30 and over"),
        (
            "ballot",
            "Which project should",
            "Choose at least one project.",
            "Sixty street trees",
        ),
    ] {
        tour.window.sees(question).await;
        tour.look(&format!("question-{kind}-required")).await;
        tour.window.press("Continue").await;
        tour.window.sees(error).await;
        tour.look(&format!("question-{kind}-error")).await;
        tour.window.choose(answer).await;
        tour.window.press("Continue").await;
    }
    tour.window.sees("Check your answers").await;
    tour.end();
});

narrow_and_wide!(all_questions_on_one_page, async |mut tour: Tour| {
    let text = KINDS
        .replace("one-question", "all-questions")
        .replace("every-kind", "at-once");
    tour.app.load_text(&text).await;
    let key = tour.app.open("at-once/now").await;
    tour.window.goto("/w/at-once/now").await;
    tour.window.press("Start").await;
    tour.window.sees("How old are you?").await;
    tour.look("questions").await;
    tour.window.choose("Twelve new benches").await;
    tour.window.choose("Sixty street trees").await;
    tour.window.press("Check your answers").await;
    tour.window.sees("You chose 2 projects").await;
    tour.look("questions-error").await;
    tour.window.choose("Agree").await;
    tour.window.choose("Under 30").await;
    tour.window.choose("Sixty street trees").await;
    tour.window.press("Check your answers").await;
    tour.window.sees("Check your answers").await;
    // Closed in the moment in which somebody presses the button: what they wrote is shown to them.
    samples::stop(&tour.app, &key).await;
    tour.window.press("Send my answers").await;
    tour.window.sees("Twelve new benches").await;
    tour.look("error-closed").await;
    tour.end();
});

narrow_and_wide!(a_ballot_with_a_code, async |mut tour: Tour| {
    use countmein::service::issue_codes;

    tour.app.load("citizen-priorities-knapsack").await;
    let key = tour.app.open("citizen-priorities-knapsack/now").await;
    let codes = issue_codes::issue(&tour.app.services, &crate::support::operator(), &key, 1)
        .await
        .unwrap();
    tour.visit("home-with-codes", "/").await;
    tour.visit("code", "/v").await;
    tour.window.type_into("#code", "7K3M-0Q2R").await;
    tour.window.press("Start").await;
    tour.window.sees("There is a problem").await;
    tour.look("code-error").await;
    tour.visit("start-code", "/w/citizen-priorities-knapsack/now")
        .await;
    tour.window.type_into("#code", "7K3M-0Q2R").await;
    tour.window.press("Start").await;
    tour.window.sees("There is a problem").await;
    tour.look("start-code-error").await;
    tour.window.type_into("#code", &codes[0].to_string()).await;
    tour.window.press("Start").await;
    tour.window.sees("How would you spend").await;
    tour.look("ballot").await;
    tour.end();
});

narrow_and_wide!(results, async |mut tour: Tour| {
    samples::publish_workshops(&tour.app).await;
    samples::open_ballot(&tour.app).await;
    tour.visit("home-with-results", "/").await;
    tour.visit("results-april", "/r/co-production-attitudes/april")
        .await;
    tour.window
        .run("document.querySelector('.result').scrollIntoView()")
        .await;
    tour.window.picture("results-april-first-statement").await;
    // The heaviest page of the demonstration: three waves beside each other.
    samples::open_survey(&tour.app).await;
    tour.visit("results-three-waves", "/r/co-production-attitudes/now")
        .await;
    tour.visit("results-ballot", "/r/citizen-priorities/now")
        .await;
    tour.end();
});

narrow_and_wide!(errors, async |mut tour: Tour| {
    tour.app.load("co-production-attitudes").await;
    tour.app.open("co-production-attitudes/now").await;
    tour.visit("error-not-found", "/nowhere").await;
    tour.visit("error-expired", "/w/co-production-attitudes/now/check")
        .await;
    tour.end();
});

narrow_and_wide!(staff, async |mut tour: Tour| {
    use countmein::service::{subscribe, wave_overview};

    tour.app.add_staff().await;
    samples::publish_workshops(&tour.app).await;
    let key = samples::open_ballot(&tour.app).await;
    tour.log_in(STAFF_EMAIL).await;
    tour.visit("staff-home", "/staff").await;
    tour.visit("staff-wave", "/staff/w/citizen-priorities/now")
        .await;
    tour.visit(
        "staff-wave-published",
        "/staff/w/co-production-attitudes/april",
    )
    .await;
    tour.visit("staff-wave-draft", "/staff/w/co-production-attitudes/now")
        .await;
    subscribe::subscribe(
        &tour.app.services,
        &crate::support::operator(),
        &key,
        "reader@example.org",
    )
    .await
    .unwrap();
    let overview = wave_overview::overview(&tour.app.services, &key)
        .await
        .unwrap();
    let token = &overview.subscribers[0].stop_token;
    tour.visit("unsubscribe", &format!("/mail/stop/{token}"))
        .await;
    tour.window.press("Stop the mails").await;
    tour.window.sees("You can close this page").await;
    tour.look("unsubscribed").await;
    tour.end();
});

narrow_and_wide!(record_and_people, async |mut tour: Tour| {
    use countmein::service::import_roll;

    tour.app.add_staff().await;
    tour.app.load("citizen-priorities-knapsack").await;
    let key = tour.app.open("citizen-priorities-knapsack/now").await;
    let roll = "/staff/w/citizen-priorities-knapsack/now/roll";
    tour.log_in(STAFF_EMAIL).await;
    tour.visit("roll-empty", roll).await;
    tour.window.type_into("#people", "name,address,,").await;
    tour.window.press("Put on the roll").await;
    tour.window.sees("There is a problem").await;
    tour.look("roll-error").await;
    let rows: Vec<String> = (1..=60)
        .map(|number| {
            format!(
                "Person with a name {number},\"{number} High Street, Leith\",,G{}",
                number % 3
            )
        })
        .collect();
    let csv = format!("name,address,email,group\n{}\n", rows.join("\n"));
    let services = &tour.app.services;
    import_roll::import(
        services,
        &crate::support::operator(),
        &key,
        csv.as_bytes(),
        false,
    )
    .await
    .unwrap();
    tour.visit("roll", roll).await;
    tour.window.type_into("#name", "name").await;
    tour.window.press("Find").await;
    tour.window.sees("60 people were found").await;
    tour.look("roll-found").await;
    tour.window.press("Next").await;
    tour.window.sees("Person with a name 60").await;
    tour.window.press("Remove Person with a name 60").await;
    tour.window.sees("off the roll?").await;
    tour.look("roll-remove").await;
    tour.window.press("Take this person off the roll").await;
    tour.window.sees("One person was taken off").await;
    tour.visit("audit", "/staff/audit").await;
    tour.visit("audit-fault", "/staff/audit?from=2026-05-01&to=2026-04-01")
        .await;
    tour.visit("audit-nothing", "/staff/audit?who=nobody%40example.org")
        .await;
    tour.visit("audit-verify", "/staff/audit/verify").await;
    tour.window.press("Check now").await;
    tour.window.sees("Nothing was altered").await;
    tour.look("audit-sound").await;
    tour.window.type_into("#head", "17").await;
    tour.window.press("Check now").await;
    tour.window.sees("is no head").await;
    tour.look("audit-head-error").await;
    tour.app
        .sql("DROP TRIGGER audit_event_no_update")
        .await
        .unwrap();
    tour.app
        .sql("UPDATE audit_event SET who = 'nobody' WHERE seq = 2")
        .await
        .unwrap();
    tour.window.goto("/staff/audit/verify").await;
    tour.window.press("Check now").await;
    tour.window.sees("Event 2 was altered").await;
    tour.look("audit-broken").await;
    tour.visit("privacy", "/staff/privacy").await;
    tour.window.type_into("#email", "reader@example.org").await;
    tour.window.press("Erase").await;
    tour.window.sees("Tick that you").await;
    tour.look("privacy-error").await;
    tour.window
        .client
        .find(fantoccini::Locator::Css("label[for=sure]"))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    tour.window.press("Erase").await;
    tour.window.sees("Erased").await;
    tour.look("privacy-erased").await;
    tour.end();
});

narrow_and_wide!(acts_of_two_people, async |mut tour: Tour| {
    use countmein::{
        domain::{
            id::Seq,
            two_person::{Reason, SensitiveAct},
        },
        service::{ask_two_person, import_counts, subscribe},
    };

    let [first, second] = tour.app.two_people().await;
    tour.app.load("co-production-attitudes").await;
    let key = tour.app.open("co-production-attitudes/april").await;
    let file = crate::support::repository_file("surveys/samples/co-production-attitudes-april.csv");
    import_counts::import(&tour.app.services, &second, &key, file.as_bytes(), false)
        .await
        .unwrap();
    subscribe::subscribe(&tour.app.services, &second, &key, "reader@example.org")
        .await
        .unwrap();
    tour.window.enter(&tour.app, "first@example.org").await;
    let base = "/staff/w/co-production-attitudes/april";
    tour.visit("staff-requests-none", "/staff/requests").await;
    for act in ["extend", "void", "sheet", "sheet?place=1"] {
        let name = format!("staff-ask-{}", act.replace("?place=1", "-rows"));
        tour.visit(&name, &format!("{base}/ask/{act}")).await;
    }
    tour.window
        .type_into("#reason", "The hall was counted twice")
        .await;
    tour.window.press("Ask for the replacement").await;
    tour.window.sees("There is a problem").await;
    tour.look("staff-ask-sheet-error").await;
    tour.window.goto(&format!("{base}/ask/void")).await;
    tour.window.press("Ask for the void").await;
    tour.window.sees("There is a problem").await;
    tour.look("staff-ask-void-error").await;
    tour.window.type_into("#entry", "1").await;
    tour.window
        .type_into("#reason", "The sheet is of another meeting")
        .await;
    tour.window.press("Ask for the void").await;
    tour.window.sees("You asked for this").await;
    let until = SensitiveAct::Extend {
        closes: tour.app.services.now() + std::time::Duration::from_hours(24 * 3650),
        reason: Reason::new("The letters went out late").unwrap(),
    };
    ask_two_person::ask(&tour.app.services, &second, &key, until)
        .await
        .unwrap();
    tour.visit("staff-requests", "/staff/requests").await;
    tour.visit("staff-wave-waiting", base).await;
    tour.window.goto("/staff/requests").await;
    tour.window.press("Confirm and do it").await;
    tour.window.sees("Confirmed and done by").await;
    tour.look("staff-requests-decided").await;
    let void = SensitiveAct::Void {
        entry: Seq(1),
        reason: Reason::new("As before").unwrap(),
    };
    assert!(
        ask_two_person::ask(&tour.app.services, &first, &key, void)
            .await
            .is_err(),
        "it waits already"
    );
    tour.visit("staff-close", &format!("{base}/close")).await;
    samples::stop(&tour.app, &key).await;
    tour.app.advance(countmein::domain::wave::DRAIN * 2);
    countmein::service::close_wave::close_due(&tour.app.services)
        .await
        .unwrap();
    tour.visit("staff-wave-closed", base).await;
    tour.visit("staff-ask-reopen", &format!("{base}/ask/reopen"))
        .await;
    tour.visit("staff-ask-publish", &format!("{base}/ask/publish"))
        .await;
    tour.end();
});

narrow_and_wide!(settings_of_a_draft, async |mut tour: Tour| {
    tour.app.two_people().await;
    tour.app.load("co-production-attitudes").await;
    tour.window.enter(&tour.app, "first@example.org").await;
    let edit = "/staff/w/co-production-attitudes/now/edit";
    tour.visit("staff-edit", edit).await;
    tour.window
        .run("document.querySelector('#closes').value = '2020-01-01T00:00'")
        .await;
    tour.window.press("Save").await;
    tour.window.sees("There is a problem").await;
    tour.look("staff-edit-error").await;
    tour.end();
});

narrow_and_wide!(screens, async |mut tour: Tour| {
    use countmein::domain::role::Role;

    tour.app.add_user("hall@example.org", Role::Projector).await;
    tour.window.enter(&tour.app, "hall@example.org").await;
    tour.visit("screens-none", "/staff/screen").await;
    samples::publish_workshops(&tour.app).await;
    samples::open_ballot(&tour.app).await;
    tour.visit("screens", "/staff/screen").await;
    let ballot = "/staff/screen/citizen-priorities/now";
    tour.visit("screen-take-part", ballot).await;
    for slide in 1..=2 {
        tour.visit(
            &format!("screen-slide-{slide}"),
            &format!("{ballot}?slide={slide}"),
        )
        .await;
    }
    tour.visit(
        "screen-published",
        "/staff/screen/co-production-attitudes/april?slide=3",
    )
    .await;
    tour.end();
});

narrow_and_wide!(codes_of_a_wave, async |mut tour: Tour| {
    use countmein::service::import_roll;

    tour.app.add_staff().await;
    tour.app.load("citizen-priorities-knapsack").await;
    let key = tour.app.open("citizen-priorities-knapsack/now").await;
    let codes = "/staff/w/citizen-priorities-knapsack/now/codes";
    tour.log_in(STAFF_EMAIL).await;
    tour.visit("codes-none", codes).await;
    tour.window.type_into("#count", "none").await;
    tour.window.press("Make voter cards").await;
    tour.window.sees("There is a problem").await;
    tour.look("codes-error").await;
    let roll = "name,address,email\nAnn Example,\"1 High Street, Leith\",\n\
                Ben Example,,ben@example.org\n";
    let services = &tour.app.services;
    import_roll::import(
        services,
        &crate::support::operator(),
        &key,
        roll.as_bytes(),
        false,
    )
    .await
    .unwrap();
    tour.visit("codes-roll", codes).await;
    tour.window.press("Make 1 letters").await;
    tour.window.sees("Open for printing").await;
    tour.window.press("Send 1 invitations").await;
    tour.window.sees("In the outbox").await;
    tour.look("codes-runs").await;
    tour.window
        .press("It is printed: forget the codes of run 1")
        .await;
    tour.window.sees("Handed over, and forgotten here").await;
    tour.end();
});

narrow_and_wide!(post_and_batches, async |mut tour: Tour| {
    use crate::support::paper::{accept, codes, coordinator, key_pile, keyer, open_attitudes};
    use countmein::{
        domain::keying::{Pass, SampledPlan},
        service::{open_batch, work_on_batch},
    };

    let key = open_attitudes(&tour.app).await;
    let cat = coordinator(&tour.app, "cat@x.org").await;
    let (ann, ben) = (
        keyer(&tour.app, "ann@x.org").await,
        keyer(&tour.app, "ben@x.org").await,
    );
    let codes = codes(&tour.app, &key, 60).await;
    let base = format!("/staff/w/{key}");
    tour.window.enter(&tour.app, "cat@x.org").await;
    tour.visit("staff-wave-post", &base).await;
    tour.visit("post-none", &format!("{base}/post")).await;
    tour.window.press("Open a mail bag and scan it").await;
    tour.window.sees("Ready for the first envelope").await;
    tour.look("bag-empty").await;
    for (name, code, words) in [
        ("bag-accepted", codes[0].to_string(), "1 accepted"),
        ("bag-before", codes[0].to_string(), "come by post before"),
        ("bag-unknown", "0000-0000-0000-0000".to_owned(), "REFUSED"),
        (
            "bag-error",
            "0000-0000-0000-0001".to_owned(),
            "typing error",
        ),
    ] {
        tour.window.type_into("#code", &format!("{code}\n")).await;
        tour.window.sees(words).await;
        tour.look(name).await;
    }
    accept(&tour.app, &cat, &key, &codes[1..]).await;
    tour.visit("post", &format!("{base}/post")).await;
    tour.visit("batches-none", &format!("{base}/batches")).await;
    tour.window.press("Open the batch").await;
    tour.window.sees("There is a problem").await;
    tour.look("batches-error").await;
    let services = &tour.app.services;
    let plan = SampledPlan::new(20, 1).unwrap();
    open_batch::choose_plan(services, &cat, &key, Some(plan))
        .await
        .unwrap();
    for (envelopes, sheets) in [(3, 3), (3, 4), (3, 3), (3, 3), (3, 3)] {
        open_batch::open(services, &cat, &key, envelopes, sheets)
            .await
            .unwrap();
    }
    let sheets = ["5432112", "=blank", "=spoilt"];
    key_pile(&tour.app, &ann, &key, 1, Pass::First, &sheets).await;
    key_pile(&tour.app, &ann, &key, 3, Pass::First, &sheets).await;
    work_on_batch::claim(&tour.app.services, &ben, &key, 3)
        .await
        .unwrap();
    work_on_batch::claim(&tour.app.services, &cat, &key, 4)
        .await
        .unwrap();
    tour.visit("batches", &format!("{base}/batches")).await;
    tour.visit(
        "batches-list",
        &format!("{base}/batches?state=first-keying"),
    )
    .await;
    for (name, number) in [("keyed", 1), ("in-doubt", 2), ("theirs", 3), ("mine", 4)] {
        let path = format!("{base}/batches/{number}");
        tour.visit(&format!("batch-{name}"), &path).await;
    }
    tour.window.press("Start the keying of batch 4 anew").await;
    tour.window.sees("There is a problem").await;
    tour.look("batch-error").await;
    tour.end();
});

narrow_and_wide!(many_batches, async |mut tour: Tour| {
    let key = crate::support::paper::open_attitudes(&tour.app).await;
    tour.app.add_staff().await;
    crate::web::post::many_batches(&tour.app, 500).await;
    tour.log_in(STAFF_EMAIL).await;
    let batches = format!("/staff/w/{key}/batches");
    tour.visit("batches-many", &batches).await;
    tour.visit(
        "batches-many-list",
        &format!("{batches}?state=first-keying&page=3"),
    )
    .await;
    tour.end();
});

narrow_and_wide!(statistics_of_keying, async |mut tour: Tour| {
    use crate::support::paper;
    use countmein::{domain::keying::Pass, service::open_batch};

    tour.app.add_staff().await;
    let key = paper::open_attitudes(&tour.app).await;
    let page = "/staff/w/co-production-attitudes/now/keying";
    tour.log_in(STAFF_EMAIL).await;
    tour.visit("staff-keying-none", page).await;
    let ann = paper::keyer(&tour.app, "ann@example.org").await;
    let ben = paper::keyer(&tour.app, "ben@example.org").await;
    let codes = paper::codes(&tour.app, &key, 3).await;
    paper::accept(&tour.app, &ann, &key, &codes).await;
    let number = open_batch::open(&tour.app.services, &ann, &key, 3, 3)
        .await
        .unwrap();
    let sheets = ["1234512", "5555555", "1111111"];
    paper::key_pile(&tour.app, &ann, &key, number, Pass::First, &sheets).await;
    paper::key_pile(&tour.app, &ben, &key, number, Pass::Second, &sheets).await;
    tour.visit("staff-keying", page).await;
    tour.end();
});
