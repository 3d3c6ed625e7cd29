//! Six roles, a second factor, and links that can be used once.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null},
    sea_orm::DbBackend,
};

const ROLES: &str = "role IN ('administrator', 'coordinator', 'keyer', 'facilitator', \
                     'commissioner', 'projector')";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Sessions are begun anew: those from before have no second factor.
        manager
            .drop_table(Table::drop().table("staff_session").to_owned())
            .await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            rebuild(manager).await?;
        } else {
            extend(manager).await?;
        }
        for table in [staff_session(), recovery_code(), staff_link()] {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}

/// SQLite cannot change the check of a column: the table is made anew around its rows. Rows of other
/// tables point at users meanwhile, so their keys are looked at when all is done.
async fn rebuild(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    db.execute_unprepared(
        "PRAGMA defer_foreign_keys = ON;
         CREATE TABLE staff_user_before AS SELECT * FROM staff_user;
         DROP TABLE staff_user;",
    )
    .await?;
    manager.create_table(staff_user()).await?;
    db.execute_unprepared(
        "INSERT INTO staff_user (id, email, password_hash, role, created_at, password_changed_at,
                                 totp_step)
         SELECT id, email, password_hash, role, created_at, created_at, 0 FROM staff_user_before;
         DROP TABLE staff_user_before;",
    )
    .await?;
    Ok(())
}

async fn extend(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .get_connection()
        .execute_unprepared(&format!(
            "ALTER TABLE staff_user DROP CONSTRAINT staff_user_role_check;
             ALTER TABLE staff_user ADD CONSTRAINT staff_user_role_check CHECK ({ROLES});
             ALTER TABLE staff_user ADD COLUMN password_changed_at bigint NOT NULL DEFAULT 0;
             UPDATE staff_user SET password_changed_at = created_at;
             ALTER TABLE staff_user ALTER COLUMN password_changed_at DROP DEFAULT;
             ALTER TABLE staff_user ADD COLUMN totp_secret text;
             ALTER TABLE staff_user ADD COLUMN totp_step bigint NOT NULL DEFAULT 0;
             ALTER TABLE staff_user ALTER COLUMN totp_step DROP DEFAULT;
             ALTER TABLE staff_user ADD COLUMN disabled_at bigint;"
        ))
        .await?;
    Ok(())
}

fn staff_user() -> TableCreateStatement {
    Table::create()
        .table("staff_user")
        .col(big_integer("id").auto_increment().primary_key())
        .col(text("email").unique_key())
        // Empty until an invited person has chosen one.
        .col(text("password_hash"))
        .col(text("role").check(Expr::cust(ROLES)))
        .col(big_integer("created_at"))
        .col(big_integer("password_changed_at"))
        // Sealed with the installation's key.
        .col(text_null("totp_secret"))
        // The last time step whose code was used: none is taken twice.
        .col(big_integer("totp_step"))
        .col(big_integer_null("disabled_at"))
        .to_owned()
}

fn of_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_user"))
        .from(table, "user_id")
        .to("staff_user", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// `stage` says how far a login has come: only a full one opens a page for staff.
fn staff_session() -> TableCreateStatement {
    Table::create()
        .table("staff_session")
        .col(text("token_hash").primary_key())
        .col(big_integer("user_id"))
        .col(text("stage").check(Expr::cust("stage IN ('password', 'full')")))
        .col(big_integer("created_at"))
        .col(big_integer("seen_at"))
        .foreign_key(&mut of_user("staff_session"))
        .to_owned()
}

/// Stands in for a lost second factor, once each.
fn recovery_code() -> TableCreateStatement {
    Table::create()
        .table("recovery_code")
        .col(big_integer("user_id"))
        .col(text("code_hash"))
        .primary_key(Index::create().col("user_id").col("code_hash"))
        .foreign_key(&mut of_user("recovery_code"))
        .to_owned()
}

/// An e-mailed link by which a person chooses a password, by the hash of its token. Its row goes
/// with its use.
fn staff_link() -> TableCreateStatement {
    Table::create()
        .table("staff_link")
        .col(text("token_hash").primary_key())
        .col(big_integer("user_id").unique_key())
        .col(big_integer("expires_at"))
        .foreign_key(&mut of_user("staff_link"))
        .to_owned()
}
