//! The ledger can be recounted with plain SQL, without a line of our own code, as docs/ledger.md says.

use std::collections::BTreeMap;

use countmein::{
    service::{import_responses, wave_overview},
    store::entity::response,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, Statement};

use crate::support::{TestApp, on_both, operator, repository_file};

async fn import(app: &TestApp, survey: &str, sample: &str) {
    app.load(survey).await;
    let key = app.open(&format!("{survey}/now")).await;
    let file = repository_file(&format!("surveys/samples/{sample}.csv"));
    let options = import_responses::Options::default();
    import_responses::import(&app.services, &operator(), &key, file.as_bytes(), options)
        .await
        .unwrap();
}

/// The pairs of a query with two columns, a text and a count.
async fn pairs(db: &DatabaseConnection, sql: &str) -> BTreeMap<String, i64> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.try_get_by_index(0).unwrap(),
                row.try_get_by_index(1).unwrap(),
            )
        })
        .collect()
}

/// The SQL blocks of the document.
fn documented() -> Vec<String> {
    let text = repository_file("docs/ledger.md");
    text.split("```sql")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

on_both!(
    the_documented_queries_recount_the_ledger,
    async |app: TestApp| {
        import(
            &app,
            "co-production-attitudes",
            "co-production-attitudes-now",
        )
        .await;
        import(&app, "citizen-priorities", "citizen-priorities").await;
        let [statement, project] = &documented()[..] else {
            panic!("two queries are documented")
        };
        let db = &app.services.db;
        // By hand, from the rows.
        let rows = response::Entity::find().all(db).await.unwrap();
        let (mut points, mut votes) = (BTreeMap::new(), BTreeMap::new());
        for row in &rows {
            let third = row.answers[2..3].to_owned();
            if row.answers.len() == 7 {
                *points.entry(third).or_default() += 1;
            } else if third == "1" {
                *votes.entry(row.channel.clone()).or_default() += 1;
            }
        }
        assert_eq!(pairs(db, statement).await, points);
        assert_eq!(pairs(db, project).await, votes);
        assert_eq!(votes.len(), 3, "the sample has votes of all three channels");
    }
);

on_both!(
    the_fold_agrees_with_sql_for_every_project_and_channel,
    async |app: TestApp| {
        import(&app, "citizen-priorities", "citizen-priorities").await;
        let key = "citizen-priorities/now".parse().unwrap();
        let overview = wave_overview::overview(&app.services, &key).await.unwrap();
        let survey = &overview.asked.survey;
        let mut tally = countmein::tally::fold::Tally::new(&survey.survey);
        let head = countmein::domain::id::Seq(140);
        let id = overview.asked.wave.id;
        let db = &app.services.db;
        countmein::service::tallies::fold(&mut tally, db, id, head)
            .await
            .unwrap();
        for channel in countmein::domain::channel::Channel::ALL {
            let counts = tally.items_in(channel)[1].options.clone();
            for (project, votes) in counts.into_iter().enumerate() {
                let sql = format!(
                    "SELECT channel, count(*) FROM response
                 WHERE channel = '{channel}' AND substr(answers, {}, 1) = '1' GROUP BY channel",
                    project + 2
                );
                let counted = pairs(db, &sql)
                    .await
                    .get(channel.as_str())
                    .copied()
                    .unwrap_or(0);
                assert_eq!(
                    i64::try_from(votes).unwrap(),
                    counted,
                    "{channel} {project}"
                );
            }
        }
    }
);
