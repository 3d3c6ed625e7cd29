//! The program as it is started from a shell.

mod print;
mod records;
mod tally;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use countmein::config::{Config, DEFAULT_FILE};

fn countmein(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_countmein"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

/// The same with something on its standard input.
fn countmein_told(folder: &Path, arguments: &[&str], input: &str) -> Output {
    use std::io::Write;

    let mut child = Command::new(env!("CARGO_BIN_EXE_countmein"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn repository(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_printed_settings_are_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let printed = countmein(folder.path(), &["config"]);
    assert!(printed.status.success());
    assert_eq!(text(&printed.stdout), DEFAULT_FILE);
    let file = folder.path().join("countmein.toml");
    std::fs::write(&file, &printed.stdout).unwrap();
    assert_eq!(Config::read(&file).unwrap(), Config::default());
}

#[test]
fn a_fault_in_the_settings_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("countmein.toml"),
        "listen = \"127.0.0.1:1\"\nlisten_on = 2\n",
    )
    .unwrap();
    let refused = countmein(folder.path(), &["waves"]);
    assert!(!refused.status.success());
    let said = text(&refused.stderr);
    assert!(
        said.contains("listen_on") && said.contains("countmein.toml"),
        "{said}"
    );
}

#[test]
fn check_reports_every_fault_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let good = countmein(
        folder.path(),
        &["check", &repository("surveys/citizen-priorities.toml")],
    );
    assert!(good.status.success(), "{}", text(&good.stdout));
    let bad = std::fs::read_to_string(repository("surveys/citizen-priorities.toml"))
        .unwrap()
        .replace("limit = 4", "limit = 0")
        .replace("results = \"live\"", "results = \"never\"");
    let file = folder.path().join("bad.toml");
    std::fs::write(&file, bad).unwrap();
    let refused = countmein(folder.path(), &["check", "bad.toml"]);
    assert!(!refused.status.success());
    let said = text(&refused.stdout);
    assert!(said.contains("bad.toml: line "), "{said}");
    assert!(
        said.contains("S-LIMIT") && said.contains("S-UNKNOWN-VALUE"),
        "{said}"
    );
}

/// The lists are those that a search over all numbers up to 150 found independently, in Python.
#[test]
fn published_per_cents_are_fitted_and_never_given_a_range() {
    let folder = tempfile::tempdir().unwrap();
    let sample = repository("surveys/samples/published-percentages.csv");
    let found = countmein(folder.path(), &["fit-percentages", &sample]);
    let said = text(&found.stdout);
    assert!(found.status.success(), "{}", text(&found.stderr));
    assert!(said.contains("41, 46, 54, 59, 65"), "{said}");
    assert!(
        said.contains("One number for all rows: 100, 110, 117, 119, 121"),
        "{said}"
    );
    assert!(
        said.contains("rows made to add up to 100: 95, 96, 99, 100"),
        "{said}"
    );
    assert!(!said.contains("WHAT IF") && !said.contains("%)"), "{said}");
    let assumed = countmein(
        folder.path(),
        &["fit-percentages", &sample, "--assume", "62"],
    );
    let said = text(&assumed.stdout);
    assert!(said.contains("WHAT IF 62 people"), "{said}");
    assert!(said.contains("[2, 9, 9, 38, 4]"), "{said}");
    // Nobody of 62 is 22 per cent rounded: no range is made up for it.
    assert!(said.contains("no such count"), "{said}");
    std::fs::write(folder.path().join("bad.csv"), "row,a,b\nS1,50,fifty\n").unwrap();
    let bad = countmein(folder.path(), &["fit-percentages", "bad.csv"]);
    assert!(!bad.status.success());
    let said = text(&bad.stderr);
    assert!(
        said.contains("line 2") && said.contains("“fifty”"),
        "{said}"
    );
}

#[test]
fn a_wave_goes_from_file_to_published_report() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = countmein(folder.path(), arguments);
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {said}");
        text(&output.stdout)
    };
    run(&["load", &repository("surveys/co-production-attitudes.toml")]);
    run(&["open", "co-production-attitudes/january"]);
    let sample = repository("surveys/samples/co-production-attitudes-january.csv");
    let january = "co-production-attitudes/january";
    assert!(run(&["import-counts", january, &sample, "--dry-run"]).contains("dry run"));
    run(&["import-counts", january, &sample]);
    run(&["subscribe", january, "commissioner@example.org"]);
    run(&["close", january]);
    assert!(run(&["send-mail"]).contains("1 sent"));
    assert!(run(&["send-mail"]).contains("0 sent"));
    publish_by_two(folder.path(), january);
    assert!(run(&["waves"]).contains("published"));
    let report: serde_json::Value =
        serde_json::from_str(&run(&["report", january, "--json"])).unwrap();
    assert_eq!(report["turnout"]["people"], 62);
    assert_eq!(report["items"][0]["figures"]["points"][1]["percent"], 46);
    run(&["backup", "copy.sqlite"]);
    let again = countmein(folder.path(), &["backup", "copy.sqlite"]);
    assert!(
        !again.status.success(),
        "a backup must not overwrite another"
    );
    let restored = countmein(
        folder.path(),
        &[
            "report",
            january,
            "--json",
            "--database-url",
            "sqlite://copy.sqlite",
        ],
    );
    let restored: serde_json::Value = serde_json::from_slice(&restored.stdout).unwrap();
    assert_eq!(restored, report);
}

/// One asks, the same person cannot confirm, and another does.
fn publish_by_two(folder: &Path, wave: &str) {
    let by = |arguments: &[&str], who: &str, password: &str| {
        let all = [arguments, &["--by", who, "--password-stdin"]].concat();
        countmein_told(folder, &all, password)
    };
    let (ann, ben) = ("ann@example.org", "ben@example.org");
    let mut codes = Vec::new();
    for (who, password) in [(ann, "a few quiet words"), (ben, "some other words")] {
        let user = ["user", "add", who, "--password-stdin"];
        assert!(countmein_told(folder, &user, password).status.success());
        let bare = by(&["publish", wave], who, password);
        assert!(text(&bare.stderr).contains("no second factor"));
        let given = text(&countmein(folder, &["user", "second-factor", who]).stdout);
        let recovery = given.lines().skip(2).map(str::to_owned);
        codes.push(recovery.collect::<Vec<_>>());
    }
    let (anns, bens) = (&codes[0], &codes[1]);
    let with = |password: &str, code: &str| format!("{password}\n{code}\n");
    let wrong = by(&["publish", wave], ann, &with("not the password", &anns[0]));
    assert!(text(&wrong.stderr).contains("not right"));
    let asked = by(
        &["publish", wave],
        ann,
        &with("a few quiet words", &anns[0]),
    );
    assert!(asked.status.success(), "{}", text(&asked.stderr));
    let listed = text(&countmein(folder, &["requests"]).stdout);
    assert!(listed.contains(wave) && listed.contains(ann), "{listed}");
    let alone = by(&["confirm", "1"], ann, &with("a few quiet words", &anns[1]));
    let said = text(&alone.stderr);
    assert!(said.contains("two people"), "{said}");
    assert!(!text(&countmein(folder, &["waves"]).stdout).contains("published"));
    let confirmed = by(&["confirm", "1"], ben, &with("some other words", &bens[0]));
    assert!(confirmed.status.success(), "{}", text(&confirmed.stderr));
}

#[test]
fn the_first_administrator_has_a_password_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let user = ["user", "add", "admin@example.org", "--password-stdin"];
    let add = |password: &str| countmein_told(folder.path(), &user, password);
    for (weak, reason) in [
        ("short", "too short"),
        ("passwordpassword", "first that anyone"),
    ] {
        let refused = add(weak);
        assert!(!refused.status.success());
        assert!(
            text(&refused.stderr).contains(reason),
            "{}",
            text(&refused.stderr)
        );
    }
    assert!(add("a few quiet words\n").status.success());
    let twice = add("another few words\n");
    assert!(
        text(&twice.stderr).contains("already"),
        "{}",
        text(&twice.stderr)
    );
}

#[test]
fn users_are_looked_after_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], typed: &str| {
        use std::io::Write;
        let mut child = Command::new(env!("CARGO_BIN_EXE_countmein"))
            .args(arguments)
            .current_dir(folder.path())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        // A command that asks for nothing may have ended before it could read.
        let _ = input.write_all(typed.as_bytes());
        drop(input);
        let output = child.wait_with_output().unwrap();
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        (output.status.success(), said)
    };
    let keyer = "keyer@example.org";
    let add = ["user", "add", keyer, "--role", "keyer", "--password-stdin"];
    assert!(run(&add, "a few quiet words\n").0);
    let (done, said) = run(&["user", "add", keyer, "--role", "king"], "");
    assert!(!done && said.contains("is not a role"), "{said}");
    let check = ["user", "check-login", keyer, "--password-stdin"];
    let (done, said) = run(&check, "a few quiet words\n");
    assert!(done && said.contains("keyer@example.org, keyer"), "{said}");
    let (done, said) = run(&check, "some other words\n");
    assert!(!done && said.contains("is not right"), "{said}");
    let invite = [
        "user",
        "invite",
        "boss@example.org",
        "--role",
        "administrator",
    ];
    assert!(run(&invite, "").0);
    let (_, listed) = run(&["user", "list"], "");
    assert!(
        listed.contains("boss@example.org\tadministrator\tinvited\tno second factor"),
        "{listed}"
    );
    assert!(run(&["user", "disable", keyer], "").0);
    assert!(!run(&check, "a few quiet words\n").0);
    assert!(run(&["user", "enable", keyer], "").0);
    assert!(run(&["user", "reset-second-factor", keyer], "").0);
    let (done, said) = run(&["user", "disable", "nobody@example.org"], "");
    assert!(!done && said.contains("no user with this"), "{said}");
    // The only administrator who can log in stays.
    let admin = ["user", "add", "admin@example.org", "--password-stdin"];
    assert!(run(&admin, "a few quiet words\n").0);
    let (done, said) = run(&["user", "disable", "admin@example.org"], "");
    assert!(!done && said.contains("last administrator"), "{said}");
    let check = [
        "user",
        "check-login",
        "admin@example.org",
        "--password-stdin",
    ];
    let (done, said) = run(&check, "a few quiet words\n");
    assert!(!done && said.contains("no second factor yet"), "{said}");
}

#[test]
fn the_demonstration_refuses_a_database_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let survey = repository("surveys/citizen-priorities.toml");
    assert!(
        countmein(folder.path(), &["load", &survey])
            .status
            .success()
    );
    let refused = countmein(folder.path(), &["demo", "--data-dir", "data"]);
    assert!(!refused.status.success());
    assert!(
        text(&refused.stderr).contains("in use"),
        "{}",
        text(&refused.stderr)
    );
    let waves = text(&countmein(folder.path(), &["waves"]).stdout);
    assert!(
        waves.contains("draft") && !waves.contains("published"),
        "{waves}"
    );
}

/// The ballots of the demonstration's autumn, out of the service and back through the counting of
/// files: the same projects are funded.
#[test]
fn the_ballots_of_a_wave_leave_as_a_file_that_counts_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let wave = "citizen-priorities/now";
    let run = |arguments: &[&str]| {
        let output = countmein(folder.path(), arguments);
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {said}");
        text(&output.stdout)
    };
    run(&["load", &repository("surveys/citizen-priorities.toml")]);
    run(&["open", wave]);
    let sample = repository("surveys/samples/citizen-priorities.csv");
    run(&["import", wave, &sample]);
    let early = countmein(folder.path(), &["export-pb", wave, "out.pb"]);
    assert!(text(&early.stderr).contains("is not closed"));
    run(&["close", wave]);
    run(&["export-pb", wave, "out.pb", "--country", "United Kingdom"]);
    let again = countmein(folder.path(), &["export-pb", wave, "out.pb"]);
    assert!(!again.status.success(), "a file must not be overwritten");
    let file = std::fs::read_to_string(folder.path().join("out.pb")).unwrap();
    assert!(
        file.contains("voting_method") && file.contains("paper"),
        "{file}"
    );
    let counted: serde_json::Value =
        serde_json::from_str(&run(&["tally", "out.pb", "--rule", "greedy", "--json"])).unwrap();
    let report: serde_json::Value =
        serde_json::from_str(&run(&["report", wave, "--json"])).unwrap();
    let projects = report["items"][1]["figures"]["projects"]
        .as_array()
        .unwrap();
    let funded: Vec<&serde_json::Value> = projects
        .iter()
        .filter(|project| project["outcome"]["code"] == "funded")
        .map(|project| &project["key"])
        .collect();
    let winners: Vec<&serde_json::Value> = counted["winners"].as_array().unwrap().iter().collect();
    assert!(!winners.is_empty());
    assert_eq!(winners, funded);
    assert_eq!(counted["voters"], 133);
}
