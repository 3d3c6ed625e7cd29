//! Loading a survey file: its wording becomes a version, its waves become drafts.

use futures_util::FutureExt;

use super::{Services, audited::Recorder, subscribe::clean_address};
use crate::{
    domain::{
        audit::{Act, Actor},
        hex::random_token,
        key::WaveKey,
        moment::Moment,
        survey::SurveyPlan,
        wave::{AccessRule, Wave, WaveSpec, WaveState},
    },
    store::{self, StoreError},
};

/// What became of each wave of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    Added(WaveKey),
    DraftReplaced(WaveKey),
    /// The wave is past draft and the file says what it said then.
    Unchanged(WaveKey),
}

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(
        "wave “{0}” has opened, and its wording is fixed: give the new wording a new wave in the file"
    )]
    WordingFixed(WaveKey),
    #[error(
        "wave “{0}” has opened, and the file gives it other dates, channels, access or frame: those are fixed too; put the old ones back or add a new wave"
    )]
    WaveFixed(WaveKey),
    #[error(
        "access codes have been made for the wave “{0}”, so it has to be answered with them: put access = \"code\" back, or give the file a new wave"
    )]
    HasCodes(WaveKey),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All of the file, or nothing of it.
pub async fn load(
    services: &Services,
    actor: &Actor,
    plan: SurveyPlan,
) -> Result<Vec<Loaded>, LoadError> {
    let recorder = Recorder::new(services, actor);
    let act = Act::SurveyLoaded {
        survey: plan.survey.key.to_string(),
        wording: plan.survey.wording_hash(),
    };
    let mut rng = services.randomness.generator();
    let tokens: Vec<String> = plan
        .waves
        .iter()
        .flat_map(|wave| &wave.subscribers)
        .map(|_| random_token(&mut rng))
        .collect();
    let loaded = store::write(&services.db, move |tx| {
        async move {
            let loaded = load_in(tx, &plan, tokens, recorder.now()).await?;
            recorder.note(tx, act).await?;
            Ok::<_, LoadError>(loaded)
        }
        .boxed()
    })
    .await?;
    services.lookup.forget_waves();
    Ok(loaded)
}

async fn load_in(
    tx: &sea_orm::DatabaseTransaction,
    plan: &SurveyPlan,
    tokens: Vec<String>,
    now: Moment,
) -> Result<Vec<Loaded>, LoadError> {
    let version = store::survey::keep(tx, &plan.survey, now).await?;
    let mut tokens = tokens.into_iter();
    let mut outcome = Vec::with_capacity(plan.waves.len());
    for spec in &plan.waves {
        let key = WaveKey {
            survey: plan.survey.key.clone(),
            wave: spec.name.clone(),
        };
        let existing = store::wave::find(tx, &key).await?;
        let (id, loaded) = match existing {
            None => {
                let id = store::wave::insert(tx, &plan.survey.key, version, spec).await?;
                (id, Loaded::Added(key))
            }
            Some(wave) if matches!(wave.state, WaveState::Draft(_)) => {
                let (wave, _) = store::wave::lock(tx, wave.id).await?;
                let codes = store::entitlement::row_counts(tx, wave.id).await?.issued;
                if spec.access == AccessRule::Open && codes > 0 {
                    return Err(LoadError::HasCodes(key));
                }
                store::wave::replace_draft(tx, wave.id, version, spec).await?;
                (wave.id, Loaded::DraftReplaced(key))
            }
            Some(wave) if wave.version != version => return Err(LoadError::WordingFixed(key)),
            Some(wave)
                if !same_rules(
                    &wave,
                    spec,
                    store::two_person::has_later_closing(tx, wave.id).await?,
                ) =>
            {
                return Err(LoadError::WaveFixed(key));
            }
            Some(wave) => (wave.id, Loaded::Unchanged(key)),
        };
        if matches!(loaded, Loaded::DraftReplaced(_)) {
            // An address that was put right must not get mail in its old form.
            store::mail::forget_subscribers(tx, id).await?;
        }
        for address in &spec.subscribers {
            let token = tokens.next().unwrap_or_default();
            if let (Some(email), true) = (clean_address(address), is_new(&loaded)) {
                store::mail::subscribe(tx, id, &email, &token).await?;
            }
        }
        outcome.push(loaded);
    }
    Ok(outcome)
}

/// Whoever stopped the mails of an open wave is not signed up again by a reload of the file.
fn is_new(loaded: &Loaded) -> bool {
    !matches!(loaded, Loaded::Unchanged(_))
}

/// The closing time of a wave that staff have ended early is earlier than in its file; two people may
/// have moved it back.
fn same_rules(wave: &Wave, file: &WaveSpec, moved_back: bool) -> bool {
    let ended_early = match wave.state {
        WaveState::Open(open) => open.stopped_at.is_some(),
        WaveState::Closed(_) | WaveState::Published(_) => true,
        WaveState::Draft(_) => false,
    };
    let closes = wave.spec.closes;
    let same_closing = moved_back || closes == file.closes || (ended_early && closes < file.closes);
    same_closing
        && WaveSpec {
            subscribers: Vec::new(),
            closes,
            ..file.clone()
        } == wave.spec
}
