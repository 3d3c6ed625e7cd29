//! The roll of a survey, and the cards, letters, papers and mails that are made of it.

use std::{path::Path, time::Duration};

use countmein::{
    domain::{
        key::WaveKey,
        roll::{Address, Group, Name},
        text::Lang,
    },
    jobs::outbox,
    service::{
        import_roll, lookup,
        make_codes::{self, Wanted},
        open_wave,
    },
    view::print::{PrintOptions, PrintSize, Styles, questionnaire_html},
};

use super::journey::Outputs;
use crate::support::{TestApp, browsing::Browser, mime::Mail, operator};

const HARMLESS: &str = "harmless words";

/// A wave by code that nobody answers.
pub async fn walk(app: &TestApp, staff: &Browser, key: &WaveKey, text: &str, out: &mut Outputs) {
    let base = format!("/staff/w/{key}");
    out.page("edit", staff.get(&format!("{base}/edit")).await);
    open_wave::open(&app.services, &operator(), key)
        .await
        .unwrap();
    let email = format!("{}@example.org", key.to_string().replace('/', "."));
    let roll = roll_file(text, &email);
    import_roll::import(&app.services, &operator(), key, &roll, false)
        .await
        .unwrap();
    out.page("roll", staff.get(&format!("{base}/roll")).await);
    let found = [("name", "‹person›")];
    let found = staff.post(&format!("{base}/roll/find"), &found).await;
    assert!(found.body.contains("value=\"2\""), "{}", found.body);
    out.page("roll-found", found);
    let asked = staff
        .post(&format!("{base}/roll/remove"), &[("serial", "1")])
        .await;
    out.page("roll-remove", asked);
    print(app, staff, key, out).await;
    out.invitation = mail_to(app, &email).await;
    for (name, path) in [
        ("staff-by-code", base.clone()),
        ("ask-extend", format!("{base}/ask/extend")),
        ("ask-void", format!("{base}/ask/void")),
        ("close", format!("{base}/close")),
        ("screen", format!("/staff/screen/{key}")),
        ("start-by-code", format!("/w/{key}")),
    ] {
        out.page(name, staff.get(&path).await);
    }
    let export = [("email", email.as_str()), ("do", "export")];
    let export = staff.post("/staff/privacy/person", &export).await;
    out.json("person", export.body);
}

/// One person by post and one by e-mail. A text that the roll takes nowhere is harmless there.
fn roll_file(text: &str, email: &str) -> Vec<u8> {
    let cell = |mark: &str, is_taken: fn(&str) -> bool| {
        let typed = format!("{text}‹{mark}›");
        if is_taken(&typed) {
            typed
        } else {
            format!("{HARMLESS}‹{mark}›")
        }
    };
    let name = cell("person", |typed| Name::new(typed).is_ok());
    let line = cell("address", |typed| Address::new([typed]).is_ok());
    let group = cell("group", |typed| Group::new(typed).is_ok());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in [
        ["name", "address1", "address2", "email", "group"],
        [&name, &line, &line, "", &group],
        [&name, "", "", email, &group],
    ] {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

async fn print(app: &TestApp, staff: &Browser, key: &WaveKey, out: &mut Outputs) {
    let base = format!("/staff/w/{key}/codes");
    for (name, wanted) in [
        ("cards", Wanted::Cards(2)),
        ("letters", Wanted::Letters),
        ("mails", Wanted::Mails),
    ] {
        let made = make_codes::make(&app.services, &operator(), key, wanted)
            .await
            .unwrap();
        if name != "mails" {
            let address = format!("{base}/{}/print", made.run);
            let printed = staff.post(&address, &[]).await;
            assert_eq!(printed.status, 200, "{}", printed.body);
            out.page(name, printed);
        }
    }
    out.page("codes", staff.get(&base).await);
    let asked = lookup::find_now(&app.services, key).await.unwrap();
    let options = PrintOptions {
        lang: Lang::english(),
        size: PrintSize::Standard,
        styles: Styles::Linked,
    };
    let paper = questionnaire_html(&asked.survey.survey, &asked.wave.spec, &options);
    out.html("paper", paper.unwrap());
}

/// The next mail that is sent to this address. What goes to staff in between is left out.
pub async fn mail_to(app: &TestApp, address: &str) -> String {
    loop {
        let mail = next_mail(app).await;
        if Mail::read(&mail).header("To").contains(address) {
            return mail;
        }
    }
}

/// The next mail that is sent.
pub async fn next_mail(app: &TestApp) -> String {
    let folder = app.config.mail_folder();
    loop {
        outbox::run_once(&app.services, &app.mailer).await.unwrap();
        if let Some(mail) = take_mail(&folder) {
            return mail;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn take_mail(folder: &Path) -> Option<String> {
    let file = std::fs::read_dir(folder)
        .ok()?
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|e| e == "eml"))?;
    let mail = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(file).unwrap();
    Some(mail)
}
