//! A connection to a server that stays open, with nothing between the test and the wire: a request is
//! one write, so that dozens of them set out at the same moment.

use reqwest::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::browsing::Page;

pub struct Line {
    stream: TcpStream,
    host: String,
    /// As a browser would keep it: the draft's cookie of the visit on this line.
    pub cookie: Option<String>,
}

impl Line {
    pub async fn to(url: &str) -> Self {
        let host = url.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            host,
            cookie: None,
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.ask("GET", path, "").await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let form: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", quoted(value)))
            .collect();
        self.ask("POST", path, &form.join("&")).await
    }

    async fn ask(&mut self, method: &str, path: &str, body: &str) -> Page {
        let cookie = match &self.cookie {
            Some(cookie) => format!("cookie: {cookie}\r\n"),
            None => String::new(),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{cookie}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            body.len(),
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.answer().await
    }

    async fn answer(&mut self) -> Page {
        let mut bytes = Vec::with_capacity(16 * 1024);
        let head = loop {
            let read = self.stream.read_buf(&mut bytes).await.unwrap();
            assert!(read > 0, "the server hung up");
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
        let header = |name: &str| {
            text.lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(found, _)| found.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.to_owned())
        };
        if let Some(set) = header("set-cookie") {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        let length: usize = header("content-length").map_or(0, |n| n.parse().unwrap());
        while bytes.len() < head + length {
            assert!(self.stream.read_buf(&mut bytes).await.unwrap() > 0);
        }
        let status: u16 = text[9..12].parse().unwrap();
        Page {
            status: StatusCode::from_u16(status).unwrap(),
            location: header("location"),
            body: String::from_utf8(bytes.split_off(head)).unwrap(),
        }
    }
}

fn quoted(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
