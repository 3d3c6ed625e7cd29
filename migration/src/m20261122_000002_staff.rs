use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("staff_user")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(text("email").unique_key())
                    .col(text("password_hash"))
                    .col(text("role").check(Expr::cust("role IN ('administrator')")))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("staff_session")
                    .col(text("token_hash").primary_key())
                    .col(big_integer("user_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("seen_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("staff_session_user")
                            .from("staff_session", "user_id")
                            .to("staff_user", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }
}
