//! Builds a wave's report from its counts. The only place where counts become figures.

use super::{
    fold::{ItemCounts, Tally},
    paper::PaperInput,
    percent::whole_percent,
    report::{
        ChannelTurnout, ChoiceFigures, FORMAT, Figures, ItemBeside, ItemReport, OptionFigures,
        PaperReport, RangeKind, Refused, Report, SurveyHead, Turnout, WaveBeside, WaveHead,
    },
};
use std::collections::BTreeMap;

use crate::domain::{
    channel::Channel,
    frame::Frame,
    item::{Choice, Item, ItemKind},
    key::ItemKey,
    survey::Survey,
    wave::{Wave, WaveState},
};

mod ballot;
mod change;
mod likert;
mod range;
mod resampled;

pub use crate::stats::resample::Replications;
pub use ballot::{SingleBallots, whole_minor};
pub(super) use change::adjust;
pub use range::LEAST_BASE_FOR_RANGE;
pub use resampled::{AgreementRanges, NoRanges, Resampled};

/// What a report is made of. `survey` is the version that `wave` asks and `tally` counts.
#[derive(Debug, Clone)]
pub struct ReportInput<'a> {
    pub survey: &'a Survey,
    pub wave: &'a Wave,
    pub tally: &'a Tally,
    pub refused: Vec<Refused>,
    /// Other waves of the same survey, in any order.
    pub beside: Vec<BesideInput<'a>>,
    /// Where the ranges of agreement come from: [`Resampled`], or something that remembers them.
    pub ranges: &'a dyn AgreementRanges,
    /// What was made of this wave's single ballots, once it is closed.
    pub ballots: Option<&'a BTreeMap<ItemKey, SingleBallots>>,
    /// None for a wave without counted batches of paper.
    pub paper: Option<&'a PaperInput>,
}

/// Another wave, with the version of the survey that it asked.
#[derive(Debug, Clone, Copy)]
pub struct BesideInput<'a> {
    pub wave: &'a Wave,
    pub survey: &'a Survey,
    pub tally: &'a Tally,
}

impl Report {
    pub fn build(input: &ReportInput) -> Self {
        let ReportInput {
            survey,
            wave,
            tally,
            ranges,
            ballots,
            ..
        } = input;
        let frame = wave.spec.frame;
        let mut beside: Vec<&BesideInput> = input.beside.iter().collect();
        beside.sort_by_key(|other| other.wave.spec.opens);
        Self {
            format: FORMAT,
            survey: SurveyHead {
                key: survey.key.clone(),
                title: survey.title.clone(),
                languages: survey.languages.clone(),
                wording: survey.wording_hash(),
            },
            wave: WaveHead::of(wave),
            turnout: turnout(tally, &input.refused),
            range: RangeKind::of(frame),
            items: survey
                .items
                .iter()
                .zip(all_figures(
                    survey,
                    tally,
                    &RangeTerms::of(wave, *ranges),
                    *ballots,
                ))
                .map(|(item, figures)| ItemReport {
                    key: item.key.clone(),
                    text: item.text.clone(),
                    figures,
                })
                .collect(),
            beside: beside
                .into_iter()
                .map(|other| set_beside(input, other))
                .collect(),
            paper: input.paper.map(PaperReport::build),
        }
    }
}

impl WaveHead {
    fn of(wave: &Wave) -> Self {
        let spec = &wave.spec;
        Self {
            name: spec.name.clone(),
            title: spec.title.clone(),
            state: wave.state.name().to_owned(),
            opens: spec.opens,
            closes: spec.closes,
            offset_minutes: spec.offset_minutes,
            frame: spec.frame,
            access: spec.access,
        }
    }
}

impl RangeKind {
    pub fn of(frame: Frame) -> Self {
        match frame {
            Frame::Census { .. } => Self::None,
            Frame::Sample { .. } => Self::ConfidenceInterval,
            Frame::Open => Self::SmallNumbersRange,
        }
    }
}

fn turnout(tally: &Tally, refused: &[Refused]) -> Turnout {
    Turnout {
        people: tally.people(),
        channels: Channel::ALL
            .into_iter()
            .filter(|channel| tally.people_in(*channel) > 0)
            .map(|channel| ChannelTurnout {
                channel,
                responses: tally.responses(channel),
                on_sheets: tally.on_sheets(channel),
            })
            .collect(),
        voided: tally.voided(),
        refused: refused.to_vec(),
        watermark: tally.watermark().0,
    }
}

/// What decides about the ranges of a wave's figures.
struct RangeTerms<'a> {
    frame: Frame,
    ranges: &'a dyn AgreementRanges,
    replications: Replications,
}

impl<'a> RangeTerms<'a> {
    fn of(wave: &Wave, ranges: &'a dyn AgreementRanges) -> Self {
        Self {
            frame: wave.spec.frame,
            ranges,
            replications: match wave.state {
                WaveState::Draft(_) | WaveState::Open(_) => Replications::on_screen(),
                WaveState::Closed(_) | WaveState::Published(_) => Replications::published(),
            },
        }
    }
}

/// The counts whose ranges of agreement the report of this wave will ask for.
pub fn wanted_ranges(wave: &Wave, survey: &Survey, tally: &Tally) -> Vec<(Vec<u64>, Replications)> {
    let terms = RangeTerms::of(wave, &NoRanges);
    survey
        .items
        .iter()
        .zip(tally.items())
        .filter(|(item, counts)| {
            matches!(item.kind, ItemKind::Likert(_))
                && range::is_shown(counts.answered, terms.frame)
        })
        .map(|(_, counts)| (counts.options, terms.replications))
        .collect()
}

/// The figures of every item, in the order of the survey.
fn all_figures(
    survey: &Survey,
    tally: &Tally,
    wave: &RangeTerms,
    ballots: Option<&BTreeMap<ItemKey, SingleBallots>>,
) -> Vec<Figures> {
    let channels = ballot::ChannelCounts::of(tally);
    survey
        .items
        .iter()
        .zip(tally.items())
        .enumerate()
        .map(|(position, (item, counts))| match &item.kind {
            ItemKind::Likert(scale) => Figures::Likert(likert::figures(scale, &counts, wave)),
            ItemKind::Choice(choices) => Figures::Choice(ChoiceFigures {
                base: counts.answered,
                blank: counts.blank,
                options: option_figures(choices, &counts, wave.frame),
            }),
            ItemKind::Ballot(form) => {
                let single = ballots.and_then(|ballots| ballots.get(&item.key));
                Figures::Ballot(ballot::figures(form, &counts, &channels, position, single))
            }
        })
        .collect()
}

fn option_figures(choices: &[Choice], counts: &ItemCounts, frame: Frame) -> Vec<OptionFigures> {
    choices
        .iter()
        .zip(&counts.options)
        .map(|(choice, count)| OptionFigures {
            key: choice.key.clone(),
            text: choice.text.clone(),
            count: *count,
            percent: whole_percent(*count, counts.answered),
            interval: range::of_share(*count, counts.answered, frame),
        })
        .collect()
}

fn set_beside(input: &ReportInput, other: &BesideInput) -> WaveBeside {
    let spec = &other.wave.spec;
    let figures = all_figures(
        other.survey,
        other.tally,
        &RangeTerms::of(other.wave, input.ranges),
        // A rule that needs single ballots has its outcome in that wave's own report.
        None,
    );
    WaveBeside {
        name: spec.name.clone(),
        title: spec.title.clone(),
        opens: spec.opens,
        people: other.tally.people(),
        frame: spec.frame,
        range: RangeKind::of(spec.frame),
        items: other
            .survey
            .items
            .iter()
            .zip(figures)
            .filter(|(item, _)| {
                input
                    .survey
                    .item(&item.key)
                    .is_some_and(|own| asks_same(own, item))
            })
            .map(|(item, figures)| ItemBeside {
                key: item.key.clone(),
                figures,
            })
            .collect(),
        comparison: change::compare(input, other),
    }
}

/// Whether two waves put the same question: the same wording, in every language, and the same
/// answers to choose from. For a ballot these include what the projects cost, the budget and what a
/// person may mark, on which every vote depends; descriptions and help texts may differ.
fn asks_same(own: &Item, other: &Item) -> bool {
    let same_kind = match (&own.kind, &other.kind) {
        (ItemKind::Likert(own), ItemKind::Likert(other)) => own == other,
        (ItemKind::Choice(own), ItemKind::Choice(other)) => own == other,
        (ItemKind::Ballot(own), ItemKind::Ballot(other)) => ballot::asks_same(own, other),
        _ => false,
    };
    same_kind && own.text == other.text
}
