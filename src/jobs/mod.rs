//! What happens on a schedule: closing waves that are due, wiping what their votes left in the
//! database's file, sending the mails of the outbox, and removing what has been kept long enough.

pub mod outbox;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

use crate::{
    domain::audit::Actor,
    mail::Mailer,
    service::{Services, close_wave, retention},
};

const EVERY: Duration = Duration::from_secs(1);

/// How often what has been kept long enough is looked for.
const RETENTION_EVERY: Duration = Duration::from_hours(1);

/// Runs until `stop` turns true.
pub fn start(
    services: Arc<Services>,
    mailer: Arc<Mailer>,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut retention_due = services.now();
        loop {
            if let Err(error) = close_wave::close_due(&services).await {
                tracing::error!(%error, "waves that are due could not be closed");
            }
            close_wave::wipe_traces(&services).await;
            if let Err(error) = outbox::run_once(&services, &mailer).await {
                tracing::error!(%error, "the outbox could not be worked through");
            }
            let now = services.now();
            if now >= retention_due {
                retention_due = now + RETENTION_EVERY;
                if let Err(error) = retention::apply(&services, &Actor::schedule()).await {
                    tracing::error!(%error, "what has been kept long enough could not be removed");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
    })
}
