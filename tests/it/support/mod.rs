//! A real server on a free port, over a database of its own, with a clock that stands still.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use countmein::{
    app::App,
    clock::{FrozenClock, Randomness},
    config::Config,
    domain::{
        audit::Actor, hex::hex, id::UserId, key::WaveKey, moment::Moment, role::Role, survey_file,
        two_person::SensitiveAct,
    },
    mail::Mailer,
    service::{
        Services, add_user, ask_two_person, confirm_two_person, enrolment, load_survey, open_wave,
    },
    store::{self, session::Stage},
};
use sea_orm::{ColumnTrait, ConnectionTrait, Database, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use time::macros::datetime;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub mod browsing;
pub mod chromium;
pub mod line;
pub mod mime;
pub mod numbered;
pub mod paper;
pub mod smtp;

use mime::Mail;

/// Runs a test on SQLite, and on PostgreSQL under `--include-ignored` with
/// `COUNTMEIN_TEST_POSTGRES` naming a server: `tests/run` does both.
macro_rules! on_both {
    ($(#[$doc:meta])* $name:ident, async |$app:ident: TestApp| $body:block) => {
        $(#[$doc])*
        async fn $name($app: $crate::support::TestApp) $body

        mod $name {
            use $crate::support::{Backend, TestApp};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(TestApp::start(Backend::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs PostgreSQL: run tests/run"]
            async fn postgres() {
                super::$name(TestApp::start(Backend::Postgres).await).await;
            }
        }
    };
}
pub(crate) use on_both;

/// The same for a test that starts its server itself, with settings of its own.
macro_rules! on_both_backends {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;
            use $crate::support::Backend;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                ($body)(Backend::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs PostgreSQL: run tests/run"]
            async fn postgres() {
                ($body)(Backend::Postgres).await;
            }
        }
    };
}
pub(crate) use on_both_backends;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

pub const STAFF_EMAIL: &str = "staff@example.org";
/// Who ask for and confirm what needs two people.
pub const TWO_PEOPLE: [&str; 2] = ["first@example.org", "second@example.org"];
pub const STAFF_PASSWORD: &str = "a few quiet words";

/// Whoever prepares a test, as the audit log names them.
pub fn operator() -> Actor {
    Actor::command_line("tests")
}

pub struct TestApp {
    pub url: String,
    pub services: Arc<Services>,
    pub mailer: Arc<Mailer>,
    pub clock: Arc<FrozenClock>,
    pub config: Config,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    /// Removed when the test ends.
    folder: TempDir,
}

impl TestApp {
    pub async fn start(backend: Backend) -> Self {
        Self::start_with(backend, |_| {}).await
    }

    /// Starts with settings changed by `change`.
    pub async fn start_with(backend: Backend, change: impl FnOnce(&mut Config)) -> Self {
        Self::prepare(backend, change, |app, listener, stopped| {
            tokio::spawn(async move { app.serve(listener, stopped).await.unwrap() })
        })
        .await
    }

    /// Starts without a server and its schedule, for a test that does every step itself.
    pub async fn start_idle(backend: Backend, change: impl FnOnce(&mut Config)) -> Self {
        Self::prepare(backend, change, |app, _, mut stopped| {
            tokio::spawn(async move {
                let _ = stopped.wait_for(|stop| *stop).await;
                app.finish().await;
            })
        })
        .await
    }

    async fn prepare(
        backend: Backend,
        change: impl FnOnce(&mut Config),
        run: impl FnOnce(App, TcpListener, watch::Receiver<bool>) -> JoinHandle<()>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: "http://countmein.test".to_owned(),
            data_dir: folder.path().to_owned(),
            database_url: database_url(backend).await,
            ..Config::default()
        };
        change(&mut config);
        let clock = Arc::new(FrozenClock::at(datetime!(2026-03-02 12:00 UTC).into()));
        let randomness = Arc::new(Randomness::from_system());
        let app = App::start_with(config.clone(), clock.clone(), randomness)
            .await
            .unwrap();
        let (services, mailer) = (Arc::clone(&app.services), Arc::clone(&app.mailer));
        let listener = app.listen().await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = watch::channel(false);
        let server = run(app, listener, stopped);
        Self {
            url,
            services,
            mailer,
            clock,
            config,
            stop,
            server,
            folder,
        }
    }

    /// Stops the server in order and waits until it has.
    pub async fn stop(self) -> TempDir {
        let Self {
            services,
            stop,
            server,
            folder,
            ..
        } = self;
        drop(services);
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(20), server)
            .await
            .unwrap()
            .unwrap();
        folder
    }

    pub fn advance(&self, by: Duration) {
        use countmein::clock::Clock;
        self.clock.set(self.clock.now() + by);
    }

    pub fn set_clock(&self, to: Moment) {
        self.clock.set(to);
    }

    /// Loads a survey file of the repository, such as `co-production-attitudes`.
    pub async fn load(&self, name: &str) {
        self.load_text(&repository_file(&format!("surveys/{name}.toml")))
            .await;
    }

    pub async fn load_text(&self, toml: &str) {
        let checked = survey_file::read(toml).unwrap();
        load_survey::load(&self.services, &operator(), checked.plan)
            .await
            .unwrap();
    }

    pub async fn open(&self, wave: &str) -> WaveKey {
        let key: WaveKey = wave.parse().unwrap();
        open_wave::open(&self.services, &operator(), &key)
            .await
            .unwrap();
        key
    }

    pub async fn add_staff(&self) {
        self.add_user(STAFF_EMAIL, Role::Administrator).await;
    }

    /// Adds a member of staff with the usual password.
    pub async fn add_user(&self, email: &str, role: Role) -> UserId {
        let password = STAFF_PASSWORD.to_owned();
        add_user::add_user(&self.services, &operator(), email, password, role)
            .await
            .unwrap()
    }

    /// The token of a new session of this user, as a login with everything it takes gives it.
    pub async fn session(&self, email: &str) -> String {
        self.session_at(email, Stage::Full).await
    }

    /// The same in the middle of a login, or behind it.
    pub async fn session_at(&self, email: &str, stage: Stage) -> String {
        let token = format!(
            "{:032x}{:032x}",
            rand::random::<u128>(),
            rand::random::<u128>()
        );
        let hash = hex(&Sha256::digest(token.as_bytes()));
        let db = &self.services.db;
        let account = store::staff::by_email(db, email).await.unwrap().unwrap();
        let user = account.user;
        if user.role.needs_second_factor() && account.sealed_secret.is_none() {
            self.give_second_factor(user.id).await;
        }
        store::session::start(db, &hash, user.id, stage, self.services.now())
            .await
            .unwrap();
        token
    }

    /// Two members of staff who run waves, made at the first call.
    pub async fn two_people(&self) -> [Actor; 2] {
        let mut people = Vec::new();
        for email in TWO_PEOPLE {
            let known = store::staff::by_email(&self.services.db, email)
                .await
                .unwrap();
            let id = match known {
                Some(account) => account.user.id,
                None => self.add_user(email, Role::Coordinator).await,
            };
            people.push(Actor::staff(id, email, Role::Coordinator, ""));
        }
        people.try_into().unwrap()
    }

    /// One person asks for an act, and another confirms it.
    pub async fn agree(&self, key: &WaveKey, act: SensitiveAct) {
        let [first, second] = self.two_people().await;
        let request = ask_two_person::ask(&self.services, &first, key, act)
            .await
            .unwrap();
        confirm_two_person::confirm(&self.services, &second, request)
            .await
            .unwrap();
    }

    pub async fn publish(&self, key: &WaveKey) {
        self.agree(key, SensitiveAct::Publish).await;
    }

    /// Gives a user a second factor, as if they had set it up.
    pub async fn give_second_factor(&self, user: UserId) -> enrolment::Given {
        enrolment::give(&self.services, &operator(), user)
            .await
            .unwrap()
    }

    /// Every mail to one person, in order, once it is sent: into the folder of mails.
    pub async fn notices(&self) -> Vec<Mail> {
        let rows = store::entity::outbox::Entity::find()
            .filter(store::entity::outbox::Column::Kind.eq("notice"))
            .order_by_asc(store::entity::outbox::Column::Id)
            .all(&self.services.db)
            .await
            .unwrap();
        let mut mails = Vec::new();
        for row in rows {
            let file = format!("mail/{}.eml", row.message_id);
            let file = self.config.data_dir.join(file);
            let start = std::time::Instant::now();
            while !file.exists() {
                assert!(
                    start.elapsed() < Duration::from_secs(20),
                    "a mail is not sent"
                );
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            mails.push(Mail::read(&std::fs::read_to_string(file).unwrap()));
        }
        mails
    }

    /// The latest link that this person was mailed.
    pub async fn mailed_link(&self, email: &str) -> String {
        let mails = self.notices().await;
        let link = mails
            .iter()
            .rev()
            .filter(|mail| mail.header("To") == email)
            .find_map(|mail| mail.text.lines().find(|line| line.contains("/staff/link/")));
        let link = link.expect("a link was mailed");
        link.strip_prefix(&self.config.public_url)
            .unwrap()
            .to_owned()
    }

    /// The acts on record, in order.
    pub async fn acts(&self) -> Vec<String> {
        let all = store::audit::events_after(&self.services.db, 0, 10_000).await;
        all.unwrap()
            .into_iter()
            .map(|event| event.link.act)
            .collect()
    }

    /// Runs a statement, as somebody with a database shell would.
    pub async fn sql(&self, statement: &str) -> Result<u64, sea_orm::DbErr> {
        let done = self.services.db.execute_unprepared(statement).await?;
        Ok(done.rows_affected())
    }
}

/// How often a test repeats what takes minutes: a sample in `tests/run`, all of it in
/// `tests/run --all`.
pub fn sample_or_all(sample: usize, all: usize) -> usize {
    if std::env::var_os("COUNTMEIN_TEST_ALL").is_some() {
        all
    } else {
        sample
    }
}

pub fn repository_path(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

pub fn repository_file(path: &str) -> String {
    let path = repository_path(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The `database_url` of a new, empty database.
pub async fn database_url(backend: Backend) -> String {
    match backend {
        Backend::Sqlite => String::new(),
        Backend::Postgres => postgres_database().await,
    }
}

/// A new database on the server that `COUNTMEIN_TEST_POSTGRES` names.
async fn postgres_database() -> String {
    let server = std::env::var("COUNTMEIN_TEST_POSTGRES")
        .expect("COUNTMEIN_TEST_POSTGRES has to name a PostgreSQL server: run tests/run");
    let name = format!("cmi_{}", rand::random::<u64>());
    let db = Database::connect(format!("{server}/postgres"))
        .await
        .unwrap();
    db.execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    db.close().await.unwrap();
    format!("{server}/{name}")
}
