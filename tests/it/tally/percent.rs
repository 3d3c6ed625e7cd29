use countmein::tally::percent::{SignedShare, change_in_points, signed_points, whole_percent};
use proptest::prelude::*;

#[test]
fn halves_go_up() {
    assert_eq!(whole_percent(1, 200), 1);
    assert_eq!(whole_percent(1, 201), 0);
    assert_eq!(whole_percent(125, 1000), 13);
    assert_eq!(whole_percent(0, 7), 0);
    assert_eq!(whole_percent(7, 7), 100);
    assert_eq!(whole_percent(0, 0), 0);
    assert_eq!(whole_percent(u64::MAX, u64::MAX), 100);
}

#[test]
fn signed_halves_go_away_from_zero() {
    assert_eq!(signed_points(1, 0, 200), 1);
    assert_eq!(signed_points(0, 1, 200), -1);
    assert_eq!(signed_points(0, 1, 201), 0);
    assert_eq!(signed_points(11, 42, 62), -50);
    assert_eq!(signed_points(u64::MAX, 0, u64::MAX), 100);
    assert_eq!(signed_points(0, u64::MAX, u64::MAX), -100);
    assert_eq!(signed_points(3, 3, 0), 0);
}

fn share(plus: u64, minus: u64, base: u64) -> SignedShare {
    SignedShare { plus, minus, base }
}

#[test]
fn a_change_is_rounded_once() {
    // 17.7% and 41.2% round to 18 and 41; the change is 23.4 points.
    assert_eq!(change_in_points(share(11, 0, 62), share(35, 0, 85)), 23);
    assert_eq!(change_in_points(share(11, 42, 62), share(35, 34, 85)), 51);
    // 0.4% and 1.6% round to 0 and 2; the change is 1.2 points.
    assert_eq!(change_in_points(share(4, 0, 1000), share(16, 0, 1000)), 1);
    assert_eq!(change_in_points(share(1, 0, 200), share(0, 0, 200)), -1);
    assert_eq!(change_in_points(share(0, 0, 200), share(1, 0, 200)), 1);
    let all = u64::MAX;
    assert_eq!(
        change_in_points(share(0, all, all), share(all, 0, all)),
        200
    );
    assert_eq!(change_in_points(share(1, 0, 0), share(1, 0, 2)), 0);
}

proptest! {
    /// w is count/base rounded half up if and only if w − 1/2 ≤ 100 count/base < w + 1/2: the
    /// definition itself, in fractions, with no rounding in it.
    #[test]
    fn whole_per_cents_are_the_nearest(base in 1..u64::MAX, part in 0..=u64::MAX) {
        let count = part % (base / 2 + 1) + part % (base - base / 2);
        let whole = i128::from(whole_percent(count, base));
        let twice = 200 * i128::from(count);
        prop_assert!((2 * whole - 1) * i128::from(base) <= twice);
        prop_assert!(twice < (2 * whole + 1) * i128::from(base));
    }

    #[test]
    fn sides_exchanged_change_the_sign(a in 0..1_000_000_u64, b in 0..1_000_000_u64) {
        let base = a + b + 1;
        prop_assert_eq!(signed_points(a, b, base), -signed_points(b, a, base));
    }

    #[test]
    fn points_are_per_cents_of_the_difference(a in 0..1_000_000_u64, b in 0..1_000_000_u64) {
        let (more, less) = (a.max(b), a.min(b));
        let points = signed_points(more, less, a + b + 1);
        prop_assert_eq!(u64::try_from(points), Ok(whole_percent(more - less, a + b + 1)));
    }
}
