//! A collection period.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wave")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub survey_key: String,
    pub name: String,
    pub version_id: i64,
    pub title: String,
    pub opens_at: i64,
    pub closes_at: i64,
    pub offset_minutes: i32,
    pub access: String,
    pub channels: String,
    pub frame_kind: String,
    pub frame_size: Option<i64>,
    pub results: String,
    pub state: String,
    pub opened_at: Option<i64>,
    pub stopped_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub published_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
