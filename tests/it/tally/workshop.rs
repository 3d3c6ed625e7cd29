//! The workshop survey that the product comes from: its published tables must come out of a report.

use countmein::{
    domain::{channel::Channel, frame::Frame, survey::Survey},
    tally::{
        build::{BesideInput, NoRanges, ReportInput},
        fold::Tally,
        report::{
            Change, Division, MeasuredChange, Median, NetAgreement, OrdinalTest, RangeKind, Report,
            TestMethod, Verdict,
        },
    },
};

use super::support::{as_likert, likert, report, survey, tally, wave};

/// An illustrative reconstruction: counts that fit the published per cents below, and not the true
/// counts, which were never published.
const JANUARY: (usize, [[usize; 5]; 7]) = (
    62,
    [
        [13, 27, 9, 10, 0],
        [35, 24, 1, 1, 0],
        [1, 16, 3, 27, 12],
        [3, 14, 8, 30, 3],
        [0, 4, 0, 38, 17],
        [2, 9, 9, 38, 4],
        [0, 2, 4, 44, 10],
    ],
);
const APRIL: (usize, [[usize; 5]; 7]) = (
    85,
    [
        [16, 52, 3, 14, 0],
        [24, 56, 2, 3, 0],
        [2, 32, 2, 37, 12],
        [4, 30, 5, 44, 2],
        [0, 2, 3, 47, 33],
        [2, 33, 16, 34, 0],
        [0, 7, 8, 57, 12],
    ],
);

/// As published in the report on the training programme of 2012.
const JANUARY_PERCENT: [[u64; 5]; 7] = [
    [22, 46, 15, 17, 0],
    [57, 39, 2, 2, 0],
    [2, 27, 5, 46, 20],
    [5, 24, 14, 52, 5],
    [0, 7, 0, 64, 29],
    [3, 15, 15, 61, 6],
    [0, 3, 7, 73, 17],
];
const APRIL_PERCENT: [[u64; 5]; 7] = [
    [19, 61, 4, 16, 0],
    [28, 66, 2, 4, 0],
    [2, 38, 2, 44, 14],
    [5, 35, 6, 52, 2],
    [0, 2, 4, 55, 39],
    [2, 39, 19, 40, 0],
    [0, 8, 10, 68, 14],
];

fn star_survey() -> Survey {
    survey(
        (1..=7)
            .map(|number| likert(&format!("s{number}"), 5))
            .collect(),
    )
}

/// Responses that give these counts; whoever is left over left the statement blank.
fn star_tally((people, rows): &(usize, [[usize; 5]; 7])) -> Tally {
    let columns: Vec<String> = rows
        .iter()
        .map(|row| {
            let answers: String = ["1", "2", "3", "4", "5"]
                .iter()
                .zip(row)
                .map(|(symbol, count)| symbol.repeat(*count))
                .collect();
            format!("{answers:-<people$}")
        })
        .collect();
    let block: String = (0..*people)
        .flat_map(|person| columns.iter().map(move |column| &column[person..=person]))
        .collect();
    tally(&star_survey(), Channel::Meeting, &[&block])
}

#[test]
fn the_workshop_tables_come_out_as_published() {
    let survey = star_survey();
    for (counts, published) in [(&JANUARY, &JANUARY_PERCENT), (&APRIL, &APRIL_PERCENT)] {
        let report = report(&survey, &wave("w", Frame::Open, 0), &star_tally(counts));
        for ((item, row), percents) in report.items.iter().zip(&counts.1).zip(published) {
            let figures = as_likert(&item.figures);
            let found: Vec<u64> = figures.points.iter().map(|point| point.percent).collect();
            assert_eq!(found, percents, "{}", item.key);
            let base: usize = row.iter().sum();
            assert_eq!(usize::try_from(figures.base), Ok(base));
            assert_eq!(usize::try_from(figures.blank), Ok(counts.0 - base));
        }
    }
}

/// April's report with January beside it.
fn april_after_january() -> Report {
    let survey = star_survey();
    let (january, april) = (star_tally(&JANUARY), star_tally(&APRIL));
    let (january_wave, april_wave) = (wave("jan", Frame::Open, 0), wave("apr", Frame::Open, 9));
    Report::build(&ReportInput {
        survey: &survey,
        wave: &april_wave,
        tally: &april,
        refused: Vec::new(),
        beside: vec![BesideInput {
            wave: &january_wave,
            survey: &survey,
            tally: &january,
        }],
        ranges: &NoRanges,
        ballots: None,
        paper: None,
    })
}

fn changes(report: &Report) -> Vec<(MeasuredChange, OrdinalTest)> {
    let comparison = report.beside[0].comparison.as_ref().expect("comparison");
    assert_eq!(
        (comparison.from.as_str(), comparison.to.as_str()),
        ("jan", "apr")
    );
    assert_eq!(comparison.range, RangeKind::SmallNumbersRange);
    assert_eq!(comparison.tested, 7);
    comparison
        .items
        .iter()
        .map(|item| match item.change {
            Change::Measured(change) => (change, change.test.expect("test")),
            Change::NotCompared { reason } => panic!("{}: {reason:?}", item.key),
        })
        .collect()
}

/// The reconstruction says: S6 and S2 changed, and the other five show no clear change.
#[test]
fn january_and_april_differ_on_fees_and_on_how_strongly_quality_is_agreed_with() {
    let verdicts: Vec<Verdict> = changes(&april_after_january())
        .iter()
        .map(|(_, test)| test.verdict)
        .collect();
    let same = Verdict::NoClearChange;
    let expected = [
        same,
        Verdict::Lower,
        same,
        same,
        same,
        Verdict::Higher,
        same,
    ];
    assert_eq!(verdicts, expected);
}

/// Newcombe's interval and the two p values from statsmodels 0.15.0 (`confint_proportions_2indep`,
/// `rank_compare_2indep`) and scipy 1.17.1 (`brunnermunzel`); MOVER on Tango limits worked out apart.
#[test]
fn the_change_on_fees_has_its_ranges() {
    let changes = changes(&april_after_january());
    let (fees, test) = changes[5];
    assert_eq!((fees.agree.points, fees.net.points), (23, 51));
    let agree = fees.agree.interval.expect("range");
    assert_eq!((agree.low_points, agree.high_points), (8, 36));
    let net = fees.net.interval.expect("range");
    assert_eq!((net.low_points, net.high_points), (22, 76));
    assert_eq!(test.method, TestMethod::BrunnerMunzel);
    assert!(test.superiority > 0.6);
    let (_, quality) = changes[1];
    assert!((quality.p - 0.000_559_758_010_032_665).abs() < 1e-9);
    assert!((quality.superiority - (1.0 - 0.646_576_663_452_266_2)).abs() < 1e-9);
    assert!((quality.p_adjusted - 6.0 * quality.p).abs() < 1e-9);
}

#[test]
fn the_word_for_how_people_agree_follows_the_answers() {
    use Division::{Agreed, Divided, Leaning};
    let report = april_after_january();
    let words = |items: Vec<_>| -> Vec<Division> {
        items
            .into_iter()
            .map(|figures| as_likert(figures).division.expect("a word"))
            .collect()
    };
    let january = words(report.beside[0].items.iter().map(|i| &i.figures).collect());
    let april = words(report.items.iter().map(|i| &i.figures).collect());
    let expected = [Leaning, Agreed, Divided, Leaning, Agreed, Leaning, Agreed];
    assert_eq!(january, expected);
    let expected = [Leaning, Agreed, Divided, Divided, Agreed, Divided, Agreed];
    assert_eq!(april, expected);
}

#[test]
fn fees_and_taxes_moved_from_january_to_april() {
    let report = april_after_january();
    let now = as_likert(&report.items[5].figures);
    let before = as_likert(&report.beside[0].items[5].figures);
    // Tango's limits: R PropCIs 0.3-0, `scoreci.mp`.
    let net = |net: Option<NetAgreement>| {
        let net = net.expect("net agreement");
        let range = net.interval.expect("range");
        let limits = (range.low_points, range.high_points);
        (net.agree, net.disagree, net.points, limits)
    };
    assert_eq!(net(before.net), (11, 42, -50, (-67, -28)));
    assert_eq!(net(now.net), (35, 34, 1, (-18, 20)));
    assert_eq!(before.median, Some(Median { low: 3, high: 3 }));
    assert_eq!(now.median, Some(Median { low: 2, high: 2 }));
    // R agrmt: 0.62 and 0.35 (statistics of the reconstruction).
    let rounded = |agreement: Option<f64>| format!("{:.2}", agreement.expect("A"));
    assert_eq!(rounded(before.agreement), "0.62");
    assert_eq!(rounded(now.agreement), "0.35");
    let range = before.points[1].interval.expect("range");
    assert_eq!((range.low_percent, range.high_percent), (8, 25));
    assert_eq!(report.beside[0].people, 62);
}

/// The example of `docs/report-json.md` is a report, and its figures are April's.
#[test]
fn the_documented_example_holds() {
    let text = include_str!("../../../docs/report-json.md");
    let (_, rest) = text.split_once("```json\n").expect("example");
    let (json, _) = rest.split_once("```").expect("end of example");
    let example: Report = serde_json::from_str(json).expect("a report");
    let survey = star_survey();
    let april = report(&survey, &wave("april", Frame::Open, 0), &star_tally(&APRIL));
    let (shown, built) = (
        as_likert(&example.items[0].figures),
        as_likert(&april.items[5].figures),
    );
    assert_eq!(shown.points[0].interval, built.points[0].interval);
    assert_eq!(
        (shown.base, shown.net, shown.median, shown.agreement),
        (built.base, built.net, built.median, built.agreement)
    );
    assert_eq!(shown.division, built.division);
    assert_eq!((example.format, example.range), (april.format, april.range));
}
