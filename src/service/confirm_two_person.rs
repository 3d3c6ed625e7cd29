//! The second person: what was asked for is confirmed and done, in one transaction.

use std::sync::Arc;

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;

use super::{
    Services,
    audited::Recorder,
    lookup::{self, LoadedSurvey},
    two_person::{TwoPersonError, check_entry, member, member_by_id},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        count_sheet::CountSheet,
        id::{RequestId, Seq},
        two_person::{Decided, Lifecycle, NotPossible, Reason, SensitiveAct},
        wave::{Wave, WaveState},
    },
    store::{
        self, StoreError,
        ledger::{NewVoid, append_sheet, append_void},
        two_person::Request,
    },
};

/// Returns what was done.
pub async fn confirm(
    services: &Services,
    actor: &Actor,
    id: RequestId,
) -> Result<SensitiveAct, TwoPersonError> {
    let request = store::two_person::find(&services.db, id)
        .await?
        .ok_or(TwoPersonError::UnknownRequest(id))?;
    let version = store::wave::get(&services.db, request.wave).await?.version;
    let survey = lookup::survey(services, version).await?;
    let recorder = Recorder::new(services, actor);
    let act = store::write(&services.db, move |tx| {
        async move { confirm_in(tx, &request, &survey, &recorder).await }.boxed()
    })
    .await?;
    services.lookup.forget_waves();
    tracing::info!(request = %id, kind = %act.kind(), "two people have agreed, and it is done");
    Ok(act)
}

async fn confirm_in(
    tx: &DatabaseTransaction,
    request: &Request,
    survey: &Arc<LoadedSurvey>,
    recorder: &Recorder,
) -> Result<SensitiveAct, TwoPersonError> {
    // The wave first, as whoever appends to it does.
    let (wave, _) = store::wave::lock(tx, request.wave).await?;
    let request = store::two_person::lock(tx, request.id).await?;
    let now = recorder.now();
    let second = member(tx, recorder.actor()).await?;
    let first = member_by_id(tx, request.state.asked().by).await?;
    let decided = request.state.confirm(&first, &second, now)?;
    request.act.check(&wave, now)?;
    check_entry(tx, &wave, &request.act).await?;
    store::two_person::decide(tx, request.id, Lifecycle::Confirmed(decided)).await?;
    let effect = apply(tx, &wave, survey, &request.act, decided).await?;
    let applied = store::two_person::lock(tx, request.id).await?.state;
    if applied != Lifecycle::Applied(decided) {
        let error = store::inconsistent("sensitive_act", "state", "it is not used up");
        return Err(error.into());
    }
    let confirmed = Act::SensitiveConfirmed {
        wave: wave.key.clone(),
        request: request.id,
        kind: request.act.kind(),
    };
    recorder.note(tx, confirmed).await?;
    recorder.note(tx, effect).await?;
    Ok(request.act)
}

/// Does it, and tells what the record says of it. The database looks for the confirmation, and uses
/// it up.
async fn apply(
    tx: &DatabaseTransaction,
    wave: &Wave,
    survey: &Arc<LoadedSurvey>,
    act: &SensitiveAct,
    decided: Decided,
) -> Result<Act, TwoPersonError> {
    let key = wave.key.clone();
    let from = wave.spec.closes;
    Ok(match act {
        SensitiveAct::Publish => {
            let published = wave.state.publish(decided.at).map_err(NotPossible::from)?;
            store::wave::set_state(tx, wave.id, WaveState::Published(published)).await?;
            Act::WavePublished { wave: key }
        }
        SensitiveAct::Extend { closes, .. } => {
            let open = wave.state.extend().map_err(NotPossible::from)?;
            store::wave::go_on_until(tx, wave.id, open, *closes).await?;
            Act::WaveExtended {
                wave: key,
                from,
                to: *closes,
            }
        }
        SensitiveAct::Reopen { closes, .. } => {
            let open = wave.state.reopen().map_err(NotPossible::from)?;
            store::wave::go_on_until(tx, wave.id, open, *closes).await?;
            Act::WaveReopened {
                wave: key,
                from,
                to: *closes,
            }
        }
        SensitiveAct::Void { entry, reason } => {
            void(tx, wave, *entry, reason, decided).await?;
            Act::EntryVoided {
                wave: key,
                entry: *entry,
            }
        }
        SensitiveAct::ReplaceSheet {
            entry,
            sheet,
            reason,
        } => {
            // It comes from the database, where no rule of a sheet holds.
            let counts = sheet.counts().to_vec();
            let sheet = CountSheet::new(&survey.survey, sheet.channel, sheet.people(), counts)?;
            void(tx, wave, *entry, reason, decided).await?;
            Act::SheetReplaced {
                wave: key,
                voided: *entry,
                sheet: append_sheet(tx, wave.id, &sheet, decided.at).await?,
            }
        }
    })
}

async fn void(
    tx: &DatabaseTransaction,
    wave: &Wave,
    entry: Seq,
    reason: &Reason,
    decided: Decided,
) -> Result<Seq, StoreError> {
    let void = NewVoid {
        voided: entry,
        reason: reason.as_str().to_owned(),
        requested_by: decided.asked.by,
        confirmed_by: decided.by,
    };
    append_void(tx, wave.id, &void, decided.at).await
}
