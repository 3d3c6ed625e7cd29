//! The program as an operator runs it: a process of its own.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    thread::JoinHandle,
};

pub struct Server {
    child: Child,
    pub url: String,
    log: Option<JoinHandle<String>>,
}

/// A command with the settings of one installation.
pub fn command(folder: &Path, database_url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countmein"));
    command.args(arguments).current_dir(folder).env_clear();
    if !database_url.is_empty() {
        command.env("DATABASE_URL", database_url);
    }
    command
}

pub fn run(folder: &Path, database_url: &str, arguments: &[&str]) -> String {
    let output = command(folder, database_url, arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}{errors}");
    said
}

impl Server {
    /// Starts on a free port and waits until it listens.
    pub fn start(folder: &Path, database_url: &str, log: &str) -> Self {
        let mut child = command(folder, database_url, &["serve", "--listen", "127.0.0.1:0"])
            .env("COUNTMEIN_LOG", log)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = loop {
            let line = lines
                .next()
                .expect("the server ended before it listened")
                .unwrap();
            if let Some(start) = line.find("http://127.0.0.1:") {
                break line[start..].split(' ').next().unwrap().to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        let mut errors = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        Self {
            child,
            url,
            log: Some(log),
        }
    }

    /// As a power cut does it: SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As a service manager does it: SIGTERM. Returns the log.
    pub fn terminate(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.child.wait().unwrap().success());
        self.log.take().unwrap().join().unwrap()
    }
}
