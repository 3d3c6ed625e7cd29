//! What happens on a schedule: closing waves that are due, wiping what their votes left in the
//! database's file, and sending the mails of the outbox.

pub mod outbox;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

use crate::{
    mail::Mailer,
    service::{Services, close_wave},
};

const EVERY: Duration = Duration::from_secs(1);

/// Runs until `stop` turns true.
pub fn start(
    services: Arc<Services>,
    mailer: Arc<Mailer>,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            if let Err(error) = close_wave::close_due(&services).await {
                tracing::error!(%error, "waves that are due could not be closed");
            }
            close_wave::wipe_traces(&services).await;
            if let Err(error) = outbox::run_once(&services, &mailer).await {
                tracing::error!(%error, "the outbox could not be worked through");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
    })
}
