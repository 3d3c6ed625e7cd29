//! A load generator that costs little beside the server, with which it shares the processors: plain
//! sockets, requests made beforehand, and no more reading of an answer than it takes to check it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// One kept-alive connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream,
            buffer: Vec::with_capacity(4_096),
        }
    }

    /// Sends a request and returns the answer's head. Every answer of this journey leads on to
    /// another page, and so has no body.
    pub async fn ask(&mut self, request: &[u8]) -> &str {
        self.stream.write_all(request).await.expect("a request");
        self.buffer.clear();
        while !self.buffer.ends_with(b"\r\n\r\n") {
            let read = self.stream.read_buf(&mut self.buffer).await;
            assert!(read.expect("an answer") > 0, "the server hung up");
        }
        let head = std::str::from_utf8(&self.buffer).expect("text");
        assert!(head.starts_with("HTTP/1.1 303"), "{head}");
        head
    }
}

/// A POST as a browser sends it.
pub fn post(path: &str, cookie: Option<&str>, body: &str) -> Vec<u8> {
    let cookie = cookie.map_or(String::new(), |cookie| format!("Cookie: {cookie}\r\n"));
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench.test\r\nUser-Agent: Mozilla/5.0\r\n\
         Accept: text/html\r\nAccept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip\r\n\
         Origin: http://bench.test\r\nSec-Fetch-Site: same-origin\r\n{cookie}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What became of the requests: how long all took together, and each of them.
pub struct Driven {
    pub elapsed: Duration,
    pub each: Vec<Duration>,
}

/// Sends every request once, over so many connections at a time. `wanted` is in every answer.
pub async fn drive(
    server: SocketAddr,
    connections: usize,
    requests: Vec<Vec<u8>>,
    wanted: &'static str,
) -> Driven {
    let requests = Arc::new(requests);
    let next = Arc::new(AtomicUsize::new(0));
    let mut opened = Vec::with_capacity(connections);
    for _ in 0..connections {
        opened.push(Connection::open(server).await);
    }
    let mut tasks = JoinSet::new();
    let begun = Instant::now();
    for mut connection in opened {
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        tasks.spawn(async move {
            let mut times = Vec::new();
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let sent = Instant::now();
                let head = connection.ask(request).await;
                times.push(sent.elapsed());
                assert!(head.contains(wanted), "{head}");
            }
            times
        });
    }
    let each = tasks.join_all().await.concat();
    Driven {
        elapsed: begun.elapsed(),
        each,
    }
}
