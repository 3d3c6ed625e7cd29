//! Comparing a case of vectors.json with what the program finds, figure by figure.

use serde_json::Value;

/// Every figure of the case's output has to be found, under its name, and equal. A figure that
/// nothing here can find is a failure and not skipped.
#[track_caller]
pub fn check_case(case: &Value, find: impl Fn(&str) -> Option<Vec<f64>>) {
    let id = id_of(case);
    let tolerance = case["tol"].as_f64().expect("tolerance");
    for (name, expected) in case["output"].as_object().expect("output") {
        let found = find(name).unwrap_or_else(|| panic!("{id}: nothing here finds {name:?}"));
        let expected = numbers(expected);
        assert_eq!(found.len(), expected.len(), "{id}, {name}: {found:?}");
        for (one, other) in found.into_iter().zip(expected) {
            let is_same = one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan());
            assert!(
                is_same || (one - other).abs() <= tolerance,
                "{id}, {name}: {one} is not {other}"
            );
        }
    }
}

pub fn id_of(case: &Value) -> &str {
    case["id"].as_str().expect("id")
}

/// The counts under a name of the case's input, if there are any.
pub fn counts_of(case: &Value, name: &str) -> Option<Vec<u64>> {
    serde_json::from_value(case["input"][name].clone()).ok()
}

/// A number, or the numbers of a list; null is not a number.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(entries) => entries.iter().flat_map(numbers).collect(),
        Value::Null => vec![f64::NAN],
        Value::String(text) => vec![text.parse().expect("number")],
        number => vec![number.as_f64().expect("number")],
    }
}
