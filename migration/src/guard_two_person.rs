//! Triggers that ask for two people. Each is a rule of `guard` in a stricter form: what a wave may not
//! do by itself it may do once, by a request that somebody else has confirmed.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

fn is_sqlite(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Sqlite
}

/// What was asked for never changes, and its life only goes on: asked, confirmed, applied; or asked
/// and then declined or withdrawn.
pub async fn requests_move_forward(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let distinct = if is_sqlite(manager) {
        "IS NOT"
    } else {
        "IS DISTINCT FROM"
    };
    let changed: Vec<String> = [
        "id",
        "wave_id",
        "kind",
        "content",
        "closes_at",
        "entry_seq",
        "reason",
        "requested_by",
        "requested_at",
    ]
    .iter()
    .map(|column| format!("NEW.{column} {distinct} OLD.{column}"))
    .collect();
    let changed = changed.join(" OR ");
    let forward = format!(
        "(OLD.state = 'asked' AND NEW.state IN ('confirmed', 'declined', 'withdrawn'))
         OR (OLD.state = 'confirmed' AND NEW.state = 'applied'
             AND NOT (NEW.decided_by {distinct} OLD.decided_by)
             AND NOT (NEW.decided_at {distinct} OLD.decided_at))"
    );
    let sql = if is_sqlite(manager) {
        requests_on_sqlite(&changed, &forward)
    } else {
        requests_on_postgres(&changed, &forward)
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

fn requests_on_sqlite(changed: &str, forward: &str) -> String {
    format!(
        "CREATE TRIGGER sensitive_act_begins BEFORE INSERT ON sensitive_act
             WHEN NEW.state <> 'asked'
             BEGIN SELECT RAISE(ABORT, 'a request begins by being asked'); END;
             CREATE TRIGGER sensitive_act_content BEFORE UPDATE ON sensitive_act WHEN {changed}
             BEGIN SELECT RAISE(ABORT, 'what was asked for never changes'); END;
             CREATE TRIGGER sensitive_act_forward BEFORE UPDATE ON sensitive_act
             WHEN NOT ({forward})
             BEGIN SELECT RAISE(ABORT, 'a request never goes back'); END;
             CREATE TRIGGER sensitive_act_kept BEFORE DELETE ON sensitive_act
             BEGIN SELECT RAISE(ABORT, 'sensitive_act is append-only'); END;
             CREATE TRIGGER sensitive_act_no_replace BEFORE INSERT ON sensitive_act
             WHEN EXISTS (SELECT 1 FROM sensitive_act WHERE id = NEW.id
                          OR (state = 'asked' AND wave_id = NEW.wave_id
                              AND (entry_seq = NEW.entry_seq
                                   OR (NEW.entry_seq IS NULL AND kind = NEW.kind))))
             BEGIN SELECT RAISE(ABORT, 'UNIQUE: sensitive_act has this key'); END;"
    )
}

fn requests_on_postgres(changed: &str, forward: &str) -> String {
    format!(
        "CREATE FUNCTION guard_sensitive_act() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF TG_OP = 'INSERT' THEN
                     IF NEW.state <> 'asked' THEN
                         RAISE EXCEPTION 'a request begins by being asked'
                             USING ERRCODE = 'check_violation';
                     END IF;
                     RETURN NEW;
                 END IF;
                 IF {changed} THEN
                     RAISE EXCEPTION 'what was asked for never changes'
                         USING ERRCODE = 'check_violation';
                 END IF;
                 IF NOT ({forward}) THEN
                     RAISE EXCEPTION 'a request never goes back' USING ERRCODE = 'check_violation';
                 END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER sensitive_act_guard BEFORE INSERT OR UPDATE ON sensitive_act
             FOR EACH ROW EXECUTE FUNCTION guard_sensitive_act();
             CREATE TRIGGER sensitive_act_kept BEFORE DELETE ON sensitive_act
             FOR EACH ROW EXECUTE FUNCTION refuse_change();
             CREATE TRIGGER sensitive_act_no_truncate BEFORE TRUNCATE ON sensitive_act
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    )
}

const WAVE_RANK: &str =
    "(CASE {row}.state WHEN 'draft' THEN 0 WHEN 'open' THEN 1 WHEN 'closed' THEN 2 ELSE 3 END)";

/// A confirmed request for exactly this later closing time: of an open wave, or of a closed one that
/// takes answers again.
const AGREED_TIME: &str = "(NEW.state = 'open' AND NEW.stopped_at IS NULL AND EXISTS (
    SELECT 1 FROM sensitive_act WHERE wave_id = OLD.id AND state = 'confirmed'
        AND closes_at = NEW.closes_at
        AND kind = (CASE OLD.state WHEN 'open' THEN 'extend' WHEN 'closed' THEN 'reopen' END)))";

const AGREED_PUBLICATION: &str = "(OLD.state = 'closed' AND EXISTS (
    SELECT 1 FROM sensitive_act WHERE wave_id = OLD.id AND state = 'confirmed'
        AND kind = 'publish'))";

/// COALESCE: a column that was NULL makes its comparison NULL, which refuses nothing.
const FIXED: &str = "NEW.id <> OLD.id OR NEW.title <> OLD.title
    OR NEW.opens_at <> OLD.opens_at
    OR NEW.offset_minutes <> OLD.offset_minutes OR NEW.access <> OLD.access
    OR NEW.channels <> OLD.channels OR NEW.frame_kind <> OLD.frame_kind
    OR COALESCE(NEW.frame_size, -1) <> COALESCE(OLD.frame_size, -1)
    OR NEW.results <> OLD.results
    OR COALESCE(NEW.opened_at, -1) <> OLD.opened_at
    OR COALESCE(NEW.published_at, -1) <> OLD.published_at";

const TIMED: &str = "NEW.closes_at > OLD.closes_at
    OR (OLD.state <> 'open' AND NEW.closes_at <> OLD.closes_at)
    OR COALESCE(NEW.stopped_at, -1) <> OLD.stopped_at
    OR COALESCE(NEW.closed_at, -1) <> OLD.closed_at";

/// What a wave does only by two people. Its confirmation is used up with it.
const BY_TWO: &str = "(NEW.state = 'published' AND OLD.state <> 'published')
    OR (NEW.state = 'open' AND OLD.state = 'closed')
    OR (NEW.state = 'open' AND OLD.state = 'open' AND NEW.closes_at > OLD.closes_at)";

const USE_UP: &str = "UPDATE sensitive_act SET state = 'applied'
    WHERE wave_id = NEW.id AND state = 'confirmed'
      AND ((NEW.state = 'published' AND kind = 'publish')
           OR (NEW.state = 'open' AND closes_at = NEW.closes_at
               AND kind = (CASE OLD.state WHEN 'open' THEN 'extend' ELSE 'reopen' END)));";

/// The next version of `guard::wave_moves_forward`: publishing, a later closing time and the way back
/// from closed to open each need a confirmed request.
pub async fn waves_need_two_people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (old, new) = (
        WAVE_RANK.replace("{row}", "OLD"),
        WAVE_RANK.replace("{row}", "NEW"),
    );
    let backwards = format!(
        "{new} < {old} AND NOT (OLD.state = 'closed' AND NEW.state = 'open' AND {AGREED_TIME})"
    );
    let reruled =
        format!("OLD.state <> 'draft' AND (({FIXED}) OR (({TIMED}) AND NOT {AGREED_TIME}))");
    let published = format!(
        "NEW.state = 'published' AND OLD.state <> 'published' AND NOT {AGREED_PUBLICATION}"
    );
    let rules = WaveRules {
        backwards,
        reruled,
        published,
    };
    let sql = if is_sqlite(manager) {
        rules.on_sqlite()
    } else {
        rules.on_postgres()
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// What is refused, as conditions on the old and the new row.
struct WaveRules {
    backwards: String,
    reruled: String,
    published: String,
}

impl WaveRules {
    fn on_sqlite(&self) -> String {
        let Self {
            backwards,
            reruled,
            published,
        } = self;
        format!(
            "DROP TRIGGER wave_forward;
             DROP TRIGGER wave_rules;
             CREATE TRIGGER wave_forward BEFORE UPDATE ON wave WHEN {backwards}
             BEGIN SELECT RAISE(ABORT, 'a wave never goes back'); END;
             CREATE TRIGGER wave_rules BEFORE UPDATE ON wave WHEN {reruled}
             BEGIN SELECT RAISE(ABORT, 'the rules of a wave are fixed once it has opened'); END;
             CREATE TRIGGER wave_publication BEFORE UPDATE ON wave WHEN {published}
             BEGIN SELECT RAISE(ABORT, 'two people have to agree on the publication'); END;
             CREATE TRIGGER wave_begins BEFORE INSERT ON wave WHEN NEW.state <> 'draft'
             BEGIN SELECT RAISE(ABORT, 'a wave begins as a draft'); END;
             CREATE TRIGGER wave_agreement_used AFTER UPDATE ON wave WHEN {BY_TWO}
             BEGIN {USE_UP} END;"
        )
    }

    fn on_postgres(&self) -> String {
        let Self {
            backwards,
            reruled,
            published,
        } = self;
        format!(
            "CREATE OR REPLACE FUNCTION guard_wave() RETURNS trigger LANGUAGE plpgsql AS $$
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
                 IF OLD.state <> 'draft' AND (NEW.version_id <> OLD.version_id
                    OR NEW.survey_key <> OLD.survey_key OR NEW.name <> OLD.name) THEN
                     RAISE EXCEPTION 'the wording of a wave is fixed once it has opened'
                         USING ERRCODE = 'check_violation';
                 END IF;
                 IF {reruled} THEN
                     RAISE EXCEPTION 'the rules of a wave are fixed once it has opened'
                         USING ERRCODE = 'check_violation';
                 END IF;
                 IF {published} THEN
                     RAISE EXCEPTION 'two people have to agree on the publication'
                         USING ERRCODE = 'check_violation';
                 END IF;
                 RETURN NEW;
             END $$;
             CREATE FUNCTION use_agreement_on_wave() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF {BY_TWO} THEN
                     {USE_UP}
                 END IF;
                 RETURN NULL;
             END $$;
             CREATE TRIGGER wave_agreement_used AFTER UPDATE ON wave
             FOR EACH ROW EXECUTE FUNCTION use_agreement_on_wave();
             CREATE FUNCTION begin_wave() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF NEW.state <> 'draft' THEN
                     RAISE EXCEPTION 'a wave begins as a draft' USING ERRCODE = 'check_violation';
                 END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER wave_begins BEFORE INSERT ON wave
             FOR EACH ROW EXECUTE FUNCTION begin_wave();"
        )
    }
}

/// A void names a confirmed request for the same entry, by the same two people, and uses it up.
pub async fn voids_need_two_people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let same = "wave_id = NEW.wave_id AND entry_seq = NEW.voided_seq
                AND kind IN ('void', 'replace-sheet') AND state = 'confirmed'";
    // Of a wave that is published, and of an entry that is not there, the other guards speak.
    let alone = format!(
        "(SELECT state FROM wave WHERE id = NEW.wave_id) IN ('open', 'closed')
         AND NOT EXISTS (SELECT 1 FROM sensitive_act WHERE {same}
                         AND requested_by = NEW.requested_by AND decided_by = NEW.confirmed_by)"
    );
    let use_up = format!("UPDATE sensitive_act SET state = 'applied' WHERE {same};");
    let sql = if is_sqlite(manager) {
        format!(
            "CREATE TRIGGER void_entry_agreed BEFORE INSERT ON void_entry WHEN {alone}
             BEGIN SELECT RAISE(ABORT, 'two people have to agree on a void'); END;
             CREATE TRIGGER void_entry_agreement_used AFTER INSERT ON void_entry
             BEGIN {use_up} END;"
        )
    } else {
        format!(
            "CREATE FUNCTION guard_void_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF {alone} THEN
                     RAISE EXCEPTION 'two people have to agree on a void'
                         USING ERRCODE = 'check_violation';
                 END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER void_entry_agreed BEFORE INSERT ON void_entry
             FOR EACH ROW EXECUTE FUNCTION guard_void_agreed();
             CREATE FUNCTION use_agreement_on_void() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 {use_up}
                 RETURN NULL;
             END $$;
             CREATE TRIGGER void_entry_agreement_used AFTER INSERT ON void_entry
             FOR EACH ROW EXECUTE FUNCTION use_agreement_on_void();"
        )
    };
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}
