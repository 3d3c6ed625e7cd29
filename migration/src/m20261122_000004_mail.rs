use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, text, text_null},
};

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(subscriber()).await?;
        manager.create_table(report_snapshot()).await?;
        manager.create_table(outbox()).await?;
        manager
            .create_index(
                Index::create()
                    .name("outbox_due")
                    .table("outbox")
                    .col("state")
                    .col("due_at")
                    .to_owned(),
            )
            .await?;
        guard::append_only(manager, "report_snapshot", &[&["id"], &["wave_id"]]).await
    }
}

fn references(
    from: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{from}_{to}"))
        .from(from, column)
        .to(to, "id")
        .to_owned()
}

fn subscriber() -> TableCreateStatement {
    Table::create()
        .table("subscriber")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id"))
        .col(text("email"))
        .col(text("stop_token").unique_key())
        .col(big_integer_null("stopped_at"))
        .index(
            Index::create()
                .unique()
                .name("subscriber_once")
                .col("wave_id")
                .col("email"),
        )
        .foreign_key(&mut references("subscriber", "wave_id", "wave"))
        .to_owned()
}

/// The report as it stood when the wave closed: what the mails say, however often they are tried.
fn report_snapshot() -> TableCreateStatement {
    Table::create()
        .table("report_snapshot")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id").unique_key())
        .col(text("content"))
        .col(big_integer("created_at"))
        .foreign_key(&mut references("report_snapshot", "wave_id", "wave"))
        .to_owned()
}

fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(big_integer("id").auto_increment().primary_key())
        .col(text("message_id").unique_key())
        .col(big_integer("subscriber_id"))
        .col(big_integer("snapshot_id"))
        .col(text("state").check(Expr::cust("state IN ('queued', 'sent', 'parked')")))
        .col(integer("attempts"))
        .col(big_integer("due_at"))
        .col(big_integer("claimed_until"))
        .col(text_null("last_error"))
        .col(big_integer("created_at"))
        .col(big_integer_null("sent_at"))
        .index(
            Index::create()
                .unique()
                .name("outbox_once")
                .col("subscriber_id")
                .col("snapshot_id"),
        )
        .foreign_key(&mut references("outbox", "subscriber_id", "subscriber"))
        .foreign_key(&mut references("outbox", "snapshot_id", "report_snapshot"))
        .to_owned()
}
