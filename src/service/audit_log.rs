//! The record of acts for whoever reads it: a page of it, or all of it to take away.

use std::collections::HashMap;

use super::{Services, audited};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::UserId,
    },
    store::{
        self, StoreError,
        audit::{Filter, Recorded},
    },
};

/// Events on one page.
pub const PAGE: u64 = 50;

/// Events of an export that are read at once.
const CHUNK: u64 = 1_000;

/// One page of the events that a filter names, the newest first.
pub struct Excerpt {
    pub events: Vec<Recorded>,
    /// Events that the filter names, on all pages.
    pub found: u64,
    /// Every kind of act that the log has.
    pub acts: Vec<String>,
    /// The e-mail address of each member of staff.
    pub names: HashMap<UserId, String>,
}

/// `number` counts the pages from 0.
pub async fn excerpt(
    services: &Services,
    filter: &Filter,
    number: u64,
) -> Result<Excerpt, StoreError> {
    let db = &services.db;
    Ok(Excerpt {
        events: store::audit::newest(db, filter, number.saturating_mul(PAGE), PAGE).await?,
        found: store::audit::count(db, filter).await?,
        acts: store::audit::acts(db).await?,
        names: store::staff::names(db).await?,
    })
}

/// An export that goes on piece by piece, so that a long log fits a small memory.
pub struct Export {
    filter: Filter,
    after: i64,
    pub names: HashMap<UserId, String>,
}

impl Export {
    /// Notes first that it was made: the log says who took it away.
    pub async fn start(
        services: &Services,
        actor: &Actor,
        filter: Filter,
    ) -> Result<Self, StoreError> {
        let events = store::audit::count(&services.db, &filter).await?;
        audited::note_done(services, actor, Act::AuditExported { events }).await?;
        Ok(Self {
            filter,
            after: 0,
            names: store::staff::names(&services.db).await?,
        })
    }

    /// The next events, in the order of the chain; none when all have been given.
    pub async fn next(&mut self, services: &Services) -> Result<Vec<Recorded>, StoreError> {
        let events =
            store::audit::matching_after(&services.db, &self.filter, self.after, CHUNK).await?;
        if let Some(last) = events.last() {
            self.after = last.link.seq;
        }
        Ok(events)
    }
}
