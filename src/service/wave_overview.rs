//! A wave as staff see it: its totals, and whether its books balance.

use std::fmt;

use futures_util::FutureExt;
use sea_orm::ConnectionTrait;

use super::{
    Services,
    lookup::{self, Asked, LookupError},
    tallies,
};
use crate::{
    domain::{channel::Channel, id::Seq, key::WaveKey, wave::AccessRule},
    store::{
        self, StoreError,
        entitlement::RowCounts,
        keying_work::{self, PaperRows},
        ledger_read, mail, outbox,
    },
    tally::{
        fold::Tally,
        report::{ChannelTurnout, Refused},
    },
};

#[derive(Debug, Clone)]
pub struct Overview {
    pub asked: Asked,
    pub channels: Vec<ChannelTurnout>,
    pub people: u64,
    pub refused: Vec<Refused>,
    pub conservation: Conservation,
    pub paper: PaperRows,
    pub subscribers: Vec<mail::Subscriber>,
    pub mails: Vec<outbox::MailStanding>,
}

/// The equations that hold in every reachable state of a wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conservation {
    pub equations: Vec<Equation>,
}

/// A whole and its parts, each counted for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    pub what: &'static str,
    pub whole: u64,
    pub parts: Vec<(&'static str, u64)>,
}

impl Equation {
    pub fn holds(&self) -> bool {
        self.parts.iter().map(|(_, count)| *count).sum::<u64>() == self.whole
    }
}

impl Conservation {
    pub fn balances(&self) -> bool {
        self.equations.iter().all(Equation::holds)
    }
}

impl fmt::Display for Conservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unbalanced = self.equations.iter().filter(|equation| !equation.holds());
        for (place, equation) in unbalanced.enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{} are {}, but there are", equation.what, equation.whole)?;
            for (name, count) in &equation.parts {
                write!(f, " {count} {name}")?;
            }
        }
        Ok(())
    }
}

pub async fn overview(services: &Services, key: &WaveKey) -> Result<Overview, LookupError> {
    let asked = lookup::find_now(services, key).await?;
    store::read(&services.db, move |tx| {
        async move {
            store::entitlement::hold_still(tx).await?;
            Ok(overview_in(tx, asked).await?)
        }
        .boxed()
    })
    .await
}

async fn overview_in(db: &impl ConnectionTrait, asked: Asked) -> Result<Overview, StoreError> {
    let tally = whole_tally(db, &asked).await?;
    let rows = store::entitlement::row_counts(db, asked.wave.id).await?;
    let paper = keying_work::rows(db, asked.wave.id).await?;
    let head = ledger_read::head(db, asked.wave.id).await?;
    Ok(Overview {
        channels: by_channel(&tally),
        people: tally.people(),
        refused: ledger_read::refused(db, asked.wave.id).await?,
        conservation: equations(&asked, &tally, rows, &paper, head),
        paper,
        subscribers: mail::subscribers(db, asked.wave.id).await?,
        mails: outbox::of_wave(db, asked.wave.id).await?,
        asked,
    })
}

/// Who is counted in a wave, by channel: for the list of all waves, from the tally kept in memory.
pub async fn turnout(
    services: &Services,
    asked: &Asked,
) -> Result<Vec<ChannelTurnout>, StoreError> {
    let tally = services
        .tallies
        .all(&services.db, asked.wave.id, &asked.survey)
        .await?;
    Ok(by_channel(&tally))
}

fn by_channel(tally: &Tally) -> Vec<ChannelTurnout> {
    Channel::ALL
        .into_iter()
        .map(|channel| ChannelTurnout {
            channel,
            responses: tally.responses(channel),
            on_sheets: tally.on_sheets(channel),
        })
        .collect()
}

/// Checks the books of a wave from the rows themselves: the fold starts from nothing.
pub async fn conservation(
    db: &impl ConnectionTrait,
    asked: &Asked,
) -> Result<Conservation, StoreError> {
    let tally = whole_tally(db, asked).await?;
    let rows = store::entitlement::row_counts(db, asked.wave.id).await?;
    let paper = keying_work::rows(db, asked.wave.id).await?;
    let head = ledger_read::head(db, asked.wave.id).await?;
    Ok(equations(asked, &tally, rows, &paper, head))
}

async fn whole_tally(db: &impl ConnectionTrait, asked: &Asked) -> Result<Tally, StoreError> {
    let head = ledger_read::head(db, asked.wave.id).await?;
    let mut tally = Tally::new(&asked.survey.survey);
    tallies::fold(&mut tally, db, asked.wave.id, head).await?;
    Ok(tally)
}

fn equations(
    asked: &Asked,
    tally: &Tally,
    rows: RowCounts,
    paper: &PaperRows,
    head: Seq,
) -> Conservation {
    let of = |channel| tally.people_in(channel);
    let mut equations = vec![
        Equation {
            what: "Entries in the ledger",
            whole: u64::try_from(head.0).unwrap_or(0),
            parts: vec![
                ("responses", rows.responses),
                ("count sheets", rows.sheets),
                ("voids", rows.voids),
            ],
        },
        Equation {
            what: "Submissions let in",
            whole: rows.admissions,
            parts: vec![("responses in the ledger", rows.responses)],
        },
        Equation {
            what: "People in the result",
            whole: tally.people(),
            parts: vec![
                ("online", of(Channel::Online)),
                ("by post", of(Channel::Postal)),
                ("at meetings", of(Channel::Meeting)),
            ],
        },
        Equation {
            what: "Responses and people on count sheets",
            whole: rows.responses + rows.people_on_sheets,
            parts: vec![
                ("in the result", tally.people()),
                ("voided", tally.voided()),
            ],
        },
    ];
    if paper.accepted() > 0 {
        equations.extend(on_paper(paper));
    }
    if asked.wave.spec.access == AccessRule::Code {
        equations.push(codes_used(rows, paper));
        equations.push(Equation {
            what: "Access codes issued",
            whole: rows.issued,
            parts: vec![("used", rows.spent), ("unused", rows.unused)],
        });
    }
    Conservation { equations }
}

/// An envelope uses its code up when it is accepted; its sheet is counted later, and knows no code.
fn codes_used(rows: RowCounts, paper: &PaperRows) -> Equation {
    let mut parts = vec![(
        "responses in the ledger",
        rows.responses.saturating_sub(paper.counted.responses),
    )];
    if paper.accepted() > 0 {
        parts[0].0 = "responses that came without an envelope";
        parts.push(("accepted envelopes", paper.accepted()));
    }
    Equation {
        what: "Access codes used",
        whole: rows.spent,
        parts,
    }
}

fn on_paper(paper: &PaperRows) -> [Equation; 2] {
    let counted = paper.counted;
    [
        Equation {
            what: "Envelopes accepted",
            whole: paper.accepted(),
            parts: vec![
                ("in counted batches", counted.envelopes),
                ("in batches at work", paper.envelopes_at_work),
                ("not opened yet", paper.unopened()),
            ],
        },
        Equation {
            what: "Sheets in counted batches",
            whole: paper.sheets_counted,
            parts: vec![
                ("responses", counted.responses),
                ("blank", counted.blank),
                ("spoilt", counted.spoilt),
                ("unreadable", counted.unreadable),
                ("without a valid mark", counted.no_valid_mark),
            ],
        },
    ]
}
