//! The post and the batches of a wave as staff see them. What was keyed is in none of this.

use std::collections::{BTreeSet, HashMap};

use super::{
    Services,
    change_batch::{PaperError, found},
    lookup::{self, Asked, LookupError},
};
use crate::{
    domain::{
        envelope::Arrival,
        hex::random_token,
        id::{MailBagId, UserId},
        key::WaveKey,
        keying::{Batch, KeyingPlan, Pass, SheetsCounted},
        moment::Moment,
        wave::WaveState,
    },
    store::{
        self,
        keying_work::{BatchLine, PaperRows},
        post::{MailBag, Tally},
    },
};

/// Bags of mail that a page shows: those of about two weeks.
const LATEST_BAGS: u64 = 20;

#[derive(Debug)]
pub struct PostOverview {
    pub asked: Asked,
    /// Of the bags that were opened today.
    pub today: Tally,
    pub rows: PaperRows,
    pub bags: Vec<(MailBag, Tally)>,
    pub names: HashMap<UserId, String>,
    /// When a bag that is opened now most likely came.
    pub arrival: Arrival,
}

#[derive(Debug)]
pub struct BagOverview {
    pub asked: Asked,
    pub bag: MailBag,
    pub tally: Tally,
    /// For the next scan: what is sent twice is noted once.
    pub scan: String,
}

#[derive(Debug)]
pub struct BatchesOverview {
    pub asked: Asked,
    pub lines: Vec<BatchLine>,
    /// Accepted envelopes that are in no batch.
    pub waiting: u64,
    pub plan: KeyingPlan,
    pub names: HashMap<UserId, String>,
    /// What whoever looks has keyed: batch, round and pass.
    pub own: BTreeSet<(i64, u32, Pass)>,
    pub now: Moment,
}

#[derive(Debug)]
pub struct BatchOverview {
    pub asked: Asked,
    pub batch: Batch,
    pub counted: Option<SheetsCounted>,
    pub names: HashMap<UserId, String>,
    pub now: Moment,
}

pub fn is_open(asked: &Asked) -> bool {
    matches!(asked.wave.state, WaveState::Open(_))
}

pub async fn post(services: &Services, key: &WaveKey) -> Result<PostOverview, LookupError> {
    let asked = lookup::find_now(services, key).await?;
    let (db, id, now) = (&services.db, asked.wave.id, services.now());
    Ok(PostOverview {
        today: store::post::on_day(db, id, now).await?,
        rows: store::keying_work::rows(db, id).await?,
        bags: store::post::bags(db, id, LATEST_BAGS).await?,
        names: store::staff::names(db).await?,
        arrival: if now < asked.wave.spec.closes {
            Arrival::InTime
        } else {
            Arrival::Late
        },
        asked,
    })
}

pub async fn bag(
    services: &Services,
    key: &WaveKey,
    bag: MailBagId,
) -> Result<BagOverview, PaperError> {
    let asked = lookup::find_now(services, key).await?;
    let db = &services.db;
    let found = store::post::bag(db, asked.wave.id, bag).await?;
    Ok(BagOverview {
        bag: found.ok_or(PaperError::UnknownBag(bag.0))?,
        tally: store::post::in_bag(db, bag).await?,
        scan: random_token(&mut services.randomness.generator()),
        asked,
    })
}

pub async fn batches(
    services: &Services,
    key: &WaveKey,
    who: UserId,
) -> Result<BatchesOverview, LookupError> {
    let asked = lookup::find_now(services, key).await?;
    let (db, id) = (&services.db, asked.wave.id);
    Ok(BatchesOverview {
        lines: store::keying_work::batches(db, id).await?,
        waiting: super::open_batch::waiting(db, id).await?.0,
        plan: store::keying::plan(db, id).await?,
        names: store::staff::names(db).await?,
        own: store::keying_work::keyed_by(db, id, who).await?,
        now: services.now(),
        asked,
    })
}

pub async fn batch(
    services: &Services,
    key: &WaveKey,
    number: u32,
) -> Result<BatchOverview, PaperError> {
    let asked = lookup::find_now(services, key).await?;
    let db = &services.db;
    let batch = found(db, &asked, number).await?;
    Ok(BatchOverview {
        counted: store::keying_work::counted_of(db, batch.id).await?,
        names: store::staff::names(db).await?,
        now: services.now(),
        asked,
        batch,
    })
}
