//! What holds of the templates themselves, whatever page they become.

use std::{fs, path::Path};

use crate::support::repository_path;

/// Every template with its name.
fn templates() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![repository_path("src/view/templates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(Path::new(&folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.display().to_string());
            } else {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.file_name().unwrap().display().to_string(), text));
            }
        }
    }
    assert!(found.len() >= 40, "{}", found.len());
    found
}

/// The tags of this name.
fn tags<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.split(&format!("<{name} "))
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .collect()
}

fn names(text: &str) -> Vec<&str> {
    let inputs = tags(text, "input");
    inputs
        .iter()
        .filter_map(|tag| {
            tag.split(" name=\"")
                .nth(1)
                .or_else(|| tag.strip_prefix("name=\""))
        })
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// Hidden while it is typed, filled in by password managers, and open to being pasted.
#[test]
fn a_field_for_a_password_is_one() {
    let mut fields = 0;
    for (name, text) in templates() {
        for attribute in ["onpaste", "oncopy", "oninput"] {
            assert!(!text.contains(attribute), "{name} has {attribute}");
        }
        for tag in tags(&text, "input") {
            if !tag.contains("password\"") {
                continue;
            }
            fields += 1;
            assert!(tag.contains("type=\"password\""), "{name}: {tag}");
            let kind = if tag.contains("name=\"new-password\"") {
                "autocomplete=\"new-password\""
            } else {
                "autocomplete=\"current-password\""
            };
            assert!(tag.contains(kind), "{name}: {tag}");
        }
    }
    assert!(fields >= 6, "{fields}");
}

#[test]
fn a_login_asks_for_no_more_than_it_needs() {
    let all = templates();
    let names_of = |file: &str| {
        let (_, text) = all.iter().find(|(name, _)| name == file).unwrap();
        names(text)
    };
    assert_eq!(names_of("login.html"), ["email", "password"]);
    assert_eq!(names_of("login_code.html"), ["code"]);
    // The name of the account stands beside it for password managers, and is not read.
    let choose = names_of("choose_password.html");
    assert_eq!(choose, ["username", "new-password"]);
    let change = names_of("change_password.html");
    assert_eq!(change, ["username", "password", "new-password"]);
}
