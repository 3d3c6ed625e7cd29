//! What is known before weighting: the margins of the population and the cells of people.

use crate::stats::float::of_count;

/// One category of a margin, with the number or share of people in the population that it holds.
/// The unit is free, as long as all margins add up to the same total.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    pub name: String,
    pub target: f64,
}

/// One way of dividing the whole population: age groups, or sex, or wards.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    pub name: String,
    pub categories: Vec<Category>,
}

/// People who are in the same category of every margin and came with the same base weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Position of the category in each margin, in the order of the margins.
    pub categories: Vec<usize>,
    pub count: u64,
    /// The weight of one person before raking; 1 where nothing is known of how people came in.
    pub base_weight: f64,
}

/// Margins and cells that fit each other: raking has something to work on in every category.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    margins: Vec<Margin>,
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SampleError {
    #[error("weighting needs at least one margin and one cell of people")]
    Nothing,
    #[error(
        "weighting takes at most {} margins of {} categories and {} cells of people",
        Sample::MOST_MARGINS,
        Sample::MOST_CATEGORIES,
        Sample::MOST_CELLS
    )]
    TooLarge,
    #[error("the target of {category} in {margin} is {target}, and must be a positive number")]
    Target {
        margin: String,
        category: String,
        target: f64,
    },
    #[error(
        "nobody who answered is in {category} of {margin}, so no weight can speak for that group: \
         merge it with another one"
    )]
    NoRespondents { margin: String, category: String },
    #[error("the targets of {first} add up to {first_total}, and those of {other} to {total}")]
    TotalsDiffer {
        first: String,
        first_total: f64,
        other: String,
        total: f64,
    },
    #[error("cell {cell} does not name one existing category for each margin")]
    CellCategories { cell: usize },
    #[error("the base weight of cell {cell} is {weight}, and must lie between 1e-9 and 1e9")]
    BaseWeight { cell: usize, weight: f64 },
}

impl Sample {
    pub const MOST_MARGINS: usize = 20;
    pub const MOST_CATEGORIES: usize = 200;
    pub const MOST_CELLS: usize = 5_000;
    const WEIGHTS: std::ops::RangeInclusive<f64> = 1e-9..=1e9;
    const TARGETS: std::ops::RangeInclusive<f64> = 1e-12..=1e15;
    /// Totals from rounded published tables may differ by this much of themselves.
    const TOTALS_MAY_DIFFER_BY: f64 = 1e-6;

    /// Cells without people are kept, so that weights come back in the order of `cells`.
    pub fn new(margins: Vec<Margin>, cells: Vec<Cell>) -> Result<Self, SampleError> {
        if margins.is_empty() || cells.is_empty() {
            return Err(SampleError::Nothing);
        }
        let is_large = margins.len() > Self::MOST_MARGINS
            || cells.len() > Self::MOST_CELLS
            || margins
                .iter()
                .any(|margin| margin.categories.len() > Self::MOST_CATEGORIES);
        if is_large {
            return Err(SampleError::TooLarge);
        }
        check_targets(&margins)?;
        check_cells(&margins, &cells)?;
        check_respondents(&margins, &cells)?;
        Ok(Self { margins, cells })
    }

    pub fn margins(&self) -> &[Margin] {
        &self.margins
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The number of people who answered.
    pub fn people(&self) -> f64 {
        self.cells.iter().map(|cell| of_count(cell.count)).sum()
    }

    /// What the weights of all people add up to: the total of the first margin.
    pub fn total(&self) -> f64 {
        self.margins.first().map_or(0.0, Margin::total)
    }

    /// The weighted number of people in each category of one margin. `weights` has one entry a
    /// cell: the weight of each person in it.
    pub(super) fn weighted_counts(&self, margin: usize, weights: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.margins[margin].categories.len()];
        for (cell, weight) in self.cells.iter().zip(weights) {
            sums[cell.categories[margin]] += of_count(cell.count) * weight;
        }
        sums
    }

    /// The largest |weighted count − target| / target over all categories of all margins.
    pub fn largest_margin_error(&self, weights: &[f64]) -> f64 {
        let mut largest: f64 = 0.0;
        for (position, margin) in self.margins.iter().enumerate() {
            let sums = self.weighted_counts(position, weights);
            for (category, sum) in margin.categories.iter().zip(sums) {
                let error = ((sum - category.target) / category.target).abs();
                // A sum that is not a number is the worst of errors, and `max` would drop it.
                largest = if error.is_nan() {
                    f64::INFINITY
                } else {
                    largest.max(error)
                };
            }
        }
        largest
    }
}

impl Margin {
    fn total(&self) -> f64 {
        self.categories.iter().map(|category| category.target).sum()
    }
}

fn check_targets(margins: &[Margin]) -> Result<(), SampleError> {
    for margin in margins {
        let wrong = margin
            .categories
            .iter()
            .find(|category| !Sample::TARGETS.contains(&category.target));
        if let Some(category) = wrong {
            return Err(SampleError::Target {
                margin: margin.name.clone(),
                category: category.name.clone(),
                target: category.target,
            });
        }
    }
    let first = &margins[0];
    let first_total = first.total();
    for other in margins {
        let total = other.total();
        // Stated so that a total of 0, of a margin without categories, is refused too.
        let agrees = (total - first_total).abs() <= Sample::TOTALS_MAY_DIFFER_BY * first_total
            && total > 0.0;
        if !agrees {
            return Err(SampleError::TotalsDiffer {
                first: first.name.clone(),
                first_total,
                other: other.name.clone(),
                total,
            });
        }
    }
    Ok(())
}

fn check_cells(margins: &[Margin], cells: &[Cell]) -> Result<(), SampleError> {
    for (position, cell) in cells.iter().enumerate() {
        let fits = cell.categories.len() == margins.len()
            && cell
                .categories
                .iter()
                .zip(margins)
                .all(|(category, margin)| *category < margin.categories.len());
        if !fits {
            return Err(SampleError::CellCategories { cell: position });
        }
        if !Sample::WEIGHTS.contains(&cell.base_weight) {
            return Err(SampleError::BaseWeight {
                cell: position,
                weight: cell.base_weight,
            });
        }
    }
    Ok(())
}

fn check_respondents(margins: &[Margin], cells: &[Cell]) -> Result<(), SampleError> {
    for (position, margin) in margins.iter().enumerate() {
        let mut has_people = vec![false; margin.categories.len()];
        for cell in cells.iter().filter(|cell| cell.count > 0) {
            has_people[cell.categories[position]] = true;
        }
        let empty = margin
            .categories
            .iter()
            .zip(has_people)
            .find(|(_, has_people)| !has_people);
        if let Some((category, _)) = empty {
            return Err(SampleError::NoRespondents {
                margin: margin.name.clone(),
                category: category.name.clone(),
            });
        }
    }
    Ok(())
}
