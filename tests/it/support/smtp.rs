//! A mail server in a few lines: it takes what it is given, or refuses it where a test says so.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
};

/// Where in the conversation a mail is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Greeting,
    Sender,
    Recipient,
    Content,
}

/// A mail whose content arrived, whatever the answer to it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub to: String,
    pub content: String,
    pub taken: bool,
}

#[derive(Debug, Default)]
struct Desk {
    refusal: Option<(Step, &'static str)>,
    arrived: Vec<Arrived>,
}

pub struct SmtpStub {
    pub port: u16,
    desk: Arc<Mutex<Desk>>,
    listening: Option<JoinHandle<()>>,
}

impl SmtpStub {
    pub async fn start() -> Self {
        let mut stub = Self::down().await;
        stub.come_up().await;
        stub
    }

    /// A server with an address, and nobody there.
    pub async fn down() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self {
            port: listener.local_addr().unwrap().port(),
            desk: Arc::default(),
            listening: None,
        }
    }

    pub async fn come_up(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let desk = Arc::clone(&self.desk);
        self.listening = Some(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reads, writes) = stream.into_split();
                tokio::spawn(talk(BufReader::new(reads), writes, Arc::clone(&desk)));
            }
        }));
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Answers so at this step from now on; an answer such as `451 4.3.0 later`.
    pub fn refuse(&self, step: Step, answer: &'static str) {
        self.desk.lock().unwrap().refusal = Some((step, answer));
    }

    pub fn take_everything(&self) {
        self.desk.lock().unwrap().refusal = None;
    }

    /// Every mail whose content arrived, in order.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.desk.lock().unwrap().arrived.clone()
    }
}

impl Drop for SmtpStub {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

/// One connection, until the other side has enough. It ends the task, and harms no test, when the
/// connection breaks.
async fn talk(
    mut reads: BufReader<impl AsyncRead + Unpin>,
    mut writes: impl AsyncWrite + Unpin,
    desk: Arc<Mutex<Desk>>,
) -> std::io::Result<()> {
    let answer_at = |step: Step, usual: &'static str| match desk.lock().unwrap().refusal {
        Some((refused, answer)) if refused == step => answer,
        _ => usual,
    };
    let mut to = String::new();
    say(&mut writes, answer_at(Step::Greeting, "220 stub ESMTP")).await?;
    loop {
        let mut line = String::new();
        if reads.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match line.get(..4).unwrap_or_default() {
            "EHLO" => "250-stub\r\n250 8BITMIME",
            "MAIL" => answer_at(Step::Sender, "250 2.1.0 ok"),
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                answer_at(Step::Recipient, "250 2.1.5 ok")
            }
            "DATA" => {
                say(&mut writes, "354 go on").await?;
                let content = content(&mut reads).await?;
                let answer = answer_at(Step::Content, "250 2.0.0 taken");
                desk.lock().unwrap().arrived.push(Arrived {
                    to: to.clone(),
                    content,
                    taken: answer.starts_with('2'),
                });
                answer
            }
            "QUIT" => return say(&mut writes, "221 2.0.0 bye").await,
            _ => "250 2.0.0 ok",
        };
        say(&mut writes, answer).await?;
    }
}

async fn say(writes: &mut (impl AsyncWrite + Unpin), answer: &str) -> std::io::Result<()> {
    writes.write_all(format!("{answer}\r\n").as_bytes()).await
}

/// The mail up to the line with a lone full stop; a full stop that was doubled for the way is single
/// again.
async fn content(reads: &mut BufReader<impl AsyncRead + Unpin>) -> std::io::Result<String> {
    let mut content = String::new();
    loop {
        let mut line = String::new();
        if reads.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(content);
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
