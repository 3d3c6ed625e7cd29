//! The service in a real browser: narrow, without scripts, with the keyboard alone, and as tools for
//! accessibility see it. These tests need Chromium: `tests/run` brings it.

mod accounts;
mod audit;
mod ballots;
mod codes;
mod keyboard;
mod keying;
mod pages;
mod post;
mod print;
mod samples;
mod survey;
mod without_encryption;

use countmein::{domain::key::WaveKey, service::wave_overview};

use crate::support::{TestApp, chromium::Chromium};

/// Asserts that this many people are counted in a wave, and that its books balance.
async fn assert_counted(app: &TestApp, key: &WaveKey, people: u64) {
    let overview = wave_overview::overview(&app.services, key).await.unwrap();
    assert_eq!(overview.people, people);
    assert!(
        overview.conservation.balances(),
        "{}",
        overview.conservation
    );
}

/// The receipt on the page.
async fn receipt(window: &Chromium) -> String {
    window.find(".receipt").await.text().await.unwrap()
}

/// Every stored response, in the layout of its survey.
async fn stored(app: &TestApp) -> Vec<String> {
    use countmein::store::entity::response;
    use sea_orm::EntityTrait;
    let rows = response::Entity::find()
        .all(&app.services.db)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.answers).collect()
}
