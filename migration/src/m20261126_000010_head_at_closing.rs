//! The report at closing is kept with the head of the audit log at that moment: the summary carries it
//! out of the house.

use sea_orm_migration::{prelude::*, schema::text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("report_snapshot")
                    .add_column(text_null("audit_head"))
                    .to_owned(),
            )
            .await
    }
}
