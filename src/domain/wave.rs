//! A wave: one collection period of a survey, from draft to published.

use serde::{Deserialize, Serialize};
use time::UtcOffset;

use super::{
    channel::Channel,
    frame::Frame,
    id::{SurveyVersionId, WaveId},
    key::{WaveKey, WaveName},
    moment::Moment,
    text::Text,
};

/// What a survey file says of a wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveSpec {
    pub name: WaveName,
    pub title: Text,
    pub opens: Moment,
    /// The last millisecond at which a response counts.
    pub closes: Moment,
    /// Offset from UTC, in minutes, in which people read the dates.
    pub offset_minutes: i16,
    pub access: AccessRule,
    pub channels: Vec<Channel>,
    pub frame: Frame,
    pub results: ResultsRule,
    /// Who gets the summary by e-mail.
    pub subscribers: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessRule {
    /// Whoever has the address. One browser is counted once; one person with two is not stopped.
    Open,
    /// One access code, one counted response.
    Code,
}

/// When the public sees results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultsRule {
    /// While answers come in, in steps that protect the single answer.
    Live,
    /// Once the wave is published.
    Published,
}

impl WaveSpec {
    pub fn offset(&self) -> UtcOffset {
        UtcOffset::from_whole_seconds(i32::from(self.offset_minutes) * 60).unwrap_or(UtcOffset::UTC)
    }

    /// Whether nothing but the online form feeds this wave, so that its closing time ends it.
    pub fn is_online_only(&self) -> bool {
        self.channels == [Channel::Online]
    }
}

/// A wave as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    pub id: WaveId,
    pub key: WaveKey,
    pub version: SurveyVersionId,
    pub spec: WaveSpec,
    pub state: WaveState,
}

/// draft → open → closed → published. What is counted stays counted; a wave that has closed can take
/// answers again, when two people agree and nobody outside has seen its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaveState {
    Draft(Draft),
    Open(Open),
    Closed(Closed),
    Published(Published),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draft;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    pub opened_at: Moment,
    /// When staff ended the taking of answers; the wave closes once the last of them are in.
    pub stopped_at: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub opened_at: Moment,
    pub closed_at: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub opened_at: Moment,
    pub closed_at: Moment,
    pub published_at: Moment,
}

/// How long after the closing time a response that arrived in time may still be on its way into the
/// ledger. Until then the wave stays open to the appender and to nobody else.
pub const DRAIN: std::time::Duration = std::time::Duration::from_secs(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    #[error("the wave is {0}, and only a draft can be opened")]
    Open(&'static str),
    #[error("the wave is {0}, and only an open one can be closed")]
    Close(&'static str),
    #[error("the wave is {0}, and only a closed one can be published")]
    Publish(&'static str),
    #[error("the wave is {0}, and only an open one can be extended")]
    Extend(&'static str),
    #[error("the wave is {0}, and only one that is closed and not published can be reopened")]
    Reopen(&'static str),
    #[error("the wave takes answers until {0}: bring its closing time forward first")]
    StillCollecting(Moment),
}

impl WaveState {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft(_) => "draft",
            Self::Open(_) => "open",
            Self::Closed(_) => "closed",
            Self::Published(_) => "published",
        }
    }

    pub fn open(self, now: Moment) -> Result<Open, TransitionError> {
        match self {
            Self::Draft(draft) => Ok(draft.open(now)),
            other => Err(TransitionError::Open(other.name())),
        }
    }

    /// Ends the taking of answers ahead of the closing of the wave.
    pub fn stop(self, now: Moment) -> Result<Open, TransitionError> {
        match self {
            Self::Open(open) => Ok(open.stop(now)),
            other => Err(TransitionError::Close(other.name())),
        }
    }

    /// `closes` is the wave's closing time: the last answers need [`DRAIN`] to reach the ledger.
    pub fn close(self, now: Moment, closes: Moment) -> Result<Closed, TransitionError> {
        match self {
            Self::Open(_) if now <= closes + DRAIN => Err(TransitionError::StillCollecting(closes)),
            Self::Open(open) => Ok(open.close(now)),
            other => Err(TransitionError::Close(other.name())),
        }
    }

    /// A wave with a later closing time goes on taking answers, even when it had been stopped.
    pub fn extend(self) -> Result<Open, TransitionError> {
        match self {
            Self::Open(open) => Ok(open.go_on()),
            other => Err(TransitionError::Extend(other.name())),
        }
    }

    pub fn reopen(self) -> Result<Open, TransitionError> {
        match self {
            Self::Closed(closed) => Ok(closed.reopen()),
            other => Err(TransitionError::Reopen(other.name())),
        }
    }

    pub fn publish(self, now: Moment) -> Result<Published, TransitionError> {
        match self {
            Self::Closed(closed) => Ok(closed.publish(now)),
            other => Err(TransitionError::Publish(other.name())),
        }
    }
}

impl Draft {
    pub fn open(self, now: Moment) -> Open {
        Open {
            opened_at: now,
            stopped_at: None,
        }
    }
}

impl Open {
    /// Ends the taking of answers; the first time counts.
    #[must_use]
    pub fn stop(self, now: Moment) -> Self {
        Self {
            stopped_at: self.stopped_at.or(Some(now)),
            ..self
        }
    }

    fn go_on(self) -> Self {
        Self {
            stopped_at: None,
            ..self
        }
    }

    fn close(self, now: Moment) -> Closed {
        Closed {
            opened_at: self.opened_at,
            closed_at: now,
        }
    }
}

impl Closed {
    fn reopen(self) -> Open {
        Open {
            opened_at: self.opened_at,
            stopped_at: None,
        }
    }

    pub fn publish(self, now: Moment) -> Published {
        Published {
            opened_at: self.opened_at,
            closed_at: self.closed_at,
            published_at: now,
        }
    }
}

/// Why a response is not taken at this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAccepting {
    NotYetOpen { opens: Moment },
    Closed { closed: Moment },
    Channel,
}

impl Wave {
    /// Whether a response that the server received at `received` counts: at the closing time itself
    /// it does, a millisecond later it does not.
    pub fn accepts(&self, channel: Channel, received: Moment) -> Result<(), NotAccepting> {
        let closed = NotAccepting::Closed {
            closed: self.spec.closes,
        };
        match self.state {
            WaveState::Draft(_) => Err(NotAccepting::NotYetOpen {
                opens: self.spec.opens,
            }),
            WaveState::Closed(_) | WaveState::Published(_) => Err(closed),
            WaveState::Open(_) if received < self.spec.opens => Err(NotAccepting::NotYetOpen {
                opens: self.spec.opens,
            }),
            WaveState::Open(_) if received > self.spec.closes => Err(closed),
            WaveState::Open(_) if !self.spec.channels.contains(&channel) => {
                Err(NotAccepting::Channel)
            }
            WaveState::Open(_) => Ok(()),
        }
    }
}
