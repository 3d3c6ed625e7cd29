//! An act of staff, in its place of the chain.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: i64,
    pub user_id: Option<i64>,
    pub who: String,
    pub role: String,
    pub origin: String,
    pub act: String,
    pub object: String,
    pub detail: String,
    pub result: String,
    pub previous: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
