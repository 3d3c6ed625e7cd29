//! A participant or a member of staff, as their browser talks to the server: forms and cookies, no
//! scripts.

use reqwest::{Client, Response, StatusCode, cookie::Jar, redirect::Policy};

use countmein::domain::second_factor::TotpSecret;

use super::{STAFF_PASSWORD, TestApp};

/// One browser: it keeps cookies and follows no redirect by itself.
pub struct Browser {
    client: Client,
    base: String,
}

/// An answer of the server.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: String,
}

impl Browser {
    pub fn new(app: &TestApp) -> Self {
        Self::at(&app.url)
    }

    pub fn at(url: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            base: url.to_owned(),
        }
    }

    pub async fn get(&self, path: &str) -> Page {
        page(self.client.get(self.address(path)).send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        page(self.form(path, fields).send().await.unwrap()).await
    }

    /// A form, with the header by which browsers say whose form it is.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
        self.client
            .post(self.address(path))
            .header("sec-fetch-site", "same-origin")
            .form(fields)
    }

    /// The answer, unless the connection broke.
    pub async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Page> {
        let response = self.form(path, fields).send().await.ok()?;
        Some(page(response).await)
    }

    /// Posts, and gets the page that the answer leads to.
    pub async fn post_and_follow(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields).await;
        match &answer.location {
            Some(target) => self.get(target).await,
            None => answer,
        }
    }

    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.address(path))
    }

    /// The first half of a login; the answer says where it goes on.
    pub async fn give_password(&self, email: &str, password: &str) -> Page {
        let fields = [("email", email), ("password", password)];
        self.post("/staff/login", &fields).await
    }

    /// The whole login of a person who has this second factor.
    pub async fn log_in(&self, app: &TestApp, email: &str, secret: &TotpSecret) {
        let half = self.give_password(email, STAFF_PASSWORD).await;
        assert_eq!(half.location.as_deref(), Some("/staff/login/code"));
        let code = secret.code_at(app.services.now());
        let full = self.post("/staff/login/code", &[("code", &code)]).await;
        assert_eq!(full.location.as_deref(), Some("/staff"), "{}", full.body);
    }

    /// A browser that has gone through the whole login already, as this user.
    pub async fn of_staff(app: &TestApp, email: &str) -> Self {
        Self::with_token(app, &app.session(email).await)
    }

    /// A browser with the cookie of this session.
    pub fn with_token(app: &TestApp, token: &str) -> Self {
        Self::with_session(&app.url, token)
    }

    /// The same at a server of its own.
    pub fn with_session(base: &str, token: &str) -> Self {
        let jar = Jar::default();
        jar.add_cookie_str(&format!("countmein-staff={token}"), &base.parse().unwrap());
        let client = Client::builder()
            .cookie_provider(std::sync::Arc::new(jar))
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            base: base.to_owned(),
        }
    }

    /// Where the server is.
    pub fn base(&self) -> &str {
        &self.base
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

async fn page(response: Response) -> Page {
    let location = response
        .headers()
        .get("location")
        .map(|v| v.to_str().unwrap().to_owned());
    Page {
        status: response.status(),
        location,
        body: response.text().await.unwrap_or_default(),
    }
}

impl Page {
    /// The value of the first field of this name in a form of the page.
    pub fn field(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\" value=\"");
        let start = self
            .body
            .find(&marker)
            .unwrap_or_else(|| panic!("no {name} in {}", self.body));
        let rest = &self.body[start + marker.len()..];
        unescape(&rest[..rest.find('"').unwrap()])
    }

    /// The receipt that the page shows: 20 symbols in five blocks.
    pub fn receipt(&self) -> String {
        let is_block = |block: &str| {
            block.len() == 4
                && block
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        };
        self.body
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .find(|word| word.split('-').count() == 5 && word.split('-').all(is_block))
            .unwrap_or_else(|| panic!("no receipt in {}", self.body))
            .to_owned()
    }
}

fn unescape(html: &str) -> String {
    html.replace("&#38;", "&")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#61;", "=")
}
