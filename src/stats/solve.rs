//! Searches that always end.

/// Most halvings: a float between −1 and 1 cannot be told from its neighbour after fewer.
const MOST_HALVINGS: u32 = 200;

/// Where `is_before` turns from true to false between `low` and `high`.
pub(super) fn turning_point(low: f64, high: f64, is_before: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (low, high);
    for _ in 0..MOST_HALVINGS {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if is_before(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The first whole number from `low` to `high` at which `is_reached`, which once true stays true;
/// `high` when there is none before it. At most 64 halvings.
pub(super) fn first_whole(low: u64, high: u64, is_reached: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_reached(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
