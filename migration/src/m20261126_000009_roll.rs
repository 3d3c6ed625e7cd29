//! Whom a wave's letters and invitations go to, the runs of codes made for them, and an outbox that
//! carries more than summaries. None of these tables knows a response, an entitlement or a code.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, text, text_null},
    sea_orm::DbBackend,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(code_run()).await?;
        manager.create_table(roll_person()).await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            rebuild_outbox(manager).await
        } else {
            extend_outbox(manager).await
        }
    }
}

fn references(
    from: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{from}_{column}"))
        .from(from, column)
        .to(to, "id")
        .to_owned()
}

/// Codes that were made together. `sealed` holds them, under the installation's key and for whoever
/// prints them, until they are said to be printed; then nothing but their number is left.
fn code_run() -> TableCreateStatement {
    Table::create()
        .table("code_run")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id"))
        .col(text("kind").check(Expr::cust("kind IN ('list', 'cards', 'letters', 'mails')")))
        .col(big_integer("codes").check(Expr::cust("codes > 0")))
        .col(text_null("sealed"))
        .col(big_integer("made_at"))
        .col(big_integer_null("wiped_at"))
        .check(Expr::cust("(sealed IS NULL) = (wiped_at IS NOT NULL)"))
        .foreign_key(&mut references("code_run", "wave_id", "wave"))
        .to_owned()
}

/// `fingerprint` keeps the same person from standing twice on the roll of a wave.
fn roll_person() -> TableCreateStatement {
    Table::create()
        .table("roll_person")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id"))
        .col(big_integer("serial").check(Expr::cust("serial > 0")))
        .col(text("name"))
        .col(text("address"))
        .col(text_null("email"))
        .col(text_null("group_name"))
        .col(text("fingerprint"))
        .col(big_integer_null("run_id"))
        .index(
            Index::create()
                .unique()
                .name("roll_person_serial")
                .col("wave_id")
                .col("serial"),
        )
        .index(
            Index::create()
                .unique()
                .name("roll_person_once")
                .col("wave_id")
                .col("fingerprint"),
        )
        .foreign_key(&mut references("roll_person", "wave_id", "wave"))
        .foreign_key(&mut references("roll_person", "run_id", "code_run"))
        .to_owned()
}

/// A summary goes to a subscriber; any other mail has its recipient and its content, which is sealed
/// and goes when it has been sent.
const PARTS: &str = "(kind = 'summary') = (subscriber_id IS NOT NULL AND snapshot_id IS NOT NULL)";

fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(big_integer("id").auto_increment().primary_key())
        .col(text("message_id").unique_key())
        .col(text("kind").check(Expr::cust("kind IN ('summary', 'notice')")))
        .col(big_integer_null("subscriber_id"))
        .col(big_integer_null("snapshot_id"))
        .col(big_integer_null("wave_id"))
        .col(text_null("recipient"))
        .col(text_null("sealed"))
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
        .check(Expr::cust(PARTS))
        .foreign_key(&mut references("outbox", "subscriber_id", "subscriber"))
        .foreign_key(&mut references("outbox", "snapshot_id", "report_snapshot"))
        .foreign_key(&mut references("outbox", "wave_id", "wave"))
        .to_owned()
}

async fn rebuild_outbox(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    db.execute_unprepared(
        "CREATE TABLE outbox_before AS SELECT * FROM outbox;
         DROP TABLE outbox;",
    )
    .await?;
    manager.create_table(outbox()).await?;
    db.execute_unprepared(
        "INSERT INTO outbox (id, message_id, kind, subscriber_id, snapshot_id, state, attempts,
                             due_at, claimed_until, last_error, created_at, sent_at)
         SELECT id, message_id, 'summary', subscriber_id, snapshot_id, state, attempts, due_at,
                claimed_until, last_error, created_at, sent_at FROM outbox_before;
         DROP TABLE outbox_before;
         CREATE INDEX outbox_due ON outbox (state, due_at);",
    )
    .await?;
    Ok(())
}

async fn extend_outbox(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .get_connection()
        .execute_unprepared(&format!(
            "ALTER TABLE outbox ALTER COLUMN subscriber_id DROP NOT NULL;
             ALTER TABLE outbox ALTER COLUMN snapshot_id DROP NOT NULL;
             ALTER TABLE outbox ADD COLUMN kind text NOT NULL DEFAULT 'summary'
                 CHECK (kind IN ('summary', 'notice'));
             ALTER TABLE outbox ALTER COLUMN kind DROP DEFAULT;
             ALTER TABLE outbox ADD COLUMN wave_id bigint REFERENCES wave (id);
             ALTER TABLE outbox ADD COLUMN recipient text;
             ALTER TABLE outbox ADD COLUMN sealed text;
             ALTER TABLE outbox ADD CONSTRAINT outbox_parts CHECK ({PARTS});"
        ))
        .await?;
    Ok(())
}
