//! Asking for an act that needs two people. Nothing is done yet.

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    lookup,
    two_person::{TwoPersonError, check_entry, member},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::{RequestId, Seq},
        key::WaveKey,
        receipt::Receipt,
        two_person::{Asked, SensitiveAct},
    },
    store,
};

/// Refused at once when it could not be done now; whoever confirms is told again.
pub async fn ask(
    services: &Services,
    actor: &Actor,
    key: &WaveKey,
    act: SensitiveAct,
) -> Result<RequestId, TwoPersonError> {
    let id = lookup::find_now(services, key).await?.wave.id;
    let recorder = Recorder::new(services, actor);
    let (wave_key, kind) = (key.clone(), act.kind());
    let request = store::write(&services.db, move |tx| {
        async move {
            let (wave, _) = store::wave::lock(tx, id).await?;
            let member = member(tx, recorder.actor()).await?;
            let asked = Asked::new(&member, recorder.now())?;
            act.check(&wave, recorder.now())?;
            check_entry(tx, &wave, &act).await?;
            let request = store::two_person::ask(tx, id, &act, asked)
                .await?
                .ok_or(TwoPersonError::AskedAlready)?;
            let act = Act::SensitiveAsked {
                wave: wave_key,
                request,
                kind,
            };
            recorder.note(tx, act).await?;
            Ok::<_, TwoPersonError>(request)
        }
        .boxed()
    })
    .await?;
    tracing::info!(wave = %key, %kind, request = %request, "two people are needed: one has asked");
    Ok(request)
}

/// The place of the response whose receipt a participant shows.
pub async fn place_of_receipt(
    services: &Services,
    key: &WaveKey,
    receipt: &Receipt,
) -> Result<Seq, TwoPersonError> {
    let wave = lookup::find_now(services, key).await?.wave.id;
    let place = store::ledger_read::place_of(&services.db, wave, receipt).await?;
    place.ok_or(TwoPersonError::NoSuchReceipt)
}
