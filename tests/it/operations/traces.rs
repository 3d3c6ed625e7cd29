//! Nothing of a participant is left but the answers: no address of the network, no browser, no code
//! and no e-mail address, in the log or in any table.

use std::{io::Write, path::Path, process::Stdio};

use countmein::domain::wave::DRAIN;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::process::{Server, command, run};
use crate::support::{database_url, on_both_backends, repository_path};

const WAVE: &str = "citizen-priorities-knapsack/now";
const PARTICIPANTS: usize = 12;

/// Where an e-mail address may stand: of those who are written to, and of staff.
const MAY_HOLD_ADDRESSES: [&str; 5] = [
    "roll_person",
    "outbox",
    "subscriber",
    "staff_user",
    "audit_event",
];

on_both_backends!(
    a_whole_wave_leaves_no_trace_of_whoever_took_part,
    async |backend| {
        let folder = tempfile::tempdir().unwrap();
        let url = database_url(backend).await;
        let codes = prepare(folder.path(), &url);
        let server = Server::start(folder.path(), &url, "trace");
        let mut secrets = Vec::new();
        for (number, code) in codes.iter().enumerate() {
            secrets.extend(answer(&server.url, number, code).await);
        }
        run(folder.path(), &url, &["close", WAVE]);
        publish(folder.path(), &url);
        tokio::time::sleep(DRAIN).await;
        let log = server.terminate();
        assert!(log.contains("mail written to a file"), "{log}");
        let db = connect(folder.path(), &url).await;
        let tables = dump(&db).await;
        let responses = tables
            .iter()
            .filter(|(table, _)| table == "response")
            .count();
        assert_eq!(responses, PARTICIPANTS, "everybody is counted");
        for secret in &secrets {
            for form in [
                secret.clone(),
                secret.replace('-', ""),
                secret.to_lowercase(),
            ] {
                assert!(!log.contains(&form), "the log holds {form}");
                for (table, row) in &tables {
                    assert!(!row.contains(&form), "{table} holds {form}: {row}");
                }
            }
        }
        for (table, row) in &tables {
            let allowed = MAY_HOLD_ADDRESSES.contains(&table.as_str());
            assert!(
                allowed || !row.contains('@'),
                "{table} holds an address: {row}"
            );
        }
        assert!(
            !log.contains("@example.org"),
            "the log holds an e-mail address"
        );
        db.close().await.unwrap();
    }
);

/// An open wave by code with a roll and a subscriber.
fn prepare(folder: &Path, url: &str) -> Vec<String> {
    let survey = repository_path("surveys/citizen-priorities-knapsack.toml");
    run(folder, url, &["load", &survey]);
    run(folder, url, &["open", WAVE]);
    let csv = "name,address,email\nAnna,1 High Street,anna.roll@example.org\n";
    std::fs::write(folder.join("roll.csv"), csv).unwrap();
    run(folder, url, &["roll", "import", WAVE, "roll.csv"]);
    run(folder, url, &["subscribe", WAVE, "reader@example.org"]);
    let count = PARTICIPANTS.to_string();
    let codes = run(folder, url, &["codes", WAVE, "--count", &count]);
    codes.lines().map(str::to_owned).collect()
}

/// One asks and another confirms.
fn publish(folder: &Path, url: &str) {
    let password = "a few quiet words";
    for (who, act) in [
        ("ann@example.org", ["publish", WAVE]),
        ("ben@example.org", ["confirm", "1"]),
    ] {
        let user = ["user", "add", who, "--password-stdin"];
        told(folder, url, &user, password);
        let given = run(folder, url, &["user", "second-factor", who]);
        let code = given.lines().nth(2).expect("a recovery code");
        let by = [act.as_slice(), &["--by", who, "--password-stdin"]].concat();
        told(folder, url, &by, &format!("{password}\n{code}\n"));
    }
}

fn told(folder: &Path, url: &str, arguments: &[&str], typed: &str) {
    let mut child = command(folder, url, arguments)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(typed.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
}

/// One participant, with a browser and an address that would be known again. Returns what must not
/// be found.
async fn answer(server: &str, number: usize, code: &str) -> Vec<String> {
    let agent = format!("Distinctive-Agent-{number}x");
    let address = format!("203.0.113.{}", 100 + number);
    let six = format!("2001:db8::{:x}", 0xbeef + number);
    let referrer = format!("https://distinctive-referrer-{number}x.example/page");
    let headers = [
        ("user-agent", agent.clone()),
        ("x-forwarded-for", format!("{address}, {six}")),
        ("forwarded", format!("for={address}")),
        ("x-real-ip", address.clone()),
        ("referer", referrer.clone()),
    ];
    let client = reqwest::Client::builder()
        .cookie_store(true)
        .build()
        .unwrap();
    let send = async |path: &str, fields: &[(&str, &str)]| {
        let mut request = client
            .post(format!("{server}/w/{WAVE}/{path}"))
            .form(fields);
        for (name, value) in &headers {
            request = request.header(*name, value);
        }
        request.send().await.unwrap().text().await.unwrap()
    };
    // A wrong code first: a refusal is where a program likes to write down who it was. All of them
    // have one network, which gets ten tries.
    if number < 5 {
        send("start", &[("code", "0000-0000-0000-0000")]).await;
    }
    send("start", &[("code", code)]).await;
    let check = send("questions", &[("a.projects", "benches")]).await;
    let marker = "name=\"draft\" value=\"";
    let start = check
        .find(marker)
        .unwrap_or_else(|| panic!("no draft: {check}"))
        + marker.len();
    let draft = check[start..].split('"').next().unwrap().to_owned();
    let draft = draft.replace("&#61;", "=").replace("&#38;", "&");
    let done = send("submit", &[("draft", &draft)]).await;
    assert!(done.contains("Thank you"), "{done}");
    vec![
        agent,
        address,
        six,
        referrer,
        code.to_owned(),
        draft,
        format!("{}x.example", number),
    ]
}

async fn connect(folder: &Path, url: &str) -> DatabaseConnection {
    if url.is_empty() {
        let file = folder.join("data/countmein.sqlite");
        Database::connect(format!("sqlite://{}", file.display()))
            .await
            .unwrap()
    } else {
        Database::connect(url).await.unwrap()
    }
}

/// Every row of every table, as text, with its table.
async fn dump(db: &DatabaseConnection) -> Vec<(String, String)> {
    let tables = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        _ => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
    };
    let mut all = Vec::new();
    let tables = column(db, tables).await;
    assert!(tables.len() > 20, "{tables:?}");
    for table in tables {
        let row = match db.get_database_backend() {
            DbBackend::Sqlite => {
                let columns = column(
                    db,
                    &format!("SELECT name FROM pragma_table_info('{table}')"),
                )
                .await;
                let texts: Vec<String> = columns
                    .iter()
                    .map(|column| format!("COALESCE(CAST(\"{column}\" AS TEXT), '')"))
                    .collect();
                texts.join(" || '|' || ")
            }
            _ => format!("\"{table}\"::text"),
        };
        for text in column(db, &format!("SELECT {row} FROM \"{table}\"")).await {
            all.push((table.clone(), text));
        }
    }
    all
}

async fn column(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

/// What an operator sees of the record of acts, at the command line.
#[tokio::test]
async fn the_record_is_checked_and_exported_at_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path(), "");
    let said = run(folder.path(), "", &["audit", "verify"]);
    assert!(
        said.contains("nothing was altered, removed or moved"),
        "{said}"
    );
    let head = said
        .lines()
        .find_map(|line| line.strip_prefix("Head: "))
        .unwrap();
    run(folder.path(), "", &["audit", "verify", "--head", head]);
    let said = run(folder.path(), "", &["audit", "export", "acts.csv"]);
    assert!(said.contains("events are in acts.csv"), "{said}");
    let csv = std::fs::read_to_string(folder.path().join("acts.csv")).unwrap();
    assert!(
        csv.contains("opened the wave citizen-priorities-knapsack/now"),
        "{csv}"
    );
    assert!(
        run(folder.path(), "", &["retention", "--dry-run"])
            .contains("Nothing has been kept long enough")
    );
    let export = run(
        folder.path(),
        "",
        &["person", "export", "anna.roll@example.org"],
    );
    let export: serde_json::Value = serde_json::from_str(&export).unwrap();
    assert_eq!(export["rolls"][0]["name"], "Anna");
    let said = run(
        folder.path(),
        "",
        &["person", "erase", "anna.roll@example.org"],
    );
    assert!(said.contains("Entries on rolls removed: 1"), "{said}");
    let db = connect(folder.path(), "").await;
    db.execute_unprepared(
        "DROP TRIGGER audit_event_no_update; UPDATE audit_event SET who = 'nobody' WHERE seq = 2",
    )
    .await
    .unwrap();
    db.close().await.unwrap();
    let broken = command(folder.path(), "", &["audit", "verify"])
        .output()
        .unwrap();
    assert_eq!(broken.status.code(), Some(1));
    let said = String::from_utf8_lossy(&broken.stdout);
    assert!(said.contains("event 2 was altered"), "{said}");
}
