//! A survey by code whose ballots are numbers: ten projects for which there is money, marked in binary.
//! The ledger itself then says which response is whose in a test that knows the numbers.

use std::fmt::Write;

use countmein::domain::access_code::AccessCode;

use super::line::Line;

const PROJECTS: usize = 10;

/// The survey `numbered` with these waves, on all three channels, open for many years.
pub fn survey(waves: &[&str]) -> String {
    let mut file = String::from(
        "key = \"numbered\"\nlanguages = [\"en\"]\ntitle = \"Numbers\"\nintro = \"One code each.\"\n\
         follow_up = \"Nothing follows.\"\npages = \"all-questions\"\n\n\
         [[item]]\nkey = \"projects\"\nkind = \"ballot\"\ntext = \"Which?\"\nbudget = 1000\n\
         currency = \"GBP\"\nmethod = \"knapsack\"\nrule = \"greedy\"\n",
    );
    for place in 0..PROJECTS {
        let _ = write!(
            file,
            "\n[[item.project]]\nkey = \"p{place}\"\ntext = \"Project {place}\"\ncost = 100\n"
        );
    }
    for wave in waves {
        let _ = write!(
            file,
            "\n[[wave]]\nname = \"{wave}\"\ntitle = \"Numbers\"\n\
             opens = 2020-01-01T00:00:00+00:00\ncloses = 2099-12-31T23:59:59.999+00:00\n\
             access = \"code\"\nchannels = [\"online\", \"postal\", \"meeting\"]\n\
             frame = {{ kind = \"census\", n = 2000 }}\nresults = \"published\"\n\
             subscribers = [\"commissioner@example.org\"]\n"
        );
    }
    file
}

/// The ballot of a number as the ledger holds it.
pub fn answers(number: usize) -> String {
    (0..PROJECTS)
        .map(|place| if number >> place & 1 == 1 { '1' } else { '0' })
        .collect()
}

/// The ballot of a number as a person marks it, or as a cell of an import has it with spaces between.
pub fn marked(number: usize) -> Vec<String> {
    (0..PROJECTS)
        .filter(|place| number >> place & 1 == 1)
        .map(|place| format!("p{place}"))
        .collect()
}

/// Start, questions, check your answers: what the last page would send.
pub async fn draft(line: &mut Line, wave: &str, number: usize, code: &AccessCode) -> String {
    line.cookie = None;
    let code = code.to_string();
    let path = format!("/w/numbered/{wave}");
    let begun = line
        .post(&format!("{path}/start"), &[("code", &code)])
        .await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let marked = marked(number);
    let fields: Vec<(&str, &str)> = marked
        .iter()
        .map(|project| ("a.projects", project.as_str()))
        .collect();
    let answered = line.post(&format!("{path}/questions"), &fields).await;
    assert_eq!(answered.status, 303, "{}", answered.body);
    let draft = line.get(&format!("{path}/check")).await.field("draft");
    // Without cookies, the answer to the button is the receipt itself.
    line.cookie = None;
    draft
}
