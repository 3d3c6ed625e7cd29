//! An orderly end finishes what it has accepted.

use std::sync::Arc;

use countmein::store::entity::response;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::{
    service::samples::open_attitudes,
    support::{browsing::Browser, on_both},
};

const WAVE: &str = "/w/co-production-attitudes/now";

on_both!(
    an_acknowledged_response_is_in_the_ledger_after_the_end,
    async |app: TestApp| {
        open_attitudes(&app).await;
        let mut people = Vec::new();
        for _ in 0..40 {
            let browser = Browser::new(&app);
            browser.post(&format!("{WAVE}/start"), &[]).await;
            let draft = browser.get(&format!("{WAVE}/check")).await.field("draft");
            people.push((Arc::new(browser), draft));
        }
        let sends: Vec<_> = people
            .into_iter()
            .map(|(browser, draft)| {
                tokio::spawn(async move {
                    let sent = browser
                        .try_post(&format!("{WAVE}/submit"), &[("draft", &draft)])
                        .await;
                    u64::from(sent.is_some_and(|page| page.status == 303))
                })
            })
            .collect();
        tokio::task::yield_now().await;
        let url = app.config.database_url();
        let _folder = app.stop().await;
        let mut acknowledged = 0;
        for send in sends {
            acknowledged += send.await.unwrap();
        }
        let db = countmein::store::connect(&url).await.unwrap();
        let counted = response::Entity::find().count(&db).await.unwrap();
        assert!(
            counted >= acknowledged,
            "{acknowledged} were thanked and {counted} counted"
        );
    }
);
