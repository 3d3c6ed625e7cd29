//! What can be said of any page by looking at it: what axe finds, whether it fits the screen, and how
//! many bytes it costs.

use serde_json::json;

use crate::support::{TestApp, chromium::Chromium};

/// The most that a page may weigh, for people who pay by the megabyte and wait on a slow line.
const MOST_BYTES: u64 = 50 * 1024;

const AXE: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        resultTypes: ['violations'],
    }).then(found => done(found.violations), error => done([{ id: String(error), nodes: [] }]));";

/// Bytes of the page as it is read and as it travels, and the same with its style and script.
const WEIGHT: &str = "const page = performance.getEntriesByType('navigation')[0];
    const files = performance.getEntriesByType('resource').filter(f => /\\.(css|js)$/.test(f.name));
    const sum = part => files.reduce((total, file) => total + file[part], page[part]);
    return [page.decodedBodySize, sum('decodedBodySize'), sum('encodedBodySize'), files.length];";

/// A walk from page to page that gathers what is wrong, so that one run shows all of it.
pub struct Tour {
    pub app: TestApp,
    pub window: Chromium,
    axe: String,
    faults: Vec<String>,
}

impl Tour {
    pub fn new(app: TestApp, window: Chromium) -> Self {
        let axe = std::env::var("COUNTMEIN_TEST_AXE")
            .expect("COUNTMEIN_TEST_AXE has to name axe.min.js: run tests/run");
        Self {
            app,
            window,
            axe: std::fs::read_to_string(axe).unwrap(),
            faults: Vec::new(),
        }
    }

    /// Gives the browser the session of a member of staff.
    pub async fn log_in(&mut self, email: &str) {
        self.window.enter(&self.app, email).await;
    }

    /// Goes to a page and looks at it.
    pub async fn visit(&mut self, name: &str, path: &str) {
        self.window.goto(path).await;
        self.look(name).await;
    }

    /// Looks at the page that the browser is on. Its weight is taken before axe changes it.
    pub async fn look(&mut self, name: &str) {
        self.window.picture(name).await;
        self.weigh(name).await;
        self.measure(name).await;
        self.ask_axe(name).await;
    }

    pub async fn ask_axe(&mut self, name: &str) {
        let client = &self.window.client;
        client.execute(&self.axe, Vec::new()).await.unwrap();
        let found = client.execute_async(AXE, Vec::new()).await.unwrap();
        for violation in found.as_array().unwrap() {
            for node in violation["nodes"].as_array().unwrap() {
                let fault = format!(
                    "{}: {} at {}\n    {}",
                    violation["id"],
                    violation["help"],
                    node["target"],
                    node["failureSummary"].as_str().unwrap_or_default()
                );
                self.fault(name, &fault);
            }
            if violation["nodes"] == json!([]) {
                self.fault(name, &violation.to_string());
            }
        }
    }

    async fn measure(&mut self, name: &str) {
        let script = "const page = document.documentElement;
            const out = element => element.getBoundingClientRect().right > innerWidth + 0.5
                && !element.closest('.scroll, .hidden, .skip');
            return [page.scrollWidth, innerWidth,
                Array.from(document.querySelectorAll('body *')).filter(out)
                    .map(element => element.outerHTML.slice(0, 80))]";
        let found = self.window.run(script).await;
        let wanted = json!([self.window.width, self.window.width, []]);
        if found != wanted {
            self.fault(name, &format!("wider than its window: {found}"));
        }
    }

    async fn weigh(&mut self, name: &str) {
        let weights = self.window.run(WEIGHT).await;
        let bytes = |place: usize| weights[place].as_u64().unwrap();
        let (page, whole, travels) = (bytes(0), bytes(1), bytes(2));
        assert!(bytes(3) > 0, "{name} has no style sheet: {weights}");
        // The figures of a long survey outgrow any limit, and so does the desk at which whoever works
        // in the office keys a pile; they travel compressed.
        let is_results = name.starts_with("results") || name.starts_with("desk");
        if page > MOST_BYTES || travels > MOST_BYTES || (whole > MOST_BYTES && !is_results) {
            self.fault(
                name,
                &format!("{page} bytes of HTML; {whole} with its files, {travels} compressed"),
            );
        }
    }

    fn fault(&mut self, page: &str, what: &str) {
        self.faults
            .push(format!("{page} at {} px: {what}", self.window.width));
    }

    /// Ends the walk: nothing may have been wrong.
    pub fn end(self) {
        assert!(
            self.faults.is_empty(),
            "{} faults:\n{}",
            self.faults.len(),
            self.faults.join("\n")
        );
    }
}
