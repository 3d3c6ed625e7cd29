//! A version of a keying of a sheet, or of a decision on it.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sheet_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub batch_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub round: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub pass: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sheet: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub client_id: String,
    pub keyed_by: i64,
    pub content: String,
    pub seconds: i64,
    pub day: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
