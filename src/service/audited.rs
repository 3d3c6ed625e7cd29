//! Acts and their record: the event goes into the transaction of the act, so that neither is there
//! without the other.

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;

use super::Services;
use crate::{
    domain::{
        audit::{Act, Actor, AuditKey, Event, Outcome},
        moment::Moment,
    },
    store::{self, StoreError},
};

/// Notes acts of one person, at one moment. It goes into the transaction of the act, and its last
/// words there are [`Recorder::note`].
#[derive(Clone)]
pub struct Recorder {
    key: AuditKey,
    actor: Actor,
    now: Moment,
}

impl Recorder {
    pub fn new(services: &Services, actor: &Actor) -> Self {
        Self {
            key: services.keys.audit.clone(),
            actor: actor.clone(),
            now: services.now(),
        }
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn now(&self) -> Moment {
        self.now
    }

    pub async fn note(&self, tx: &DatabaseTransaction, act: Act) -> Result<(), StoreError> {
        self.append(tx, act, Outcome::Done).await
    }

    async fn append(
        &self,
        tx: &DatabaseTransaction,
        act: Act,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let event = Event {
            actor: self.actor.clone(),
            act,
            outcome,
        };
        store::audit::append(tx, &self.key, &event, self.now).await
    }
}

/// Notes an act that was refused, in a transaction of its own: the act has none.
pub async fn note_refused(services: &Services, actor: &Actor, act: Act) -> Result<(), StoreError> {
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move { recorder.append(tx, act, Outcome::Refused).await }.boxed()
    })
    .await
}

/// Notes an act that changes nothing in the database, such as an export.
pub async fn note_done(services: &Services, actor: &Actor, act: Act) -> Result<(), StoreError> {
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move { recorder.note(tx, act).await }.boxed()
    })
    .await
}
