//! Triggers around paper: a batch goes only by its arrows, no more sheets count than envelopes came,
//! and what takes two or three people is not done by one.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Sqlite
}

/// One thing that a trigger refuses.
struct Rule {
    name: &'static str,
    /// `BEFORE INSERT ON batch`
    when: &'static str,
    refused: String,
    message: &'static str,
}

async fn refuse(manager: &SchemaManager<'_>, rules: &[Rule]) -> Result<(), DbErr> {
    for rule in rules {
        let Rule {
            name,
            when,
            refused,
            message,
        } = rule;
        let sql = if is_sqlite(manager) {
            format!(
                "CREATE TRIGGER {name} {when} WHEN {refused}
                 BEGIN SELECT RAISE(ABORT, '{message}'); END;"
            )
        } else {
            let row = if when.contains("DELETE") {
                "OLD"
            } else {
                "NEW"
            };
            format!(
                "CREATE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN
                     IF {refused} THEN
                         RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';
                     END IF;
                     RETURN {row};
                 END $$;
                 CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION guard_{name}();"
            )
        };
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// The arrows of `domain::keying`, without those that stay where they are.
const ARROWS: &[(&str, &str)] = &[
    ("counting", "first-keying"),
    ("counting", "second-keying"),
    ("first-keying", "second-keying"),
    ("first-keying", "counting"),
    ("second-keying", "resolving"),
    ("second-keying", "reconciled"),
    ("second-keying", "counting"),
    ("second-keying", "first-keying"),
    ("resolving", "reconciled"),
    ("resolving", "second-keying"),
    ("resolving", "first-keying"),
    ("reconciled", "first-keying"),
    ("reconciled", "counted"),
];

pub async fn batches_are_of_envelopes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let accepted = "(SELECT count(*) FROM envelope
                     WHERE wave_id = NEW.wave_id AND outcome = 'accepted')";
    let batched = "(SELECT COALESCE(SUM(envelopes), 0) FROM batch WHERE wave_id = NEW.wave_id)";
    refuse(
        manager,
        &[
            Rule {
                name: "batch_begins",
                when: "BEFORE INSERT ON batch",
                refused: "NEW.state NOT IN ('counting', 'first-keying') OR NEW.round <> 1"
                    .to_owned(),
                message: "a batch begins with the count of its sheets",
            },
            Rule {
                // On SQLite INSERT OR REPLACE asks no trigger on DELETE.
                name: "batch_not_replaced",
                when: "BEFORE INSERT ON batch",
                refused: "EXISTS (SELECT 1 FROM batch WHERE id = NEW.id
                                  OR (wave_id = NEW.wave_id AND number = NEW.number))"
                    .to_owned(),
                message: "a batch is kept",
            },
            Rule {
                name: "batch_has_envelopes",
                when: "BEFORE INSERT ON batch",
                refused: format!("{batched} + NEW.envelopes > {accepted}"),
                message: "a batch has more envelopes than were accepted",
            },
            Rule {
                name: "batch_fixed",
                when: "BEFORE UPDATE ON batch",
                refused: "NEW.id <> OLD.id OR NEW.wave_id <> OLD.wave_id
                          OR NEW.number <> OLD.number OR NEW.envelopes <> OLD.envelopes
                          OR COALESCE(NEW.seed, '') <> COALESCE(OLD.seed, '')
                          OR NEW.round < OLD.round OR NEW.round > OLD.round + 1"
                    .to_owned(),
                message: "what a batch is made of never changes",
            },
            Rule {
                name: "batch_kept",
                when: "BEFORE DELETE ON batch",
                refused: "OLD.id = OLD.id".to_owned(),
                message: "a batch is kept",
            },
        ],
    )
    .await
}

pub async fn batches_move_forward(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let allowed: Vec<String> = ARROWS
        .iter()
        .map(|(from, to)| format!("(OLD.state = '{from}' AND NEW.state = '{to}')"))
        .collect();
    let uncounted = "NEW.state = 'counted'
                     AND NOT EXISTS (SELECT 1 FROM batch_count WHERE batch_id = NEW.id)";
    refuse(
        manager,
        &[
            Rule {
                name: "batch_forward",
                when: "BEFORE UPDATE ON batch",
                refused: format!(
                    "(NEW.state <> OLD.state AND NOT ({})) OR OLD.state = 'counted'",
                    allowed.join(" OR ")
                ),
                message: "a batch goes only by its arrows",
            },
            Rule {
                name: "batch_counted_by_count",
                when: "BEFORE UPDATE ON batch",
                refused: uncounted.to_owned(),
                message: "a batch is counted with the count of its sheets",
            },
        ],
    )
    .await
}

/// A count stands for a batch that is done, and for all of its sheets.
pub async fn batches_add_up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let not_ready = "NOT EXISTS (SELECT 1 FROM batch
                                 WHERE id = NEW.batch_id AND state = 'reconciled')";
    let too_many = "NEW.responses + NEW.no_valid_mark
                        > (SELECT envelopes FROM batch WHERE id = NEW.batch_id)";
    let incomplete = "NEW.responses + NEW.blank + NEW.spoilt + NEW.unreadable + NEW.no_valid_mark
                          <> (SELECT sheets FROM pile_count WHERE batch_id = NEW.batch_id
                              ORDER BY number DESC LIMIT 1)";
    refuse(
        manager,
        &[
            Rule {
                name: "batch_count_ready",
                when: "BEFORE INSERT ON batch_count",
                refused: not_ready.to_owned(),
                message: "the batch is not ready to be counted",
            },
            Rule {
                name: "batch_count_envelopes",
                when: "BEFORE INSERT ON batch_count",
                refused: too_many.to_owned(),
                message: "more sheets would count than envelopes came",
            },
            Rule {
                name: "batch_count_adds_up",
                when: "BEFORE INSERT ON batch_count",
                refused: incomplete.to_owned(),
                message: "the sheets of the batch do not add up",
            },
        ],
    )
    .await
}

pub async fn different_people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let same_keyer = "EXISTS (SELECT 1 FROM sheet_entry
                              WHERE batch_id = NEW.batch_id AND round = NEW.round
                              AND sheet = NEW.sheet AND keyed_by = NEW.keyed_by
                              AND pass <> NEW.pass)";
    let not_at_work = "NOT EXISTS (SELECT 1 FROM batch
                                   WHERE id = NEW.batch_id AND round = NEW.round
                                   AND state = CASE NEW.pass WHEN 'first' THEN 'first-keying'
                                                             WHEN 'second' THEN 'second-keying'
                                                             ELSE 'resolving' END)";
    let gap = "NEW.revision <> 1 + (SELECT COUNT(*) FROM sheet_entry
                                    WHERE batch_id = NEW.batch_id AND round = NEW.round
                                    AND pass = NEW.pass AND sheet = NEW.sheet)";
    refuse(
        manager,
        &[
            Rule {
                name: "sheet_entry_people",
                when: "BEFORE INSERT ON sheet_entry",
                refused: same_keyer.to_owned(),
                message: "one person keyed this sheet in another pass",
            },
            Rule {
                name: "sheet_entry_pass",
                when: "BEFORE INSERT ON sheet_entry",
                refused: not_at_work.to_owned(),
                message: "the batch is not in this pass",
            },
            Rule {
                name: "sheet_entry_revision",
                when: "BEFORE INSERT ON sheet_entry",
                refused: gap.to_owned(),
                message: "the sheet has been changed meanwhile",
            },
        ],
    )
    .await
}

/// A pile is counted again only while its number is in doubt, and by somebody else.
pub async fn piles_are_counted_by_others(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let same_counter = "NEW.number > 1
                        AND (EXISTS (SELECT 1 FROM pile_count
                                     WHERE batch_id = NEW.batch_id AND number = NEW.number - 1
                                     AND counted_by = NEW.counted_by)
                             OR EXISTS (SELECT 1 FROM batch
                                        WHERE id = NEW.batch_id AND found_by = NEW.counted_by))";
    let jump = "NEW.number <> 1 + (SELECT COUNT(*) FROM pile_count
                                   WHERE batch_id = NEW.batch_id)";
    // The first count stands there as soon as the batch is opened.
    let too_late = "NEW.number > 1
                        AND (SELECT state FROM batch WHERE id = NEW.batch_id) <> 'counting'";
    refuse(
        manager,
        &[
            Rule {
                name: "pile_count_people",
                when: "BEFORE INSERT ON pile_count",
                refused: same_counter.to_owned(),
                message: "a pile is counted again by somebody else",
            },
            Rule {
                name: "pile_count_number",
                when: "BEFORE INSERT ON pile_count",
                refused: jump.to_owned(),
                message: "the counts of a pile are numbered one after the other",
            },
            Rule {
                name: "pile_count_time",
                when: "BEFORE INSERT ON pile_count",
                refused: too_late.to_owned(),
                message: "the pile is not being counted",
            },
        ],
    )
    .await
}

/// A wave is not closed over paper that waits: an envelope in no batch, or a batch that is not counted.
pub async fn closing_waits_for_paper(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let waits = "OLD.state = 'open' AND NEW.state = 'closed'
         AND (EXISTS (SELECT 1 FROM batch WHERE wave_id = NEW.id AND state <> 'counted')
              OR (SELECT count(*) FROM envelope
                  WHERE wave_id = NEW.id AND outcome = 'accepted')
                 <> (SELECT COALESCE(SUM(envelopes), 0) FROM batch WHERE wave_id = NEW.id))";
    let rule = Rule {
        name: "wave_paper_counted",
        when: "BEFORE UPDATE ON wave",
        refused: waits.to_owned(),
        message: "paper of this wave is not counted yet",
    };
    refuse(manager, &[rule]).await
}

/// How paper is checked is settled before the first batch is opened.
pub async fn plan_is_fixed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let begun = |row: &str| format!("EXISTS (SELECT 1 FROM batch WHERE wave_id = {row}.wave_id)");
    let message = "how paper is checked is settled before the first batch";
    refuse(
        manager,
        &[
            Rule {
                name: "keying_plan_insert",
                when: "BEFORE INSERT ON keying_plan",
                refused: begun("NEW"),
                message,
            },
            Rule {
                name: "keying_plan_update",
                when: "BEFORE UPDATE ON keying_plan",
                refused: begun("NEW"),
                message,
            },
            Rule {
                name: "keying_plan_delete",
                when: "BEFORE DELETE ON keying_plan",
                refused: begun("OLD"),
                message,
            },
        ],
    )
    .await
}
