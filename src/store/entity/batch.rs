//! Sheets of paper that are keyed together.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "batch")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub wave_id: i64,
    pub number: i64,
    pub envelopes: i64,
    pub state: String,
    pub round: i64,
    pub expected: Option<i64>,
    pub found_in: Option<String>,
    pub found_by: Option<i64>,
    pub seed: Option<String>,
    pub verdict: Option<String>,
    pub verdict_errors: Option<i64>,
    pub claimed_by: Option<i64>,
    pub claimed_until: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
