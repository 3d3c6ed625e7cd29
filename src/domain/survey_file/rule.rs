//! Reads the rule of a ballot: one word, or a table with the word as `kind` and its options.

use toml::de::DeValue;

use super::{
    ballot::amount,
    read::{Reader, cut},
    table::{Entry, Section},
};
use crate::domain::{
    allocation::{
        Add1, Cap, Comparison, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule,
        Start, Stop, Utility,
    },
    money::Currency,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Greedy,
    GreedyPerCost,
    EqualShares,
    Phragmen,
}

const KINDS: &[(&str, Kind)] = &[
    ("greedy", Kind::Greedy),
    ("greedy-per-cost", Kind::GreedyPerCost),
    ("equal-shares", Kind::EqualShares),
    ("phragmen", Kind::Phragmen),
];

const UTILITIES: &[(&str, Utility)] = &[
    ("cost", Utility::Cost),
    ("cardinality", Utility::Cardinality),
];

#[derive(Clone, Copy)]
enum Completing {
    None,
    Add1,
    Add1Greedy,
    Greedy,
}

const COMPLETIONS: &[(&str, Completing)] = &[
    ("none", Completing::None),
    ("add1", Completing::Add1),
    ("add1-greedy", Completing::Add1Greedy),
    ("greedy", Completing::Greedy),
];

const STARTS: &[(&str, Start)] = &[("floor", Start::Floor), ("exact", Start::Exact)];

const STOPS: &[(&str, Stop)] = &[
    ("overspend", Stop::Overspend),
    ("exhaustive", Stop::Exhaustive),
];

const COMPARISONS: &[(&str, Comparison)] = &[
    ("satisfaction", Comparison::Satisfaction),
    ("exclusion-ratio", Comparison::ExclusionRatio),
];

impl Kind {
    fn plain(self) -> Rule {
        match self {
            Self::Greedy => Rule::Greedy(Greedy::default()),
            Self::GreedyPerCost => Rule::GreedyPerCost(GreedyPerCost::default()),
            Self::EqualShares => Rule::EqualShares(EqualShares::default()),
            Self::Phragmen => Rule::Phragmen(Phragmen::default()),
        }
    }

    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Greedy => &[
                "kind",
                "no_skip",
                "threshold",
                "category_caps",
                "neighbourhood_caps",
                "one_of_each_group",
            ],
            Self::GreedyPerCost => &["kind"],
            Self::EqualShares => &[
                "kind",
                "utility",
                "completion",
                "start",
                "stop",
                "increment",
                "compare",
                "eligibility",
            ],
            Self::Phragmen => &["kind", "complete"],
        }
    }
}

pub(super) fn rule(
    reader: &mut Reader<'_>,
    entry: &Entry<'_>,
    currency: &Currency,
) -> Option<Rule> {
    if let DeValue::String(_) = entry.value {
        return reader.one_of(entry, KINDS).map(Kind::plain);
    }
    let section = reader.section(entry, "the rule".to_owned())?;
    let kind = reader.need(&section, "kind", |r, entry| r.one_of(entry, KINDS))?;
    reader.known_keys(&section, kind.keys());
    match kind {
        Kind::Greedy => Some(Rule::Greedy(greedy(reader, &section, currency))),
        Kind::GreedyPerCost => Some(kind.plain()),
        Kind::EqualShares => Some(Rule::EqualShares(equal_shares(reader, &section, currency))),
        Kind::Phragmen => {
            let complete = reader.may(&section, "complete", Reader::boolean);
            Some(Rule::Phragmen(Phragmen {
                complete: complete.unwrap_or_default(),
                fund_unsupported: false,
            }))
        }
    }
}

fn greedy(reader: &mut Reader<'_>, section: &Section<'_>, currency: &Currency) -> Greedy {
    let no_skip = reader.may(section, "no_skip", Reader::boolean);
    let threshold = reader.may(section, "threshold", whole);
    let caps = ["category_caps", "neighbourhood_caps"]
        .map(|name| reader.may(section, name, |r, entry| caps(r, entry, currency)));
    let [category_caps, neighborhood_caps] = caps.map(Option::unwrap_or_default);
    let exclusive = reader.may(section, "one_of_each_group", Reader::boolean);
    Greedy {
        no_skip: no_skip.unwrap_or_default(),
        threshold,
        category_caps,
        neighborhood_caps,
        exclusive_groups: exclusive.unwrap_or_default(),
        fund_unsupported: false,
    }
}

fn equal_shares(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    currency: &Currency,
) -> EqualShares {
    let utility = reader.may(section, "utility", |r, e| r.one_of(e, UTILITIES));
    let start = reader.may(section, "start", |r, e| r.one_of(e, STARTS));
    let stop = reader.may(section, "stop", |r, e| r.one_of(e, STOPS));
    let increment = reader.may(section, "increment", |r, entry| {
        amount(r, entry, currency, ("S-RULE-STEP", "the step"))
    });
    let add1 = Add1 {
        start: start.unwrap_or_default(),
        stop: stop.unwrap_or_default(),
        increment,
    };
    let completion = reader.may(section, "completion", |r, e| r.one_of(e, COMPLETIONS));
    let comparison = reader.may(section, "compare", |r, e| r.one_of(e, COMPARISONS));
    let eligibility = reader.may(section, "eligibility", whole);
    EqualShares {
        utility: utility.unwrap_or_default(),
        completion: match completion.unwrap_or(Completing::Add1) {
            Completing::None => Completion::None,
            Completing::Add1 => Completion::Add1(add1),
            Completing::Add1Greedy => Completion::Add1Greedy(add1),
            Completing::Greedy => Completion::Greedy,
        },
        comparison,
        eligibility,
        fund_unsupported: false,
    }
}

/// A whole number above zero.
fn whole(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<u64> {
    let written = reader.integer(entry)?;
    let number = u64::try_from(written).ok().filter(|number| *number > 0);
    if number.is_none() {
        reader.faults.error(
            "S-RULE-NUMBER",
            &entry.span,
            format!("“{}” is {written}", cut(entry.name)),
            "write a whole number above zero, or leave it out",
        );
    }
    number
}

/// Amounts by the name of what they cap.
fn caps(reader: &mut Reader<'_>, entry: &Entry<'_>, currency: &Currency) -> Option<Vec<Cap>> {
    let section = reader.section(entry, "the caps".to_owned())?;
    let mut caps = Vec::new();
    for entry in section.entries() {
        let limit = amount(reader, &entry, currency, ("S-RULE-CAP", "the cap"));
        caps.push(Cap {
            name: entry.name.to_owned(),
            limit: limit?,
        });
    }
    Some(caps)
}
