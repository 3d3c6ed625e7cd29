//! Attempts that were not counted, by reason.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refused_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub wave_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub reason: String,
    pub attempts: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
