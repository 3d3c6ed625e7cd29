//! A request that comes to nothing: somebody else declines it, or whoever asked withdraws it.

use futures_util::FutureExt;

use super::{
    Services,
    audited::Recorder,
    two_person::{TwoPersonError, member},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::RequestId,
        two_person::Lifecycle,
    },
    store,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Decline,
    Withdraw,
}

pub async fn decline(
    services: &Services,
    actor: &Actor,
    id: RequestId,
) -> Result<(), TwoPersonError> {
    end(services, actor, id, Ending::Decline).await
}

pub async fn withdraw(
    services: &Services,
    actor: &Actor,
    id: RequestId,
) -> Result<(), TwoPersonError> {
    end(services, actor, id, Ending::Withdraw).await
}

async fn end(
    services: &Services,
    actor: &Actor,
    id: RequestId,
    ending: Ending,
) -> Result<(), TwoPersonError> {
    let known = store::two_person::find(&services.db, id)
        .await?
        .ok_or(TwoPersonError::UnknownRequest(id))?;
    let recorder = Recorder::new(services, actor);
    store::write(&services.db, move |tx| {
        async move {
            let (wave, _) = store::wave::lock(tx, known.wave).await?;
            let request = store::two_person::lock(tx, id).await?;
            let by = member(tx, recorder.actor()).await?;
            let (wave, kind) = (wave.key, request.act.kind());
            let (state, act) = match ending {
                Ending::Decline => (
                    Lifecycle::Declined(request.state.decline(&by, recorder.now())?),
                    Act::SensitiveDeclined {
                        wave,
                        request: id,
                        kind,
                    },
                ),
                Ending::Withdraw => (
                    Lifecycle::Withdrawn(request.state.withdraw(&by, recorder.now())?),
                    Act::SensitiveWithdrawn {
                        wave,
                        request: id,
                        kind,
                    },
                ),
            };
            store::two_person::decide(tx, id, state).await?;
            recorder.note(tx, act).await?;
            Ok::<_, TwoPersonError>(())
        }
        .boxed()
    })
    .await
}
