mod confidence;
mod contingency;
mod difference;
mod dispersion;
mod exact_tests;
mod extremes;
mod finite_population;
mod interval;
mod keying;
mod mean;
mod multinomial;
mod multiplicity;
mod net;
mod ordinal;
mod paired;
mod proportion;
mod proportional_odds;
mod published;
mod quantile;
mod rank;
mod reference;
mod reliability;
mod resample;
mod response_rate;
mod sampling;
mod two_sample;
mod vectors;
mod weight;

use std::{env, fs, path::Path};

use serde_json::Value;

#[track_caller]
pub fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found} is not {expected}"
    );
}

/// The shared reference cases of one group, and of one method of it, where this checkout has them
/// beside it. The environment variable `COUNTMEIN_VECTORS` names another file of the same form, which
/// then has to be there.
pub fn reference_cases(group: &str, method: Option<&str>) -> Vec<Value> {
    let named = env::var_os("COUNTMEIN_VECTORS");
    let path = named.as_ref().map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/statistics/vectors.json"),
        Into::into,
    );
    let Ok(text) = fs::read_to_string(&path) else {
        assert!(named.is_none(), "{} cannot be read", path.display());
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
