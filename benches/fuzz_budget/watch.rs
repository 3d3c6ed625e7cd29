//! Catches panics, and cases that take too long or never end.

use std::{
    panic::{self, AssertUnwindSafe},
    process,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// A case that takes longer than this, three times in a row, is a finding.
const SLOW: Duration = Duration::from_secs(2);
/// A case that takes longer than this ends the run.
const NEVER_ENDS: Duration = Duration::from_mins(2);

static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches the case that runs now.
pub struct Watch(Arc<Mutex<(Instant, String)>>);

impl Watch {
    pub fn start() -> Self {
        panic::set_hook(Box::new(|info| *lock(&LAST_PANIC) = info.to_string()));
        let now = Arc::new(Mutex::new((Instant::now(), String::new())));
        let watched = Arc::clone(&now);
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                let (since, case) = &*lock(&watched);
                if since.elapsed() > NEVER_ENDS {
                    println!("FOUND {case}: still running after {NEVER_ENDS:?}");
                    process::exit(2);
                }
            }
        });
        Self(now)
    }

    pub fn begin(&self, case: String) {
        *lock(&self.0) = (Instant::now(), case);
    }
}

/// What is wrong with a case, panics and slowness included.
pub fn guarded(check: impl Fn() -> Result<(), String>) -> Result<(), String> {
    let mut fastest = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let result = panic::catch_unwind(AssertUnwindSafe(&check));
        fastest = fastest.min(start.elapsed());
        match result {
            Err(_) => return Err(lock(&LAST_PANIC).clone()),
            Ok(Err(fault)) => return Err(fault),
            Ok(Ok(())) if fastest <= SLOW => return Ok(()),
            Ok(Ok(())) => {}
        }
    }
    Err(format!("takes {fastest:?}"))
}
