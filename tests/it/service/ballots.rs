//! Ballots that a rule other than greedy decides: when the wave closes, from single ballots.

use std::{fmt::Write as _, time::Duration};

use countmein::{
    domain::{
        key::{OptionKey, WaveKey},
        survey_file,
        wave::DRAIN,
    },
    service::{
        close_wave, import_counts, import_responses, load_survey,
        report::{self, Reader},
    },
    tally::report::{BallotFigures, Figures, Outcome},
};

use crate::support::{TestApp, browsing::Browser, on_both, operator};

/// Three projects for 100 pounds: most people want the first two, which together cost all of it.
const SURVEY: &str = r#"key = "square"
languages = ["en"]
title = { en = "The square" }
intro = { en = "One question." }

[[item]]
key = "what"
kind = "ballot"
text = { en = "What comes first?" }
budget = 100
currency = "GBP"
method = "approval"
limit = 3
rule = "RULE"

[[item.project]]
key = "trees"
text = { en = "Trees" }
cost = 50

[[item.project]]
key = "benches"
text = { en = "Benches" }
cost = 50

[[item.project]]
key = "ramp"
text = { en = "A ramp" }
cost = 40

[[wave]]
name = "now"
title = { en = "Now" }
opens = 2026-01-01T00:00:00Z
closes = 2027-01-01T00:00:00Z
access = "open"
channels = ["online", "postal", "meeting"]
frame = "open"
results = "live"
"#;

async fn voted(app: &TestApp, rule: &str) -> WaveKey {
    let plan = survey_file::read(&SURVEY.replace("RULE", rule))
        .unwrap()
        .plan;
    load_survey::load(&app.services, &operator(), plan)
        .await
        .unwrap();
    let key = app.open("square/now").await;
    let mut file = String::from("ref,channel,what\n");
    let ballots = std::iter::repeat_n("trees benches", 12)
        .chain(["trees"])
        .chain(std::iter::repeat_n("ramp", 8));
    for (number, ballot) in ballots.enumerate() {
        let _ = writeln!(file, "r{number},postal,{ballot}");
    }
    let options = import_responses::Options::default();
    import_responses::import(&app.services, &operator(), &key, file.as_bytes(), options)
        .await
        .unwrap();
    key
}

async fn add_sheet(app: &TestApp, key: &WaveKey) {
    let sheet = "channel,item,option,count\nmeeting,people,,15\nmeeting,what,trees,0\n\
                 meeting,what,benches,15\nmeeting,what,ramp,2\n";
    import_counts::import(&app.services, &operator(), key, sheet.as_bytes(), false)
        .await
        .unwrap();
}

async fn close(app: &TestApp, key: &WaveKey) {
    close_wave::stop_collecting(&app.services, &operator(), key)
        .await
        .unwrap();
    app.advance(DRAIN + Duration::from_millis(1));
    close_wave::close(&app.services, &operator(), key)
        .await
        .unwrap();
}

async fn ballot(app: &TestApp, key: &WaveKey) -> BallotFigures {
    let published = report::of_wave(&app.services, key, Reader::Staff)
        .await
        .unwrap();
    match &published.report().items[0].figures {
        Figures::Ballot(ballot) => ballot.clone(),
        other => panic!("not a ballot: {other:?}"),
    }
}

fn outcomes(ballot: &BallotFigures) -> Vec<(&str, bool)> {
    ballot
        .projects
        .iter()
        .map(|project| (project.key.as_str(), project.outcome.is_funded()))
        .collect()
}

on_both!(
    equal_shares_decide_when_the_wave_closes,
    async |app: TestApp| {
        let key = voted(&app, "equal-shares").await;
        let open = ballot(&app, &key).await;
        assert!(!open.decided && open.analysis.is_none());
        assert!(
            open.projects
                .iter()
                .all(|project| project.outcome == Outcome::Undecided)
        );
        let page = Browser::new(&app).get("/r/square/now").await;
        assert!(page.body.contains("applied when the vote closes"));
        assert!(!page.body.contains("Funded projects</h3>"));
        close(&app, &key).await;
        let closed = ballot(&app, &key).await;
        // Trees first (13 effective votes), then the ramp for the eight who wanted nothing else.
        assert_eq!(
            outcomes(&closed),
            [("trees", true), ("ramp", true), ("benches", false)]
        );
        assert_eq!((closed.spent.minor(), closed.left_out), (9_000, 0));
        let price = closed.projects[0].price.as_ref().unwrap();
        assert_eq!(
            (price.per_supporter.as_str(), price.effective_votes.as_str()),
            ("3.85", "13.00")
        );
        let analysis = closed.analysis.as_ref().unwrap();
        let people = analysis.people.as_ref().unwrap();
        assert_eq!((people.voters, people.without_winner), (21, 0));
        let greedy = &analysis.rules[1];
        let winners: Vec<&str> = greedy.winners.iter().map(OptionKey::as_str).collect();
        assert_eq!(winners, ["trees", "benches"]);
        assert_eq!(greedy.people.without_winner, 8);
        app.publish(&key).await;
        let browser = Browser::new(&app);
        let page = browser.get("/r/square/now").await;
        for part in [
            "Equal shares",
            "Effective votes",
            "3.85",
            "other rules",
            "Most votes first",
        ] {
            assert!(page.body.contains(part), "no {part} in {}", page.body);
        }
        let more = browser.get("/r/square/now/more").await;
        assert!(
            more.body.contains("How sure is the outcome?"),
            "{}",
            more.body
        );
        assert!(more.body.contains("not part of the result"));
    }
);

on_both!(
    raised_hands_count_for_greedy_and_are_left_out_of_equal_shares,
    async |app: TestApp| {
        let key = voted(&app, "equal-shares").await;
        add_sheet(&app, &key).await;
        close(&app, &key).await;
        let shares = ballot(&app, &key).await;
        assert_eq!(shares.left_out, 15);
        assert_eq!(shares.projects[0].key.as_str(), "trees");
        // All votes are shown, those of the sheet too.
        let benches = shares.projects.iter().find(|p| p.key.as_str() == "benches");
        assert_eq!(benches.unwrap().votes, 27);
        let page = Browser::new(&app).get("/r/square/now").await;
        assert!(page.body.contains("15 people on count sheets are left out"));
    }
);

on_both!(greedy_counts_every_hand, async |app: TestApp| {
    let key = voted(&app, "greedy").await;
    add_sheet(&app, &key).await;
    close(&app, &key).await;
    let greedy = ballot(&app, &key).await;
    assert_eq!(
        outcomes(&greedy),
        [("benches", true), ("trees", true), ("ramp", false)]
    );
    assert_eq!(greedy.left_out, 0);
    let analysis = greedy.analysis.as_ref().unwrap();
    // Nobody knows which hands belong together, so nothing is said about people.
    assert!(analysis.people.is_none() && analysis.repeats.is_none());
    let ramp = analysis.losers.iter().find(|l| l.key.as_str() == "ramp");
    // Ten votes against thirteen: level with the trees it comes first, being cheaper, and both fit no
    // longer.
    let needed = countmein::tally::report::Needed::Found {
        value: 3,
        exact: true,
    };
    assert_eq!(ramp.unwrap().more_votes, needed);
});
