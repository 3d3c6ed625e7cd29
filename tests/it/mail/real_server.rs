//! The same mail through a mail server that is not ours, plain and with STARTTLS, sent by the
//! server's own schedule.

use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use countmein::service::wave_overview;
use reqwest::Method;
use tempfile::TempDir;

use super::{close, open_april};
use crate::support::{Backend, STAFF_EMAIL, TestApp, browsing::Browser, mime::Mail};

const READER: &str = "council@example.org";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Python with aiosmtpd: run tests/run"]
async fn takes_the_summary_in_the_open() {
    let server = Aiosmtpd::start(false).await;
    let url = format!("smtp://localhost:{}", server.port);
    journey(&server, &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Python with aiosmtpd: run tests/run"]
async fn takes_the_summary_over_an_encrypted_connection() {
    let server = Aiosmtpd::start(true).await;
    let url = format!("smtp://localhost:{}?tls=required", server.port);
    journey(&server, &url).await;
}

async fn journey(server: &Aiosmtpd, url: &str) {
    let app = TestApp::start_with(Backend::Sqlite, |config| {
        url.clone_into(&mut config.mail.smtp_url.0);
        if let Some(certificate) = &server.certificate {
            config.mail.ca_file.clone_from(certificate);
        }
    })
    .await;
    let key = open_april(&app, &[READER]).await;
    close(&app, &key).await;
    let mail = Mail::read(&server.first_mail().await);
    assert_headers(&mail, READER);
    assert_eq!(mail.header("X-RcptTo"), READER);
    assert!(mail.text.contains("Agree: 52 (61%"), "{}", mail.text);
    assert!(mail.html.contains("52 (61%"), "{}", mail.html);
    assert_staff_see_it_sent(&app).await;
    // What a mail program does when its reader presses “unsubscribe” (RFC 8058).
    let stop = mail.header("List-Unsubscribe");
    let stop = stop.trim_matches(['<', '>']);
    let path = stop.strip_prefix(app.config.public_url.as_str()).unwrap();
    let answer = Browser::new(&app)
        .request(Method::POST, path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("List-Unsubscribe=One-Click")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers().get("set-cookie"), None);
    let overview = wave_overview::overview(&app.services, &key).await.unwrap();
    assert!(overview.subscribers[0].stopped);
    app.stop().await;
    assert_eq!(server.mails().len(), 1);
}

/// Staff see on the page of the wave what became of each mail.
async fn assert_staff_see_it_sent(app: &TestApp) {
    app.add_staff().await;
    let browser = Browser::of_staff(app, STAFF_EMAIL).await;
    // The mail server has the mail a moment before the outbox knows; the address is not shown whole.
    let row = "<tr><th scope=\"row\">c…@example.org</th><td>Sent</td><td class=\"number\">1</td>";
    for _ in 0..100 {
        let page = browser.get("/staff/w/co-production-attitudes/april").await;
        if page.body.contains(row) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the page of the wave never says that the mail is sent");
}

pub fn assert_headers(mail: &Mail, to: &str) {
    assert_eq!(
        mail.header("From"),
        "\"Count Me In\" <count-me-in@localhost>"
    );
    assert_eq!(mail.header("To"), to);
    let subject = "Result: Citizens and public services: your view (April 2012) – 85 responses";
    assert!(mail.header("Subject").starts_with(subject), "{mail:?}");
    let id = mail.header("Message-ID");
    let id = id
        .strip_prefix('<')
        .and_then(|id| id.strip_suffix("@localhost>"));
    assert!(id.is_some_and(|id| id.len() == 32), "{id:?}");
    assert!(mail.header("Date").ends_with("+0000"), "{mail:?}");
    assert_eq!(mail.header("MIME-Version"), "1.0");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    let stop = mail.header("List-Unsubscribe");
    assert!(
        stop.starts_with("<http://countmein.test/mail/stop/") && stop.ends_with('>'),
        "{stop}"
    );
    assert_eq!(
        mail.header("List-Unsubscribe-Post"),
        "List-Unsubscribe=One-Click"
    );
}

/// A mail server in Python that keeps what it gets in a folder.
struct Aiosmtpd {
    process: Child,
    port: u16,
    folder: TempDir,
    certificate: Option<PathBuf>,
}

impl Aiosmtpd {
    async fn start(encrypted: bool) -> Self {
        let python = std::env::var("COUNTMEIN_TEST_SMTP_PYTHON")
            .expect("COUNTMEIN_TEST_SMTP_PYTHON has to name a Python with aiosmtpd: run tests/run");
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut command = Command::new(python);
        command
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("localhost:{port}")])
            .stdout(Stdio::null());
        let certificate = encrypted.then(|| {
            let (certificate, key) = certificate(folder.path());
            command.arg("--tlscert").arg(&certificate);
            command.arg("--tlskey").arg(key);
            certificate
        });
        let mails = folder.path().join("mails");
        let process = command
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(&mails)
            .spawn()
            .unwrap();
        let server = Self {
            process,
            port,
            folder,
            certificate,
        };
        for _ in 0..200 {
            if TcpStream::connect(("localhost", port)).is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("aiosmtpd does not listen on port {port}");
    }

    fn mails(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.folder.path().join("mails/new"))
            .map(|files| files.map(|file| file.unwrap().path()).collect())
            .unwrap_or_default()
    }

    async fn first_mail(&self) -> String {
        for _ in 0..400 {
            if let Some(file) = self.mails().first() {
                return std::fs::read_to_string(file).unwrap();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no mail came in 20 seconds");
    }
}

impl Drop for Aiosmtpd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A certificate for this machine that only this test trusts, and its key.
fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    let done = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args(["-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-out")
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(done.success(), "openssl makes a certificate");
    (certificate, key)
}
