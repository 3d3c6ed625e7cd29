//! Post: mail bags and envelopes, batches of sheets, every keying and every decision, and the counting
//! of a batch. None of these tables has a code in it or a key into the roll, and an envelope has none
//! into a batch.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null},
};

use crate::{guard, guard_paper};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            keying_plan(),
            mail_bag(),
            guard::keyed(manager, envelope()),
            batch(),
            pile_count(),
            sheet_entry(),
            batch_count(),
        ] {
            manager.create_table(table).await?;
        }
        let entry: &[&str] = &["batch_id", "round", "pass", "sheet", "revision"];
        for (table, keys) in [
            ("mail_bag", &[&["id"][..]][..]),
            ("envelope", &[&["wave_id", "scan_id"]]),
            ("pile_count", &[&["batch_id", "number"]]),
            ("sheet_entry", &[entry, &["client_id"]]),
            ("batch_count", &[&["batch_id"]]),
        ] {
            guard::append_only(manager, table, keys).await?;
        }
        for table in ["envelope", "batch"] {
            guard::only_while_open(manager, table).await?;
        }
        guard_paper::batches_are_of_envelopes(manager).await?;
        guard_paper::batches_move_forward(manager).await?;
        guard_paper::batches_add_up(manager).await?;
        guard_paper::different_people(manager).await?;
        guard_paper::piles_are_counted_by_others(manager).await?;
        guard_paper::closing_waits_for_paper(manager).await?;
        guard_paper::plan_is_fixed(manager).await
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

/// How the paper of a wave is checked; without a row everything is keyed twice.
fn keying_plan() -> TableCreateStatement {
    Table::create()
        .table("keying_plan")
        .col(big_integer("wave_id").primary_key())
        .col(big_integer("percent").check(Expr::cust("percent BETWEEN 1 AND 100")))
        .col(big_integer("accepted").check(Expr::cust("accepted >= 0")))
        .foreign_key(&mut references("keying_plan", "wave_id", "wave"))
        .to_owned()
}

fn mail_bag() -> TableCreateStatement {
    Table::create()
        .table("mail_bag")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id"))
        .col(text("day").check(Expr::cust("length(day) = 10")))
        .col(text("arrival").check(Expr::cust("arrival IN ('in-time', 'late')")))
        .col(big_integer("opened_by"))
        .foreign_key(&mut references("mail_bag", "wave_id", "wave"))
        .foreign_key(&mut references("mail_bag", "opened_by", "staff_user"))
        .to_owned()
}

/// One envelope and what became of it. `scan_id` is random: the same scan is kept once.
fn envelope() -> TableCreateStatement {
    Table::create()
        .table("envelope")
        .col(big_integer("wave_id"))
        .col(text("scan_id"))
        .col(big_integer("bag_id"))
        .col(text("outcome").check(Expr::cust(
            "outcome IN ('accepted', 'already-online', 'already-meeting', 'second-envelope',
                         'unknown', 'spoilt', 'late')",
        )))
        .primary_key(Index::create().col("wave_id").col("scan_id"))
        .foreign_key(&mut references("envelope", "wave_id", "wave"))
        .foreign_key(&mut references("envelope", "bag_id", "mail_bag"))
        .to_owned()
}

/// `expected`, `found_in` and `found_by` belong to the state `counting`, and a claim to those in which somebody
/// works on the pile.
fn batch() -> TableCreateStatement {
    Table::create()
        .table("batch")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("wave_id"))
        .col(big_integer("number").check(Expr::cust("number > 0")))
        .col(big_integer("envelopes").check(Expr::cust("envelopes BETWEEN 1 AND 200")))
        .col(text("state").check(Expr::cust(
            "state IN ('counting', 'first-keying', 'second-keying', 'resolving', 'reconciled',
                       'counted')",
        )))
        .col(big_integer("round").check(Expr::cust("round > 0")))
        .col(big_integer_null("expected"))
        .col(text_null("found_in").check(Expr::cust("found_in IN ('first', 'second')")))
        .col(big_integer_null("found_by"))
        .col(text_null("seed"))
        .col(text_null("verdict").check(Expr::cust("verdict IN ('accepted', 'rejected')")))
        .col(big_integer_null("verdict_errors"))
        .col(big_integer_null("claimed_by"))
        .col(big_integer_null("claimed_until"))
        .index(
            Index::create()
                .unique()
                .name("batch_number")
                .col("wave_id")
                .col("number"),
        )
        .check(Expr::cust("(state = 'counting') = (expected IS NOT NULL)"))
        .check(Expr::cust("found_in IS NULL OR state = 'counting'"))
        .check(Expr::cust("(found_in IS NULL) = (found_by IS NULL)"))
        .check(Expr::cust("(verdict IS NULL) = (verdict_errors IS NULL)"))
        .check(Expr::cust("verdict IS NULL OR seed IS NOT NULL"))
        .check(Expr::cust("(claimed_by IS NULL) = (claimed_until IS NULL)"))
        .check(Expr::cust(
            "claimed_by IS NULL OR state IN ('first-keying', 'second-keying', 'resolving')",
        ))
        .foreign_key(&mut references("batch", "wave_id", "wave"))
        .foreign_key(&mut references("batch", "found_by", "staff_user"))
        .foreign_key(&mut references("batch", "claimed_by", "staff_user"))
        .to_owned()
}

/// Every count of a pile by hand; the second and later ones have a reason.
fn pile_count() -> TableCreateStatement {
    Table::create()
        .table("pile_count")
        .col(big_integer("batch_id"))
        .col(big_integer("number").check(Expr::cust("number > 0")))
        .col(big_integer("sheets").check(Expr::cust("sheets >= 0")))
        .col(big_integer("counted_by"))
        .col(text_null("reason").check(Expr::cust("length(reason) > 0")))
        .col(text("day").check(Expr::cust("length(day) = 10")))
        .primary_key(Index::create().col("batch_id").col("number"))
        .check(Expr::cust("(number = 1) = (reason IS NULL)"))
        .foreign_key(&mut references("pile_count", "batch_id", "batch"))
        .foreign_key(&mut references("pile_count", "counted_by", "staff_user"))
        .to_owned()
}

/// Every version of every keying of a sheet, and of every decision. `client_id` was given by the
/// browser that sent it: what is sent twice is kept once.
fn sheet_entry() -> TableCreateStatement {
    Table::create()
        .table("sheet_entry")
        .col(big_integer("batch_id"))
        .col(big_integer("round").check(Expr::cust("round > 0")))
        .col(text("pass").check(Expr::cust("pass IN ('first', 'second', 'decision')")))
        .col(big_integer("sheet").check(Expr::cust("sheet > 0")))
        .col(big_integer("revision").check(Expr::cust("revision > 0")))
        .col(text("client_id").unique_key())
        .col(big_integer("keyed_by"))
        .col(text("content").check(Expr::cust("length(content) > 0")))
        .col(big_integer("seconds").check(Expr::cust("seconds >= 0")))
        .col(text("day").check(Expr::cust("length(day) = 10")))
        .primary_key(
            Index::create()
                .col("batch_id")
                .col("round")
                .col("pass")
                .col("sheet")
                .col("revision"),
        )
        .foreign_key(&mut references("sheet_entry", "batch_id", "batch"))
        .foreign_key(&mut references("sheet_entry", "keyed_by", "staff_user"))
        .to_owned()
}

/// A batch is counted once: its sheets, by what they counted for.
fn batch_count() -> TableCreateStatement {
    let mut table = Table::create()
        .table("batch_count")
        .col(big_integer("batch_id").primary_key())
        .to_owned();
    for column in [
        "responses",
        "blank",
        "spoilt",
        "unreadable",
        "no_valid_mark",
        "overvoted",
        "uncertain",
    ] {
        table.col(big_integer(column).check(Expr::cust(format!("{column} >= 0"))));
    }
    table
        .col(big_integer("counted_by"))
        .col(text("day").check(Expr::cust("length(day) = 10")))
        .foreign_key(&mut references("batch_count", "batch_id", "batch"))
        .foreign_key(&mut references("batch_count", "counted_by", "staff_user"))
        .to_owned()
}
