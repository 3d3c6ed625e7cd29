//! Reading orders of people out of rows, texts and bytes.

use std::collections::BTreeMap;

use memchr::memmem::find_iter;

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

const TRACES: [Trace; 7] = [
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
    // What was keyed from the sheet; no two people of the town marked the same.
    Trace {
        name: "keyed sheet",
        is_code: false,
        needles: |person| {
            let keyed = person.by_envelope.then(|| person.answers.clone());
            keyed.into_iter().collect()
        },
    },
];

type Order = BTreeMap<usize, i128>;

/// A row of a table as text, with numbers by which it can be ordered.
pub struct Row {
    pub numbers: Vec<i128>,
    pub text: String,
}

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

    /// A table's rows as text, each with the numbers of these names by which rows can be ordered: the
    /// least and the greatest that a person's rows have.
    pub fn of_rows(&mut self, people: &[Person], names: &[String], rows: &[Row]) {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(rows.len());
        for row in rows {
            text += &row.text;
            text.push('\n');
            ends.push(text.len());
        }
        for trace in &TRACES {
            let mut least = vec![Order::new(); names.len()];
            let mut greatest = least.clone();
            for (place, found) in places(people, trace, text.as_bytes()) {
                let row = &rows[ends.partition_point(|end| *end <= found)];
                for (which, number) in row.numbers.iter().copied().enumerate() {
                    let known = least[which].entry(place).or_insert(number);
                    *known = number.min(*known);
                    let known = greatest[which].entry(place).or_insert(number);
                    *known = number.max(*known);
                }
            }
            for ((name, least), greatest) in names.iter().zip(least).zip(greatest) {
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
    }

    /// Where the bytes of a file name people: first, last, and within its page.
    pub fn of_bytes(&mut self, people: &[Person], name: &str, bytes: &[u8], page: Option<i128>) {
        for trace in &TRACES {
            let (mut first, mut last) = (Order::new(), Order::new());
            for (place, found) in places(people, trace, bytes) {
                let found = i128::try_from(found).unwrap();
                first.entry(place).or_insert(found);
                last.insert(place, found);
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

/// Each place in the bytes where a trace of a person stands, after the person's own place.
fn places<'a>(
    people: &'a [Person],
    trace: &'a Trace,
    bytes: &'a [u8],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    people.iter().enumerate().flat_map(move |(place, person)| {
        let needles = (trace.needles)(person);
        let found: Vec<(usize, usize)> = needles
            .iter()
            .flat_map(|needle| find_iter(bytes, needle.as_bytes()).map(|found| (place, found)))
            .collect();
        found
    })
}
