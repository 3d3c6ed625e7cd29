//! The outcome as tables that fit 100 columns.

use crate::{
    domain::money::group_thousands,
    tally::budget::outcome::{Loser, Price, Stage, Tie, Winner},
};

use super::{
    count::{Counted, Extras},
    grid::{Side, grid, paragraph},
    rule, table_certainty, table_explain,
    words::{self, plain},
};

pub fn write(counted: &Counted, extras: &Extras) -> String {
    let mut text = head(counted);
    text.push_str(&winners(counted));
    text.push_str(&funding_line(counted));
    text.push_str(&losers(counted));
    text.push_str(&ties(counted));
    if let Some(explained) = &extras.explained {
        text.push_str(&table_explain::write(counted, explained));
    }
    text.push_str(&table_certainty::write(counted, extras));
    text
}

fn head(counted: &Counted) -> String {
    let meta = &counted.scan.meta;
    let units = &counted.units;
    let said = |keys: &[&str]| {
        let words = keys.iter().filter_map(|key| meta.get(key));
        let mut words: Vec<String> = words.map(plain).collect();
        // Often the smallest unit goes by two of the keys.
        words.dedup();
        words.join(", ")
    };
    let mut text = paragraph("", &said(&["description"]));
    let place = ["district", "subunit", "unit", "country", "instance"];
    text.push_str(&paragraph("", &said(&place)));
    text.push('\n');
    let channels: Vec<String> = counted
        .channels()
        .map(|(method, people)| format!("{} {}", words::channel(method), group_thousands(people)))
        .collect();
    let voters = group_thousands(counted.weights.voters());
    let rows = [
        ("Rule", words::rule(&counted.chosen.rule)),
        ("Equal projects", words::ties(&counted.chosen.ties)),
        ("Budget", units.money(counted.file.election.budget())),
        ("Projects", counted.scan.projects.len().to_string()),
        ("Voters", format!("{voters} ({})", channels.join(", "))),
        ("SHA-256", counted.sha256.clone()),
    ];
    for (name, value) in rows {
        text.push_str(&paragraph(&format!("{name:<16}"), &value));
    }
    text
}

fn winners(counted: &Counted) -> String {
    let winners = &counted.outcome.winners;
    if winners.is_empty() {
        return "\nNothing is funded.\n".to_owned();
    }
    let mut columns = vec![
        ("", Side::Right, 5),
        ("Project", Side::Left, 16),
        ("", Side::Left, 80),
        (counted.points_word(), Side::Right, 14),
        ("Cost", Side::Right, 18),
    ];
    let has_shares = |w: &Winner| matches!(w.price, Some(Price::Shares { .. }));
    let has_load = |w: &Winner| matches!(w.price, Some(Price::Load { .. }));
    if winners.iter().any(has_shares) {
        columns.push(("Effective votes", Side::Right, 15));
        columns.push((counted.price_word(), Side::Right, 14));
    } else if winners.iter().any(has_load) {
        columns.push(("Earned each", Side::Right, 14));
    }
    let rows: Vec<Vec<String>> = winners.iter().map(|w| winner_row(counted, w)).collect();
    let mut text = format!("\nFunded: {}\n", winners.len());
    text.push_str(&grid(&columns, 2, &rows));
    if winners.iter().any(|w| w.stage == Stage::Completion) {
        text.push_str("  * added by the greedy completion\n");
    }
    text
}

fn winner_row(counted: &Counted, winner: &Winner) -> Vec<String> {
    let star = match winner.stage {
        // Greedy replaced the whole outcome; the comparison itself is told apart.
        Stage::Rule | Stage::Comparison => "",
        Stage::Completion => "*",
    };
    let mut row = vec![
        format!("{star}{}", winner.round),
        plain(counted.id(winner.project)),
        plain(counted.name_of(winner.project).unwrap_or_default()),
        words::number(&counted.score(winner.points)),
        words::number(&counted.cost(winner.project)),
    ];
    match &winner.price {
        Some(Price::Shares {
            per_point,
            effective_votes,
            ..
        }) => {
            row.push(super::amount::grouped_decimal(
                &effective_votes.decimal(1, 1),
            ));
            row.push(counted.units.rounded(per_point));
        }
        Some(Price::Load { load }) => row.push(counted.units.rounded(load)),
        None => {}
    }
    row
}

fn funding_line(counted: &Counted) -> String {
    let outcome = &counted.outcome;
    let units = &counted.units;
    let mut text = format!(
        "\n  ---- spent {} of {}; left {} ----\n",
        units.money(outcome.spent),
        units.money(counted.file.election.budget()),
        units.money(outcome.left)
    );
    if let Some(shares) = &outcome.endowment {
        let runs = if shares.runs == 1 {
            String::new()
        } else {
            format!(
                "; it began with {}, and {} shares were tried",
                units.rounded_money(&shares.start),
                group_thousands(shares.runs)
            )
        };
        let last = units.rounded_money(&shares.last);
        let share = format!("Each voter had a share of {last}{runs}.");
        text.push_str(&paragraph("  ", &share));
    }
    if let Some(said) = &outcome.comparison {
        let result = if said.greedy_wins {
            "so greedy replaced equal shares"
        } else {
            "so equal shares stands"
        };
        let compared = format!(
            "{} voters prefer equal shares, {} prefer greedy, {} are indifferent: {result}.",
            group_thousands(said.prefer_equal_shares),
            group_thousands(said.prefer_greedy),
            group_thousands(said.indifferent)
        );
        text.push_str(&paragraph("  ", &compared));
    }
    text
}

fn losers(counted: &Counted) -> String {
    let mut losers: Vec<&Loser> = counted.outcome.losers.iter().collect();
    if losers.is_empty() {
        return "\nEvery project is funded.\n".to_owned();
    }
    losers.sort_by_key(|loser| std::cmp::Reverse(loser.points));
    let columns = [
        ("Project", Side::Left, 16),
        ("", Side::Left, 80),
        (counted.points_word(), Side::Right, 14),
        ("Cost", Side::Right, 18),
        ("Why not", Side::Left, 54),
    ];
    let rows: Vec<Vec<String>> = losers
        .iter()
        .map(|loser| {
            vec![
                plain(counted.id(loser.project)),
                plain(counted.name_of(loser.project).unwrap_or_default()),
                words::number(&counted.score(loser.points)),
                words::number(&counted.cost(loser.project)),
                words::reason(counted, loser),
            ]
        })
        .collect();
    let mut text = format!("\nNot funded: {}\n", losers.len());
    text.push_str(&grid(&columns, 1, &rows));
    text
}

fn ties(counted: &Counted) -> String {
    let ties = &counted.outcome.ties;
    if ties.is_empty() {
        return String::new();
    }
    let by = words::ties(&counted.chosen.ties);
    let mut text = format!("\nTies, broken by {by}\n");
    for tie in ties {
        text.push_str(&paragraph("  - ", &tie_sentence(counted, tie)));
    }
    if let Some(seed) = rule::lot_seed(&counted.chosen.ties) {
        let seed = plain(seed);
        text.push_str(&paragraph(
            "  ",
            &format!("The seed of the lots is “{seed}”."),
        ));
    }
    text
}

fn tie_sentence(counted: &Counted, tie: &Tie) -> String {
    let others: Vec<String> = tie
        .others
        .iter()
        .map(|other| plain(counted.id(*other)))
        .collect();
    let round = match tie.round {
        0 => String::new(),
        round => format!("round {round}: "),
    };
    let effect = if tie.decisive {
        "this decided what is funded"
    } else {
        "another order would have funded the same"
    };
    format!(
        "{round}{} came before {}; {effect}",
        plain(counted.id(tie.chosen)),
        others.join(", ")
    )
}
