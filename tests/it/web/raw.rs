//! Requests as no browser library would write them.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends this head, which says nothing of the connection yet, and reads to the end of the answer.
pub async fn raw(server: &str, head: &str) -> String {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let request = format!("{head}connection: close\r\n\r\n");
    // A server that has refused a long head stops reading it.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
