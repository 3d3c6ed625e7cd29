//! A case of the shared reference file, read by name so that what is missing or unknown fails.

use countmein::stats::{confidence::Confidence, interval::Interval};
use serde_json::Value;

use super::reference_cases;

pub struct Case(Value);

impl Case {
    pub fn all(group: &str) -> Vec<Self> {
        reference_cases(group, None).into_iter().map(Self).collect()
    }

    pub fn id(&self) -> &str {
        self.0["id"].as_str().expect("id")
    }

    pub fn input(&self, key: &str) -> &Value {
        &self.0["input"][key]
    }

    pub fn number(&self, key: &str) -> f64 {
        number(self.input(key))
    }

    pub fn count(&self, key: &str) -> u64 {
        self.input(key).as_u64().unwrap_or_else(|| {
            panic!("{}: {key} is not a count: {}", self.id(), self.input(key));
        })
    }

    pub fn counts(&self, key: &str) -> Vec<u64> {
        serde_json::from_value(self.input(key).clone())
            .unwrap_or_else(|_| panic!("{}: {key} are not counts", self.id()))
    }

    pub fn confidence(&self) -> Confidence {
        Confidence::new(self.number("conf")).expect("level")
    }

    pub fn method(&self) -> Option<&str> {
        self.input("method").as_str()
    }

    /// Every output of the case with its name.
    pub fn outputs(&self) -> impl Iterator<Item = (&str, &Value)> {
        let outputs = self.0["output"].as_object().expect("output");
        outputs.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Fails unless `found` is `expected` to the tolerance of the case, which counts relative to
    /// values above 1.
    #[track_caller]
    pub fn check(&self, what: &str, found: f64, expected: &Value) {
        self.check_to(number(&self.0["tol"]), what, found, expected);
    }

    #[track_caller]
    pub fn check_to(&self, tolerance: f64, what: &str, found: f64, expected: &Value) {
        let expected = number(expected);
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1.0),
            "{} {what}: {found} is not {expected}",
            self.id()
        );
    }

    #[track_caller]
    pub fn check_limits(&self, what: &str, found: Interval, expected: &Value) {
        self.check(what, found.low, &expected[0]);
        self.check(what, found.high, &expected[1]);
    }

    pub fn unknown(&self, what: &str) -> ! {
        panic!("{}: {what} is not among the methods tested", self.id())
    }
}

pub fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("not a number: {value}"))
}
