use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text},
};

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("installation")
                    .col(big_integer("id").primary_key().check(Expr::cust("id = 1")))
                    .col(text("key_fingerprint"))
                    .to_owned(),
            )
            .await?;
        guard::append_only(manager, "installation", &[&["id"]]).await
    }
}
