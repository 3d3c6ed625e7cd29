//! Issued and spent entitlements of a wave.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, sea_query::Query,
};

use super::{
    StoreError,
    entity::{admission, count_sheet, entitlement, response, spent_entitlement, void_entry},
    inconsistent,
};
use crate::domain::{access_code::CodeHash, channel::Channel, id::WaveId};

pub async fn issue(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    hashes: &[CodeHash],
) -> Result<(), StoreError> {
    let mut sorted: Vec<&str> = hashes.iter().map(CodeHash::as_str).collect();
    sorted.sort_unstable();
    for chunk in sorted.chunks(5_000) {
        let rows = chunk.iter().map(|hash| entitlement::ActiveModel {
            wave_id: Set(wave.0),
            code_hash: Set((*hash).to_owned()),
        });
        entitlement::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    hide_origin(tx).await
}

/// On PostgreSQL the people of the roll whom codes were made for are marked in the same transaction, and
/// every row keeps the transaction that wrote it: few codes made at once would be theirs. So all
/// codes that there are, of whichever run, are written anew by this transaction.
async fn hide_origin(tx: &impl ConnectionTrait) -> Result<(), StoreError> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    for statement in [
        // In the order in which whoever spends a code takes them.
        "LOCK TABLE spent_entitlement, entitlement IN ACCESS EXCLUSIVE MODE",
        "ALTER TABLE entitlement ALTER wave_id TYPE bigint USING wave_id + 0",
        "CLUSTER entitlement USING entitlement_pkey",
    ] {
        tx.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Takes away what would tell which code came with which response, for a wave that closes.
///
/// PostgreSQL keeps with each row the transaction that wrote it, and with each issued code the
/// transaction that last looked at it to spend it; rows stand in the order in which they came. So the
/// tables that say which codes are spent, and which visits were let in, are written anew by this
/// transaction, with nothing of the old ones kept, and put into the order of their keys; and every
/// issued code of the wave is looked at once more, the unused ones too. No row says anything else than
/// before. SQLite is seen to by [`super::traces`].
pub async fn cut_links(tx: &impl ConnectionTrait, wave: WaveId) -> Result<(), StoreError> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let look_again = format!(
        "WITH locked AS (SELECT 1 FROM entitlement WHERE wave_id = {wave} FOR UPDATE)
         SELECT count(*) FROM locked"
    );
    tx.execute_unprepared(&look_again).await?;
    for (table, column) in [
        ("spent_entitlement", "channel"),
        ("admission", "admission_key"),
    ] {
        // An UPDATE would leave the old rows for CLUSTER to copy. This copies what each row says, and
        // fires no trigger.
        let rewrite = format!("ALTER TABLE {table} ALTER {column} TYPE text USING {column} || ''");
        tx.execute_unprepared(&rewrite).await?;
        tx.execute_unprepared(&format!("CLUSTER {table} USING {table}_pkey"))
            .await?;
    }
    Ok(())
}

/// Keeps [`cut_links`] and [`issue`] waiting until the transaction `tx` ends, which has to begin with this: a reader
/// who looks at one moment of the past finds a table that is written anew meanwhile empty.
pub async fn hold_still(tx: &impl ConnectionTrait) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = "LOCK TABLE spent_entitlement, admission, entitlement IN ACCESS SHARE MODE";
        tx.execute_unprepared(lock).await?;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Unused,
    Spent,
}

/// The wave among these for which a code of this hash was issued, and whether it is spent.
pub async fn find(
    db: &impl ConnectionTrait,
    waves: &[WaveId],
    hash: &CodeHash,
) -> Result<Option<(WaveId, Standing)>, StoreError> {
    let ids = waves.iter().map(|wave| wave.0);
    let issued = entitlement::Entity::find()
        .filter(entitlement::Column::WaveId.is_in(ids))
        .filter(entitlement::Column::CodeHash.eq(hash.as_str()))
        .one(db)
        .await?;
    let Some(issued) = issued else {
        return Ok(None);
    };
    let spent = spent_entitlement::Entity::find_by_id((issued.wave_id, issued.code_hash))
        .one(db)
        .await?;
    let standing = match spent {
        Some(_) => Standing::Spent,
        None => Standing::Unused,
    };
    Ok(Some((WaveId(issued.wave_id), standing)))
}

/// On which channel a code of this wave has been counted: nothing within for one that is unused, and
/// nothing at all for one that was never issued.
pub async fn spent_on(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    hash: &CodeHash,
) -> Result<Option<Option<Channel>>, StoreError> {
    let key = (wave.0, hash.as_str().to_owned());
    if entitlement::Entity::find_by_id(key.clone())
        .one(tx)
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let spent = spent_entitlement::Entity::find_by_id(key).one(tx).await?;
    let channel = spent.map(|row| row.channel.parse::<Channel>()).transpose();
    channel
        .map(Some)
        .map_err(|error| inconsistent("spent_entitlement", "channel", error))
}

/// Uses a code up without a response: that of an accepted envelope, whose sheet is counted later.
pub async fn spend(
    tx: &impl ConnectionTrait,
    wave: WaveId,
    hash: &CodeHash,
    channel: Channel,
) -> Result<(), StoreError> {
    spent_entitlement::Entity::insert(spent_entitlement::ActiveModel {
        wave_id: Set(wave.0),
        code_hash: Set(hash.as_str().to_owned()),
        channel: Set(channel.to_string()),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(())
}

/// Row counts straight from the tables, for the conservation check: independent of the fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCounts {
    pub issued: u64,
    pub spent: u64,
    /// Issued, and with no row that spends it.
    pub unused: u64,
    pub admissions: u64,
    pub responses: u64,
    pub sheets: u64,
    pub people_on_sheets: u64,
    pub voids: u64,
}

pub async fn row_counts(db: &impl ConnectionTrait, wave: WaveId) -> Result<RowCounts, StoreError> {
    let id = wave.0;
    Ok(RowCounts {
        issued: entitlement::Entity::find()
            .filter(entitlement::Column::WaveId.eq(id))
            .count(db)
            .await?,
        spent: spent_entitlement::Entity::find()
            .filter(spent_entitlement::Column::WaveId.eq(id))
            .count(db)
            .await?,
        unused: unused(db, wave).await?,
        admissions: admission::Entity::find()
            .filter(admission::Column::WaveId.eq(id))
            .count(db)
            .await?,
        responses: response::Entity::find()
            .filter(response::Column::WaveId.eq(id))
            .count(db)
            .await?,
        sheets: count_sheet::Entity::find()
            .filter(count_sheet::Column::WaveId.eq(id))
            .count(db)
            .await?,
        people_on_sheets: people_on_sheets(db, wave).await?,
        voids: void_entry::Entity::find()
            .filter(void_entry::Column::WaveId.eq(id))
            .count(db)
            .await?,
    })
}

async fn unused(db: &impl ConnectionTrait, wave: WaveId) -> Result<u64, StoreError> {
    let spent = Query::select()
        .column(spent_entitlement::Column::CodeHash)
        .from(spent_entitlement::Entity)
        .and_where(spent_entitlement::Column::WaveId.eq(wave.0))
        .to_owned();
    Ok(entitlement::Entity::find()
        .filter(entitlement::Column::WaveId.eq(wave.0))
        .filter(entitlement::Column::CodeHash.not_in_subquery(spent))
        .count(db)
        .await?)
}

async fn people_on_sheets(db: &impl ConnectionTrait, wave: WaveId) -> Result<u64, StoreError> {
    let people: Vec<i64> = count_sheet::Entity::find()
        .select_only()
        .column(count_sheet::Column::People)
        .filter(count_sheet::Column::WaveId.eq(wave.0))
        .into_tuple()
        .all(db)
        .await?;
    u64::try_from(people.iter().sum::<i64>())
        .map_err(|error| inconsistent("count_sheet", "people", error))
}
