//! Reading orders of people out of rows, texts and bytes.

use std::collections::BTreeMap;

use memchr::memmem::{Finder, find_iter};

use super::{attack::View, town::Person};

/// Orders in which codes are seen, and orders in which responses are.
#[derive(Default)]
pub struct Evidence {
    pub codes: Vec<View>,
    pub responses: Vec<View>,
}

/// What names a person, on the side of the codes or on that of the responses.
struct Trace {
    name: &'static str,
    is_code: bool,
    needles: fn(&Person) -> Vec<String>,
}

const TRACES: [Trace; 6] = [
    Trace {
        name: "code",
        is_code: true,
        needles: |person| vec![person.code_hash.clone()],
    },
    Trace {
        name: "plain code",
        is_code: true,
        needles: |person| vec![person.code.symbols(), person.code.to_string()],
    },
    // As the row that says that the code is spent has them in its bytes.
    Trace {
        name: "spent code",
        is_code: true,
        needles: |person| vec![format!("{}{}", person.code_hash, person.channel)],
    },
    Trace {
        name: "sheet",
        is_code: true,
        needles: |person| person.paper.clone().into_iter().collect(),
    },
    Trace {
        name: "response",
        is_code: false,
        needles: |person| vec![person.public_id.clone()],
    },
    // The row, and not the index of public ids.
    Trace {
        name: "response row",
        is_code: false,
        needles: |person| vec![format!("{}{}", person.public_id, person.channel)],
    },
];

type Order = BTreeMap<usize, i128>;

impl Evidence {
    /// The orders of what is written on both sides.
    pub fn by_key(&mut self, people: &[Person]) {
        let ranks = |text: fn(&Person) -> &str| {
            let mut sorted: Vec<usize> = (0..people.len()).collect();
            sorted.sort_by_key(|place| text(&people[*place]));
            let ranks = (0..).zip(sorted).map(|(rank, place)| (place, rank));
            ranks.collect()
        };
        self.codes.push(View {
            name: "codes by hash".to_owned(),
            order: ranks(|person| &person.code_hash),
        });
        for (name, text) in [
            (
                "responses by public id",
                (|p| &p.public_id) as fn(&Person) -> &str,
            ),
            ("responses by answers", |p| &p.answers),
        ] {
            self.responses.push(View {
                name: name.to_owned(),
                order: ranks(text),
            });
        }
    }

    /// Where a text names people, in the order in which it does.
    pub fn of_text(&mut self, people: &[Person], name: &str, text: &str) {
        self.of_bytes(people, name, text.as_bytes(), None);
    }

    /// A table's rows as text, each with the number by which they are ordered: the least and the
    /// greatest that a person's rows have.
    pub fn of_rows(&mut self, people: &[Person], name: &str, rows: &[(i128, String)]) {
        for trace in &TRACES {
            let (mut least, mut greatest) = (Order::new(), Order::new());
            for (place, person) in people.iter().enumerate() {
                let needles = (trace.needles)(person);
                let finders: Vec<_> = needles.iter().map(Finder::new).collect();
                let named = |row: &str| finders.iter().any(|f| f.find(row.as_bytes()).is_some());
                for (number, _) in rows.iter().filter(|(_, row)| named(row)) {
                    let number = *number;
                    let known = least.entry(place).or_insert(number);
                    *known = number.min(*known);
                    let known = greatest.entry(place).or_insert(number);
                    *known = number.max(*known);
                }
            }
            if least != greatest {
                self.see(
                    format!("{name}, greatest of {}", trace.name),
                    greatest,
                    trace,
                );
            }
            self.see(format!("{name}, {}", trace.name), least, trace);
        }
    }

    /// Where the bytes of a file name people: first, last, and within its page.
    pub fn of_bytes(&mut self, people: &[Person], name: &str, bytes: &[u8], page: Option<i128>) {
        for trace in &TRACES {
            let (mut first, mut last) = (Order::new(), Order::new());
            for (place, person) in people.iter().enumerate() {
                for needle in (trace.needles)(person) {
                    for found in find_iter(bytes, needle.as_bytes()) {
                        let found = i128::try_from(found).unwrap();
                        first.entry(place).or_insert(found);
                        last.insert(place, found);
                    }
                }
            }
            if let Some(size) = page {
                let within = last.iter().map(|(place, found)| (*place, found % size));
                let within: Order = within.collect();
                self.see(
                    format!("{name}, {} within its page", trace.name),
                    within,
                    trace,
                );
            }
            if first != last {
                self.see(format!("{name}, last {}", trace.name), last, trace);
            }
            self.see(format!("{name}, first {}", trace.name), first, trace);
        }
    }

    fn see(&mut self, name: String, order: Order, trace: &Trace) {
        if order.is_empty() {
            return;
        }
        let views = if trace.is_code {
            &mut self.codes
        } else {
            &mut self.responses
        };
        views.push(View { name, order });
    }
}
