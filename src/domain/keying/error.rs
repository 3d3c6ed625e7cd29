//! Why something cannot be done to a batch as it stands.

use super::{arrows::StateName, entry::Pass, sheet::ContentError};
use crate::domain::{id::UserId, moment::Moment};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyingError {
    #[error("the batch is {0}, and this cannot be done to it now: look at the list of batches")]
    WrongState(StateName),
    #[error("somebody else has this pile until {until}: take another, or wait")]
    ClaimedByOther { by: UserId, until: Moment },
    #[error("take the pile first: it is free, or your time with it ran out and it went back")]
    NotClaimed,
    #[error(
        "whoever keyed these sheets the first time cannot key them again: somebody else has to"
    )]
    KeyedByYou,
    #[error(
        "the differences are decided by a third person: whoever keyed these sheets cannot decide on them"
    )]
    NotAThirdPerson,
    #[error("sheet {sheet} comes after one that is not keyed yet: the next one is sheet {next}")]
    OutOfOrder { sheet: u32, next: u32 },
    #[error("sheet {0} is not one of those to be keyed in this pass")]
    NotWanted(u32),
    #[error(
        "sheet {sheet} has been changed meanwhile: what you saw is version {seen}, and it is {now} now"
    )]
    Stale { sheet: u32, seen: u32, now: u32 },
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error("both keyings of sheet {sheet} agree at place {place}: what agrees is not keyed again")]
    Agreed { sheet: u32, place: usize },
    #[error("the two keyings of sheet {0} agree: there is nothing to decide")]
    NothingToDecide(u32),
    #[error("{left} sheets are left in the {pass} keying: the next one is sheet {next}")]
    SheetsLeft { pass: Pass, left: u32, next: u32 },
    #[error("{0} sheets still differ and wait for a decision")]
    Undecided(u32),
    #[error(
        "a pile is counted again by somebody else than whoever counted it last, or found another number while keying"
    )]
    SameCounter,
    #[error("say why the pile is counted again, and what was found")]
    ReasonMissing,
    #[error("a pile has at most {0} sheets")]
    TooManySheets(u32),
    #[error(
        "{marked} sheets have marks, and only {envelopes} envelopes came: two papers in one envelope count for nobody; start the keying anew and key them as spoilt"
    )]
    MoreThanEnvelopes { marked: u32, envelopes: u32 },
    #[error("a batch has 1 to {0} envelopes")]
    BatchSize(u32),
}
