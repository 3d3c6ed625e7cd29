//! The VOTES section: one walk over its bytes turns it into ballots and checks each of them.

use std::ops::Range;

use super::{
    ballots::{Ballots, VotingMethod},
    code::Code,
    fault::Faults,
    id_index::IdIndex,
    limits::Limits,
    marks,
    rows::{Cell, Rows},
    sections::{self, Header, Part},
    terms::VoteType,
    voters::Voters,
};

/// Most ballots of a file.
pub const MAX_BALLOTS: usize = 10_000_000;

/// What the ballots say about a project, to compare with what was published.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Recount {
    /// Marks, a project that is marked twice on a ballot counted twice.
    pub(super) marks: u64,
    /// Ballots that name it.
    pub(super) ballots: u64,
    /// In units of the points.
    pub(super) score: i128,
}

pub(super) struct Read {
    pub(super) ballots: Ballots,
    pub(super) recount: Vec<Recount>,
    /// Rows, those that could not be read included.
    pub(super) rows: usize,
    pub(super) header: Header,
}

/// What the ballots are read by.
pub(super) struct Setting<'s> {
    pub(super) text: &'s str,
    pub(super) vote_type: VoteType,
    pub(super) index: &'s IdIndex<'s>,
    pub(super) projects: usize,
    pub(super) limits: Limits<'s>,
}

struct Columns {
    voter: usize,
    vote: usize,
    points: Option<usize>,
    method: Option<usize>,
}

/// None where the section has no header that could be read; this was reported.
pub(super) fn read(part: &Part, setting: &Setting<'_>, faults: &mut Faults<'_>) -> Option<Read> {
    let header = Header::read(part, "VOTES", setting.text, faults)?;
    let voter = header.need("voter_id", "VOTES", faults);
    let vote = header.need("vote", "VOTES", faults);
    let points = if setting.vote_type.has_points() {
        Some(header.need("points", "VOTES", faults)?)
    } else {
        header.column("points")
    };
    let columns = Columns {
        voter: voter?,
        vote: vote?,
        points,
        method: header.column("voting_method"),
    };
    let mut scale = setting.limits.points_scale();
    let before = faults.mark();
    loop {
        let mut walk = Walk::new(setting, &columns, header.names.len(), scale);
        walk.run(&header.rows, faults);
        if walk.needed_scale > scale {
            // Points with decimals are rare: only now is it worth a second walk.
            scale = walk.needed_scale;
            faults.back_to(&before);
            continue;
        }
        return Some(Read {
            ballots: walk.ballots,
            recount: walk.recount,
            rows: walk.rows,
            header,
        });
    }
}

struct Walk<'w> {
    setting: &'w Setting<'w>,
    columns: &'w Columns,
    width: usize,
    ballots: Ballots,
    recount: Vec<Recount>,
    voters: Voters<'w>,
    needed_scale: u8,
    rows: usize,
    /// What the present ballot says, as written.
    marks: Vec<u32>,
    points: Vec<i64>,
    /// By project, the last ballot that named it, and its place there.
    last_named: Vec<(usize, usize)>,
}

impl<'w> Walk<'w> {
    fn new(setting: &'w Setting<'w>, columns: &'w Columns, width: usize, scale: u8) -> Self {
        Self {
            setting,
            columns,
            width,
            ballots: Ballots::new(columns.points.is_some(), scale),
            recount: vec![Recount::default(); setting.projects],
            voters: Voters::new(setting.text),
            needed_scale: scale,
            rows: 0,
            marks: Vec::new(),
            points: Vec::new(),
            last_named: vec![(0, 0); setting.projects],
        }
    }

    fn run(&mut self, part: &Range<usize>, faults: &mut Faults<'_>) {
        let text = self.setting.text;
        let mut rows = Rows::new(text, part.clone());
        while rows.advance() {
            if let Some(title) = sections::lone_title(rows.cells(), text) {
                sections::repeated(faults, rows.span(), title);
                continue;
            }
            if !sections::is_sound(&rows, faults) {
                continue;
            }
            self.rows += 1;
            if !sections::fits(&rows, self.width, text, faults) {
                continue;
            }
            if self.ballots.len() == MAX_BALLOTS {
                faults.add(Code::TooManyRows, rows.span(), |_| {
                    format!("there are more than {MAX_BALLOTS} ballots")
                });
                break;
            }
            self.ballot(rows.cells(), faults);
        }
        self.voters.report(faults);
    }

    fn ballot(&mut self, cells: &[Cell], faults: &mut Faults<'_>) {
        let text = self.setting.text;
        let vote = cells[self.columns.vote];
        let errors_before = faults.errors();
        marks::read(vote, self.setting, &mut self.marks, faults);
        if let Some(points) = self.columns.points {
            self.read_points(cells[points], errors_before, faults);
        }
        let method = match self.columns.method {
            Some(column) => marks::method(cells[column], text, faults),
            None => VotingMethod::Unstated,
        };
        if self.marks.is_empty() && faults.errors() == errors_before {
            faults.add(Code::EmptyBallot, vote.span(), |_| {
                "the ballot names no project".to_owned()
            });
        }
        if self.keep() {
            faults.add(Code::DuplicateInBallot, vote.span(), |_| {
                "the ballot names a project more than once".to_owned()
            });
        }
        self.ballots.close(method);
        self.voters.add(cells[self.columns.voter], faults);
        if let Some(ballot) = self.ballots.last() {
            let scale = self.ballots.points_scale();
            self.setting
                .limits
                .check(&ballot, scale, &vote.span(), faults);
        }
    }

    /// An error in the ballot since there were `errors_before` explains why points do not fit.
    fn read_points(&mut self, cell: Cell, errors_before: u64, faults: &mut Faults<'_>) {
        let scale = self.ballots.points_scale();
        let needed = marks::points(cell, self.setting.text, scale, &mut self.points, faults);
        self.needed_scale = self.needed_scale.max(needed);
        let (points, marks) = (self.points.len(), self.marks.len());
        let may_be_missing = points == 0 && !self.setting.vote_type.has_points();
        if points != marks && !may_be_missing && faults.errors() == errors_before {
            faults.add(Code::PointsCountDiffers, cell.span(), |_| {
                format!("the ballot has {points} numbers of points for {marks} projects")
            });
        }
    }

    /// Puts the ballot into the form that equal ballots share; whether it names a project twice.
    ///
    /// Published counts add up the marks of such a ballot, and so do its points; as an approval or
    /// in an order, a project counts once.
    fn keep(&mut self) -> bool {
        let ballot = self.ballots.len() + 1;
        let start = self.ballots.projects.len();
        let has_points = self.columns.points.is_some();
        for (place, project) in self.marks.iter().enumerate() {
            let recount = &mut self.recount[*project as usize];
            recount.marks += 1;
            let last = &mut self.last_named[*project as usize];
            let points = self.points.get(place).copied().unwrap_or(0);
            if has_points {
                recount.score += i128::from(points);
            } else if self.setting.vote_type == VoteType::Ordinal {
                recount.score += i128::try_from(self.marks.len() - place).unwrap_or(0);
            }
            if last.0 != ballot {
                recount.ballots += 1;
                *last = (ballot, self.ballots.projects.len());
                self.ballots.projects.push(*project);
                if has_points {
                    self.ballots.points.push(points);
                }
            } else if self.setting.vote_type.has_points() {
                // Both were read as at most 10^18, and a sum at the end of the range is as wrong.
                let sum = &mut self.ballots.points[last.1];
                *sum = sum.saturating_add(points);
            }
        }
        if self.setting.vote_type != VoteType::Ordinal {
            self.sort(start);
        }
        self.ballots.projects.len() - start < self.marks.len()
    }

    /// Brings the ballot that begins at `start` into the order of the projects.
    fn sort(&mut self, start: usize) {
        if self.columns.points.is_none() {
            self.ballots.projects[start..].sort_unstable();
            return;
        }
        let projects = &mut self.ballots.projects[start..];
        let points = &mut self.ballots.points[start..];
        if projects.is_sorted() {
            return;
        }
        let mut pairs: Vec<(u32, i64)> = projects
            .iter()
            .zip(points.iter())
            .map(|(project, points)| (*project, *points))
            .collect();
        pairs.sort_unstable();
        for (place, (project, given)) in pairs.into_iter().enumerate() {
            projects[place] = project;
            points[place] = given;
        }
    }
}
