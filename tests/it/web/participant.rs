//! A participant's way through a survey: start, questions, check, send, receipt.

use countmein::service::wave_overview;

use crate::{
    service::samples::open_attitudes,
    support::{browsing::Browser, on_both},
};

const WAVE: &str = "/w/co-production-attitudes/now";

on_both!(
    a_survey_is_answered_changed_and_counted_once,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        let key = app.open("co-production-attitudes/now").await;
        let browser = Browser::new(&app);
        assert_eq!(browser.get(WAVE).await.status, 200);
        let mut page = browser.post_and_follow(&format!("{WAVE}/start"), &[]).await;
        for number in 1..=7 {
            assert!(
                page.body.contains(&format!("Question {number} of 7")),
                "{}",
                page.body
            );
            let field = format!("a.s{number}");
            page = browser
                .post_and_follow(
                    &format!("{WAVE}/question/{number}"),
                    &[(&field, "agree"), ("go", "next")],
                )
                .await;
        }
        assert!(page.body.contains("Check your answers"), "{}", page.body);
        // Change one.
        let page = browser.get(&format!("{WAVE}/question/6?change=1")).await;
        assert!(page.body.contains("Question 6 of 7"));
        let page = browser
            .post_and_follow(
                &format!("{WAVE}/question/6"),
                &[("a.s6", "disagree"), ("go", "check")],
            )
            .await;
        assert!(page.body.contains("Check your answers"), "{}", page.body);
        let draft = page.field("draft");
        let submit = format!("{WAVE}/submit");
        let done = browser.post_and_follow(&submit, &[("draft", &draft)]).await;
        let receipt = done.receipt();
        // Pressing twice, and coming back, shows the same receipt and counts nothing more.
        let again = browser.post_and_follow(&submit, &[("draft", &draft)]).await;
        assert_eq!(again.receipt(), receipt);
        assert_eq!(browser.get(WAVE).await.receipt(), receipt);
        let elsewhere = Browser::new(&app).post(&submit, &[("draft", &draft)]).await;
        assert_eq!(elsewhere.receipt(), receipt);
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.people, 1);
        assert!(
            overview.conservation.balances(),
            "{}",
            overview.conservation
        );
        let stored: Vec<String> = answers(&app).await;
        assert_eq!(stored, ["2222242"]);
        let page = browser.get(&format!("/receipt?code={receipt}")).await;
        assert!(page.body.contains("2 March 2026"), "{}", page.body);
    }
);

on_both!(
    a_change_after_sending_is_not_thanked_for,
    async |app: TestApp| {
        let key = open_attitudes(&app).await;
        let browser = Browser::new(&app);
        browser.post(&format!("{WAVE}/start"), &[]).await;
        let first = browser.get(&format!("{WAVE}/check")).await.field("draft");
        browser
            .post(&format!("{WAVE}/question/1"), &[("a.s1", "agree")])
            .await;
        let second = browser.get(&format!("{WAVE}/check")).await.field("draft");
        let submit = format!("{WAVE}/submit");
        let thanked = browser.post_and_follow(&submit, &[("draft", &first)]).await;
        assert!(thanked.body.contains("Thank you"), "{}", thanked.body);
        let page = browser.post(&submit, &[("draft", &second)]).await;
        assert!(
            page.body.contains("Answers sent later are not counted"),
            "{}",
            page.body
        );
        assert_eq!(page.receipt(), thanked.receipt());
        let again = browser.post_and_follow(&submit, &[("draft", &first)]).await;
        assert!(again.body.contains("Thank you"), "{}", again.body);
        // An old page of the visit leads to the receipt as well.
        let fields = [("a.s2", "agree"), ("draft", first.as_str())];
        let old = browser
            .post_and_follow(&format!("{WAVE}/question/2"), &fields)
            .await;
        assert_eq!(old.receipt(), thanked.receipt());
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        assert_eq!(overview.people, 1);
        assert_eq!(answers(&app).await, ["-------"]);
    }
);

async fn answers(app: &crate::support::TestApp) -> Vec<String> {
    use countmein::store::entity::response;
    use sea_orm::EntityTrait;
    let rows = response::Entity::find()
        .all(&app.services.db)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.answers).collect()
}
