//! The record of every act of staff: one chain, to which rows are only ever added.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text},
    sea_orm::DbBackend,
};

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(audit_event()).await?;
        manager.create_table(audit_head()).await?;
        guard::append_only(manager, "audit_event", &[&["seq"]]).await?;
        manager
            .get_connection()
            .execute_unprepared("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')")
            .await?;
        one_step_at_a_time(manager).await
    }
}

/// No foreign key to users: an event outlives whoever it is about.
fn audit_event() -> TableCreateStatement {
    Table::create()
        .table("audit_event")
        .col(
            big_integer("seq")
                .primary_key()
                .check(Expr::cust("seq > 0")),
        )
        .col(big_integer("at"))
        .col(big_integer_null("user_id"))
        .col(text("who"))
        .col(text("role"))
        .col(text("origin"))
        .col(text("act"))
        .col(text("object"))
        .col(text("detail"))
        .col(text("result"))
        .col(text("previous"))
        .col(text("hash").check(Expr::cust("length(hash) = 64")))
        .to_owned()
}

/// The last link of the chain. Its row is what writers lock.
fn audit_head() -> TableCreateStatement {
    Table::create()
        .table("audit_head")
        .col(big_integer("id").primary_key().check(Expr::cust("id = 1")))
        .col(big_integer("seq").check(Expr::cust("seq >= 0")))
        .col(text("hash"))
        .to_owned()
}

async fn one_step_at_a_time(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = if manager.get_database_backend() == DbBackend::Sqlite {
        "CREATE TRIGGER audit_head_step BEFORE UPDATE ON audit_head WHEN NEW.seq <> OLD.seq + 1
         BEGIN SELECT RAISE(ABORT, 'the head of the audit log goes one step at a time'); END;
         CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
         BEGIN SELECT RAISE(ABORT, 'the head of the audit log is kept'); END;
         CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head
         BEGIN SELECT RAISE(ABORT, 'UNIQUE: audit_head has its row'); END;"
    } else {
        "CREATE FUNCTION guard_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             IF TG_OP = 'UPDATE' THEN
                 IF NEW.seq = OLD.seq + 1 THEN
                     RETURN NEW;
                 END IF;
             END IF;
             RAISE EXCEPTION 'the head of the audit log goes one step at a time'
                 USING ERRCODE = 'check_violation';
         END $$;
         CREATE TRIGGER audit_head_guard BEFORE INSERT OR UPDATE OR DELETE ON audit_head
         FOR EACH ROW EXECUTE FUNCTION guard_audit_head();
         CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
         FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    };
    manager.get_connection().execute_unprepared(sql).await?;
    Ok(())
}
