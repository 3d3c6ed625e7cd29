//! One person's answers, counted once.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "response")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub wave_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub public_id: String,
    pub channel: String,
    pub day: String,
    pub answers: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
