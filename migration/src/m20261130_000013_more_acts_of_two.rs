//! Two more acts that need two people: making codes for a wave that is open or has no place for more,
//! and closing a wave whose ballots its rule cannot count.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null},
    sea_orm::DbBackend,
};

use crate::guard_two_person;

#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: &str = "kind IN ('publish', 'extend', 'reopen', 'void', 'replace-sheet', 'make-codes', \
                     'close-without-outcome')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() != DbBackend::Sqlite {
            db.execute_unprepared(&format!(
                "ALTER TABLE sensitive_act DROP CONSTRAINT sensitive_act_kind_check;
                 ALTER TABLE sensitive_act ADD CONSTRAINT sensitive_act_kind_check CHECK ({KINDS});"
            ))
            .await?;
            return Ok(());
        }
        // SQLite cannot change the constraint: the table is made anew around its rows.
        db.execute_unprepared(
            "CREATE TABLE sensitive_act_before AS SELECT * FROM sensitive_act;
             DROP TABLE sensitive_act;",
        )
        .await?;
        manager.create_table(sensitive_act()).await?;
        db.execute_unprepared(
            "INSERT INTO sensitive_act (id, wave_id, kind, content, closes_at, entry_seq, reason,
                 requested_by, requested_at, state, decided_by, decided_at)
             SELECT id, wave_id, kind, content, closes_at, entry_seq, reason,
                 requested_by, requested_at, state, decided_by, decided_at
             FROM sensitive_act_before;
             DROP TABLE sensitive_act_before;
             CREATE UNIQUE INDEX sensitive_act_asked_once ON sensitive_act (wave_id, kind)
                 WHERE state = 'asked' AND entry_seq IS NULL;
             CREATE UNIQUE INDEX sensitive_act_entry_once ON sensitive_act (wave_id, entry_seq)
                 WHERE state = 'asked' AND entry_seq IS NOT NULL;",
        )
        .await?;
        guard_two_person::requests_move_forward(manager).await
    }
}

fn references(column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("sensitive_act_{column}"))
        .from("sensitive_act", column)
        .to(to, "id")
        .to_owned()
}

fn sensitive_act() -> TableCreateStatement {
    Table::create()
        .table("sensitive_act")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id"))
        .col(text("kind").check(Expr::cust(KINDS)))
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
