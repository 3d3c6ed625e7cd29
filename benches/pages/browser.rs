//! Requests to the router itself, without a network, as a browser would make them.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use tower::ServiceExt;

pub struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Plain,
    Gzip,
}

pub struct Answer {
    pub status: StatusCode,
    pub body: Bytes,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: Vec::new(),
        }
    }

    pub async fn get(&mut self, path: &str, encoding: Encoding) -> Answer {
        self.ask(Method::GET, path, encoding, String::new()).await
    }

    pub async fn post(&mut self, path: &str, fields: &str) -> Answer {
        self.ask(Method::POST, path, Encoding::Plain, fields.to_owned())
            .await
    }

    /// The value of a cookie that this browser keeps.
    pub fn cookie(&self, name: &str) -> &str {
        let found = self.cookies.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        encoding: Encoding,
        body: String,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "bench.test")
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT_LANGUAGE, "en-GB,en;q=0.5")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if encoding == Encoding::Gzip {
            request = request.header(header::ACCEPT_ENCODING, "gzip");
        }
        for (name, value) in &self.cookies {
            request = request.header(header::COOKIE, format!("{name}={value}"));
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let response = response.expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie");
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await;
        Answer {
            status,
            body: body.expect("a body"),
        }
    }
}
