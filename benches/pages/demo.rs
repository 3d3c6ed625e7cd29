//! What `countmein demo` shows, filled without its waiting: the clock is ours.

use std::sync::Arc;

use countmein::{
    app::App,
    clock::{FrozenClock, Randomness},
    config::Config,
    domain::{
        audit::Actor, channel::Channel, key::WaveKey, receipt::VisitToken, role::Role, survey_file,
        two_person::SensitiveAct, wave::DRAIN,
    },
    service::{
        Services, add_user, ask_two_person, close_wave, confirm_two_person, import_counts,
        import_responses::{self, Options},
        load_survey, lookup, open_wave,
    },
    store::ledger::{Appended, Arrival, NewResponse},
};
use time::macros::datetime;

/// Confirms what the first asks for.
const SECOND: &str = "bench-second@example.org";
pub const STAFF: (&str, &str) = ("bench@example.org", "a few quiet words");

macro_rules! surveys {
    ($file:literal) => {
        include_str!(concat!("../../surveys/", $file))
    };
}

const SURVEYS: [&str; 3] = [
    surveys!("co-production-attitudes.toml"),
    surveys!("citizen-priorities.toml"),
    surveys!("citizen-priorities-knapsack.toml"),
];

const WORKSHOPS: [(&str, &str); 2] = [
    (
        "co-production-attitudes/january",
        surveys!("samples/co-production-attitudes-january.csv"),
    ),
    (
        "co-production-attitudes/april",
        surveys!("samples/co-production-attitudes-april.csv"),
    ),
];

/// An open wave, its responses and one more of them as the ledger has it.
pub struct OpenWave {
    pub key: &'static str,
    csv: &'static str,
    answers: &'static str,
}

pub const ATTITUDES: OpenWave = OpenWave {
    key: "co-production-attitudes/now",
    csv: surveys!("samples/co-production-attitudes-now.csv"),
    answers: "2222242",
};

pub const PRIORITIES: OpenWave = OpenWave {
    key: "citizen-priorities/now",
    csv: surveys!("samples/citizen-priorities.csv"),
    answers: "3110010000001",
};

pub async fn start(config: Config) -> App {
    let clock = Arc::new(FrozenClock::at(datetime!(2026-03-02 12:00 UTC).into()));
    let randomness = Arc::new(Randomness::from_system());
    let app = App::start_with(config, clock.clone(), randomness)
        .await
        .expect("an app");
    let services = &app.services;
    for file in SURVEYS {
        let plan = survey_file::read(file).expect("a survey").plan;
        load_survey::load(services, &crate::common::operator(), plan)
            .await
            .expect("a survey");
    }
    let people = [
        staff(services, STAFF.0).await,
        staff(services, SECOND).await,
    ];
    for (name, csv) in WORKSHOPS {
        let key = open(services, name).await;
        import_counts::import(
            services,
            &crate::common::operator(),
            &key,
            csv.as_bytes(),
            false,
        )
        .await
        .expect("counts");
        let closes = close_wave::stop_collecting(services, &crate::common::operator(), &key)
            .await
            .expect("a stop");
        clock.set(services.now().max(closes) + DRAIN * 2);
        close_wave::close(services, &crate::common::operator(), &key)
            .await
            .expect("a close");
        publish(services, &people, &key).await;
    }
    for wave in [ATTITUDES, PRIORITIES] {
        let key = open(services, wave.key).await;
        import_responses::import(
            services,
            &crate::common::operator(),
            &key,
            wave.csv.as_bytes(),
            Options::default(),
        )
        .await
        .expect("responses");
    }
    app
}

async fn staff(services: &Services, email: &str) -> Actor {
    let (operator, role) = (crate::common::operator(), Role::Administrator);
    let id = add_user::add_user(services, &operator, email, STAFF.1.to_owned(), role)
        .await
        .expect("a member of staff");
    Actor::staff(id, email, role, "")
}

async fn publish(services: &Services, [first, second]: &[Actor; 2], key: &WaveKey) {
    let request = ask_two_person::ask(services, first, key, SensitiveAct::Publish)
        .await
        .expect("a request");
    confirm_two_person::confirm(services, second, request)
        .await
        .expect("a publication");
}

async fn open(services: &Services, name: &str) -> WaveKey {
    let key = name.parse().expect("a key");
    open_wave::open(services, &crate::common::operator(), &key)
        .await
        .expect("a wave");
    key
}

/// One more person answers online.
pub async fn one_more(services: &Services, wave: &OpenWave) {
    let key = wave.key.parse().expect("a key");
    let asked = lookup::find(services, &key).await.expect("a wave");
    let token = VisitToken::random(&mut services.randomness.generator());
    let response = NewResponse {
        wave: asked.wave.id,
        channel: Channel::Online,
        admission: token.admission_key(),
        entitlement: None,
        receipt: token.receipt(),
        answers: wave.answers.to_owned(),
        arrival: Arrival::Received(services.now()),
    };
    let appended = services.appender.append(response).await.expect("a place");
    assert_eq!(appended, Appended::Counted);
}
