//! Counting a batch: every sheet is judged by the survey's rules, and what counts goes into the ledger
//! in shuffled order, all of it in one transaction.

use std::sync::Arc;

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;

use super::{
    Services,
    audited::Recorder,
    change_batch::{PaperError, locked, open_wave, person},
    lookup::Asked,
};
use crate::{
    domain::{
        audit::{Act, Actor},
        channel::Channel,
        key::WaveKey,
        keying::{Batch, BatchState, NotCounted, SheetsCounted, judge},
        receipt::{AdmissionKey, VisitToken},
    },
    store::{
        self, StoreError,
        ledger::{Appended, Arrival, NewResponse},
    },
    tally::report::RefusalReason,
};

pub async fn count(
    services: &Arc<Services>,
    actor: &Actor,
    key: &WaveKey,
    number: u32,
) -> Result<SheetsCounted, PaperError> {
    let asked = open_wave(services, key).await?;
    let who = person(actor)?;
    let worker = Arc::clone(services);
    let recorder = Recorder::new(services, actor);
    let counted = store::write(&services.db, move |tx| {
        async move {
            store::wave::lock(tx, asked.wave.id).await?;
            let batch = locked(tx, &asked, number).await?;
            let counted = batch.state.clone().count(who)?;
            let sheets = append(&worker, tx, &asked, &batch, counted.sheets()).await?;
            note_not_counted(tx, &asked, &sheets).await?;
            store::keying::add_batch_count(tx, batch.id, &sheets, who, recorder.now()).await?;
            store::keying::set_state(tx, batch.id, &BatchState::Counted(counted)).await?;
            let act = Act::BatchCounted {
                wave: asked.wave.key,
                batch: number,
                responses: sheets.responses,
                not_counted: sheets.blank
                    + sheets.spoilt
                    + sheets.unreadable
                    + sheets.no_valid_mark,
            };
            recorder.note(tx, act).await?;
            Ok::<_, PaperError>(sheets)
        }
        .boxed()
    })
    .await?;
    tracing::info!(wave = %key, batch = number, responses = counted.responses, "a batch was counted");
    Ok(counted)
}

async fn append(
    services: &Services,
    tx: &DatabaseTransaction,
    asked: &Asked,
    batch: &Batch,
    sheets: impl Iterator<Item = crate::domain::keying::SheetContent>,
) -> Result<SheetsCounted, PaperError> {
    let mut counted = SheetsCounted::default();
    let mut responses = Vec::new();
    let mut rng = services.randomness.generator();
    for (sheet, content) in (1..).zip(sheets) {
        let judged = judge(&asked.survey.survey, &content);
        counted.overvoted += judged.overvoted;
        counted.uncertain += judged.uncertain;
        let answers = match judged.outcome {
            Ok(answers) => answers,
            Err(reason) => {
                *of_reason(&mut counted, reason) += 1;
                continue;
            }
        };
        counted.responses += 1;
        responses.push(NewResponse {
            wave: asked.wave.id,
            channel: Channel::Postal,
            admission: AdmissionKey::of_sheet(&services.keys.code, batch.id, sheet),
            // It was used up when the envelope was accepted.
            entitlement: None,
            receipt: VisitToken::random(&mut rng).receipt(),
            answers: asked.survey.layout.encode(&answers),
            arrival: Arrival::EnteredByStaff,
        });
    }
    let outcomes = store::ledger::append(tx, &responses, services.now(), &mut rng).await?;
    if outcomes.iter().all(|outcome| *outcome == Appended::Counted) {
        Ok(counted)
    } else {
        Err(PaperError::NotTaken)
    }
}

fn of_reason(counted: &mut SheetsCounted, reason: NotCounted) -> &mut u32 {
    match reason {
        NotCounted::Blank => &mut counted.blank,
        NotCounted::Spoilt => &mut counted.spoilt,
        NotCounted::Unreadable => &mut counted.unreadable,
        NotCounted::NoValidMark => &mut counted.no_valid_mark,
    }
}

/// For the table of what was not counted, and why.
async fn note_not_counted(
    tx: &DatabaseTransaction,
    asked: &Asked,
    counted: &SheetsCounted,
) -> Result<(), StoreError> {
    for (reason, sheets) in [
        (RefusalReason::PaperBlank, counted.blank),
        (RefusalReason::PaperSpoilt, counted.spoilt),
        (RefusalReason::PaperUnreadable, counted.unreadable),
        (RefusalReason::PaperNoValidMark, counted.no_valid_mark),
    ] {
        if sheets > 0 {
            store::ledger::note_refused(tx, asked.wave.id, reason, i64::from(sheets)).await?;
        }
    }
    Ok(())
}
