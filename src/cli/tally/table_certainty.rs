//! How sure the outcome is, in words: what `--explain` and `--bootstrap` add below the result.

use crate::{
    domain::money::group_thousands,
    tally::budget::{
        certainty::{Bootstrap, Change, FirstChange, OwnMargin},
        explain::Needed,
    },
};

use super::{
    count::{Counted, Extras},
    grid::{Side, grid, paragraph},
    words::plain,
};

/// Everything that is not the result.
pub fn write(counted: &Counted, extras: &Extras) -> String {
    if extras.bootstrap.is_none() && extras.explained.is_none() {
        return String::new();
    }
    let mut text = String::from("\nHow sure is this? (not part of the result)\n");
    if let Some(explained) = &extras.explained {
        for change in &explained.changes {
            text.push_str(&paragraph("  - ", &change_sentence(*change)));
        }
        text.push_str(&margins(counted, &explained.margins));
    }
    if let Some(bootstrap) = &extras.bootstrap {
        text.push_str(&repeats(counted, bootstrap));
    }
    text
}

fn change_sentence(found: FirstChange) -> String {
    let what = match found.change {
        Change::Added => "more ballots",
        Change::Removed => "fewer ballots",
        Change::Replaced => "ballots filled in differently",
    };
    match (found.at_least, found.at_most) {
        (None, _) => format!("no number of {what} could change what is funded"),
        (Some(least), Some(most)) if least == most => {
            format!(
                "{what}: it takes {} to change what is funded",
                group_thousands(most)
            )
        }
        (Some(least), Some(most)) => format!(
            "{what}: {} are enough to change what is funded, and fewer than {} are not",
            group_thousands(most),
            group_thousands(least)
        ),
        (Some(least), None) => format!(
            "{what}: fewer than {} cannot change what is funded",
            group_thousands(least)
        ),
    }
}

/// The winners that would be lost first.
fn margins(counted: &Counted, margins: &[OwnMargin]) -> String {
    let mut winners: Vec<(&OwnMargin, u64)> = margins
        .iter()
        .filter(|margin| margin.funded)
        .filter_map(|margin| Some((margin, margin.votes.value()?)))
        .collect();
    winners.sort_by_key(|(margin, votes)| (*votes, margin.project));
    let mut text = String::new();
    for (margin, votes) in winners.into_iter().take(5) {
        let about = match margin.votes {
            Needed::Found { exact: true, .. } => "",
            _ => "about ",
        };
        let sentence = format!(
            "{} would be lost with {about}{} fewer votes for it",
            plain(counted.id(margin.project)),
            group_thousands(votes)
        );
        text.push_str(&paragraph("  - ", &sentence));
    }
    text
}

fn repeats(counted: &Counted, found: &Bootstrap) -> String {
    let all = found.repeats;
    let same = match found.same_winners {
        0 => "in none of them".to_owned(),
        same if same == all => "in all of them".to_owned(),
        same => format!("in {} of them", group_thousands(same.into())),
    };
    let intro = format!(
        "If people like these voted again: {} draws of as many ballots from those of each channel (seed {}). The same projects were funded {same}.",
        group_thousands(all.into()),
        found.seed
    );
    let mut text = paragraph("  ", &intro);
    let funded = counted.outcome.funded();
    let mut order: Vec<usize> = (0..found.funded.len()).collect();
    order.sort_by_key(|project| std::cmp::Reverse(found.funded[*project]));
    let rows: Vec<Vec<String>> = order
        .into_iter()
        .filter(|project| found.funded[*project] > 0 || funded.contains(project))
        .map(|project| {
            let times = found.funded[project];
            let is_funded = funded.contains(&project);
            vec![
                plain(counted.id(project)),
                plain(counted.name_of(project).unwrap_or_default()),
                if is_funded { "funded" } else { "-" }.to_owned(),
                match times {
                    0 => "none".to_owned(),
                    times if times == all => "all".to_owned(),
                    times => group_thousands(times.into()),
                },
            ]
        })
        .collect();
    let columns = [
        ("Project", Side::Left, 16),
        ("", Side::Left, 60),
        ("Result", Side::Left, 8),
        ("Draws", Side::Right, 10),
    ];
    text.push_str(&grid(&columns, 1, &rows));
    text.push_str("  All other projects: funded in none of the draws.\n");
    text
}
