//! Triggers that refuse what must never happen, in the words of both databases.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Sqlite
}

/// For a table whose primary key is not an integer: on SQLite its rows then stand in the order of
/// the key, and not in the order of arrival.
pub fn keyed(manager: &SchemaManager<'_>, mut table: TableCreateStatement) -> TableCreateStatement {
    if is_sqlite(manager) {
        table.extra("WITHOUT ROWID");
    }
    table
}

/// Creates what the other guards use on PostgreSQL.
pub async fn prepare(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if is_sqlite(manager) {
        return Ok(());
    }
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
             END $$;
             CREATE FUNCTION refuse_real_change() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF TG_OP = 'UPDATE' THEN
                     IF NEW IS NOT DISTINCT FROM OLD THEN
                         RETURN NEW;
                     END IF;
                 END IF;
                 RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
             END $$;
             CREATE FUNCTION refuse_unless_open() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF (SELECT state FROM wave WHERE id = NEW.wave_id) IS DISTINCT FROM 'open' THEN
                     RAISE EXCEPTION 'the wave is not open' USING ERRCODE = 'check_violation';
                 END IF;
                 RETURN NEW;
             END $$;",
        )
        .await?;
    Ok(())
}

/// Refuses UPDATE, DELETE and (where there is one) TRUNCATE. `keys` are the unique keys of the table:
/// on SQLite an `INSERT OR REPLACE` would take the row that has one of them out without asking the
/// trigger on DELETE.
pub async fn append_only(
    manager: &SchemaManager<'_>,
    table: &str,
    keys: &[&[&str]],
) -> Result<(), DbErr> {
    let sql = if is_sqlite(manager) {
        let taken: Vec<String> = keys.iter().map(|key| taken(table, key)).collect();
        let taken = taken.join(" OR ");
        format!(
            "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
             BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
             CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
             BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
             CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken}
             BEGIN SELECT RAISE(ABORT, 'UNIQUE: {table} has this key'); END;"
        )
    } else {
        format!(
            "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
             FOR EACH ROW EXECUTE FUNCTION refuse_change();
             CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
        )
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Like [`append_only`] for a table whose rows are written again, word for word, when their wave
/// closes: PostgreSQL keeps with every row the transaction that wrote it, and that would link a code
/// to the response of the same transaction.
pub async fn rewritable(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if is_sqlite(manager) {
        return Ok(());
    }
    let sql = format!(
        "DROP TRIGGER {table}_append_only ON {table};
         CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
         FOR EACH ROW EXECUTE FUNCTION refuse_real_change();"
    );
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// A void names an entry that is there, in a wave whose results are not published.
pub async fn voids_name_entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let nothing = "NOT EXISTS (SELECT 1 FROM response
                       WHERE wave_id = NEW.wave_id AND seq = NEW.voided_seq)
                   AND NOT EXISTS (SELECT 1 FROM count_sheet
                       WHERE wave_id = NEW.wave_id AND seq = NEW.voided_seq)";
    let too_late = "(SELECT state FROM wave WHERE id = NEW.wave_id) NOT IN ('open', 'closed')";
    let sql = if is_sqlite(manager) {
        format!(
            "CREATE TRIGGER void_entry_target BEFORE INSERT ON void_entry WHEN {nothing}
             BEGIN SELECT RAISE(ABORT, 'there is no such entry to void'); END;
             CREATE TRIGGER void_entry_time BEFORE INSERT ON void_entry WHEN {too_late}
             BEGIN SELECT RAISE(ABORT, 'the results of the wave are published'); END;"
        )
    } else {
        format!(
            "CREATE FUNCTION guard_void_entry() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF {nothing} THEN
                     RAISE EXCEPTION 'there is no such entry to void' USING ERRCODE = 'check_violation';
                 END IF;
                 IF {too_late} THEN
                     RAISE EXCEPTION 'the results of the wave are published'
                         USING ERRCODE = 'check_violation';
                 END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER void_entry_guard BEFORE INSERT ON void_entry
             FOR EACH ROW EXECUTE FUNCTION guard_void_entry();"
        )
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Whether another row of `table` has this key of the new row.
fn taken(table: &str, key: &[&str]) -> String {
    let same: Vec<String> = key
        .iter()
        .map(|column| format!("{column} = NEW.{column}"))
        .collect();
    format!(
        "EXISTS (SELECT 1 FROM {table} WHERE {})",
        same.join(" AND ")
    )
}

/// Refuses a row of a wave that is not open: what is closed stays as it was counted.
pub async fn only_while_open(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let sql = if is_sqlite(manager) {
        format!(
            "CREATE TRIGGER {table}_only_while_open BEFORE INSERT ON {table}
             WHEN (SELECT state FROM wave WHERE id = NEW.wave_id) IS NOT 'open'
             BEGIN SELECT RAISE(ABORT, 'the wave is not open'); END;"
        )
    } else {
        format!(
            "CREATE TRIGGER {table}_only_while_open BEFORE INSERT ON {table}
             FOR EACH ROW EXECUTE FUNCTION refuse_unless_open();"
        )
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

const WAVE_RANK: &str =
    "(CASE {row}.state WHEN 'draft' THEN 0 WHEN 'open' THEN 1 WHEN 'closed' THEN 2 ELSE 3 END)";

/// COALESCE: a column that was NULL makes its comparison NULL, which refuses nothing.
const RERULED: &str = "OLD.state <> 'draft' AND (NEW.id <> OLD.id OR NEW.title <> OLD.title
    OR NEW.opens_at <> OLD.opens_at OR NEW.closes_at > OLD.closes_at
    OR (OLD.state <> 'open' AND NEW.closes_at <> OLD.closes_at)
    OR NEW.offset_minutes <> OLD.offset_minutes OR NEW.access <> OLD.access
    OR NEW.channels <> OLD.channels OR NEW.frame_kind <> OLD.frame_kind
    OR COALESCE(NEW.frame_size, -1) <> COALESCE(OLD.frame_size, -1)
    OR NEW.results <> OLD.results
    OR COALESCE(NEW.opened_at, -1) <> OLD.opened_at
    OR COALESCE(NEW.stopped_at, -1) <> OLD.stopped_at
    OR COALESCE(NEW.closed_at, -1) <> OLD.closed_at
    OR COALESCE(NEW.published_at, -1) <> OLD.published_at)";

/// A wave never goes back, and keeps its wording and its rules once it has left draft: only its
/// closing time may still be brought forward.
pub async fn wave_moves_forward(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (old, new) = (
        WAVE_RANK.replace("{row}", "OLD"),
        WAVE_RANK.replace("{row}", "NEW"),
    );
    let backwards = format!("{new} < {old}");
    let reworded = "OLD.state <> 'draft' AND (NEW.version_id <> OLD.version_id
                    OR NEW.survey_key <> OLD.survey_key OR NEW.name <> OLD.name)";
    let sql = if is_sqlite(manager) {
        format!(
            "CREATE TRIGGER wave_forward BEFORE UPDATE ON wave WHEN {backwards}
             BEGIN SELECT RAISE(ABORT, 'a wave never goes back'); END;
             CREATE TRIGGER wave_wording BEFORE UPDATE ON wave WHEN {reworded}
             BEGIN SELECT RAISE(ABORT, 'the wording of a wave is fixed once it has opened'); END;
             CREATE TRIGGER wave_rules BEFORE UPDATE ON wave WHEN {RERULED}
             BEGIN SELECT RAISE(ABORT, 'the rules of a wave are fixed once it has opened'); END;
             CREATE TRIGGER wave_kept BEFORE DELETE ON wave WHEN OLD.state <> 'draft'
             BEGIN SELECT RAISE(ABORT, 'a wave that has opened is kept'); END;
             CREATE TRIGGER wave_no_replace BEFORE INSERT ON wave WHEN {taken}
             BEGIN SELECT RAISE(ABORT, 'UNIQUE: wave has this key'); END;
             CREATE TRIGGER wave_no_update_replace BEFORE UPDATE ON wave
             WHEN EXISTS (SELECT 1 FROM wave WHERE id <> OLD.id AND (id = NEW.id
                          OR (survey_key = NEW.survey_key AND name = NEW.name)))
             BEGIN SELECT RAISE(ABORT, 'UNIQUE: wave has this key'); END;",
            taken = [
                taken("wave", &["id"]),
                taken("wave", &["survey_key", "name"]),
            ]
            .join(" OR "),
        )
    } else {
        format!(
            "CREATE FUNCTION guard_wave() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF TG_OP = 'DELETE' THEN
                     IF OLD.state <> 'draft' THEN
                         RAISE EXCEPTION 'a wave that has opened is kept' USING ERRCODE = 'check_violation';
                     END IF;
                     RETURN OLD;
                 END IF;
                 IF {backwards} THEN
                     RAISE EXCEPTION 'a wave never goes back' USING ERRCODE = 'check_violation';
                 END IF;
                 IF {reworded} THEN
                     RAISE EXCEPTION 'the wording of a wave is fixed once it has opened'
                         USING ERRCODE = 'check_violation';
                 END IF;
                 IF {RERULED} THEN
                     RAISE EXCEPTION 'the rules of a wave are fixed once it has opened'
                         USING ERRCODE = 'check_violation';
                 END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER wave_guard BEFORE UPDATE OR DELETE ON wave
             FOR EACH ROW EXECUTE FUNCTION guard_wave();"
        )
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Entries cannot be hidden by moving the head of their ledger back, or taking it away.
pub async fn head_moves_forward(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let back = "NEW.last_seq < OLD.last_seq OR NEW.wave_id <> OLD.wave_id";
    let sql = if is_sqlite(manager) {
        format!(
            "CREATE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_head WHEN {back}
             BEGIN SELECT RAISE(ABORT, 'the head of a ledger never goes back'); END;
             CREATE TRIGGER ledger_head_kept BEFORE DELETE ON ledger_head WHEN OLD.last_seq > 0
             BEGIN SELECT RAISE(ABORT, 'the head of a ledger is kept'); END;
             CREATE TRIGGER ledger_head_no_replace BEFORE INSERT ON ledger_head WHEN {taken}
             BEGIN SELECT RAISE(ABORT, 'UNIQUE: ledger_head has this key'); END;",
            taken = taken("ledger_head", &["wave_id"]),
        )
    } else {
        format!(
            "CREATE FUNCTION guard_ledger_head() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF TG_OP = 'UPDATE' THEN
                     IF NOT ({back}) THEN
                         RETURN NEW;
                     END IF;
                 ELSIF OLD.last_seq = 0 THEN
                     RETURN OLD;
                 END IF;
                 RAISE EXCEPTION 'the head of a ledger never goes back'
                     USING ERRCODE = 'check_violation';
             END $$;
             CREATE TRIGGER ledger_head_guard BEFORE UPDATE OR DELETE ON ledger_head
             FOR EACH ROW EXECUTE FUNCTION guard_ledger_head();
             CREATE TRIGGER ledger_head_no_truncate BEFORE TRUNCATE ON ledger_head
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
        )
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}
