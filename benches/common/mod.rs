//! What the benches of the whole service share: a place for the data, and times as a table has them.

use std::{path::Path, time::Duration};

use countmein::{config::Config, domain::audit::Actor};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

/// Whoever prepares a bench, as the audit log names them.
pub fn operator() -> Actor {
    Actor::command_line("bench")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// SQLite, and PostgreSQL when `COUNTMEIN_TEST_POSTGRES` names a server.
    pub fn available() -> Vec<Self> {
        if server().is_some() {
            vec![Self::Sqlite, Self::Postgres]
        } else {
            vec![Self::Sqlite]
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

fn server() -> Option<String> {
    std::env::var("COUNTMEIN_TEST_POSTGRES").ok()
}

/// A new, empty installation.
pub struct Place {
    pub config: Config,
    database: Option<String>,
    _folder: TempDir,
}

impl Place {
    pub async fn new(backend: Backend) -> Self {
        // Beside what cargo builds: a temporary folder of the system may be in memory, where a
        // durable commit costs nothing.
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = tempfile::tempdir_in(parent).expect("a folder for the data");
        let mut config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data_dir: folder.path().to_owned(),
            ..Config::default()
        };
        let mut database = None;
        if backend == Backend::Postgres {
            let name = format!("cmi_bench_{}", rand::random::<u64>());
            administer(&format!("CREATE DATABASE {name}")).await;
            config.database_url = format!("{}/{name}", server().expect("a server"));
            database = Some(name);
        }
        Self {
            config,
            database,
            _folder: folder,
        }
    }

    pub async fn remove(self) {
        if let Some(name) = self.database {
            administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn administer(statement: &str) {
    let url = format!("{}/postgres", server().expect("a server"));
    let db = Database::connect(url).await.expect("PostgreSQL");
    db.execute_unprepared(statement).await.expect(statement);
    db.close().await.expect("PostgreSQL");
}

/// How long each of many took.
pub struct Times(Vec<Duration>);

impl Times {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The median, the 99th percentile and the longest, in milliseconds.
    pub fn columns(&self) -> String {
        let at = |percent: usize| millis(self.0[(self.0.len() - 1) * percent / 100]);
        format!("{:>9.2} {:>9.2} {:>9.2}", at(50), at(99), at(100))
    }
}

pub const COLUMNS: &str = "   p50 ms    p99 ms    max ms";

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
