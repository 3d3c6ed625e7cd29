//! An entry that no longer counts, and why.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "void_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub wave_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub voided_seq: i64,
    pub day: String,
    pub reason: String,
    pub requested_by: i64,
    pub confirmed_by: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
