use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text},
};

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

const CHANNELS: &str = "channel IN ('online', 'postal', 'meeting')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            ledger_head(),
            guard::keyed(manager, response()),
            guard::keyed(manager, count_sheet()),
            guard::keyed(manager, void_entry()),
            guard::keyed(manager, admission()),
            guard::keyed(manager, entitlement()),
            guard::keyed(manager, spent_entitlement()),
            guard::keyed(manager, import_file()),
            guard::keyed(manager, refused_attempt()),
        ] {
            manager.create_table(table).await?;
        }
        let place: &[&str] = &["wave_id", "seq"];
        for (table, keys) in [
            ("response", &[place, &["public_id"]][..]),
            ("count_sheet", &[place]),
            ("void_entry", &[place, &["wave_id", "voided_seq"]]),
            ("admission", &[&["wave_id", "admission_key"]]),
            ("entitlement", &[&["wave_id", "code_hash"]]),
            ("spent_entitlement", &[&["wave_id", "code_hash"]]),
            ("import_file", &[&["wave_id", "sha256"]]),
        ] {
            guard::append_only(manager, table, keys).await?;
        }
        for table in [
            "response",
            "count_sheet",
            "admission",
            "spent_entitlement",
            "import_file",
        ] {
            guard::only_while_open(manager, table).await?;
        }
        for table in ["admission", "spent_entitlement"] {
            guard::rewritable(manager, table).await?;
        }
        guard::voids_name_entries(manager).await?;
        guard::head_moves_forward(manager).await
    }
}

fn of_wave(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_wave"))
        .from(table, "wave_id")
        .to("wave", "id")
        .to_owned()
}

/// The last place given out. Its row is what the writers of a wave lock, so that places have no gaps
/// and a reader's watermark never skips one.
fn ledger_head() -> TableCreateStatement {
    Table::create()
        .table("ledger_head")
        .col(big_integer("wave_id").primary_key())
        .col(big_integer("last_seq").check(Expr::cust("last_seq >= 0")))
        .foreign_key(&mut of_wave("ledger_head"))
        .to_owned()
}

fn response() -> TableCreateStatement {
    Table::create()
        .table("response")
        .col(big_integer("wave_id"))
        .col(big_integer("seq").check(Expr::cust("seq > 0")))
        .col(
            text("public_id")
                .unique_key()
                .check(Expr::cust("length(public_id) = 20")),
        )
        .col(text("channel").check(Expr::cust(CHANNELS)))
        .col(text("day").check(Expr::cust("length(day) = 10")))
        .col(text("answers"))
        .primary_key(Index::create().col("wave_id").col("seq"))
        .foreign_key(&mut of_wave("response"))
        .to_owned()
}

fn count_sheet() -> TableCreateStatement {
    Table::create()
        .table("count_sheet")
        .col(big_integer("wave_id"))
        .col(big_integer("seq").check(Expr::cust("seq > 0")))
        .col(text("channel").check(Expr::cust(CHANNELS)))
        .col(text("day").check(Expr::cust("length(day) = 10")))
        .col(big_integer("people").check(Expr::cust("people > 0")))
        .col(text("content"))
        .primary_key(Index::create().col("wave_id").col("seq"))
        .foreign_key(&mut of_wave("count_sheet"))
        .to_owned()
}

/// A mistake is voided by a further entry, by two different people, and never removed.
fn void_entry() -> TableCreateStatement {
    let user = |column: &'static str| {
        ForeignKey::create()
            .name(format!("void_entry_{column}"))
            .from("void_entry", column)
            .to("staff_user", "id")
            .to_owned()
    };
    Table::create()
        .table("void_entry")
        .col(big_integer("wave_id"))
        .col(big_integer("seq").check(Expr::cust("seq > 0")))
        .col(big_integer("voided_seq"))
        .col(text("day").check(Expr::cust("length(day) = 10")))
        .col(text("reason").check(Expr::cust("length(reason) > 0")))
        .col(big_integer("requested_by"))
        .col(big_integer("confirmed_by"))
        .primary_key(Index::create().col("wave_id").col("seq"))
        .index(
            Index::create()
                .unique()
                .name("void_once")
                .col("wave_id")
                .col("voided_seq"),
        )
        .check(Expr::cust("requested_by <> confirmed_by"))
        .check(Expr::cust("voided_seq < seq"))
        .foreign_key(&mut of_wave("void_entry"))
        .foreign_key(&mut user("requested_by"))
        .foreign_key(&mut user("confirmed_by"))
        .to_owned()
}

/// One row for each submission that was let in: the same browser, or the same paper, is let in once.
/// It has no link to the response.
fn admission() -> TableCreateStatement {
    Table::create()
        .table("admission")
        .col(big_integer("wave_id"))
        .col(text("admission_key"))
        .primary_key(Index::create().col("wave_id").col("admission_key"))
        .foreign_key(&mut of_wave("admission"))
        .to_owned()
}

/// The right to be counted once: a keyed hash of an access code that was issued.
fn entitlement() -> TableCreateStatement {
    Table::create()
        .table("entitlement")
        .col(big_integer("wave_id"))
        .col(text("code_hash"))
        .primary_key(Index::create().col("wave_id").col("code_hash"))
        .foreign_key(&mut of_wave("entitlement"))
        .to_owned()
}

/// An entitlement that is used up, on which channel, and at no time.
fn spent_entitlement() -> TableCreateStatement {
    Table::create()
        .table("spent_entitlement")
        .col(big_integer("wave_id"))
        .col(text("code_hash"))
        .col(text("channel").check(Expr::cust(CHANNELS)))
        .primary_key(Index::create().col("wave_id").col("code_hash"))
        .foreign_key(
            ForeignKey::create()
                .name("spent_entitlement_issued")
                .from("spent_entitlement", ("wave_id", "code_hash"))
                .to("entitlement", ("wave_id", "code_hash")),
        )
        .to_owned()
}

/// A file is imported into a wave once.
fn import_file() -> TableCreateStatement {
    Table::create()
        .table("import_file")
        .col(big_integer("wave_id"))
        .col(text("sha256"))
        .col(text("day").check(Expr::cust("length(day) = 10")))
        .col(big_integer("entries"))
        .primary_key(Index::create().col("wave_id").col("sha256"))
        .foreign_key(&mut of_wave("import_file"))
        .to_owned()
}

/// Attempts that were not counted, by reason and never by person.
fn refused_attempt() -> TableCreateStatement {
    Table::create()
        .table("refused_attempt")
        .col(big_integer("wave_id"))
        .col(text("reason"))
        .col(big_integer("attempts"))
        .primary_key(Index::create().col("wave_id").col("reason"))
        .foreign_key(&mut of_wave("refused_attempt"))
        .to_owned()
}
