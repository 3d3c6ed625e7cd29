//! Every figure of a wave as one value. Pages, files and e-mails render a report and compute nothing.
//!
//! The JSON form is stable: `format` goes up when a field changes its meaning or goes away.
//! `docs/report-json.md` describes each field for its readers.

use serde::{Deserialize, Serialize};

use crate::domain::{
    channel::Channel,
    frame::Frame,
    key::{ItemKey, OptionKey, SurveyKey, WaveName},
    moment::Moment,
    text::{Lang, Text},
    wave::AccessRule,
};

mod ballot;
mod change;
mod paper;

pub use ballot::{
    BallotAnalysis, BallotChange, BallotFigures, FirstChange, LoserAnalysis, Margin, Needed,
    Outcome, Price, ProjectFigures, Repeats, Satisfied, SpentOn, UnderRule, VoterShare,
    WithoutChannel,
};
pub use change::{
    Change, Comparison, Difference, ItemChange, MeasuredChange, NotCompared, OrdinalTest,
    SignedInterval, TestMethod, Verdict,
};

pub use paper::{
    DoubtfulMarks, KeyedTwice, KeyingMethod, PaperReport, PaperSheets, RemainingBasis,
    RemainingErrors,
};

/// A new field that may be absent does not raise it: older snapshots stay readable.
pub const FORMAT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub format: u32,
    pub survey: SurveyHead,
    pub wave: WaveHead,
    pub turnout: Turnout,
    pub range: RangeKind,
    pub items: Vec<ItemReport>,
    /// Other waves of the same survey, oldest first, with the figures of the items that have the
    /// same wording and the same options in both.
    pub beside: Vec<WaveBeside>,
    /// How the paper was keyed. None for a wave without any, and while the wave is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<PaperReport>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SurveyHead {
    pub key: SurveyKey,
    pub title: Text,
    pub languages: Vec<Lang>,
    /// SHA-256 of the wording that people saw.
    pub wording: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaveHead {
    pub name: WaveName,
    pub title: Text,
    /// `draft`, `open`, `closed` or `published`.
    pub state: String,
    pub opens: Moment,
    pub closes: Moment,
    /// Offset from UTC, in minutes, in which people read the dates.
    pub offset_minutes: i16,
    pub frame: Frame,
    pub access: AccessRule,
}

/// Who is counted, and what is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turnout {
    /// Responses plus people on count sheets, less what was voided.
    pub people: u64,
    /// One row a channel that has any people, in the order online, postal, meeting.
    pub channels: Vec<ChannelTurnout>,
    pub voided: u64,
    /// Attempts that were not counted, by reason and never by person.
    pub refused: Vec<Refused>,
    /// Last place of the ledger that these figures include.
    pub watermark: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelTurnout {
    pub channel: Channel,
    /// People counted one by one.
    pub responses: u64,
    /// People counted on count sheets.
    pub on_sheets: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub reason: RefusalReason,
    pub attempts: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalReason {
    /// The access code had been counted before, on whichever channel.
    CodeAlreadyCounted,
    /// No such access code for this wave.
    CodeUnknown,
    /// Received after the closing time.
    AfterClosing,
    /// An envelope without a code that anybody can read, or torn open.
    EnvelopeSpoilt,
    /// A paper with nothing marked on it.
    PaperBlank,
    PaperSpoilt,
    PaperUnreadable,
    /// A paper with marks, none of which is valid: over the limit, unclear, or several for one answer.
    PaperNoValidMark,
}

impl RefusalReason {
    pub const ALL: [Self; 8] = [
        Self::CodeAlreadyCounted,
        Self::CodeUnknown,
        Self::AfterClosing,
        Self::EnvelopeSpoilt,
        Self::PaperBlank,
        Self::PaperSpoilt,
        Self::PaperUnreadable,
        Self::PaperNoValidMark,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::CodeAlreadyCounted => "code-already-counted",
            Self::CodeUnknown => "code-unknown",
            Self::AfterClosing => "after-closing",
            Self::EnvelopeSpoilt => "envelope-spoilt",
            Self::PaperBlank => "paper-blank",
            Self::PaperSpoilt => "paper-spoilt",
            Self::PaperUnreadable => "paper-unreadable",
            Self::PaperNoValidMark => "paper-no-valid-mark",
        }
    }
}

/// What a printed range means in this wave; the words for it are the view's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RangeKind {
    /// A census: everyone was asked, so there is no sampling range.
    None,
    /// A random sample: a 95 % confidence interval.
    ConfidenceInterval,
    /// Whoever came: how far chance could move the figure, and nothing about who came.
    SmallNumbersRange,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemReport {
    pub key: ItemKey,
    pub text: Text,
    pub figures: Figures,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Figures {
    Likert(LikertFigures),
    Choice(ChoiceFigures),
    Ballot(BallotFigures),
    /// Disclosure control keeps the figures back.
    Withheld {
        reason: WithheldReason,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum WithheldReason {
    /// Fewer than `minimum` people have answered.
    TooFewPeople { minimum: u64 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LikertFigures {
    /// People who answered this item: the base of every share below.
    pub base: u64,
    /// People counted in the wave who left this item blank.
    pub blank: u64,
    /// From the most agreeing point of the scale to the least.
    pub points: Vec<OptionFigures>,
    pub net: Option<NetAgreement>,
    pub median: Option<Median>,
    /// van der Eijk's A: 1 all on one point, 0 spread evenly, −1 split between the two ends.
    pub agreement: Option<f64>,
    /// What A says in one word. None below ten answers.
    #[serde(default)]
    pub division: Option<Division>,
    /// Figures that a page shows only on request.
    #[serde(default)]
    pub more: Option<MoreFigures>,
}

/// The rule is in [`crate::stats::division`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Division {
    Agreed,
    Leaning,
    Divided,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoreFigures {
    /// Goodman's simultaneous 95 % intervals, one a point: they hold for the whole row together, so
    /// they are the ones with which to compare points of one statement. Empty where no ranges are
    /// shown.
    pub row: Vec<Interval>,
    /// Range of `agreement`, from resampling people. None where no ranges are shown.
    pub agreement_range: Option<AgreementRange>,
    /// With the answers on a point spread evenly over it, and the points numbered from 1 for the
    /// least agreeing.
    pub interpolated_median: Option<f64>,
    pub mean: Option<Mean>,
    /// Tastle and Wierman's consensus: 0 split between the two ends, 1 all on one point.
    pub consensus: Option<f64>,
    /// Leik's D: 0 all on one point, 1 split between the two ends.
    pub leik: Option<f64>,
}

/// Percentile limits of a bootstrap over people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AgreementRange {
    pub low: f64,
    pub high: f64,
    pub replicates: u64,
    pub seed: u64,
}

/// The mean of the point numbers, from 1 for the least agreeing. It takes the distances between
/// points as equal, which the scale itself does not say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    pub mean: f64,
    /// None for a single answer.
    pub sd: Option<f64>,
    /// 95 % t limits. None where no ranges are shown.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChoiceFigures {
    pub base: u64,
    pub blank: u64,
    pub options: Vec<OptionFigures>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptionFigures {
    pub key: OptionKey,
    pub text: Text,
    pub count: u64,
    /// `count / base` rounded half up to a whole per cent, in exact integer arithmetic.
    pub percent: u64,
    /// 95 % Wilson interval of the share, from 0 to 1, for a sample corrected for the size of the
    /// group that it was drawn from. None for a census and below ten answers.
    pub interval: Option<Interval>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    /// The limits as whole per cent, rounded half up.
    pub low_percent: u64,
    pub high_percent: u64,
}

/// Share on the agreeing side of the scale less share on the other side; the middle point of an odd
/// scale is on neither.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NetAgreement {
    pub agree: u64,
    pub disagree: u64,
    /// `(agree − disagree) / base` in whole percentage points, half away from zero.
    pub points: i64,
    /// Tango's 95 % score interval. None for a census and below ten answers.
    #[serde(default)]
    pub interval: Option<SignedInterval>,
}

/// Positions (from 0) of the scale points between which the middle answer lies: equal unless the
/// answers divide exactly in half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Median {
    pub low: usize,
    pub high: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaveBeside {
    pub name: WaveName,
    pub title: Text,
    pub opens: Moment,
    pub people: u64,
    pub frame: Frame,
    pub range: RangeKind,
    pub items: Vec<ItemBeside>,
    /// What changed between this wave and that one. None for a survey without statements.
    #[serde(default)]
    pub comparison: Option<Comparison>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemBeside {
    pub key: ItemKey,
    pub figures: Figures,
}
