//! What the sheets of a batch counted for.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "batch_count")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub batch_id: i64,
    pub responses: i64,
    pub blank: i64,
    pub spoilt: i64,
    pub unreadable: i64,
    pub no_valid_mark: i64,
    pub overvoted: i64,
    pub uncertain: i64,
    pub counted_by: i64,
    pub day: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
