//! The key that belongs to this database, by its fingerprint: with another one, codes that were issued
//! would be refused as unknown.

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::{StoreError, entity::installation};

const ONLY: i64 = 1;

pub async fn fingerprint(db: &impl ConnectionTrait) -> Result<Option<String>, StoreError> {
    let row = installation::Entity::find_by_id(ONLY).one(db).await?;
    Ok(row.map(|row| row.key_fingerprint))
}

/// Notes the fingerprint, unless another process was quicker; the one that is there holds.
pub async fn note_fingerprint(tx: &impl ConnectionTrait, ours: &str) -> Result<String, StoreError> {
    if let Some(known) = fingerprint(tx).await? {
        return Ok(known);
    }
    installation::Entity::insert(installation::ActiveModel {
        id: Set(ONLY),
        key_fingerprint: Set(ours.to_owned()),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(ours.to_owned())
}
