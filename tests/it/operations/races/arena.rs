//! Where the races are run: a wave by code on all three channels, server processes of the built
//! program, and beside them the service that `countmein import` is, over one database.

use countmein::{
    app::App,
    config::Config,
    domain::{access_code::AccessCode, id::WaveId, key::WaveKey, survey_file},
    service::{issue_codes, load_survey, lookup, open_wave},
};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

use super::super::process::Server;
use crate::support::{Backend, database_url, numbered::survey, operator};

/// What is taken away before the servers start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    None,
    /// Nothing in the database keeps a code from being spent twice.
    SpentWithoutKey,
}

pub struct Arena {
    pub app: App,
    pub key: WaveKey,
    pub wave: WaveId,
    pub codes: Vec<AccessCode>,
    servers: Vec<Server>,
    folder: TempDir,
}

impl Arena {
    /// Two server processes on PostgreSQL, one on SQLite.
    pub async fn open(backend: Backend, codes: usize, mutation: Mutation) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = database_url(backend).await;
        let app = App::start(Config {
            data_dir: folder.path().join("data"),
            database_url: database.clone(),
            ..Config::default()
        })
        .await
        .unwrap();
        if mutation == Mutation::SpentWithoutKey {
            take_key_away(&app, backend).await;
        }
        let plan = survey_file::read(&survey(&["now"])).unwrap().plan;
        load_survey::load(&app.services, &operator(), plan)
            .await
            .unwrap();
        let key: WaveKey = "numbered/now".parse().unwrap();
        open_wave::open(&app.services, &operator(), &key)
            .await
            .unwrap();
        let codes = issue_codes::issue(&app.services, &operator(), &key, codes)
            .await
            .unwrap();
        let found = lookup::find_now(&app.services, &key).await.unwrap();
        let processes = if backend == Backend::Postgres { 2 } else { 1 };
        let servers = (0..processes)
            .map(|_| Server::start(folder.path(), &database, "warn"))
            .collect();
        Self {
            app,
            wave: found.wave.id,
            key,
            codes,
            servers,
            folder,
        }
    }

    pub fn urls(&self) -> Vec<String> {
        self.servers
            .iter()
            .map(|server| server.url.clone())
            .collect()
    }

    /// Stops the servers in order; what they logged at `warn` and above is returned.
    pub async fn close(self) -> String {
        let logs: Vec<String> = self.servers.into_iter().map(Server::terminate).collect();
        self.app.finish().await;
        drop(self.folder);
        logs.concat()
    }
}

/// A table of the same columns in which the same code may stand twice. On SQLite a trigger stands
/// before the primary key, against REPLACE, and goes with it.
async fn take_key_away(app: &App, backend: Backend) {
    let sql = match backend {
        Backend::Postgres => "ALTER TABLE spent_entitlement DROP CONSTRAINT spent_entitlement_pkey",
        Backend::Sqlite => {
            "DROP TABLE spent_entitlement;
             CREATE TABLE spent_entitlement (
                 wave_id BIGINT NOT NULL, code_hash TEXT NOT NULL, channel TEXT NOT NULL
             )"
        }
    };
    app.services.db.execute_unprepared(sql).await.unwrap();
}
