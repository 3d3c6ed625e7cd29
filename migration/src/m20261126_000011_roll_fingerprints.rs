//! A person of a roll is known by name and e-mail address too. Both fingerprints are keyed from now
//! on; an older one is made anew when it is needed.

use sea_orm_migration::{prelude::*, schema::text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("roll_person")
                    .add_column(text_null("mail_fingerprint"))
                    .to_owned(),
            )
            .await?;
        // Rows without one do not count: no database takes two nulls for the same.
        manager
            .create_index(
                Index::create()
                    .unique()
                    .name("roll_person_mail_once")
                    .table("roll_person")
                    .col("wave_id")
                    .col("mail_fingerprint")
                    .to_owned(),
            )
            .await
    }
}
