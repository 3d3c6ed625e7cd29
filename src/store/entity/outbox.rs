//! A mail to be sent, or sent.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub message_id: String,
    pub kind: String,
    pub subscriber_id: Option<i64>,
    pub snapshot_id: Option<i64>,
    pub wave_id: Option<i64>,
    pub recipient: Option<String>,
    pub sealed: Option<String>,
    pub state: String,
    pub attempts: i32,
    pub due_at: i64,
    pub claimed_until: i64,
    pub last_error: Option<String>,
    pub created_at: i64,
    pub sent_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
