//! Results: as a page, as JSON, as a table, and not before their time.

use countmein::service::{close_wave, import_counts, import_responses};

use crate::support::{TestApp, browsing::Browser, on_both, operator, repository_file};

async fn publish_workshops(app: &TestApp) {
    app.load("co-production-attitudes").await;
    for wave in ["january", "april"] {
        let key = app.open(&format!("co-production-attitudes/{wave}")).await;
        let file = repository_file(&format!(
            "surveys/samples/co-production-attitudes-{wave}.csv"
        ));
        import_counts::import(&app.services, &operator(), &key, file.as_bytes(), false)
            .await
            .unwrap();
        close_wave::stop_collecting(&app.services, &operator(), &key)
            .await
            .unwrap();
        close_wave::close(&app.services, &operator(), &key)
            .await
            .unwrap();
        app.publish(&key).await;
    }
}

on_both!(january_stands_beside_april, async |app: TestApp| {
    publish_workshops(&app).await;
    let browser = Browser::new(&app);
    let page = browser.get("/r/co-production-attitudes/april").await;
    assert_eq!(page.status, 200);
    for part in [
        "January 2012",
        "April 2012",
        "85 people",
        "<svg",
        "<table",
        "Net agreement",
    ] {
        assert!(page.body.contains(part), "no {part} in {}", page.body);
    }
    // Whoever came: the sentence about it cannot be switched off.
    assert!(
        page.body.contains("who chose to take part"),
        "{}",
        page.body
    );
    let json = browser
        .get("/r/co-production-attitudes/april/report.json")
        .await;
    let report: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(report["turnout"]["people"], 85);
    assert_eq!(report["beside"][0]["name"], "january");
    assert_eq!(report["items"][5]["figures"]["net"]["points"], 1);
    assert_eq!(
        report["beside"][0]["items"][5]["figures"]["net"]["points"],
        -50
    );
    let csv = browser
        .get("/r/co-production-attitudes/april/table.csv")
        .await;
    assert!(csv.body.lines().count() > 35, "{}", csv.body);
});

on_both!(
    a_wave_says_what_changed_since_the_one_before,
    async |app: TestApp| {
        publish_workshops(&app).await;
        let browser = Browser::new(&app);
        let page = browser.get("/r/co-production-attitudes/april").await;
        assert!(page.body.contains("What changed since January 2012"));
        assert_eq!(page.body.matches("Higher: people agree more").count(), 1);
        assert_eq!(page.body.matches("Lower: people agree less").count(), 1);
        assert_eq!(page.body.matches(">No clear change<").count(), 5);
        assert!(page.body.contains("+23 (+8 to +36)"), "{}", page.body);
        assert!(page.body.contains("0.35, divided"), "{}", page.body);
        let earlier = browser.get("/r/co-production-attitudes/january").await;
        assert!(!earlier.body.contains("What changed since"));
        let csv = browser
            .get("/r/co-production-attitudes/april/changes.csv")
            .await;
        assert!(csv.body.contains(",higher"), "{}", csv.body);
        let more = browser.get("/r/co-production-attitudes/april/more").await;
        // Within the tolerance of a bootstrap, the range is that of the reconstruction.
        assert!(more.body.contains("0.35 ("), "{}", more.body);
        assert!(more.body.contains("Interpolated median"));
    }
);

on_both!(
    a_ballot_is_ranked_and_funded_within_its_budget,
    async |app: TestApp| {
        app.load("citizen-priorities").await;
        let key = app.open("citizen-priorities/now").await;
        let file = repository_file("surveys/samples/citizen-priorities.csv");
        let options = import_responses::Options::default();
        import_responses::import(&app.services, &operator(), &key, file.as_bytes(), options)
            .await
            .unwrap();
        let browser = Browser::new(&app);
        let page = browser.get("/r/citizen-priorities/now").await;
        for part in ["£150,000", "Online", "Post", "Meeting", "in steps of 10"] {
            assert!(page.body.contains(part), "no {part} in {}", page.body);
        }
        let json = browser.get("/r/citizen-priorities/now/report.json").await;
        let report: serde_json::Value = serde_json::from_str(&json.body).unwrap();
        let ballot = &report["items"][1]["figures"];
        let projects = ballot["projects"].as_array().unwrap();
        let votes: Vec<u64> = projects
            .iter()
            .map(|p| p["votes"].as_u64().unwrap())
            .collect();
        assert!(votes.is_sorted_by(|a, b| a >= b), "{votes:?}");
        let spent: u64 = projects
            .iter()
            .filter(|project| project["outcome"]["code"] == "funded")
            .map(|project| project["cost"].as_u64().unwrap())
            .sum();
        assert_eq!(ballot["spent"], spent);
        assert!(spent <= ballot["budget"].as_u64().unwrap());
    }
);

on_both!(few_answers_are_kept_back, async |app: TestApp| {
    app.load("co-production-attitudes").await;
    let key = app.open("co-production-attitudes/january").await;
    let counts = "channel,item,option,count\nmeeting,people,,9\nmeeting,s1,agree,8\n\
                  meeting,s1,disagree,1\n";
    import_counts::import(&app.services, &operator(), &key, counts.as_bytes(), false)
        .await
        .unwrap();
    close_wave::stop_collecting(&app.services, &operator(), &key)
        .await
        .unwrap();
    close_wave::close(&app.services, &operator(), &key)
        .await
        .unwrap();
    app.publish(&key).await;
    let browser = Browser::new(&app);
    let json = browser
        .get("/r/co-production-attitudes/january/report.json")
        .await;
    assert!(json.body.contains("\"withheld\""), "{}", json.body);
    assert!(!json.body.contains("\"points\""), "{}", json.body);
    let page = browser.get("/r/co-production-attitudes/january").await;
    assert!(!page.body.contains("class=\"chart"), "{}", page.body);
});
