//! One run through the outbox: claim what is due, send, and note what became of it. A mail whose
//! worker dies between sending and noting is tried once more, with the same Message-ID.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::FutureExt;
use rand::RngExt;

use crate::{
    domain::{id::SnapshotId, moment::Moment, notice::Notice, sealed::Purpose},
    mail::{Closing, Mailer, SendError, SummaryKind},
    service::Services,
    store::{
        self, StoreError, mail,
        outbox::{self, Claimed, Content},
    },
    tally::disclosure::PublishedReport,
};

/// A mail server gets this long for one mail, and a claim on it holds longer.
const SENDING: Duration = Duration::from_mins(5);
const CLAIM: Duration = Duration::from_mins(15);

/// Each mail is claimed for itself, so that its claim cannot run out while others are sent.
const AT_ONCE: u64 = 1;

/// Minutes until the next try; after the last of them a mail is parked for a person to look at.
const BACK_OFF: [u64; 6] = [1, 5, 30, 2 * 60, 8 * 60, 24 * 60];

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub sent: usize,
    pub retried: usize,
    pub parked: usize,
}

/// Sends what is due at this moment.
pub async fn run_once(services: &Arc<Services>, mailer: &Mailer) -> Result<Run, StoreError> {
    let mut run = Run::default();
    let mut reports = HashMap::new();
    loop {
        let now = services.now();
        // A look first: taking the write lock every second would hold up whoever is answering.
        if !outbox::is_any_due(&services.db, now).await? {
            return Ok(run);
        }
        let claimed = store::write(&services.db, move |tx| {
            async move { outbox::claim(tx, now, now + CLAIM, AT_ONCE).await }.boxed()
        })
        .await?;
        if claimed.is_empty() {
            return Ok(run);
        }
        for mail in claimed {
            let sending = deliver(services, mailer, &mut reports, &mail);
            let sent = tokio::time::timeout(SENDING, sending)
                .await
                .unwrap_or_else(|_| {
                    Err(SendError::Transient(
                        "the mail server took too long".to_owned(),
                    ))
                });
            note(services, mailer, &mail, sent, &mut run).await?;
        }
    }
}

/// One mail that cannot be read must not hold up the others: it is parked.
async fn deliver(
    services: &Services,
    mailer: &Mailer,
    reports: &mut Reports,
    mail: &Claimed,
) -> Result<(), SendError> {
    let broken = |error: &dyn ToString| SendError::Permanent(error.to_string());
    let id = &mail.message_id;
    match &mail.content {
        Content::Summary { subscriber, .. } if subscriber.stopped => Err(SendError::Permanent(
            "the subscriber has stopped these mails".to_owned(),
        )),
        Content::Summary {
            subscriber,
            snapshot,
        } => {
            let closing = closing(services, reports, *snapshot)
                .await
                .map_err(|error| broken(&error))?;
            let kind = if mail::is_correction(&services.db, *snapshot)
                .await
                .map_err(|error| broken(&error))?
            {
                SummaryKind::Corrected
            } else {
                SummaryKind::First
            };
            mailer.send_summary(id, subscriber, &closing, kind).await
        }
        Content::Notice { recipient, sealed } => {
            let text = services.keys.seal.unseal(Purpose::Mail, sealed);
            let text = text.map_err(|error| broken(&error))?;
            let notice: Notice = serde_json::from_str(&text).map_err(|error| broken(&error))?;
            mailer.send_notice(id, recipient, &notice).await
        }
    }
}

/// Reports of this run, so that the mails of one wave read theirs once.
type Reports = HashMap<SnapshotId, Arc<Closing>>;

async fn closing(
    services: &Services,
    known: &mut Reports,
    id: SnapshotId,
) -> Result<Arc<Closing>, StoreError> {
    if let Some(closing) = known.get(&id) {
        return Ok(Arc::clone(closing));
    }
    let stored = mail::snapshot(&services.db, id).await?;
    let report = PublishedReport::from_stored(&stored.content)
        .map_err(|error| store::inconsistent("report_snapshot", "content", error))?;
    let closing = Arc::new(Closing {
        report,
        audit_head: stored.audit_head,
    });
    known.insert(id, Arc::clone(&closing));
    Ok(closing)
}

/// Writes down what became of a mail.
async fn note(
    services: &Services,
    mailer: &Mailer,
    mail: &Claimed,
    outcome: Result<(), SendError>,
    run: &mut Run,
) -> Result<(), StoreError> {
    let (id, tries) = (mail.id, mail.attempts + 1);
    let now = services.now();
    let (due, error) = match outcome {
        Ok(()) => {
            run.sent += 1;
            tracing::info!(mail = %id, tries, "{}", mailer.outcome());
            return store::write(&services.db, move |tx| {
                async move { outbox::mark_sent(tx, id, now).await }.boxed()
            })
            .await;
        }
        Err(SendError::Permanent(error)) => (None, error),
        Err(SendError::Transient(error)) => (next_try(services, now, tries), error),
    };
    if due.is_some() {
        run.retried += 1;
        tracing::warn!(mail = %id, tries, %error, "mail not sent; it will be tried again");
    } else {
        run.parked += 1;
        tracing::error!(mail = %id, tries, %error, "mail not sent, and parked");
    }
    store::write(&services.db, move |tx| {
        async move { outbox::mark_failed(tx, id, tries, due, &error).await }.boxed()
    })
    .await
}

/// After the n-th try that failed: the n-th wait, a fifth shorter to a fifth longer, so that a mail
/// server that comes back is not met by all at once.
fn next_try(services: &Services, now: Moment, tries: u32) -> Option<Moment> {
    let minutes = BACK_OFF.get(usize::try_from(tries).ok()?.checked_sub(1)?)?;
    let millis = minutes * 60_000;
    let jitter = services
        .randomness
        .generator()
        .random_range(0..=millis * 2 / 5);
    Some(now + Duration::from_millis(millis * 4 / 5 + jitter))
}
