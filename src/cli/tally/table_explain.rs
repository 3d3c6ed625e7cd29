//! What `--explain` adds to the tables.

use crate::{
    domain::{money::group_thousands, pb_file::VotingMethod},
    tally::budget::{
        explain::{LoserExplained, UnderRule, WithoutChannel},
        rule::Rule,
    },
};

use super::{
    count::{Counted, Explained},
    grid::{Side, grid, paragraph},
    words::{self, plain},
};

/// Winners on which most of a loser's money went that a sentence names.
const MOST_NAMED: usize = 2;

pub fn write(counted: &Counted, explained: &Explained) -> String {
    let mut text = String::from("\nWhat the losers missed\n");
    let mut losers: Vec<&LoserExplained> = explained.explanation.losers.iter().collect();
    losers.sort_by_key(|explained| std::cmp::Reverse(explained.loser.points));
    for loser in losers {
        text.push_str(&paragraph("  - ", &loser_sentence(counted, loser)));
    }
    if explained.explanation.mark > 1 {
        let mark = explained.explanation.mark;
        let note = format!("One more vote stands for {mark} points here, the most on any ballot.");
        text.push_str(&paragraph("  ", &note));
    }
    text.push_str(&people(explained));
    text.push_str(&rules(counted, explained));
    text.push_str(&channels(counted, &explained.channels));
    text
}

fn loser_sentence(counted: &Counted, explained: &LoserExplained) -> String {
    let loser = &explained.loser;
    let id = plain(counted.id(loser.project));
    let mut parts = Vec::new();
    if let Some(support) = &explained.support {
        for spent in support.spent_on.iter().take(MOST_NAMED) {
            parts.push(format!(
                "{} of {} supporters also backed {} and paid {} for it",
                group_thousands(spent.people),
                group_thousands(loser.votes),
                plain(counted.id(spent.winner)),
                counted.units.rounded_money(&spent.amount)
            ));
        }
        if let Some(share) = &support.effective_support {
            let percent = share.decimal(1, 4);
            parts.push(format!("it came to {} of its cost", percent_of(&percent)));
        }
    }
    if parts.is_empty() {
        parts.push(words::reason(counted, loser));
    }
    parts.push(words::needed(
        counted,
        &explained.votes_needed,
        &explained.cost_needed,
    ));
    format!("{id} lost: {}", parts.join("; "))
}

/// `0.4321` as `43%`; never 100% of what is less.
fn percent_of(share: &str) -> String {
    let (whole, rest) = share.split_once('.').unwrap_or((share, "0000"));
    let hundredths: String = rest.chars().take(2).collect();
    let percent = format!("{whole}{hundredths:0<2}");
    let percent = percent.trim_start_matches('0');
    if percent.is_empty() {
        "less than 1%".to_owned()
    } else {
        format!("{percent}%")
    }
}

fn people(explained: &Explained) -> String {
    let people = &explained.explanation.people;
    let mut text = String::from("\nWhat people got\n");
    let none = format!(
        "{} of {} voters support no funded project.",
        group_thousands(people.without_winner),
        group_thousands(people.voters)
    );
    text.push_str(&paragraph("  ", &none));
    if let Some(average) = &people.average_winners {
        let average = format!(
            "A voter has {} funded projects on average.",
            average.decimal(1, 2)
        );
        text.push_str(&paragraph("  ", &average));
    }
    text
}

fn rules(counted: &Counted, explained: &Explained) -> String {
    let columns = [
        ("Rule", Side::Left, 40),
        ("Funded", Side::Right, 8),
        ("Spent", Side::Right, 22),
        ("No winner", Side::Right, 14),
        ("Winners each", Side::Right, 12),
    ];
    let row = |under: &UnderRule| {
        let average = under.people.average_winners.as_ref();
        vec![
            words::short_rule(&under.rule),
            under.winners.len().to_string(),
            counted.units.grouped(under.spent),
            group_thousands(under.people.without_winner),
            average.map_or_else(String::new, |average| average.decimal(1, 2)),
        ]
    };
    let rows: Vec<Vec<String>> = explained.rules.rules.iter().map(row).collect();
    let mut text = String::from("\nThe same ballots under other rules\n");
    text.push_str(&grid(&columns, 0, &rows));
    for failed in &explained.failed {
        text.push_str(&paragraph("  ", &format!("Not counted: {failed}.")));
    }
    if explained.rules.differing.is_empty() {
        text.push_str("  All of them fund the same.\n");
    } else {
        text.push_str(&differing(counted, explained));
    }
    text
}

/// One row for each project that some of the rules fund.
fn differing(counted: &Counted, explained: &Explained) -> String {
    let titles: [&'static str; 4] = ["greedy", "per cost", "shares", "phragmen"];
    let mut columns = vec![("Project", Side::Left, 16), ("", Side::Left, 60)];
    for under in &explained.rules.rules {
        let place = match under.rule {
            Rule::Greedy(_) => 0,
            Rule::GreedyPerCost(_) => 1,
            Rule::EqualShares(_) => 2,
            Rule::Phragmen(_) => 3,
        };
        columns.push((titles[place], Side::Left, 9));
    }
    let rows: Vec<Vec<String>> = explained
        .rules
        .differing
        .iter()
        .map(|project| {
            let mut row = vec![
                plain(counted.id(*project)),
                plain(counted.name_of(*project).unwrap_or_default()),
            ];
            for under in &explained.rules.rules {
                let funded = under.winners.contains(project);
                row.push(if funded { "funded" } else { "-" }.to_owned());
            }
            row
        })
        .collect();
    format!("\n  Where they differ\n{}", grid(&columns, 1, &rows))
}

fn channels(counted: &Counted, rows: &[WithoutChannel]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = String::from("\nWithout the ballots of a channel\n");
    for row in rows {
        let names = |projects: &[usize]| {
            let ids: Vec<String> = counted.ids(projects).into_iter().map(plain).collect();
            ids.join(", ")
        };
        let change = match (row.gained.is_empty(), row.lost.is_empty()) {
            (true, true) => "the same would be funded".to_owned(),
            (false, true) => format!("funded as well: {}", names(&row.gained)),
            (true, false) => format!("no longer funded: {}", names(&row.lost)),
            (false, false) => format!(
                "no longer funded: {}; funded instead: {}",
                names(&row.lost),
                names(&row.gained)
            ),
        };
        let sentence = format!(
            "without {} ({} ballots) {change}",
            words::channel(VotingMethod::ALL[row.channel]),
            group_thousands(row.people)
        );
        text.push_str(&paragraph("  - ", &sentence));
    }
    text
}
