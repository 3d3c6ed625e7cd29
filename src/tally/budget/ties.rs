//! One order of all projects, drawn up before a rule runs, that breaks every tie in it.

use std::cmp::Reverse;

use sha2::{Digest, Sha256};

use super::{project::Project, rule::Ties};

/// `rank[project]`: among equal projects the lowest rank comes first.
///
/// A lot is the SHA-256 of the seed, a zero byte and the id of the project, so that anybody can draw
/// it again; the lower digest comes first.
pub fn ranks(ties: &Ties, projects: &[Project], votes: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..projects.len()).collect();
    match ties {
        Ties::Id => order.sort_by_key(|index| &projects[*index].id),
        Ties::Seeded { seed } => order.sort_by_cached_key(|index| lot(seed, &projects[*index])),
        Ties::CostVotes { seed } => order.sort_by_cached_key(|index| {
            let project = &projects[*index];
            (project.cost, Reverse(votes[*index]), lot(seed, project))
        }),
    }
    let mut ranks = vec![0; projects.len()];
    for (rank, index) in order.into_iter().enumerate() {
        ranks[index] = rank;
    }
    ranks
}

/// The lot of a project: its own for every seed.
pub fn lot(seed: &str, project: &Project) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.as_bytes());
    hash.update([0]);
    hash.update(project.id.as_str().as_bytes());
    hash.finalize().into()
}
