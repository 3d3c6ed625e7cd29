//! Acts that need two people: one asks, another confirms, and the database does nothing of the kind
//! without both. A confirmation is used up by the act that it allows.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null},
    sea_orm::DbBackend,
};

use crate::{guard, guard_two_person};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(sensitive_act()).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX sensitive_act_asked_once ON sensitive_act (wave_id, kind)
                     WHERE state = 'asked' AND entry_seq IS NULL;
                 CREATE UNIQUE INDEX sensitive_act_entry_once ON sensitive_act (wave_id, entry_seq)
                     WHERE state = 'asked' AND entry_seq IS NOT NULL;",
            )
            .await?;
        guard_two_person::requests_move_forward(manager).await?;
        guard_two_person::waves_need_two_people(manager).await?;
        guard_two_person::voids_need_two_people(manager).await?;
        a_snapshot_each_closing(manager).await
    }
}

fn references(column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("sensitive_act_{column}"))
        .from("sensitive_act", column)
        .to(to, "id")
        .to_owned()
}

/// `content` has the whole act; `closes_at`, `entry_seq` and `reason` repeat what the guards ask for.
fn sensitive_act() -> TableCreateStatement {
    Table::create()
        .table("sensitive_act")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id"))
        .col(text("kind").check(Expr::cust(
            "kind IN ('publish', 'extend', 'reopen', 'void', 'replace-sheet')",
        )))
        .col(text("content"))
        .col(big_integer_null("closes_at"))
        .col(big_integer_null("entry_seq"))
        .col(text_null("reason").check(Expr::cust("length(reason) > 0")))
        .col(big_integer("requested_by"))
        .col(big_integer("requested_at"))
        .col(text("state").check(Expr::cust(
            "state IN ('asked', 'confirmed', 'applied', 'declined', 'withdrawn')",
        )))
        .col(big_integer_null("decided_by"))
        .col(big_integer_null("decided_at"))
        .check(Expr::cust("(kind = 'publish') = (reason IS NULL)"))
        .check(Expr::cust(
            "(kind IN ('extend', 'reopen')) = (closes_at IS NOT NULL)",
        ))
        .check(Expr::cust(
            "(kind IN ('void', 'replace-sheet')) = (entry_seq IS NOT NULL)",
        ))
        .check(Expr::cust("(state = 'asked') = (decided_by IS NULL)"))
        .check(Expr::cust("(decided_by IS NULL) = (decided_at IS NULL)"))
        .check(Expr::cust(
            "state NOT IN ('confirmed', 'applied', 'declined') OR decided_by <> requested_by",
        ))
        .check(Expr::cust(
            "state <> 'withdrawn' OR decided_by = requested_by",
        ))
        .foreign_key(&mut references("wave_id", "wave"))
        .foreign_key(&mut references("requested_by", "staff_user"))
        .foreign_key(&mut references("decided_by", "staff_user"))
        .to_owned()
}

/// A wave that is reopened closes again, and its summary is then another.
async fn a_snapshot_each_closing(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() != DbBackend::Sqlite {
        db.execute_unprepared(
            "ALTER TABLE report_snapshot DROP CONSTRAINT report_snapshot_wave_id_key;
             CREATE INDEX report_snapshot_wave ON report_snapshot (wave_id);",
        )
        .await?;
        return Ok(());
    }
    // SQLite cannot drop the constraint: the table is made anew around its rows. Mails point at them
    // meanwhile, so their keys are looked at when all is done.
    db.execute_unprepared(
        "PRAGMA defer_foreign_keys = ON;
         CREATE TABLE report_snapshot_before AS SELECT * FROM report_snapshot;
         DROP TABLE report_snapshot;",
    )
    .await?;
    manager.create_table(report_snapshot()).await?;
    db.execute_unprepared(
        "INSERT INTO report_snapshot (id, wave_id, content, created_at)
         SELECT id, wave_id, content, created_at FROM report_snapshot_before;
         DROP TABLE report_snapshot_before;
         CREATE INDEX report_snapshot_wave ON report_snapshot (wave_id);",
    )
    .await?;
    guard::append_only(manager, "report_snapshot", &[&["id"]]).await
}

fn report_snapshot() -> TableCreateStatement {
    Table::create()
        .table("report_snapshot")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id"))
        .col(text("content"))
        .col(big_integer("created_at"))
        .foreign_key(
            ForeignKey::create()
                .name("report_snapshot_wave")
                .from("report_snapshot", "wave_id")
                .to("wave", "id"),
        )
        .to_owned()
}
