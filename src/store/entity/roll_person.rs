//! A person whom letters or invitations of a wave go to.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_person")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub wave_id: i64,
    pub serial: i64,
    pub name: String,
    pub address: String,
    pub email: Option<String>,
    pub group_name: Option<String>,
    pub fingerprint: String,
    pub mail_fingerprint: Option<String>,
    pub run_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
