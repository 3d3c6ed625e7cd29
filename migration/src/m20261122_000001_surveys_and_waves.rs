use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, text},
};

use crate::guard;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("survey_version")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(text("survey_key"))
                    .col(text("wording_hash"))
                    .col(text("content"))
                    .col(big_integer("loaded_at"))
                    .index(
                        Index::create()
                            .unique()
                            .name("survey_version_wording")
                            .col("survey_key")
                            .col("wording_hash"),
                    )
                    .to_owned(),
            )
            .await?;
        manager.create_table(wave()).await?;
        guard::prepare(manager).await?;
        guard::append_only(
            manager,
            "survey_version",
            &[&["id"], &["survey_key", "wording_hash"]],
        )
        .await?;
        guard::wave_moves_forward(manager).await
    }
}

fn wave() -> TableCreateStatement {
    Table::create()
        .table("wave")
        .col(big_integer("id").auto_increment().primary_key())
        .col(text("survey_key"))
        .col(text("name"))
        .col(big_integer("version_id"))
        .col(text("title"))
        .col(big_integer("opens_at"))
        .col(big_integer("closes_at"))
        .col(integer("offset_minutes"))
        .col(text("access").check(Expr::cust("access IN ('open', 'code')")))
        .col(text("channels"))
        .col(text("frame_kind").check(Expr::cust("frame_kind IN ('census', 'sample', 'open')")))
        .col(big_integer_null("frame_size"))
        .col(text("results").check(Expr::cust("results IN ('live', 'published')")))
        .col(text("state").check(Expr::cust(
            "state IN ('draft', 'open', 'closed', 'published')",
        )))
        .col(big_integer_null("opened_at"))
        .col(big_integer_null("stopped_at"))
        .col(big_integer_null("closed_at"))
        .col(big_integer_null("published_at"))
        .index(
            Index::create()
                .unique()
                .name("wave_name")
                .col("survey_key")
                .col("name"),
        )
        .check(Expr::cust("(frame_kind = 'open') = (frame_size IS NULL)"))
        .check(Expr::cust("(state = 'draft') = (opened_at IS NULL)"))
        .check(Expr::cust("stopped_at IS NULL OR state <> 'draft'"))
        .check(Expr::cust(
            "(state IN ('closed', 'published')) = (closed_at IS NOT NULL)",
        ))
        .check(Expr::cust(
            "(state = 'published') = (published_at IS NOT NULL)",
        ))
        .check(Expr::cust("opens_at < closes_at OR state <> 'draft'"))
        .foreign_key(
            ForeignKey::create()
                .name("wave_version")
                .from("wave", "version_id")
                .to("survey_version", "id"),
        )
        .to_owned()
}
