//! Who could learn what somebody else keyed, or whether they agree, before both are done.

use countmein::{
    domain::{
        audit::Actor,
        key::WaveKey,
        keying::{Pass, SampledPlan, StateName},
        two_person::Reason,
    },
    service::{batch_at_work, key_sheet::Kept, open_batch, work_on_batch},
};

use crate::support::{
    TestApp,
    browsing::Browser,
    on_both,
    paper::{
        accept, codes, coordinator, key_one, key_pile, keyer, open_attitudes, random_id, typed,
    },
};

on_both!(
    a_form_of_differences_tells_a_second_keyer_nothing,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let ann = keyer(&app, "ann@x.org").await;
        // Keys the second time, and could decide elsewhere.
        let cat = coordinator(&app, "cat@x.org").await;
        let codes = codes(&app, &key, 1).await;
        accept(&app, &ann, &key, &codes).await;
        let s = &app.services;
        let number = open_batch::open(s, &cat, &key, 1, 1).await.unwrap();
        key_pile(&app, &ann, &key, number, Pass::First, &["1234512"]).await;
        work_on_batch::claim(s, &cat, &key, number).await.unwrap();
        key_one(&app, &cat, &key, number, typed(Pass::Second, 1, "1234511"))
            .await
            .unwrap();
        let browser = Browser::of_staff(&app, "cat@x.org").await;
        let path = format!("/staff/w/{key}/batches/{number}/differences");
        let mut answers = Vec::new();
        for place in ["p0", "p6"] {
            let client = random_id();
            let mut fields = vec![("sheet", "1"), ("seen", "0"), ("client", client.as_str())];
            fields.extend(["p0", "p1", "p2", "p3", "p4", "p5", "p6"].map(|field| {
                if field == place {
                    (field, "x")
                } else {
                    (field, "1")
                }
            }));
            let page = browser.post(&path, &fields).await;
            answers.push((page.status, page.body));
        }
        assert_eq!(answers[0], answers[1], "the places differ and agree");
        assert_eq!(answers[0].0, 409);
    }
);

/// A batch of two sheets whose sample, one of them, was decided on and had too many errors. Returns its
/// number and the sheet that was drawn.
async fn turned_down(app: &TestApp, key: &WaveKey, [ann, ben, cat]: [&Actor; 3]) -> (u32, u32) {
    let codes = codes(app, key, 2).await;
    accept(app, ann, key, &codes).await;
    let s = &app.services;
    let plan = SampledPlan::new(50, 0).unwrap();
    open_batch::choose_plan(s, cat, key, Some(plan))
        .await
        .unwrap();
    let number = open_batch::open(s, cat, key, 2, 2).await.unwrap();
    let sheets = ["1234512", "1234512"];
    let batch = key_pile(app, ann, key, number, Pass::First, &sheets).await;
    let drawn = batch.state.papers().wanted().into_iter().next().unwrap();
    for (who, pass) in [(ben, Pass::Second), (cat, Pass::Decision)] {
        work_on_batch::claim(s, who, key, number).await.unwrap();
        key_one(app, who, key, number, typed(pass, drawn, "4234512"))
            .await
            .unwrap();
        work_on_batch::finish_pass(s, who, key, number, pass, 2)
            .await
            .unwrap();
    }
    (number, drawn)
}

on_both!(
    what_was_decided_in_a_sample_is_not_before_its_keyer_again,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let ann = keyer(&app, "ann@x.org").await;
        let ben = keyer(&app, "ben@x.org").await;
        let cat = coordinator(&app, "cat@x.org").await;
        let (number, drawn) = turned_down(&app, &key, [&ann, &ben, &cat]).await;
        let s = &app.services;
        let base = format!("/staff/w/{key}/batches/{number}");
        let browser = Browser::of_staff(&app, "ben@x.org").await;
        let batch = work_on_batch::claim(s, &ben, &key, number).await.unwrap();
        assert_eq!(StateName::of(&batch.state), StateName::SecondKeying);
        let desk = browser.get(&format!("{base}/key")).await;
        assert!(!desk.body.contains("4234512"), "{}", desk.body);
        let sheet = browser.get(&format!("{base}/key?sheet={drawn}")).await;
        assert_eq!(sheet.status, 404);
        // What a round was drawn by says nothing of the next.
        let page = browser.get(&base).await;
        let sample = batch.state.papers().sample.clone().unwrap();
        assert!(page.body.contains(&sample.seed_of(1)), "{}", page.body);
        assert!(!page.body.contains(&sample.seed), "{}", page.body);
        let reason = Reason::new("Sheets were mixed up").unwrap();
        work_on_batch::restart(s, &cat, &key, number, reason)
            .await
            .unwrap();
        let page = browser.get(&base).await;
        assert!(!page.body.contains("Drawn by"), "{}", page.body);
        // A window of the round before ends nothing of this one.
        work_on_batch::claim(s, &ann, &key, number).await.unwrap();
        let browser = Browser::of_staff(&app, "ann@x.org").await;
        let old = [("round", "1"), ("pass", "first"), ("found", "2")];
        let ended = browser.post(&format!("{base}/finish"), &old).await;
        assert_eq!(ended.status, 409, "{}", ended.body);
        let (_, batch) = batch_at_work::find(s, &key, number).await.unwrap();
        assert_eq!(StateName::of(&batch.state), StateName::FirstKeying);
    }
);

on_both!(
    a_first_keying_is_not_probed_by_whoever_keys_second,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let (ann, ben) = (
            keyer(&app, "ann@x.org").await,
            keyer(&app, "ben@x.org").await,
        );
        let codes = codes(&app, &key, 2).await;
        accept(&app, &ann, &key, &codes).await;
        let s = &app.services;
        let number = open_batch::open(s, &ann, &key, 2, 2).await.unwrap();
        work_on_batch::claim(s, &ann, &key, number).await.unwrap();
        key_one(&app, &ann, &key, number, typed(Pass::First, 1, "1234512"))
            .await
            .unwrap();
        work_on_batch::release(s, &ann, &key, number).await.unwrap();
        // Takes the pile, saves nothing, and would key it the second time.
        work_on_batch::claim(s, &ben, &key, number).await.unwrap();
        let probe = typed(Pass::First, 1, "1111111");
        let told = key_one(&app, &ben, &key, number, probe).await.unwrap();
        assert_eq!(told, Kept::Overtaken { revision: 1 });
        // Whoever has a part in it is shown both versions, and keys it no second time.
        let own = typed(Pass::First, 2, "1111111");
        key_one(&app, &ben, &key, number, own).await.unwrap();
        let probe = typed(Pass::First, 1, "1111111");
        let told = key_one(&app, &ben, &key, number, probe).await.unwrap();
        assert!(matches!(told, Kept::Stale { revision: 1, .. }), "{told:?}");
        work_on_batch::finish_pass(s, &ben, &key, number, Pass::First, 2)
            .await
            .unwrap();
        assert!(work_on_batch::claim(s, &ben, &key, number).await.is_err());
    }
);
