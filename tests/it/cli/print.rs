//! Paper from the command line.

use std::fs;

use super::{countmein, repository, text};

const WAVE: &str = "co-production-attitudes/now";

fn loaded() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let survey = repository("surveys/co-production-attitudes.toml");
    assert!(
        countmein(folder.path(), &["load", &survey])
            .status
            .success()
    );
    folder
}

/// Without a path there is no Chromium: what was made is kept, and said to be HTML.
#[test]
fn a_questionnaire_is_kept_as_html_where_there_is_no_chromium() {
    let folder = loaded();
    let run = |arguments: &[&str]| {
        let output = countmein(folder.path(), arguments);
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        (output.status.success(), said)
    };
    let (made, said) = run(&["questionnaire", WAVE, "--out", "paper.pdf", "--lang", "pl"]);
    assert!(
        made && said.contains("paper.html") && said.contains("no PDF"),
        "{said}"
    );
    let html = fs::read_to_string(folder.path().join("paper.html")).unwrap();
    assert!(html.contains("<html lang=\"pl\">") && html.contains("Obywatele ufają politykom"));
    assert!(!folder.path().join("paper.pdf").exists());
    let (made, said) = run(&[
        "questionnaire",
        WAVE,
        "--out",
        "large.html",
        "--large-print",
    ]);
    assert!(made && said.contains("large.html"), "{said}");
    let html = fs::read_to_string(folder.path().join("large.html")).unwrap();
    assert!(html.contains("<html lang=\"en\" class=\"large\">"));
    for (arguments, expected) in [
        (["--out", "paper.html", "--lang", "pl"], "there already"),
        (
            ["--out", "paper.doc", "--lang", "pl"],
            "ends in .pdf or .html",
        ),
        (["--out", "other.pdf", "--lang", "fr"], "but in en, pl"),
    ] {
        let (made, said) = run(&[["questionnaire", WAVE].as_slice(), &arguments].concat());
        assert!(!made && said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
#[ignore = "needs Chromium: run tests/run"]
fn a_questionnaire_becomes_a_pdf_that_its_owner_alone_may_read() {
    let folder = loaded();
    let chromium = std::env::var("COUNTMEIN_TEST_CHROMIUM")
        .expect("COUNTMEIN_TEST_CHROMIUM has to name Chromium: run tests/run");
    let settings = format!("[print]\nchromium = \"{chromium}\"\n");
    fs::write(folder.path().join("countmein.toml"), settings).unwrap();
    let made = countmein(
        folder.path(),
        &["questionnaire", WAVE, "--out", "paper.pdf"],
    );
    assert_eq!(
        text(&made.stdout),
        "paper.pdf: 2 pages\n",
        "{}",
        text(&made.stderr)
    );
    let file = folder.path().join("paper.pdf");
    assert!(fs::read(&file).unwrap().starts_with(b"%PDF"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(!folder.path().join("paper.html").exists());
}

/// A program that is no Chromium is named, and the work is not lost.
#[test]
fn a_browser_that_makes_no_pdf_is_named() {
    let folder = loaded();
    fs::write(
        folder.path().join("countmein.toml"),
        "[print]\nchromium = \"/bin/true\"\n",
    )
    .unwrap();
    let made = countmein(
        folder.path(),
        &["questionnaire", WAVE, "--out", "paper.pdf"],
    );
    let said = text(&made.stdout);
    assert!(
        made.status.success() && said.contains("/bin/true made no PDF"),
        "{said}"
    );
    assert!(folder.path().join("paper.html").exists());
}
