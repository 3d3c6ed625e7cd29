//! A person at a real browser: Chromium without a window, driven through its `chromedriver`.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource, KeyAction, KeyActions},
    elements::Element,
    key::Key,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::TestApp;

/// A narrow phone, and a laptop.
pub const NARROW: u32 = 320;
pub const WIDE: u32 = 1100;
const HEIGHT: u32 = 900;

/// How long a page may take to show what it has to show.
const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    On,
    Off,
}

/// One browser with one tab, at the start page of nothing.
pub struct Chromium {
    pub client: Client,
    pub width: u32,
    base: String,
    /// Ends the browser when the test ends, well or badly.
    driver: Driver,
}

impl Chromium {
    pub async fn start(app: &TestApp, width: u32, scripts: Scripts) -> Self {
        let driver = Driver::start();
        let Value::Object(capabilities) = capabilities(&driver, width, scripts) else {
            unreachable!("an object, as it is written below")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .unwrap();
        Self {
            client,
            width,
            base: app.url.clone(),
            driver,
        }
    }

    /// The same server under a name that is not this machine's: without encryption, a browser then
    /// sends fewer headers.
    pub fn in_a_hall(mut self) -> Self {
        self.base = self.base.replacen("127.0.0.1", "hall.test", 1);
        self
    }

    /// What the content security policy of the page has blocked so far.
    pub async fn blocked(&self) -> Vec<Value> {
        let script = "const done = arguments[arguments.length - 1]; \
             new ReportingObserver(all => done(all.map(one => JSON.stringify(one))), \
                 { types: ['csp-violation'], buffered: true }).observe(); \
             setTimeout(() => done([]), 30)";
        let blocked = self.client.execute_async(script, Vec::new()).await.unwrap();
        blocked.as_array().cloned().unwrap_or_default()
    }

    pub async fn goto(&self, path: &str) {
        let address = format!("{}{path}", self.base);
        self.client.goto(&address).await.unwrap();
    }

    /// Goes on as this member of staff, past the login.
    pub async fn enter(&self, app: &TestApp, email: &str) {
        let token = app.session(email).await;
        self.goto("/receipt").await;
        let cookie = format!("document.cookie = 'countmein-staff={token}; path=/'");
        self.run(&cookie).await;
    }

    /// The address of the page, from the first slash.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.as_str().replacen(&self.base, "", 1)
    }

    /// What a person reads on the page, between its header and its footer.
    pub async fn text(&self) -> String {
        self.find("main").await.text().await.unwrap()
    }

    /// Waits until the page says so.
    pub async fn sees(&self, words: &str) {
        let start = std::time::Instant::now();
        loop {
            // While one page makes room for the next there is no such element.
            let text = match self.client.find(Locator::Css("main")).await {
                Ok(main) => main.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            if text.contains(words) {
                return;
            }
            let path = self.path().await;
            assert!(
                start.elapsed() < PATIENCE,
                "“{words}” is not on {path}:\n{text}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn find(&self, selector: &str) -> Element {
        let waiting = self.client.wait().at_most(PATIENCE);
        waiting
            .for_element(Locator::Css(selector))
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// Clicks the label of an answer, as a thumb would: in the middle of the screen, where the line
    /// that counts along a ballot is not in the way.
    pub async fn choose(&self, label: &str) {
        let path =
            format!("//label[.//span[contains(@class, \"name\")][normalize-space()=\"{label}\"]]");
        let element = self.wait_for(&path).await;
        let scroll = "arguments[0].scrollIntoView({ block: 'center' })";
        let target = serde_json::to_value(&element).unwrap();
        self.client.execute(scroll, vec![target]).await.unwrap();
        element.click().await.unwrap();
    }

    /// Presses a button that sends a form, and waits until its page is gone.
    pub async fn press(&self, button: &str) {
        let page = self.find("html").await;
        self.click(&format!("//button[normalize-space()=\"{button}\"]"))
            .await;
        let start = std::time::Instant::now();
        while page.tag_name().await.is_ok() {
            assert!(start.elapsed() < PATIENCE, "“{button}” leads nowhere");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn follow(&self, link: &str) {
        self.click(&format!("//a[normalize-space()=\"{link}\"]"))
            .await;
    }

    async fn click(&self, path: &str) {
        let clicked = self.wait_for(path).await.click().await;
        clicked.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    async fn wait_for(&self, path: &str) -> Element {
        let waiting = self.client.wait().at_most(PATIENCE);
        waiting
            .for_element(Locator::XPath(path))
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub async fn type_into(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses a key wherever the focus is.
    pub async fn key(&self, key: Key) {
        let focused = self.client.active_element().await.unwrap();
        focused
            .send_keys(&String::from(char::from(key)))
            .await
            .unwrap();
    }

    /// Types key after key wherever the focus is, with so long from each to the next, as a hand does that
    /// does not look at the screen.
    pub async fn keys(&self, keys: &str, pace: Duration) {
        let mut actions = KeyActions::new("hand".to_owned());
        for value in keys.chars() {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value })
                .then(KeyAction::Pause { duration: pace });
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    /// A slower network for this browser, or none.
    pub async fn network(&self, is_offline: bool, latency: Duration) {
        let session = self.client.session_id().await.unwrap().unwrap();
        let conditions = json!({ "network_conditions": {
            "offline": is_offline, "latency": u64::try_from(latency.as_millis()).unwrap(),
            "download_throughput": 5_000_000, "upload_throughput": 5_000_000,
        } });
        let address = format!(
            "http://127.0.0.1:{}/session/{session}/chromium/network_conditions",
            self.driver.port
        );
        let answer = reqwest::Client::new()
            .post(address)
            .json(&conditions)
            .send();
        let answer = answer.await.unwrap();
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
    }

    /// Runs a script from outside the page: neither the page's content security policy nor a browser
    /// without scripts stops it.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// The number of marks or choices that the page shows as made.
    pub async fn checked(&self) -> usize {
        let checked = Locator::Css("input:checked");
        self.client.find_all(checked).await.unwrap().len()
    }

    /// Keeps a picture of the page in the folder `COUNTMEIN_SCREENSHOTS`, where it is set.
    pub async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("COUNTMEIN_SCREENSHOTS") else {
            return;
        };
        let file = std::path::Path::new(&folder).join(format!("{name}-{}.png", self.width));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(file, self.client.screenshot().await.unwrap()).unwrap();
    }
}

fn capabilities(driver: &Driver, width: u32, scripts: Scripts) -> Value {
    let profile = format!("--user-data-dir={}", driver.profile.path().display());
    let mut options = json!({
        "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-GB",
            // A name that a browser does not take for this machine, as the one in a hall is.
            "--host-resolver-rules=MAP hall.test 127.0.0.1",
            // Chromium ends with the other end of the pipe, even where chromedriver is killed.
            "--remote-debugging-pipe",
            profile,
        ],
        // A window is never narrower than 500 px; the screen of a phone is.
        "mobileEmulation": {
            "deviceMetrics": {
                "width": width, "height": HEIGHT, "pixelRatio": 1.0, "touch": false, "mobile": false,
            },
        },
        "prefs": { "intl.accept_languages": "en-GB,en" },
    });
    if let Ok(binary) = std::env::var("COUNTMEIN_TEST_CHROMIUM") {
        options["binary"] = binary.into();
    }
    if scripts == Scripts::Off {
        options["prefs"]["profile.managed_default_content_settings.javascript"] = 2.into();
    }
    json!({ "goog:chromeOptions": options })
}

/// One `chromedriver` on a port that it chose itself.
struct Driver {
    process: Child,
    port: u16,
    profile: TempDir,
}

impl Driver {
    fn start() -> Self {
        // It gives up where its port is taken on one of the two kinds of local address.
        (0..5)
            .find_map(|_| Self::try_start())
            .expect("chromedriver starts and says on which port it listens")
    }

    fn try_start() -> Option<Self> {
        let program = std::env::var("COUNTMEIN_TEST_CHROMEDRIVER")
            .expect("COUNTMEIN_TEST_CHROMEDRIVER has to name a chromedriver: run tests/run");
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.by_ref().find_map(|line| {
            let line = line.unwrap();
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse().ok()
        });
        let Some(port) = port else {
            process.wait().unwrap();
            return None;
        };
        // Whatever it says later has to go somewhere, or it would wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self {
            process,
            port,
            profile: tempfile::tempdir().unwrap(),
        })
    }

    /// Asks it to end its browser and itself.
    fn ask_to_end(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream
            .write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // In a test that failed there is nobody left to tell that this failed too.
        let _ = self.ask_to_end();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
