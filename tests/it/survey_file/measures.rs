//! Statements that are declared to measure one thing.

use countmein::domain::survey_file::read;

use super::SOUND;

/// The sound file with a second statement on the same scale and a measure of both.
fn with_measure(reversed: &str) -> String {
    let more = format!(
        r#"[[item]]
key = "s2"
kind = "likert"
text = {{ en = "I avoid the park", pl = "Omijam park" }}
scale = "agreement"

[[measure]]
key = "safety"
items = ["s1", "s2"]
{reversed}

[[wave]]"#
    );
    SOUND.replacen("[[wave]]", &more, 1)
}

#[test]
fn a_measure_names_its_statements_and_those_that_say_the_opposite() {
    let plan = read(&with_measure("reversed = [\"s2\"]"))
        .expect("a sound file")
        .plan;
    let [measure] = plan.survey.measures.as_slice() else {
        panic!("one measure");
    };
    assert_eq!(measure.key.as_str(), "safety");
    let names = |keys: &[countmein::domain::key::ItemKey]| -> Vec<String> {
        keys.iter().map(ToString::to_string).collect()
    };
    assert_eq!(names(&measure.items), ["s1", "s2"]);
    assert_eq!(names(&measure.reversed), ["s2"]);
}

#[test]
fn only_a_statement_of_the_measure_can_be_reversed() {
    let faults = read(&with_measure("reversed = [\"heard\"]")).expect_err("a fault");
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].code, "S-MEASURE-ITEM");
    assert_eq!(faults[0].excerpt, "\"heard\"");
}

#[test]
fn a_measure_changes_the_wording_hash_and_its_absence_does_not() {
    let plain = read(SOUND).expect("sound").plan.survey;
    let measured = read(&with_measure("")).expect("sound").plan.survey;
    assert_ne!(plain.wording_hash(), measured.wording_hash());
    let json = serde_json::to_string(&plain).expect("JSON");
    assert!(!json.contains("measures"), "{json}");
}
