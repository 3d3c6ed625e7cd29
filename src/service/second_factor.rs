//! The second half of a login: the code of an app, or a recovery code.

use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::DatabaseTransaction;

use super::{
    Services,
    audited::{self, Recorder},
    notify,
    session::{self, NewToken, Session},
    throttle::{Limit, Stopped, Throttle},
};
use crate::{
    domain::{
        audit::{Act, Actor},
        id::UserId,
        moment::Moment,
        notice::{AccountChange, Notice},
        sealed::Purpose,
        second_factor::{RecoveryCode, SecondFactor, TotpSecret, TotpStep},
    },
    store::{
        self, StoreError,
        outbox::NewNotice,
        session::Stage,
        staff::{Account, User},
    },
};

const WINDOW: Duration = Duration::from_mins(5);
pub const PER_ACCOUNT: Limit = Limit {
    tries: 5,
    within: WINDOW,
};
const REMEMBERED: usize = 10_000;

/// Wrong second factors of the last five minutes, by account.
#[derive(Debug)]
pub struct WrongFactors(Throttle<UserId>);

impl Default for WrongFactors {
    fn default() -> Self {
        Self(Throttle::new(PER_ACCOUNT, REMEMBERED))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    #[error("the code is not right, or it was used before")]
    Wrong,
    #[error("too many wrong codes for this account: wait {} minutes", WINDOW.as_secs() / 60)]
    TooMany(Stopped),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Completes a login: the token of a full session, which takes the place of the half one.
pub async fn complete(
    services: &Services,
    session: &Session,
    typed: &str,
) -> Result<String, SecondFactorError> {
    let NewToken { token, hash } = NewToken::random(services);
    let step_up = StepUp {
        from: session.token_hash.clone(),
        to: hash,
    };
    let actor = session.actor();
    match pass(services, &actor, &session.account, typed, Some(step_up)).await {
        Ok(()) => Ok(token),
        Err(error @ SecondFactorError::TooMany(_)) => {
            session::log_out(services, session).await?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// The same for somebody without a session: at the command line.
pub(super) async fn prove(
    services: &Services,
    asking: &Actor,
    account: &Account,
    typed: &str,
) -> Result<(), SecondFactorError> {
    pass(services, asking, account, typed, None).await
}

/// From a half session to a full one, by the hashes of their tokens.
pub(super) struct StepUp {
    pub from: String,
    pub to: String,
}

impl StepUp {
    /// The last step of a login; false when the half session is gone. A token that was only good for
    /// half a login is never good for the whole.
    pub async fn run(
        &self,
        tx: &DatabaseTransaction,
        recorder: &Recorder,
        user: &User,
    ) -> Result<bool, StoreError> {
        if !store::session::end(tx, user.id, &self.from).await? {
            return Ok(false);
        }
        session::start(tx, &self.to, user.id, Stage::Full, recorder.now()).await?;
        recorder.note(tx, Act::LoggedIn).await?;
        Ok(true)
    }
}

async fn pass(
    services: &Services,
    asking: &Actor,
    account: &Account,
    typed: &str,
    step_up: Option<StepUp>,
) -> Result<(), SecondFactorError> {
    let user = account.user.clone();
    let now = services.now();
    let wrong = &services.wrong_factors.0;
    let guess = wrong
        .take(&user.id, now)
        .await
        .map_err(SecondFactorError::TooMany)?;
    let passed = match Proof::read(services, account, typed, now)? {
        None => false,
        Some(proof) => {
            let recorder = Recorder::new(services, asking);
            let notice = proof.notice(services, &user)?;
            store::write(&services.db, move |tx| {
                async move { use_up(tx, &recorder, &proof, notice, &user, step_up).await }.boxed()
            })
            .await?
        }
    };
    if passed {
        return Ok(());
    }
    guess.was_wrong();
    tracing::warn!("a second factor was refused");
    let user = Some(account.user.id);
    audited::note_refused(services, asking, Act::LoginRefused { user }).await?;
    Err(SecondFactorError::Wrong)
}

async fn use_up(
    tx: &DatabaseTransaction,
    recorder: &Recorder,
    proof: &Proof,
    notice: Option<NewNotice>,
    user: &User,
    step_up: Option<StepUp>,
) -> Result<bool, SecondFactorError> {
    match proof {
        Proof::Step(step) => {
            if !store::second_factor::use_step(tx, user.id, *step).await? {
                return Ok(false);
            }
        }
        Proof::Recovery(code) => {
            if !store::second_factor::use_recovery_code(tx, user.id, code).await? {
                return Ok(false);
            }
            let left = store::second_factor::recovery_codes_left(tx, user.id).await?;
            let user = user.id;
            recorder
                .note(tx, Act::RecoveryCodeUsed { user, left })
                .await?;
        }
    }
    if let Some(notice) = notice {
        notify::enqueue(tx, recorder, notice).await?;
    }
    match step_up {
        // Nothing is used up for a login that has ended meanwhile.
        Some(step_up) if !step_up.run(tx, recorder, user).await? => Err(SecondFactorError::Wrong),
        _ => Ok(true),
    }
}

/// What was typed, right as far as can be told without using it up.
enum Proof {
    Step(TotpStep),
    Recovery(RecoveryCode),
}

impl Proof {
    fn read(
        services: &Services,
        account: &Account,
        typed: &str,
        now: Moment,
    ) -> Result<Option<Self>, StoreError> {
        match (SecondFactor::read(typed), &account.sealed_secret) {
            (_, None) => Ok(None),
            (SecondFactor::Recovery(code), Some(_)) => Ok(Some(Self::Recovery(code))),
            (SecondFactor::AppCode(digits), Some(sealed)) => {
                let step = unseal(services, sealed)?.step_of(&digits, now);
                Ok(step.map(Self::Step))
            }
        }
    }

    fn notice(&self, services: &Services, user: &User) -> Result<Option<NewNotice>, StoreError> {
        match self {
            Self::Step(_) => Ok(None),
            Self::Recovery(_) => {
                account_changed(services, user, AccountChange::RecoveryCodeUsed).map(Some)
            }
        }
    }
}

fn unseal(services: &Services, sealed: &str) -> Result<TotpSecret, StoreError> {
    let broken =
        |error: &dyn std::fmt::Display| store::inconsistent("staff_user", "totp_secret", error);
    let plain = services.keys.seal.unseal(Purpose::SecondFactor, sealed);
    let plain = plain.map_err(|error| broken(&error))?;
    plain.parse().map_err(|error| broken(&error))
}

/// The mail that says to a person what has changed in the way into their account.
pub(super) fn account_changed(
    services: &Services,
    user: &User,
    change: AccountChange,
) -> Result<NewNotice, StoreError> {
    let at = services.now();
    notify::seal(
        services,
        &user.email,
        &Notice::AccountChanged { change, at },
        None,
    )
}
