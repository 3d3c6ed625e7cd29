//! A wave as staff see it: its totals, and whether its books balance.

use std::fmt;

use sea_orm::ConnectionTrait;

use super::{
    Services,
    lookup::{self, Asked, LookupError},
    tallies,
};
use crate::{
    domain::{channel::Channel, id::Seq, key::WaveKey, wave::AccessRule},
    store::{self, StoreError, entitlement::RowCounts, ledger_read, mail},
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
    pub rows: RowCounts,
    /// Places filled in the ledger.
    pub head: u64,
    pub subscribers: Vec<mail::Subscriber>,
    pub mails: Vec<mail::MailStanding>,
}

/// The equations that hold in every reachable state of a wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conservation {
    pub equations: Vec<Equation>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// What is on both sides, in words.
    pub left_name: &'static str,
    pub right_name: &'static str,
    pub left: u64,
    pub right: u64,
}

impl Conservation {
    pub fn balances(&self) -> bool {
        self.equations.iter().all(|equation| equation.left == equation.right)
    }
}

impl fmt::Display for Conservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unbalanced = self.equations.iter().filter(|equation| equation.left != equation.right);
        for (place, equation) in unbalanced.enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            write!(
                f,
                "{} are {}, but {} are {}",
                equation.left_name, equation.left, equation.right_name, equation.right
            )?;
        }
        Ok(())
    }
}

pub async fn overview(services: &Services, key: &WaveKey) -> Result<Overview, LookupError> {
    let asked = lookup::find_now(services, key).await?;
    let db = &services.db;
    let tally = whole_tally(db, &asked).await?;
    let rows = store::entitlement::row_counts(db, asked.wave.id).await?;
    let head = ledger_read::head(db, asked.wave.id).await?;
    Ok(Overview {
        channels: Channel::ALL
            .into_iter()
            .map(|channel| ChannelTurnout {
                channel,
                responses: tally.responses(channel),
                on_sheets: tally.on_sheets(channel),
            })
            .collect(),
        people: tally.people(),
        refused: ledger_read::refused(db, asked.wave.id).await?,
        conservation: equations(&asked, &tally, rows, head),
        rows,
        head: u64::try_from(head.0).unwrap_or(0),
        subscribers: mail::subscribers(db, asked.wave.id).await?,
        mails: mail::of_wave(db, asked.wave.id).await?,
        asked,
    })
}

/// Checks the books of a wave from the rows themselves: the fold starts from nothing.
pub async fn conservation(
    db: &impl ConnectionTrait,
    asked: &Asked,
) -> Result<Conservation, StoreError> {
    let tally = whole_tally(db, asked).await?;
    let rows = store::entitlement::row_counts(db, asked.wave.id).await?;
    let head = ledger_read::head(db, asked.wave.id).await?;
    Ok(equations(asked, &tally, rows, head))
}

async fn whole_tally(db: &impl ConnectionTrait, asked: &Asked) -> Result<Tally, StoreError> {
    let head = ledger_read::head(db, asked.wave.id).await?;
    let mut tally = Tally::new(&asked.survey.survey);
    tallies::fold(&mut tally, db, asked.wave.id, head).await?;
    Ok(tally)
}

fn equations(asked: &Asked, tally: &Tally, rows: RowCounts, head: Seq) -> Conservation {
    let by_channel: u64 =
        Channel::ALL.into_iter().map(|c| tally.responses(c) + tally.on_sheets(c)).sum();
    let mut equations = vec![
        Equation {
            left_name: "ledger entries",
            right_name: "responses, count sheets and voids together",
            left: u64::try_from(head.0).unwrap_or(0),
            right: rows.responses + rows.sheets + rows.voids,
        },
        Equation {
            left_name: "submissions let in",
            right_name: "responses in the ledger",
            left: rows.admissions,
            right: rows.responses,
        },
        Equation {
            left_name: "people in the result",
            right_name: "people of the three channels together",
            left: tally.people(),
            right: by_channel,
        },
    ];
    if asked.wave.spec.access == AccessRule::Code {
        equations.push(Equation {
            left_name: "access codes used",
            right_name: "responses in the ledger",
            left: rows.spent,
            right: rows.responses,
        });
        equations.push(Equation {
            left_name: "access codes issued",
            right_name: "access codes used and unused together",
            left: rows.issued,
            right: rows.spent + rows.issued.saturating_sub(rows.spent),
        });
    }
    Conservation { equations }
}
