//! A participant sends their answers: checked against the survey, admitted once, and counted.

use super::{
    Services,
    appender::AppendError,
    lookup::{self, LookupError},
};
use crate::{
    domain::{
        access_code::AccessCode,
        answer::{AnswerFault, Answers},
        channel::Channel,
        key::WaveKey,
        layout::LayoutError,
        moment::Moment,
        receipt::{Receipt, VisitToken},
        wave::{AccessRule, NotAccepting},
    },
    store::{
        self, StoreError,
        ledger::{Appended, Arrival, NewResponse},
    },
};

#[derive(Debug, Clone)]
pub struct Submission {
    pub wave: WaveKey,
    pub token: VisitToken,
    pub code: Option<AccessCode>,
    /// In the layout of the wave's survey, as “check your answers” showed them.
    pub answers: String,
    /// When the server had the whole request.
    pub received: Moment,
}

/// Both mean that this browser's response is counted, once; the second that it was already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    Counted(Receipt),
    CountedBefore {
        receipt: Receipt,
        /// Whether what counts is what was sent now: a second press of the button, and no change.
        as_sent: bool,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("the answers do not fit the survey")]
    Layout(#[from] LayoutError),
    #[error("some answers are missing or cannot be counted")]
    Faults(Vec<AnswerFault>),
    #[error("this wave takes no answers now")]
    NotAccepting(NotAccepting),
    #[error("this wave needs an access code")]
    CodeMissing,
    #[error("this access code was not issued for this wave")]
    CodeUnknown,
    #[error("this access code has been counted already")]
    CodeAlreadyCounted,
    #[error(transparent)]
    Append(#[from] AppendError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn submit(services: &Services, submission: Submission) -> Result<Submitted, SubmitError> {
    let asked = lookup::find(services, &submission.wave).await?;
    let survey = &asked.survey.survey;
    let answers = asked.survey.layout.decode(survey, &submission.answers)?;
    check(&answers, survey)?;
    let entitlement = match (asked.wave.spec.access, &submission.code) {
        (AccessRule::Open, _) => None,
        (AccessRule::Code, Some(code)) => Some(code.hash(&services.keys.code)),
        (AccessRule::Code, None) => return Err(SubmitError::CodeMissing),
    };
    let receipt = submission.token.receipt();
    let response = NewResponse {
        wave: asked.wave.id,
        channel: Channel::Online,
        admission: submission.token.admission_key(),
        entitlement,
        receipt: receipt.clone(),
        answers: asked.survey.layout.encode(&answers),
        arrival: Arrival::Received(submission.received),
    };
    match services.appender.append(response).await? {
        Appended::Counted => Ok(Submitted::Counted(receipt)),
        Appended::AlreadyAdmitted => {
            let sent = asked.survey.layout.encode(&answers);
            let as_sent = store::ledger_read::holds(&services.db, &receipt, &sent).await?;
            Ok(Submitted::CountedBefore { receipt, as_sent })
        }
        Appended::CodeAlreadyCounted => Err(SubmitError::CodeAlreadyCounted),
        Appended::CodeUnknown => Err(SubmitError::CodeUnknown),
        Appended::NotAccepting(reason) => Err(SubmitError::NotAccepting(reason)),
    }
}

fn check(answers: &Answers, survey: &crate::domain::survey::Survey) -> Result<(), SubmitError> {
    let missing = answers.missing(survey);
    if missing.is_empty() {
        Ok(())
    } else {
        Err(SubmitError::Faults(missing))
    }
}
