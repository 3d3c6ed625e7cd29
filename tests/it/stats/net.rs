use countmein::stats::{
    confidence::Confidence,
    interval::{Interval, IntervalError},
    net::{
        Net, agresti_min, agresti_min_estimate, bonett_price, change, change_mover, change_wald,
        tango, wald,
    },
};
use proptest::prelude::*;

use super::{
    assert_close,
    vectors::{Case, number},
};

type Limits = (f64, f64);
type NetRow = ([u64; 3], f64, f64, [Limits; 4]);
type ChangeRow = ([u64; 3], [u64; 3], f64, [Limits; 2]);

/// At 95 %: top, bottom and all; net; standard error; limits by Wald and by Bonett and Price from
/// their formulas, by Agresti and Min and by Tango from R's `PropCIs` 0.3-0, whose solver for Tango
/// stops at about 10⁻⁶.
const NETS: &[NetRow] = &[
    (
        [17, 39, 59],
        -0.372_881_355_932_203_4,
        0.117_178_122_905_450_2,
        [
            (-0.602_546_256_602_893_7, -0.143_216_455_261_513_05),
            (-0.588_002_019_012_161_3, -0.133_309_456_397_674_6),
            (-0.585_720_081_667_17, -0.135_591_393_742_666),
            (-0.574_869_794_360_662, -0.126_629_282_862_453),
        ],
    ),
    (
        [80, 3, 85],
        0.905_882_352_941_176_5,
        0.042_819_422_594_817_31,
        [
            (0.821_957_826_816_534, 0.989_806_879_065_819),
            (0.792_579_946_445_642, 0.977_534_996_083_093_5),
            (0.795_365_959_292_948, 0.974_748_983_235_788),
            (0.777_899_519_134_97, 0.960_121_513_815_487),
        ],
    ),
    (
        [34, 46, 85],
        -0.141_176_470_588_235_3,
        0.104_106_601_177_406_53,
        [
            (-0.345_221_659_448_827_27, 0.062_868_718_272_356_68),
            (-0.339_864_268_167_689_9, 0.064_002_199_202_172_65),
            (-0.338_603_667_369_195, 0.062_741_598_403_677_7),
            (-0.335_211_166_213_54, 0.064_695_521_663_217),
        ],
    ),
    (
        [2, 80, 85],
        -0.917_647_058_823_529_4,
        0.037_982_930_808_064_336,
        [
            (-0.992_092_235_234_612_3, -0.843_201_882_412_446_4),
            (-0.981_052_349_103_273_2, -0.812_051_099_172_588_9),
            (-0.977_993_914_326_155, -0.815_109_533_949_707),
            (-0.965_187_061_534_208, -0.799_180_870_547_014),
        ],
    ),
];

/// Changes at 95 %, from a separate program on the limits of `PropCIs`: before, after, change,
/// limits by Wald and by the method of variance estimates recovery.
const CHANGES: &[ChangeRow] = &[
    (
        [17, 39, 59],
        [34, 49, 85],
        0.196_410_767_696_909_27,
        [
            (-0.112_569_500_278_490_58, 0.505_391_035_672_309_1),
            (-0.117_630_694_978_393_15, 0.487_763_625_243_018_64),
        ],
    ),
    (
        [17, 33, 58],
        [34, 46, 85],
        0.134_685_598_377_281_95,
        [
            (-0.171_403_901_149_317_58, 0.440_775_097_903_881_5),
            (-0.172_817_637_855_225_25, 0.426_672_192_088_954_74),
        ],
    ),
    (
        [11, 42, 62],
        [35, 34, 85],
        0.511_764_705_882_352_9,
        [
            (0.239_449_537_750_107_9, 0.784_079_874_014_597_9),
            (0.223_941_050_132_130_78, 0.761_983_333_776_748_7),
        ],
    ),
    (
        [2, 54, 60],
        [7, 69, 84],
        0.128_571_428_571_428_56,
        [
            (-0.039_145_626_797_448_15, 0.296_288_483_940_305_27),
            (-0.062_943_859_180_492_83, 0.302_870_464_588_669_45),
        ],
    ),
];

/// The solver behind the reference figures of Tango's limits stops at about this distance.
const SOLVER: f64 = 1e-6;

fn net([top, bottom, total]: [u64; 3]) -> Net {
    Net::new(top, bottom, total).expect("net")
}

/// Of a scale in order: the first two points less the last two of five, the first less the last of
/// three.
fn of_counts(counts: &[u64]) -> Net {
    let side = if counts.len() < 4 { 1 } else { 2 };
    let top = counts.iter().take(side).sum();
    let bottom = counts.iter().rev().take(side).sum();
    net([top, bottom, counts.iter().sum()])
}

#[track_caller]
fn assert_limits(found: Interval, (low, high): Limits, tolerance: f64, what: &str) {
    assert_close(found.low, low, tolerance, what);
    assert_close(found.high, high, tolerance, what);
}

#[test]
fn limits_agree_with_propcis_and_the_formulas() {
    let level = Confidence::ninety_five();
    for (counts, value, error, limits) in NETS {
        let net = net(*counts);
        assert_close(net.net(), *value, 1e-15, "net");
        assert_close(net.standard_error(), *error, 1e-15, "standard error");
        assert_limits(wald(net, level), limits[0], 1e-14, "Wald");
        assert_limits(bonett_price(net, level), limits[1], 1e-14, "Bonett-Price");
        assert_limits(agresti_min(net, level), limits[2], 1e-14, "Agresti-Min");
        assert_limits(tango(net, level), limits[3], SOLVER, "Tango");
    }
    for (before, after, value, limits) in CHANGES {
        let (before, after) = (net(*before), net(*after));
        assert_close(change(before, after), *value, 1e-15, "change");
        assert_limits(change_wald(before, after, level), limits[0], 1e-14, "Wald");
        assert_limits(
            change_mover(before, after, level),
            limits[1],
            2.0 * SOLVER,
            "MOVER",
        );
    }
}

#[test]
fn limits_agree_with_the_shared_cases() {
    for case in Case::all("net_agreement") {
        if case.input("counts").is_array() {
            check_net(&case);
        } else {
            check_change(&case);
        }
    }
}

fn check_net(case: &Case) {
    let (net, level) = (of_counts(&case.counts("counts")), case.confidence());
    for (key, expected) in case.outputs() {
        match key {
            "net" => case.check(key, net.net(), expected),
            "se_wald" => case.check(key, net.standard_error(), expected),
            "wald" => case.check_limits(key, wald(net, level), expected),
            "bonett_price" => {
                // Some programs cut it and some do not: where theirs ends at 1, ours is cut too.
                let found = bonett_price(net, level);
                let is_cut = [0, 1]
                    .iter()
                    .any(|at| number(&expected[*at]).abs() >= 1.0 - 1e-15)
                    && [0, 1].iter().all(|at| number(&expected[*at]).abs() <= 1.0);
                let found = if is_cut {
                    found.within(-1.0, 1.0)
                } else {
                    found
                };
                case.check_limits(key, found, expected);
            }
            "agresti_min" => {
                case.check_limits(key, agresti_min(net, level), expected);
                case.check(key, agresti_min_estimate(net), &expected[2]);
            }
            "tango" => {
                case.check_to(SOLVER, key, tango(net, level).low, &expected[0]);
                case.check_to(SOLVER, key, tango(net, level).high, &expected[1]);
            }
            _ => case.unknown(key),
        }
    }
}

fn check_change(case: &Case) {
    let (before, after) = (
        of_counts(&case.counts("jan")),
        of_counts(&case.counts("apr")),
    );
    let level = case.confidence();
    for (key, expected) in case.outputs() {
        match key {
            "change" => case.check(key, change(before, after), expected),
            "wald" => case.check_limits(key, change_wald(before, after, level), expected),
            "mover_tango" => {
                let found = change_mover(before, after, level);
                case.check_to(2.0 * SOLVER, key, found.low, &expected[0]);
                case.check_to(2.0 * SOLVER, key, found.high, &expected[1]);
            }
            _ => case.unknown(key),
        }
    }
}

/// With nobody on either side the score test keeps nδ² ≤ z² |δ| (1 − |δ|): limits ± z² / (n + z²).
#[test]
fn tango_has_a_closed_form_without_opinions() {
    let level = Confidence::ninety_five();
    for n in [1_u32, 10, 1_000_000_000] {
        let z2 = level.z() * level.z();
        let expected = z2 / (f64::from(n) + z2);
        let found = tango(net([0, 0, u64::from(n)]), level);
        assert_close(found.high / expected, 1.0, 1e-12, "high");
        assert_close(found.low / expected, -1.0, 1e-12, "low");
    }
}

/// The statistic at a limit is z, with the shares that a plain search finds likeliest.
#[test]
fn tango_limits_are_where_the_score_is_z() {
    let level = Confidence::ninety_five();
    for counts in [[35_u32, 24, 61], [4, 50, 60], [59, 1, 61], [3, 3, 9]] {
        let [top, bottom, n] = counts.map(f64::from);
        let found = tango(net(counts.map(u64::from)), level);
        for delta in [found.low, found.high] {
            let likelihood = |q: f64| {
                let term = |count: f64, share: f64| {
                    if count == 0.0 {
                        0.0
                    } else {
                        count * share.ln()
                    }
                };
                term(top, q + delta)
                    + term(bottom, q)
                    + term(n - top - bottom, 1.0 - 2.0 * q - delta)
            };
            let (mut low, mut high) = ((-delta).max(0.0), (1.0 - delta) / 2.0);
            for _ in 0..200 {
                let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
                if likelihood(a) < likelihood(b) {
                    low = a;
                } else {
                    high = b;
                }
            }
            let variance = n * (2.0 * low + delta - delta * delta);
            let score = (top - bottom - n * delta) / variance.sqrt();
            assert_close(score.abs(), level.z(), 1e-5, "score");
        }
    }
}

#[test]
fn what_is_no_net_is_refused() {
    assert_eq!(Net::new(0, 0, 0), Err(IntervalError::NoAnswers));
    assert!(Net::new(3, 0, 2).is_err());
    assert!(Net::new(2, 1, 2).is_err());
    assert!(Net::new(u64::MAX, u64::MAX, u64::MAX).is_err());
    assert!(Net::new(u64::MAX, 0, u64::MAX).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn limits_hold_the_net_and_mirror(
        total in prop_oneof![1..30_u64, 1..1_000_000_000_u64, Just(u64::MAX)],
        parts in (0..=u64::MAX, 0..=u64::MAX),
        ends in (0..4_u8, 0..4_u8),
    ) {
        let pick = |n: u64, part: u64, end: u8| match end {
            0 => 0,
            1 => n,
            _ => if n == 0 { 0 } else { part % n },
        };
        let top = pick(total, parts.0, ends.0);
        let bottom = pick(total - top, parts.1, ends.1);
        let level = Confidence::ninety_five();
        let (one, mirrored) = (net([top, bottom, total]), net([bottom, top, total]));
        for method in [tango, agresti_min] {
            let (found, turned) = (method(one, level), method(mirrored, level));
            prop_assert!(-1.0 <= found.low && found.low <= found.high && found.high <= 1.0);
            prop_assert!((found.low + turned.high).abs() < 1e-12, "{:?}", (found, turned));
        }
        let found = tango(one, level);
        prop_assert!(found.low <= one.net() + 1e-15 && one.net() <= found.high + 1e-15);
        let moved = change_mover(one, mirrored, level);
        prop_assert!(-2.0 <= moved.low && moved.low <= moved.high && moved.high <= 2.0);
        for limits in [wald(one, level), bonett_price(one, level), change_wald(one, mirrored, level)] {
            prop_assert!(limits.low <= limits.high);
        }
    }
}
