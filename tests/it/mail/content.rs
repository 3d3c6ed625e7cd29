//! What stands in a mail: the figures of the report, the same in text and HTML, and headers that
//! mail servers and mail programs rely on.

use countmein::jobs::outbox::run_once;

use super::{close, open_april, start};
use crate::support::{Backend, mime::Mail, repository_file, smtp::SmtpStub};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_parts_have_the_figures_of_the_report() {
    let mail = april().await;
    let wanted: Vec<String> = counts_of_the_file();
    assert_eq!(wanted.len(), 35, "seven statements, five answers each");
    assert_eq!(figures(&mail.text), wanted);
    assert_eq!(figures(&mail.html), wanted);
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("85"), "{part}");
        assert!(
            part.contains("http://countmein.test/r/co-production-attitudes/april"),
            "{part}"
        );
        assert!(part.contains("http://countmein.test/mail/stop/"), "{part}");
        assert!(part.contains("office@example.org"), "{part}");
    }
}

/// Whoever has this mail can tell later whether the record of acts was cut or written anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_parts_carry_where_the_record_of_acts_ended() {
    use countmein::service::verify_audit;

    let smtp = SmtpStub::start().await;
    let app = start(Backend::Sqlite, &smtp).await;
    let key = open_april(&app, &["council@example.org"]).await;
    close(&app, &key).await;
    let checked = verify_audit::verify(&app.services, None).await.unwrap();
    let head = checked.outcome.unwrap();
    run_once(&app.services, &app.mailer).await.unwrap();
    let mail = Mail::read(&smtp.arrived()[0].content);
    let line = format!("Audit log at closing: {head}");
    for part in [&mail.text, &mail.html] {
        assert!(part.contains(&line), "{line}: {part}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_headers_say_who_what_and_how_to_stop() {
    let mail = april().await;
    super::real_server::assert_headers(&mail, "council@example.org");
    assert_eq!(mail.header("Reply-To"), "office@example.org");
    assert_eq!(mail.header("Content-Language"), "en");
}

async fn april() -> Mail {
    let smtp = SmtpStub::start().await;
    let app = start(Backend::Sqlite, &smtp).await;
    let key = open_april(&app, &["council@example.org"]).await;
    close(&app, &key).await;
    run_once(&app.services, &app.mailer).await.unwrap();
    Mail::read(&smtp.arrived()[0].content)
}

/// `52 (61%` for every answer to every statement, as the file with the totals has them.
fn counts_of_the_file() -> Vec<String> {
    let file = repository_file("surveys/samples/co-production-attitudes-april.csv");
    let rows: Vec<(&str, u32)> = file
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let count = cells[3].parse().ok()?;
            (cells[1] != "people").then_some((cells[1], count))
        })
        .collect();
    let base = |item: &str| -> u32 {
        let of_item = rows.iter().filter(|(of, _)| *of == item);
        of_item.map(|(_, count)| count).sum()
    };
    rows.iter()
        .map(|(item, count)| {
            // Half up, in whole numbers.
            let percent = (count * 200 + base(item)) / (2 * base(item));
            format!("{count} ({percent}%")
        })
        .collect()
}

/// Every `52 (61%` in a text.
fn figures(text: &str) -> Vec<String> {
    text.split('(')
        .zip(text.split('(').skip(1))
        .filter_map(|(before, after)| {
            let (percent, _) = after.split_once('%')?;
            let count = before.strip_suffix(' ')?;
            let digits = count.len() - count.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            let is_figure = digits > 0 && percent.bytes().all(|b| b.is_ascii_digit());
            is_figure.then(|| format!("{} ({percent}%", &count[count.len() - digits..]))
        })
        .collect()
}
