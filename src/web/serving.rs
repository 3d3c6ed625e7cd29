//! Connections: each is served on its own, has a time to say what it wants, and there are no more of
//! them than the process can hold.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::JoinSet,
};
use tower::ServiceExt;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a browser may take to send the head of a request, and how long it may keep a
    /// connection without one.
    pub head: Duration,
    /// Most connections at once.
    pub connections: usize,
    /// How long a request may take, from its head to its answer.
    pub request: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            connections: 4_096,
            request: Duration::from_secs(30),
        }
    }
}

/// Longest head of a request. A draft of 200 projects, in a cookie, has 4 kB.
pub const MAX_HEAD_BYTES: usize = 32 * 1024;

/// After a connection could not be taken: without a pause the loop would do nothing but try.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` turns true, and then ends what was begun.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let connections = Arc::new(Connections::default());
    let mut tasks = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = until_true(&mut stop) => break,
        };
        while tasks.try_join_next().is_some() {}
        match accepted {
            Ok((stream, peer)) => {
                if let Some(seat) = connections.admit(limits.connections) {
                    let router = router.clone();
                    tasks.spawn(one(stream, peer, router, limits, seat, stop.clone()));
                }
            }
            Err(error) => {
                // Most often the process has no file left to open.
                tracing::warn!(%error, "a connection could not be taken");
                connections.end_one();
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    while tasks.join_next().await.is_some() {}
}

async fn one(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    seat: Seat,
    mut stop: watch::Receiver<bool>,
) {
    let connection = Arc::clone(&seat.connection);
    let service = service_fn(|mut request: Request<Incoming>| {
        let busy = Busy::begin(&connection);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
            let answer = answer.await;
            drop(busy);
            answer
        }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MAX_HEAD_BYTES);
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    let mut serving = std::pin::pin!(serving);
    let mut is_stopping = false;
    loop {
        tokio::select! {
            // A browser that breaks off, or is too slow, is no fault of ours.
            _ = serving.as_mut() => break,
            () = seat.connection.end.notified() => break,
            () = until_true(&mut stop), if !is_stopping => {
                is_stopping = true;
                serving.as_mut().graceful_shutdown();
            }
        }
    }
}

pub async fn until_true(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: nobody can ask to go on, so stop.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Every connection there is, the oldest first.
#[derive(Debug, Default)]
struct Connections {
    open: Mutex<BTreeMap<u64, Arc<Connection>>>,
    taken: AtomicU64,
}

#[derive(Debug, Default)]
struct Connection {
    /// Requests begun and not yet answered.
    under_way: AtomicUsize,
    begun: AtomicUsize,
    end: Notify,
}

/// A connection's place among the others, until it ends.
struct Seat {
    id: u64,
    connection: Arc<Connection>,
    all: Arc<Connections>,
}

impl Connections {
    /// None when every connection is in the middle of a request.
    fn admit(self: &Arc<Self>, most: usize) -> Option<Seat> {
        let is_full = self.lock().len() >= most;
        if is_full && !self.end_one() {
            return None;
        }
        let id = self.taken.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::default());
        self.lock().insert(id, Arc::clone(&connection));
        Some(Seat {
            id,
            connection,
            all: Arc::clone(self),
        })
    }

    /// Ends a connection on which nothing happens: first one that never asked for anything.
    fn end_one(&self) -> bool {
        let mut open = self.lock();
        let idle = open
            .iter()
            .filter(|(_, one)| one.under_way.load(Ordering::Acquire) == 0)
            .min_by_key(|(_, one)| one.begun.load(Ordering::Relaxed) > 0)
            .map(|(id, _)| *id);
        let ended = idle.and_then(|id| open.remove(&id));
        if let Some(connection) = &ended {
            connection.end.notify_one();
        }
        ended.is_some()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.all.lock().remove(&self.id);
    }
}

/// A request under way.
struct Busy(Arc<Connection>);

impl Busy {
    fn begin(connection: &Arc<Connection>) -> Self {
        connection.begun.fetch_add(1, Ordering::Relaxed);
        connection.under_way.fetch_add(1, Ordering::Release);
        Self(Arc::clone(connection))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Release);
    }
}
