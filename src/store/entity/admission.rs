//! A submission that was let in.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "admission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub wave_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub admission_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
