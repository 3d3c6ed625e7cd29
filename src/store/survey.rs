//! Versions of a survey's wording.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{StoreError, entity::survey_version, inconsistent};
use crate::domain::{id::SurveyVersionId, moment::Moment, survey::Survey};

/// Keeps this wording, once, and tells its version.
pub async fn keep(
    db: &impl ConnectionTrait,
    survey: &Survey,
    now: Moment,
) -> Result<SurveyVersionId, StoreError> {
    let hash = survey.wording_hash();
    let known = survey_version::Entity::find()
        .filter(survey_version::Column::SurveyKey.eq(survey.key.as_str()))
        .filter(survey_version::Column::WordingHash.eq(hash.as_str()))
        .one(db)
        .await?;
    if let Some(version) = known {
        return Ok(SurveyVersionId(version.id));
    }
    let content = serde_json::to_string(survey)
        .map_err(|error| inconsistent("survey_version", "content", error))?;
    let inserted = survey_version::Entity::insert(survey_version::ActiveModel {
        survey_key: Set(survey.key.to_string()),
        wording_hash: Set(hash),
        content: Set(content),
        loaded_at: Set(now.millis()),
        ..Default::default()
    })
    .exec(db)
    .await?;
    Ok(SurveyVersionId(inserted.last_insert_id))
}

pub async fn get(
    db: &impl ConnectionTrait,
    version: SurveyVersionId,
) -> Result<Survey, StoreError> {
    let row = survey_version::Entity::find_by_id(version.0)
        .one(db)
        .await?
        .ok_or_else(|| inconsistent("survey_version", "id", version))?;
    serde_json::from_str(&row.content)
        .map_err(|error| inconsistent("survey_version", "content", error))
}
