use countmein::stats::confidence::Confidence;

use super::assert_close;

fn confidence(level: f64) -> Confidence {
    Confidence::new(level).expect("level")
}

#[test]
fn confidence_is_bounded() {
    assert_close(
        Confidence::ninety_five().z(),
        1.959_963_984_540_054,
        1e-14,
        "z",
    );
    assert_close(confidence(0.5).z(), 0.674_489_750_196_081_7, 1e-14, "z");
    for level in [
        0.0,
        0.499,
        0.99991,
        1.0,
        95.0,
        -0.95,
        f64::NAN,
        f64::INFINITY,
    ] {
        assert!(Confidence::new(level).is_err(), "{level}");
    }
}

#[test]
fn the_usual_level_is_like_one_made_by_hand() {
    let (usual, made) = (Confidence::ninety_five(), confidence(0.95));
    assert_close(usual.level(), made.level(), 0.0, "level");
    assert_close(usual.z(), made.z(), 1e-15, "z");
    assert_close(usual.tail(), 0.025, 1e-16, "tail");
}
