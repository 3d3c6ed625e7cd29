//! How a person gets a second factor: the service offers a secret, an app takes it, and one code of
//! the app shows that it has. The secret waits in the person's own form until then, under seal.

use futures_util::FutureExt;
use rand::rngs::StdRng;

use super::{
    Services,
    audited::Recorder,
    login::{self, LoginError},
    notify,
    second_factor::{StepUp, account_changed},
    session::{NewToken, Session},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::UserId,
        notice::AccountChange,
        sealed::{Purpose, UnsealError},
        second_factor::{RECOVERY_CODES, RecoveryCode, TotpSecret, TotpStep},
    },
    store::{self, StoreError, session::Stage, staff::User},
};

#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    #[error("the code is not right: type the six digits that the app shows now")]
    WrongCode,
    /// The form is not one that this person was given, or the account has a second factor by now.
    #[error("this form no longer holds: open the page again")]
    Stale,
    #[error(transparent)]
    Password(#[from] LoginError),
    #[error("a secret could not be sealed")]
    Seal,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A secret that an app may take, and the same under seal for the form.
pub struct Offer {
    pub secret: TotpSecret,
    pub sealed: String,
}

/// What a person has after enrolling.
pub struct Enrolled {
    pub codes: Vec<RecoveryCode>,
    /// Of the full session, where there was only half of one before.
    pub token: Option<String>,
}

/// Whether a second factor may be set from this session: from a full one, or by a person who has
/// none. Half a login must never change the other half of it.
pub fn may_enrol(session: &Session) -> bool {
    session.stage == Stage::Full || session.account.sealed_secret.is_none()
}

pub fn offer(services: &Services, user: &User) -> Result<Offer, EnrolError> {
    let mut rng = services.randomness.generator();
    let secret = TotpSecret::random(&mut rng);
    let bound = format!("{} {}", user.id, secret.to_base32());
    let sealed = services
        .keys
        .seal
        .seal(Purpose::Enrolment, &bound, &mut rng)
        .map_err(|_| EnrolError::Seal)?;
    Ok(Offer { secret, sealed })
}

/// The offer that comes back with a form.
pub fn reopen(services: &Services, user: &User, sealed: &str) -> Result<Offer, EnrolError> {
    let stale = |_: UnsealError| EnrolError::Stale;
    let bound = services.keys.seal.unseal(Purpose::Enrolment, sealed);
    let bound = bound.map_err(stale)?;
    let secret = bound
        .strip_prefix(&format!("{} ", user.id))
        .and_then(|secret| secret.parse().ok());
    Ok(Offer {
        secret: secret.ok_or(EnrolError::Stale)?,
        sealed: sealed.to_owned(),
    })
}

/// Takes the secret, once a code of it is right. Whoever is logged in already shows with their
/// password that it is them; their other sessions end.
pub async fn enrol(
    services: &Services,
    session: &Session,
    offer: &Offer,
    code: &str,
    password: String,
) -> Result<Enrolled, EnrolError> {
    if !may_enrol(session) {
        return Err(EnrolError::Stale);
    }
    confirm_if_full(services, session, password).await?;
    let step = offer.secret.step_of(code, services.now());
    let step = step.ok_or(EnrolError::WrongCode)?;
    let mut rng = services.randomness.generator();
    let sealed = seal(services, &offer.secret, &mut rng)?;
    let codes = new_codes(&mut rng);
    let (token, step_up) = step_up(services, session);
    let account = session.account.clone();
    let (current, kept) = (session.token_hash.clone(), codes.clone());
    let notice = account_changed(services, &account.user, AccountChange::SecondFactorSet)?;
    let recorder = Recorder::new(services, &session.actor());
    store::write(&services.db, move |tx| {
        async move {
            let user = account.user.id;
            let instead = account.sealed_secret.as_deref();
            if !store::second_factor::set(tx, user, &sealed, step, instead).await? {
                return Err(EnrolError::Stale);
            }
            store::second_factor::replace_recovery_codes(tx, user, &kept).await?;
            store::session::end_all(tx, user, Some(&current)).await?;
            notify::enqueue(tx, &recorder, notice).await?;
            recorder.note(tx, Act::SecondFactorSet { user }).await?;
            match step_up {
                Some(step_up) if !step_up.run(tx, &recorder, &account.user).await? => {
                    Err(EnrolError::Stale)
                }
                _ => Ok(()),
            }
        }
        .boxed()
    })
    .await?;
    Ok(Enrolled { codes, token })
}

/// New recovery codes in the place of the old ones.
pub async fn renew_codes(
    services: &Services,
    session: &Session,
    password: String,
) -> Result<Vec<RecoveryCode>, EnrolError> {
    if session.stage != Stage::Full || session.account.sealed_secret.is_none() {
        return Err(EnrolError::Stale);
    }
    confirm_if_full(services, session, password).await?;
    let codes = new_codes(&mut services.randomness.generator());
    let recorder = Recorder::new(services, &session.actor());
    let kept = codes.clone();
    let owner = &session.account.user;
    let (user, change) = (owner.id, AccountChange::RecoveryCodesRenewed);
    let notice = account_changed(services, owner, change)?;
    store::write(&services.db, move |tx| {
        async move {
            store::second_factor::replace_recovery_codes(tx, user, &kept).await?;
            notify::enqueue(tx, &recorder, notice).await?;
            recorder.note(tx, Act::RecoveryCodesRenewed { user }).await
        }
        .boxed()
    })
    .await?;
    Ok(codes)
}

/// A second factor that nobody has confirmed yet.
pub struct Given {
    pub secret: TotpSecret,
    pub codes: Vec<RecoveryCode>,
}

/// Gives a user a second factor without asking for a code of it: for whoever has the machine in hand
/// and sets an installation up.
pub async fn give(services: &Services, actor: &Actor, user: UserId) -> Result<Given, EnrolError> {
    let mut rng = services.randomness.generator();
    let secret = TotpSecret::random(&mut rng);
    let codes = new_codes(&mut rng);
    let sealed = seal(services, &secret, &mut rng)?;
    let account = store::staff::by_id(&services.db, user).await?;
    let owner = account.ok_or(EnrolError::Stale)?.user;
    let notice = account_changed(services, &owner, AccountChange::SecondFactorSet)?;
    let recorder = Recorder::new(services, actor);
    let kept = codes.clone();
    store::write(&services.db, move |tx| {
        async move {
            if !store::second_factor::set(tx, user, &sealed, TotpStep(0), None).await? {
                return Err(EnrolError::Stale);
            }
            store::second_factor::replace_recovery_codes(tx, user, &kept).await?;
            notify::enqueue(tx, &recorder, notice).await?;
            recorder.note(tx, Act::SecondFactorSet { user }).await?;
            Ok(())
        }
        .boxed()
    })
    .await?;
    Ok(Given { secret, codes })
}

fn seal(services: &Services, secret: &TotpSecret, rng: &mut StdRng) -> Result<String, EnrolError> {
    let plain = secret.to_base32();
    let sealed = services.keys.seal.seal(Purpose::SecondFactor, &plain, rng);
    sealed.map_err(|_| EnrolError::Seal)
}

async fn confirm_if_full(
    services: &Services,
    session: &Session,
    password: String,
) -> Result<(), LoginError> {
    if session.stage == Stage::Full {
        login::confirm(services, session, password).await?;
    }
    Ok(())
}

fn step_up(services: &Services, session: &Session) -> (Option<String>, Option<StepUp>) {
    if session.stage == Stage::Full {
        return (None, None);
    }
    let NewToken { token, hash } = NewToken::random(services);
    let from = session.token_hash.clone();
    (Some(token), Some(StepUp { from, to: hash }))
}

fn new_codes(rng: &mut StdRng) -> Vec<RecoveryCode> {
    (0..RECOVERY_CODES)
        .map(|_| RecoveryCode::random(rng))
        .collect()
}
