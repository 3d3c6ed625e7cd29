//! What META says about the vote, typed and checked.

use std::ops::Range;

use super::{
    code::Code,
    decimal::{Decimal, MAX_SCALE},
    fault::Faults,
    meta::Meta,
    number,
    table::list,
};

/// What a person writes on the ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VoteType {
    /// Any of the projects, each as good as the other.
    Approval,
    /// One project.
    ChooseOne,
    /// Projects in order, the best first.
    Ordinal,
    /// Points to share out among the projects.
    Cumulative,
    /// Points to each project by itself.
    Scoring,
}

impl VoteType {
    pub const ALL: [Self; 5] = [
        Self::Approval,
        Self::ChooseOne,
        Self::Ordinal,
        Self::Cumulative,
        Self::Scoring,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::ChooseOne => "choose-1",
            Self::Ordinal => "ordinal",
            Self::Cumulative => "cumulative",
            Self::Scoring => "scoring",
        }
    }

    /// Whether people give points, so that ballots cannot do without them.
    pub fn has_points(self) -> bool {
        matches!(self, Self::Cumulative | Self::Scoring)
    }
}

/// A date as the format writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PbDate {
    Year(i32),
    Day(time::Date),
}

impl PbDate {
    /// Reads `2025` or `31.12.2025`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |part: &str, length: usize| {
            (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse().ok())?
        };
        let mut parts = text.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(year), None, ..) => digits(year, 4).map(Self::Year),
            (Some(day), Some(month), Some(year), None) => {
                let month = u8::try_from(digits(month, 2)?).ok()?;
                let month = time::Month::try_from(month).ok()?;
                let day = u8::try_from(digits(day, 2)?).ok()?;
                let date = time::Date::from_calendar_date(digits(year, 4)?, month, day);
                date.ok().map(Self::Day)
            }
            _ => None,
        }
    }
}

/// The smallest and the largest that are allowed; none where the file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds<T> {
    pub least: Option<T>,
    pub most: Option<T>,
}

/// What META says, typed. Amounts of money are whole units of `10^-money_scale`, the smallest scale
/// that holds every amount of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub vote_type: VoteType,
    pub num_projects: Option<u64>,
    pub num_votes: Option<u64>,
    pub money_scale: u8,
    pub budget: u64,
    pub date_begin: Option<PbDate>,
    pub date_end: Option<PbDate>,
    pub length: Bounds<u64>,
    pub sum_cost: Bounds<u64>,
    pub points: Bounds<Decimal>,
    pub sum_points: Bounds<Decimal>,
    pub default_score: Option<Decimal>,
    pub project_cost: Bounds<u64>,
    /// Projects below it cannot be funded; a project at the threshold can.
    pub min_project_score_threshold: Option<Decimal>,
    pub categories: Vec<String>,
    pub neighborhoods: Vec<String>,
    pub subdistricts: Vec<String>,
    /// Caps, in the order of `categories`.
    pub budget_per_category: Vec<u64>,
    /// Caps, in the order of `neighborhoods`.
    pub budget_per_neighborhood: Vec<u64>,
    pub length_per_category: Bounds<u64>,
    /// In the order of `categories`.
    pub min_sum_cost_per_category: Vec<u64>,
    pub max_sum_cost_per_category: Vec<u64>,
    pub fully_funded: bool,
    pub experimental: bool,
}

/// META with the place of every value.
pub(super) struct Placed {
    pub(super) meta: Meta,
    pub(super) spans: Vec<(String, Range<usize>)>,
    /// Where the section begins, for what is missing from it.
    pub(super) start: usize,
}

impl Placed {
    pub(super) fn span(&self, key: &str) -> Range<usize> {
        self.spans
            .iter()
            .find(|(known, _)| known == key)
            .map_or(self.start..self.start, |(_, span)| span.clone())
    }

    fn number(&self, faults: &mut Faults<'_>, key: &str) -> Option<Decimal> {
        let text = self.meta.get(key)?;
        number::read(faults, text, self.span(key), key)
    }

    fn count(&self, faults: &mut Faults<'_>, key: &str) -> Option<u64> {
        let text = self.meta.get(key)?;
        number::read_count(faults, text, self.span(key), key)
    }

    fn flag(&self, key: &str) -> bool {
        self.meta.get(key) == Some("1")
    }

    fn list(&self, key: &str) -> Vec<String> {
        let cell = self.meta.get(key).unwrap_or_default();
        list(cell).map(str::to_owned).collect()
    }

    fn amounts(&self, faults: &mut Faults<'_>, key: &str) -> Vec<Decimal> {
        let Some(cell) = self.meta.get(key) else {
            return Vec::new();
        };
        list(cell)
            .filter_map(|item| number::read(faults, item, self.span(key), key))
            .collect()
    }

    fn date(&self, faults: &mut Faults<'_>, key: &str) -> Option<PbDate> {
        let text = self.meta.get(key)?;
        let date = PbDate::parse(text);
        if date.is_none() {
            faults.add(Code::MalformedDate, self.span(key), |written| {
                format!("“{key}” cannot be “{written}”")
            });
        }
        date
    }

    fn vote_type(&self, faults: &mut Faults<'_>) -> VoteType {
        let written = self.meta.get("vote_type");
        let known = VoteType::ALL
            .into_iter()
            .find(|vote_type| Some(vote_type.as_str()) == written);
        if let (None, Some(_)) = (known, written) {
            faults.add(Code::UnknownVoteType, self.span("vote_type"), |written| {
                format!("there is no vote_type “{written}”")
            });
        }
        known.unwrap_or(VoteType::Approval)
    }
}

/// Every amount of money that META may name, before the scale of the file is known.
pub(super) struct Amounts {
    budget: Option<Decimal>,
    sum_cost: Bounds<Decimal>,
    project_cost: Bounds<Decimal>,
    lists: [Vec<Decimal>; 4],
}

impl Amounts {
    pub(super) fn read(placed: &Placed, faults: &mut Faults<'_>) -> Self {
        let mut bounds = |least, most| Bounds {
            least: placed.number(faults, least),
            most: placed.number(faults, most),
        };
        let sum_cost = bounds("min_sum_cost", "max_sum_cost");
        let project_cost = bounds("min_project_cost", "max_project_cost");
        Self {
            budget: placed.number(faults, "budget"),
            sum_cost,
            project_cost,
            lists: [
                "budget_per_category",
                "budget_per_neighborhood",
                "min_sum_cost_per_category",
                "max_sum_cost_per_category",
            ]
            .map(|key| placed.amounts(faults, key)),
        }
    }

    /// The decimal places that the amounts need.
    pub(super) fn scale(&self) -> u8 {
        let single = [
            self.budget,
            self.sum_cost.least,
            self.sum_cost.most,
            self.project_cost.least,
            self.project_cost.most,
        ];
        let all = single.into_iter().flatten().chain(self.lists.concat());
        all.map(Decimal::scale).max().unwrap_or(0)
    }
}

/// Makes the terms of META, once the costs of the projects have told their decimal places.
pub(super) fn terms(
    placed: &Placed,
    amounts: &Amounts,
    money_scale: u8,
    faults: &mut Faults<'_>,
) -> Terms {
    let mut money = |amount: Decimal, key: &str| minor(amount, money_scale, placed, key, faults);
    let mut bounds = |bounds: Bounds<Decimal>, keys: [&str; 2]| Bounds {
        least: bounds.least.and_then(|amount| money(amount, keys[0])),
        most: bounds.most.and_then(|amount| money(amount, keys[1])),
    };
    let sum_cost = bounds(amounts.sum_cost, ["min_sum_cost", "max_sum_cost"]);
    let project_cost = bounds(
        amounts.project_cost,
        ["min_project_cost", "max_project_cost"],
    );
    let budget = amounts.budget.and_then(|amount| money(amount, "budget"));
    let mut each = |place: usize, key: &str| -> Vec<u64> {
        let list = amounts.lists[place].iter();
        list.filter_map(|amount| money(*amount, key)).collect()
    };
    let budget_per_category = each(0, "budget_per_category");
    let budget_per_neighborhood = each(1, "budget_per_neighborhood");
    let min_sum_cost_per_category = each(2, "min_sum_cost_per_category");
    let max_sum_cost_per_category = each(3, "max_sum_cost_per_category");
    let terms = Terms {
        vote_type: placed.vote_type(faults),
        num_projects: placed.count(faults, "num_projects"),
        num_votes: placed.count(faults, "num_votes"),
        money_scale,
        budget: budget.unwrap_or(0),
        date_begin: placed.date(faults, "date_begin"),
        date_end: placed.date(faults, "date_end"),
        length: counts(placed, faults, ["min_length", "max_length"]),
        sum_cost,
        points: numbers(placed, faults, ["min_points", "max_points"]),
        sum_points: numbers(placed, faults, ["min_sum_points", "max_sum_points"]),
        default_score: placed.number(faults, "default_score"),
        project_cost,
        min_project_score_threshold: placed.number(faults, "min_project_score_threshold"),
        categories: placed.list("categories"),
        neighborhoods: placed.list("neighborhoods"),
        subdistricts: placed.list("subdistricts"),
        budget_per_category,
        budget_per_neighborhood,
        length_per_category: counts(
            placed,
            faults,
            ["min_length_per_category", "max_length_per_category"],
        ),
        min_sum_cost_per_category,
        max_sum_cost_per_category,
        fully_funded: placed.flag("fully_funded"),
        experimental: placed.flag("experimental"),
    };
    check(&terms, placed, faults);
    terms
}

fn minor(
    amount: Decimal,
    scale: u8,
    placed: &Placed,
    key: &str,
    faults: &mut Faults<'_>,
) -> Option<u64> {
    let units = amount.at_scale(scale);
    let minor = units.and_then(|units| u64::try_from(units).ok());
    if minor.is_none() {
        faults.add(Code::MalformedNumber, placed.span(key), |written| {
            format!("“{key}” cannot be below zero, and is “{written}”")
        });
    }
    minor
}

fn counts(placed: &Placed, faults: &mut Faults<'_>, [least, most]: [&str; 2]) -> Bounds<u64> {
    Bounds {
        least: placed.count(faults, least),
        most: placed.count(faults, most),
    }
}

fn numbers(placed: &Placed, faults: &mut Faults<'_>, [least, most]: [&str; 2]) -> Bounds<Decimal> {
    Bounds {
        least: placed.number(faults, least),
        most: placed.number(faults, most),
    }
}

/// What does not fit together within META.
fn check(terms: &Terms, placed: &Placed, faults: &mut Faults<'_>) {
    let units = |bound: Option<Decimal>| bound.and_then(|bound| bound.at_scale(MAX_SCALE));
    let crossed = [
        ("length", crosses(terms.length.least, terms.length.most)),
        (
            "sum_cost",
            crosses(terms.sum_cost.least, terms.sum_cost.most),
        ),
        (
            "points",
            crosses(units(terms.points.least), units(terms.points.most)),
        ),
        (
            "sum_points",
            crosses(units(terms.sum_points.least), units(terms.sum_points.most)),
        ),
        (
            "project_cost",
            crosses(terms.project_cost.least, terms.project_cost.most),
        ),
    ];
    for (what, _) in crossed.iter().filter(|(_, crosses)| *crosses) {
        faults.add(
            Code::BoundsContradict,
            placed.span(&format!("min_{what}")),
            |_| format!("min_{what} is above max_{what}"),
        );
    }
    let caps = [
        (
            "budget_per_category",
            terms.budget_per_category.len(),
            "categories",
            terms.categories.len(),
        ),
        (
            "budget_per_neighborhood",
            terms.budget_per_neighborhood.len(),
            "neighborhoods",
            terms.neighborhoods.len(),
        ),
    ];
    for (key, amounts, names_key, names) in caps {
        if amounts > 0 && amounts != names {
            faults.add(Code::CapsCountDiffers, placed.span(key), |_| {
                format!("“{key}” has {amounts} amounts, and “{names_key}” has {names} names")
            });
        }
    }
    for (key, is_sound) in [
        ("language", is_tag as fn(&str) -> bool),
        ("currency", is_currency),
    ] {
        if placed.meta.get(key).is_some_and(|value| !is_sound(value)) {
            faults.add(Code::MalformedTag, placed.span(key), |written| {
                format!("“{key}” cannot be “{written}”")
            });
        }
    }
}

fn crosses<T: PartialOrd>(least: Option<T>, most: Option<T>) -> bool {
    matches!((least, most), (Some(least), Some(most)) if least > most)
}

fn is_tag(value: &str) -> bool {
    value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_currency(value: &str) -> bool {
    value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_uppercase())
}
