//! Builds a wave's report from its counts. The only place where counts become figures.

use crate::domain::{
    channel::Channel,
    frame::Frame,
    item::{Choice, Item, ItemKind},
    survey::Survey,
    wave::Wave,
};
use crate::stats::{confidence::Confidence, interval::wilson, ordinal};

use super::{
    fold::{ItemCounts, Tally},
    percent::{signed_points, whole_percent},
    report::{
        ChannelTurnout, ChoiceFigures, FORMAT, Figures, Interval, ItemBeside, ItemReport,
        LikertFigures, Median, NetAgreement, OptionFigures, RangeKind, Refused, Report, SurveyHead,
        Turnout, WaveBeside, WaveHead,
    },
};

mod ballot;

/// Fewest answers for which a range is printed.
pub const LEAST_BASE_FOR_RANGE: u64 = 10;

/// What a report is made of. `survey` is the version that `wave` asks and `tally` counts.
#[derive(Debug, Clone)]
pub struct ReportInput<'a> {
    pub survey: &'a Survey,
    pub wave: &'a Wave,
    pub tally: &'a Tally,
    pub refused: Vec<Refused>,
    /// Other waves of the same survey, in any order.
    pub beside: Vec<BesideInput<'a>>,
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
                .zip(all_figures(survey, tally, frame))
                .map(|(item, figures)| ItemReport {
                    key: item.key.clone(),
                    text: item.text.clone(),
                    figures,
                })
                .collect(),
            beside: beside
                .into_iter()
                .map(|other| set_beside(survey, other))
                .collect(),
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

/// The figures of every item, in the order of the survey.
fn all_figures(survey: &Survey, tally: &Tally, frame: Frame) -> Vec<Figures> {
    let channels = ballot::ChannelCounts::of(tally);
    survey
        .items
        .iter()
        .zip(tally.items())
        .enumerate()
        .map(|(position, (item, counts))| match &item.kind {
            ItemKind::Likert(scale) => {
                Figures::Likert(likert(scale.points(), scale.half(), &counts, frame))
            }
            ItemKind::Choice(choices) => Figures::Choice(ChoiceFigures {
                base: counts.answered,
                blank: counts.blank,
                options: option_figures(choices, &counts, frame),
            }),
            ItemKind::Ballot(form) => {
                Figures::Ballot(ballot::figures(form, &counts, &channels, position))
            }
        })
        .collect()
}

/// `half` is the number of points on each side of the middle.
fn likert(points: &[Choice], half: usize, counts: &ItemCounts, frame: Frame) -> LikertFigures {
    let base = counts.answered;
    let agree = counts.options.iter().take(half).sum();
    let disagree = counts.options.iter().rev().take(half).sum();
    LikertFigures {
        base,
        blank: counts.blank,
        points: option_figures(points, counts, frame),
        net: (base > 0).then(|| NetAgreement {
            agree,
            disagree,
            points: signed_points(agree, disagree, base),
        }),
        median: ordinal::median(&counts.options).map(|(low, high)| Median { low, high }),
        agreement: ordinal::agreement_a(&counts.options),
    }
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
            interval: range(*count, counts.answered, frame),
        })
        .collect()
}

/// None for a census, where there is no sampling range, and where too few people answered to show
/// one.
fn range(count: u64, base: u64, frame: Frame) -> Option<Interval> {
    if RangeKind::of(frame) == RangeKind::None || base < LEAST_BASE_FOR_RANGE {
        return None;
    }
    let limits = wilson(count, base, Confidence::ninety_five()).ok()?;
    let (low_percent, high_percent) = limits.whole_percents();
    let limits = limits.for_report();
    Some(Interval {
        low: limits.low,
        high: limits.high,
        low_percent,
        high_percent,
    })
}

fn set_beside(survey: &Survey, other: &BesideInput) -> WaveBeside {
    let spec = &other.wave.spec;
    let figures = all_figures(other.survey, other.tally, spec.frame);
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
                survey
                    .item(&item.key)
                    .is_some_and(|own| asks_same(own, item))
            })
            .map(|(item, figures)| ItemBeside {
                key: item.key.clone(),
                figures,
            })
            .collect(),
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
