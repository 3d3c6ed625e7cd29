//! What asking for an act that needs two people and deciding on it share.

use sea_orm::ConnectionTrait;

use super::lookup::LookupError;
use crate::{
    domain::{
        audit::Actor,
        channel::Channel,
        count_sheet::CountSheetError,
        id::{RequestId, Seq, UserId},
        two_person::{DecisionError, Member, NotPossible, ReasonError, SensitiveAct},
        wave::{ResultsRule, Wave, WaveState},
    },
    store::{
        self, StoreError,
        ledger_read::{self, Entry},
    },
};

#[derive(Debug, thiserror::Error)]
pub enum TwoPersonError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(
        "two people have to be known by name: say who you are with --by EMAIL, or use the pages for staff"
    )]
    NobodyNamed,
    #[error(transparent)]
    Decision(#[from] DecisionError),
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
    #[error(transparent)]
    Reason(#[from] ReasonError),
    #[error("the same has been asked for and waits for a second person: see the requests")]
    AskedAlready,
    #[error("there is no request {0}")]
    UnknownRequest(RequestId),
    #[error("there is no entry at place {0} of this wave’s ledger")]
    NoSuchEntry(Seq),
    #[error("no response of this wave has this receipt")]
    NoSuchReceipt,
    #[error("the entry at place {0} is voided already")]
    VoidedAlready(Seq),
    #[error("the entry at place {0} is one person’s response, and not a count sheet")]
    NotASheet(Seq),
    #[error("the new sheet says the same as the old one")]
    SameSheet,
    #[error("the new sheet is of the channel {new}, and the old one of {old}")]
    OtherChannel { new: Channel, old: Channel },
    #[error("the new totals do not add up: {0}")]
    Sheet(#[from] CountSheetError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The member of staff behind an actor, as the database has them at this moment.
pub(super) async fn member(
    db: &impl ConnectionTrait,
    actor: &Actor,
) -> Result<Member, TwoPersonError> {
    let user = actor.user.ok_or(TwoPersonError::NobodyNamed)?;
    member_by_id(db, user).await
}

pub(super) async fn member_by_id(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Result<Member, TwoPersonError> {
    let member = store::two_person::member(db, user).await?;
    Ok(member.ok_or(DecisionError::MayNot)?)
}

/// Whether the ledger lets this be done: the entry is there, counts, and is of the right kind.
pub(super) async fn check_entry(
    db: &impl ConnectionTrait,
    wave: &Wave,
    act: &SensitiveAct,
) -> Result<(), TwoPersonError> {
    let Some(seq) = act.entry() else {
        return Ok(());
    };
    let Entry { sheet, voided } = ledger_read::entry_at(db, wave.id, seq)
        .await?
        .ok_or(TwoPersonError::NoSuchEntry(seq))?;
    if voided {
        return Err(TwoPersonError::VoidedAlready(seq));
    }
    match (act, sheet) {
        (SensitiveAct::ReplaceSheet { sheet: new, .. }, Some(old)) => {
            if *new == old {
                return Err(TwoPersonError::SameSheet);
            }
            if new.channel != old.channel {
                return Err(TwoPersonError::OtherChannel {
                    new: new.channel,
                    old: old.channel,
                });
            }
            Ok(())
        }
        (SensitiveAct::ReplaceSheet { .. }, None) => Err(TwoPersonError::NotASheet(seq)),
        (_, None) if is_public_and_final(wave) => Err(NotPossible::WouldShowOneResponse.into()),
        _ => Ok(()),
    }
}

/// Everyone has seen, or can see, the figures of all responses.
fn is_public_and_final(wave: &Wave) -> bool {
    matches!(wave.state, WaveState::Closed(_)) && wave.spec.results == ResultsRule::Live
}
