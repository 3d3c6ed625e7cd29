//! A request for an act that needs two people, and what became of it.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sensitive_act")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub wave_id: i64,
    pub kind: String,
    pub content: String,
    pub closes_at: Option<i64>,
    pub entry_seq: Option<i64>,
    pub reason: Option<String>,
    pub requested_by: i64,
    pub requested_at: i64,
    pub state: String,
    pub decided_by: Option<i64>,
    pub decided_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
