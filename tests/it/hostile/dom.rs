//! A page as a browser makes it of its bytes: which elements and attributes there are, and which of
//! our fields can be read in it.

use std::collections::BTreeSet;

use scraper::{Html, Node};

/// Attributes that hold what somebody wrote.
const TEXT_BEARING: [&str; 6] = [
    "value",
    "title",
    "aria-label",
    "alt",
    "content",
    "placeholder",
];

pub struct Dom {
    /// One line for every element, with its depth, its attributes and their values.
    pub shape: Vec<String>,
    /// The marks of the fields that can be read on the page.
    pub fields: BTreeSet<String>,
}

/// Reads a page. `same` makes values that differ from survey to survey the same.
pub fn read(html: &str, same: impl Fn(&str) -> String) -> Dom {
    let document = Html::parse_document(html);
    let mut shape = Vec::new();
    let mut fields = BTreeSet::new();
    for node in document.tree.root().descendants() {
        match node.value() {
            Node::Element(element) => {
                let mut attributes: Vec<String> = element
                    .attrs()
                    .map(|(name, value)| {
                        if TEXT_BEARING.contains(&name) {
                            fields.extend(marks(value));
                            name.to_owned()
                        } else {
                            format!("{name}={:?}", same(value))
                        }
                    })
                    .collect();
                attributes.sort();
                let depth = node.ancestors().count();
                shape.push(format!(
                    "{depth} {} {}",
                    element.name(),
                    attributes.join(" ")
                ));
            }
            Node::Text(text) => fields.extend(marks(text)),
            Node::Comment(comment) => shape.push(format!("comment {:?}", &**comment)),
            _ => {}
        }
    }
    Dom { shape, fields }
}

/// `‹title›` stands behind what was written into the title.
pub fn marks(text: &str) -> Vec<String> {
    text.split('‹')
        .skip(1)
        .filter_map(|rest| rest.split_once('›'))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !name.is_empty())
        .collect()
}

/// The first line in which two shapes differ.
pub fn difference(wanted: &[String], found: &[String]) -> Option<String> {
    let place =
        (0..wanted.len().max(found.len())).find(|place| wanted.get(*place) != found.get(*place))?;
    Some(format!(
        "{:?} instead of {:?}",
        found.get(place),
        wanted.get(place)
    ))
}
