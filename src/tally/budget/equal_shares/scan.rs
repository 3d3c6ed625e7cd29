//! One pass over the supporters of a project: who can pay a price in full, and who cannot.

use super::super::poll::Group;

/// What a distinct ballot has left of its share, and how many people cast it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purse {
    /// For one person. 0 only if nothing is left (or nobody cast the ballot).
    pub ticks: u64,
    pub people: u64,
}

/// Sums over supporters at a price per point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan {
    /// Money of all supporters.
    pub money: u64,
    /// Money of those who have less than the price.
    pub poor: u64,
    /// Points and people of those who have at least the price.
    pub rich_points: u64,
    pub rich_people: u64,
    /// The least that any of those has; 0 where ballots give different points and nobody looked.
    pub least_rich: u64,
}

/// Splits the supporters at the price `per_point`.
///
/// No sum overflows: the money of all people together is at most 2^62 ticks, and the points that a
/// project gets are at most 2^60 (`MAX_VOTERS · MAX_POINTS`). The loop is free of branches.
pub(super) fn scan(group: Group, purses: &[Purse], per_point: u64) -> Scan {
    if group.points.is_empty() {
        scan_plain(group.ballots, purses, per_point)
    } else {
        scan_weighted(group, purses, per_point)
    }
}

fn scan_plain(ballots: &[u32], purses: &[Purse], per_point: u64) -> Scan {
    let (mut money, mut poor, mut rich_people) = (0_u64, 0_u64, 0_u64);
    let mut least_rich = u64::MAX;
    for ballot in ballots {
        let purse = purses[*ballot as usize];
        let all = u64::from(purse.ticks >= per_point).wrapping_neg();
        let held = purse.ticks.wrapping_mul(purse.people);
        money = money.wrapping_add(held);
        poor = poor.wrapping_add(held & !all);
        rich_people = rich_people.wrapping_add(purse.people & all);
        least_rich = least_rich.min(purse.ticks | !all);
    }
    Scan {
        money,
        poor,
        rich_points: rich_people,
        rich_people,
        least_rich,
    }
}

fn scan_weighted(group: Group, purses: &[Purse], per_point: u64) -> Scan {
    let (mut money, mut poor, mut rich_people, mut rich_points) = (0_u64, 0_u64, 0_u64, 0_u64);
    for (ballot, points) in group.ballots.iter().zip(group.points) {
        let purse = purses[*ballot as usize];
        let price = u128::from(per_point) * u128::from(*points);
        let all = u64::from(u128::from(purse.ticks) >= price).wrapping_neg();
        let held = purse.ticks.wrapping_mul(purse.people);
        money = money.wrapping_add(held);
        poor = poor.wrapping_add(held & !all);
        rich_people = rich_people.wrapping_add(purse.people & all);
        rich_points = rich_points.wrapping_add(purse.people.wrapping_mul(u64::from(*points)) & all);
    }
    Scan {
        money,
        poor,
        rich_points,
        rich_people,
        least_rich: 0,
    }
}

/// Whether all who have at least the price `low` have at least `high` and a margin.
pub(super) fn none_between(
    sums: &Scan,
    group: Group,
    purses: &[Purse],
    (low, high): (u64, u64),
    margin: u64,
) -> bool {
    if group.points.is_empty() {
        return sums.least_rich >= high.saturating_add(margin);
    }
    let wide = |price: u64, points: u64| u128::from(price) * u128::from(points);
    group.iter().all(|(ballot, points)| {
        let ticks = u128::from(purses[ballot].ticks);
        ticks < wide(low, points) || ticks >= wide(high, points) + u128::from(margin)
    })
}

/// Supporters with anything left of whom the purses do not say for sure whether they have the price,
/// which is somewhere from `price.0` to `price.1`.
pub(super) fn unclear(
    group: Group,
    purses: &[Purse],
    price: (u64, u64),
    margin: u64,
) -> Vec<(usize, u64)> {
    let wide = |price: u64, points: u64| u128::from(price) * u128::from(points);
    group
        .iter()
        .filter(|(ballot, points)| {
            let ticks = u128::from(purses[*ballot].ticks);
            let margin = u128::from(margin);
            ticks > 0
                && ticks + margin >= wide(price.0, *points)
                && ticks < wide(price.1, *points) + margin
        })
        .collect()
}
