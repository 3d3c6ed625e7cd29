//! A participant's way through a survey: start, questions, check, send, receipt.

use crate::support::{browsing::Browser, on_both};

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
        let overview = countmein::service::wave_overview::overview(&app.services, &key)
            .await
            .unwrap();
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

async fn answers(app: &crate::support::TestApp) -> Vec<String> {
    use countmein::store::entity::response;
    use sea_orm::EntityTrait;
    let rows = response::Entity::find()
        .all(&app.services.db)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.answers).collect()
}
