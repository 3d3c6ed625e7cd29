//! The shared state of a process, its start and its orderly end.

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures_util::FutureExt;
use sea_orm::DatabaseConnection;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    clock::{Clock, Randomness, SystemClock},
    config::{Config, ConfigError},
    domain::retention::Retention,
    jobs,
    mail::{Mailer, MailerError},
    secret,
    service::{Keys, Services},
    store::{self, StoreError},
    tally::disclosure::Policy,
    web::{
        self, Web,
        serving::{self, Limits},
    },
};

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the folder {path} cannot be made: {error}")]
    Folder {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("the database cannot be used: {0}")]
    Database(sea_orm::DbErr),
    #[error(
        "this database belongs to another secret key: copy secret.key from the data_dir of its first process, or set COUNTMEIN_SECRET"
    )]
    OtherKey,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mail(#[from] MailerError),
    #[error(
        "{address} cannot be listened on ({error}): is another server running? --listen chooses another address"
    )]
    Listen {
        address: std::net::SocketAddr,
        error: std::io::Error,
    },
}

/// A process that is ready to work, with or without a web server.
pub struct App {
    pub config: Config,
    pub services: Arc<Services>,
    pub mailer: Arc<Mailer>,
    secret: [u8; 32],
    appender: JoinHandle<()>,
}

impl App {
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let randomness = Arc::new(Randomness::from_system());
        Self::start_with(config, Arc::new(SystemClock), randomness).await
    }

    pub async fn start_with(
        config: Config,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Result<Self, StartError> {
        config.validate()?;
        secret::private_folder(&config.data_dir).map_err(|error| StartError::Folder {
            path: config.data_dir.clone(),
            error,
        })?;
        let db = store::connect(&config.database_url())
            .await
            .map_err(StartError::Database)?;
        // Before a new key is made: it would be the wrong one.
        if !secret::is_there(&config) && store::installation::fingerprint(&db).await?.is_some() {
            return Err(StartError::OtherKey);
        }
        let secret = secret::load(&config, &randomness)?;
        check_key(&db, &secret).await?;
        let mailer = Arc::new(Mailer::new(&config)?);
        let (services, appender) = Services::start(
            db,
            clock,
            randomness,
            Keys::new(&secret),
            Policy {
                minimum: config.disclosure.minimum,
            },
            Retention {
                roll_days: config.retention.roll_days,
                mail_days: config.retention.mail_days,
                subscriber_days: config.retention.subscriber_days,
                code_run_days: config.retention.code_run_days,
            },
        );
        Ok(Self {
            config,
            services: Arc::new(services),
            mailer,
            secret,
            appender,
        })
    }

    /// Binds the configured address; port 0 takes a free one.
    pub async fn listen(&self) -> Result<TcpListener, StartError> {
        let address = self.config.listen;
        TcpListener::bind(address)
            .await
            .map_err(|error| StartError::Listen { address, error })
    }

    /// Serves until `stop` turns true; then finishes what it had accepted.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: watch::Receiver<bool>,
    ) -> Result<(), StartError> {
        let web = Web::new(Arc::clone(&self.services), &self.config, &self.secret);
        let limits = Limits::default();
        let router = web::router(web, &limits);
        let worker = jobs::start(
            Arc::clone(&self.services),
            Arc::clone(&self.mailer),
            stop.clone(),
        );
        tokio::select! {
            () = serving::serve(listener, router, limits, stop.clone()) => {}
            () = patience(stop) => tracing::warn!("a connection that would not end was left"),
        }
        let _ = worker.await;
        self.finish().await;
        Ok(())
    }

    /// Waits until everything that was accepted is in the ledger, then closes the database.
    pub async fn finish(self) {
        let Self {
            services, appender, ..
        } = self;
        let db = services.db.clone();
        drop(services);
        // The appender ends when the last request that could still send to it has ended.
        if tokio::time::timeout(PATIENCE, appender).await.is_err() {
            tracing::error!("a request did not end with the shutdown");
        }
        if let Err(error) = db.close().await {
            tracing::error!(%error, "the database was not closed in order");
        }
    }
}

/// Refuses to work with a key that did not make this database's codes.
async fn check_key(db: &DatabaseConnection, secret: &[u8; 32]) -> Result<(), StartError> {
    let ours = secret::fingerprint(secret);
    let known = if let Some(known) = store::installation::fingerprint(db).await? {
        known
    } else {
        let ours = ours.clone();
        store::write(db, move |tx| {
            async move { store::installation::note_fingerprint(tx, &ours).await }.boxed()
        })
        .await?
    };
    if known == ours {
        Ok(())
    } else {
        Err(StartError::OtherKey)
    }
}

/// How long a browser may take to end its request once the server stops.
const PATIENCE: Duration = Duration::from_secs(15);

async fn patience(mut stop: watch::Receiver<bool>) {
    serving::until_true(&mut stop).await;
    tokio::time::sleep(PATIENCE).await;
}
