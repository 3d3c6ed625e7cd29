mod interval;
mod multinomial;
mod ordinal;

use std::{fs, path::Path};

use serde_json::Value;

#[track_caller]
pub fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found} is not {expected}"
    );
}

/// The shared reference cases of one group, and of one method of it, where this checkout has them beside it.
pub fn reference_cases(group: &str, method: Option<&str>) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/statistics/vectors.json");
    let Ok(text) = fs::read_to_string(path) else {
        println!("{group}: the table in this file only");
        return Vec::new();
    };
    let file: Value = serde_json::from_str(&text).expect("vectors.json");
    let cases: Vec<Value> = file["cases"]
        .as_array()
        .expect("cases")
        .iter()
        .filter(|case| {
            case["group"] == group && method.is_none_or(|m| case["input"]["method"] == m)
        })
        .cloned()
        .collect();
    println!(
        "{group}: the table in this file and {} cases of vectors.json",
        cases.len()
    );
    cases
}
