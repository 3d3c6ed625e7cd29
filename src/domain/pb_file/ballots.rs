//! Ballots as a tally wants them: positions instead of ids, and nothing about the people.

/// How a ballot was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VotingMethod {
    Internet,
    Paper,
    /// The file does not say.
    Unstated,
}

impl VotingMethod {
    pub const ALL: [Self; 3] = [Self::Internet, Self::Paper, Self::Unstated];

    /// As the format writes it; nothing where the file does not say.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Paper => "paper",
            Self::Unstated => "",
        }
    }

    /// Position in [`VotingMethod::ALL`], for tables with one column a method.
    pub fn index(self) -> usize {
        match self {
            Self::Internet => 0,
            Self::Paper => 1,
            Self::Unstated => 2,
        }
    }
}

/// One ballot in a form of its own: two ballots that say the same are equal.
///
/// Projects are positions in the list of projects, each once. Ordinal ballots keep their order, the
/// best first; all others are ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ballot<'b> {
    pub projects: &'b [u32],
    /// One for each project, in units of `10^-points_scale`; empty where the file has none.
    pub points: &'b [i64],
    pub method: VotingMethod,
}

/// All ballots of a file in its order, one after the other in a few long lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballots {
    /// Where each ballot ends in `projects`.
    ends: Vec<usize>,
    pub(super) projects: Vec<u32>,
    pub(super) points: Vec<i64>,
    methods: Vec<VotingMethod>,
    has_points: bool,
    points_scale: u8,
}

impl Ballots {
    pub(super) fn new(has_points: bool, points_scale: u8) -> Self {
        Self {
            ends: Vec::new(),
            projects: Vec::new(),
            points: Vec::new(),
            methods: Vec::new(),
            has_points,
            points_scale,
        }
    }

    /// Ends the ballot whose projects and points were added last.
    pub(super) fn close(&mut self, method: VotingMethod) {
        self.ends.push(self.projects.len());
        self.methods.push(method);
    }

    pub(super) fn last(&self) -> Option<Ballot<'_>> {
        self.get(self.len().checked_sub(1)?)
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether the file has a column with points.
    pub fn has_points(&self) -> bool {
        self.has_points
    }

    /// Decimal places of the points: 0 where all are whole.
    pub fn points_scale(&self) -> u8 {
        self.points_scale
    }

    /// How many marks there are on all ballots together.
    pub fn marks(&self) -> usize {
        self.projects.len()
    }

    pub fn get(&self, ballot: usize) -> Option<Ballot<'_>> {
        let end = *self.ends.get(ballot)?;
        let start = match ballot {
            0 => 0,
            ballot => self.ends[ballot - 1],
        };
        Some(self.between(start, end, self.methods[ballot]))
    }

    /// In the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = Ballot<'_>> {
        let mut start = 0;
        self.ends
            .iter()
            .zip(&self.methods)
            .map(move |(end, method)| {
                let ballot = self.between(start, *end, *method);
                start = *end;
                ballot
            })
    }

    fn between(&self, start: usize, end: usize, method: VotingMethod) -> Ballot<'_> {
        Ballot {
            projects: &self.projects[start..end],
            points: if self.has_points {
                &self.points[start..end]
            } else {
                &[]
            },
            method,
        }
    }
}
