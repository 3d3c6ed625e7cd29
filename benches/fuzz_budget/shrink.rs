//! Makes a case smaller as long as it stays wrong.

use std::time::{Duration, Instant};

const LONGEST: Duration = Duration::from_mins(1);

/// `smaller` lists variants of a case, the boldest first.
pub fn shrink<T>(
    mut case: T,
    mut fault: String,
    smaller: impl Fn(&T) -> Vec<T>,
    check: impl Fn(&T) -> Result<(), String>,
) -> (T, String) {
    let start = Instant::now();
    'again: loop {
        for variant in smaller(&case) {
            if start.elapsed() > LONGEST {
                break 'again;
            }
            if let Err(found) = check(&variant) {
                (case, fault) = (variant, found);
                continue 'again;
            }
        }
        break;
    }
    (case, fault)
}
