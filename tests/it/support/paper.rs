//! Paper on its way through the use cases: people, codes, envelopes and piles of sheets.

use countmein::{
    domain::{
        access_code::AccessCode,
        audit::Actor,
        envelope::{Arrival, EnvelopeOutcome},
        id::MailBagId,
        key::WaveKey,
        keying::{Batch, ClientId, Pass},
        role::Role,
    },
    service::{
        change_batch::PaperError,
        key_sheet::{self, Kept, Typed},
        make_codes::{self, Wanted},
        print_codes,
        receive_envelope::{self, Presented, Received},
        work_on_batch,
    },
};

use super::{TestApp, operator, repository_file};

/// The workshop's seven statements, in one wave by code on all channels that takes paper.
pub fn attitudes_by_code() -> String {
    let file = repository_file("surveys/co-production-attitudes.toml");
    let (waves, last) = file.rsplit_once("access = \"open\"").unwrap();
    format!("{waves}access = \"code\"{last}")
}

/// A wave by code of the seven statements, open.
pub async fn open_attitudes(app: &TestApp) -> WaveKey {
    app.load_text(&attitudes_by_code()).await;
    app.open("co-production-attitudes/now").await
}

pub async fn keyer(app: &TestApp, email: &str) -> Actor {
    let id = app.add_user(email, Role::Keyer).await;
    Actor::staff(id, email, Role::Keyer, "")
}

pub async fn coordinator(app: &TestApp, email: &str) -> Actor {
    let id = app.add_user(email, Role::Coordinator).await;
    Actor::staff(id, email, Role::Coordinator, "")
}

pub async fn codes(app: &TestApp, key: &WaveKey, count: usize) -> Vec<AccessCode> {
    let made = make_codes::make(&app.services, &operator(), key, Wanted::List(count))
        .await
        .unwrap();
    let opened = print_codes::open(&app.services, &operator(), key, made.run)
        .await
        .unwrap();
    opened.entries.into_iter().map(|entry| entry.code).collect()
}

pub fn random_id() -> ClientId {
    ClientId::new(&format!("{:032x}", rand::random::<u128>())).unwrap()
}

pub async fn bag(app: &TestApp, who: &Actor, key: &WaveKey, arrival: Arrival) -> MailBagId {
    receive_envelope::open_bag(&app.services, who, key, arrival)
        .await
        .unwrap()
}

pub async fn scan(
    app: &TestApp,
    who: &Actor,
    key: &WaveKey,
    bag: MailBagId,
    code: &AccessCode,
) -> Received {
    let presented = Presented::Code {
        typed: code.to_string(),
        is_second: false,
    };
    receive_envelope::receive(&app.services, who, key, bag, random_id(), presented)
        .await
        .unwrap()
}

/// Envelopes with these codes, all of which are accepted.
pub async fn accept(app: &TestApp, who: &Actor, key: &WaveKey, codes: &[AccessCode]) {
    let bag = bag(app, who, key, Arrival::InTime).await;
    for code in codes {
        let received = scan(app, who, key, bag, code).await;
        assert_eq!(received, Received::Noted(EnvelopeOutcome::Accepted));
    }
}

pub fn typed(pass: Pass, sheet: u32, content: &str) -> Typed {
    Typed {
        pass,
        sheet,
        seen: 0,
        content: content.to_owned(),
        seconds: 9,
        client: random_id(),
    }
}

pub async fn key_one(
    app: &TestApp,
    who: &Actor,
    key: &WaveKey,
    batch: u32,
    typed: Typed,
) -> Result<Kept, PaperError> {
    key_sheet::key(&app.services, who, key, batch, typed).await
}

/// Takes a pile, keys all of it and comes to its end.
pub async fn key_pile(
    app: &TestApp,
    who: &Actor,
    key: &WaveKey,
    batch: u32,
    pass: Pass,
    sheets: &[&str],
) -> Batch {
    work_on_batch::claim(&app.services, who, key, batch)
        .await
        .unwrap();
    for (sheet, content) in (1..).zip(sheets) {
        let kept = key_one(app, who, key, batch, typed(pass, sheet, content))
            .await
            .unwrap();
        assert_eq!(kept, Kept::As { revision: 1 });
    }
    let found = u32::try_from(sheets.len()).unwrap();
    work_on_batch::finish_pass(&app.services, who, key, batch, pass, found)
        .await
        .unwrap()
}
