//! Whether voters are better off with equal shares or with greedy.

use super::{
    super::{
        decision::Decision,
        greedy,
        outcome::{Compared, Reason, Stage},
        poll::Poll,
        rule::{Comparison, EqualShares, Greedy},
    },
    Measure,
};

/// Replaces `decision` by greedy if strictly more voters are better off with greedy.
pub(super) fn compare(
    poll: &Poll,
    options: &EqualShares,
    comparison: Comparison,
    decision: &mut Decision,
) {
    let everything = vec![true; poll.projects()];
    let plain = Greedy {
        fund_unsupported: options.fund_unsupported,
        ..Greedy::default()
    };
    let budget = poll.election.budget();
    let mut rival = greedy::fund(
        poll,
        &plain,
        Measure::Points,
        &everything,
        budget,
        Stage::Comparison,
    );
    let compared = votes(poll, comparison, &decision.open(), &rival.open());
    if compared.greedy_wins {
        for pick in &decision.picks {
            let reason = &mut rival.reasons[pick.project];
            if reason.is_some() {
                *reason = Some(Reason::Outvoted);
            }
        }
        rival.endowment = decision.endowment.take();
        // How equal shares broke its ties may have decided what the voters compared.
        rival.ties.append(&mut decision.ties);
        *decision = rival;
    }
    decision.compared = Some(compared);
}

/// Counts voters for each side; `not_by_*` say which projects are not funded.
fn votes(
    poll: &Poll,
    comparison: Comparison,
    not_by_shares: &[bool],
    not_by_greedy: &[bool],
) -> Compared {
    let mut compared = Compared {
        prefer_equal_shares: 0,
        prefer_greedy: 0,
        indifferent: poll.weights.empty(),
        greedy_wins: false,
    };
    let profile = poll.election.profile();
    for (ballot, people) in profile.ballots().zip(poll.weights.counts()) {
        let gain = |unfunded: &[bool]| {
            let points = ballot
                .iter()
                .filter(|mark| !unfunded[mark.project as usize])
                .map(|mark| u64::from(mark.points))
                .sum::<u64>();
            match comparison {
                Comparison::Satisfaction => points,
                Comparison::ExclusionRatio => points.min(1),
            }
        };
        let side = match gain(not_by_shares).cmp(&gain(not_by_greedy)) {
            std::cmp::Ordering::Greater => &mut compared.prefer_equal_shares,
            std::cmp::Ordering::Less => &mut compared.prefer_greedy,
            std::cmp::Ordering::Equal => &mut compared.indifferent,
        };
        *side += people;
    }
    compared.greedy_wins = compared.prefer_greedy > compared.prefer_equal_shares;
    compared
}
