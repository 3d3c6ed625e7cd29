//! Which answers people of a wave gave together, read from its ledger.

use sea_orm::ConnectionTrait;

use super::lookup::Asked;
use crate::{
    domain::{id::Seq, key::ItemKey},
    store::{StoreError, inconsistent, ledger_read},
    tally::{fold::TallyError, patterns::Patterns},
};

/// The answers to `items` up to a place of the ledger, merged, less what was voided.
pub async fn of_wave(
    db: &impl ConnectionTrait,
    asked: &Asked,
    items: &[ItemKey],
    through: Seq,
) -> Result<Patterns, StoreError> {
    let bad = |error: TallyError| inconsistent("response", "answers", error);
    let (wave, after) = (asked.wave.id, Seq::default());
    let mut patterns = Patterns::new(&asked.survey.survey, items);
    for (channel, answers) in ledger_read::answer_blocks(db, wave, after, through).await? {
        patterns.add_block(channel, &answers).map_err(bad)?;
    }
    for voided in ledger_read::voids(db, wave, after, through).await? {
        if let ledger_read::Voided::Response { channel, answers } = voided {
            patterns.void_response(channel, &answers).map_err(bad)?;
        }
    }
    Ok(patterns)
}
