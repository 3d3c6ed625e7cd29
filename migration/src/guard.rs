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

/// A wave never goes back, and keeps its wording once it has left draft.
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
             CREATE TRIGGER wave_kept BEFORE DELETE ON wave WHEN OLD.state <> 'draft'
             BEGIN SELECT RAISE(ABORT, 'a wave that has opened is kept'); END;"
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
                 RETURN NEW;
             END $$;
             CREATE TRIGGER wave_guard BEFORE UPDATE OR DELETE ON wave
             FOR EACH ROW EXECUTE FUNCTION guard_wave();"
        )
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}
