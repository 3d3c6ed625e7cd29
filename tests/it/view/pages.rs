//! Each page in each state that it has, with sample contexts.

use countmein::{
    domain::{
        access_code::AccessCode,
        answer::{AnswerFault, FaultReason, RawAnswers},
        ballot::BallotMethod,
        channel::Channel,
        keying::{Checked, Keyed, Pass},
        receipt::Receipt,
        survey::Pages,
        text::Lang,
        wave::{AccessRule, Draft, Open, Published, WaveState},
    },
    tally::{
        paper::KeyerFigures,
        report::{ChannelTurnout, RangeKind},
    },
    view::{
        AllQuestionsPage, Balance, CheckPage, CodeFault, CodePage, DonePage, ErrorKind, ErrorPage,
        HomePage, KeyerRow, KeyingFigures, LiveNote, LoginFault, LoginPage, MailRow, MailState,
        MorePage, OpenWave, Page, QuestionPage, ReadableResult, ReceiptOutcome, ReceiptPage,
        ResultsPage, StaffHomePage, StaffKeying, StaffKeyingPage, StaffWave, StaffWavePage,
        StaffWaveRow, StartPage, StartState, Template, UnsubscribePage, UnsubscribeState,
        WaveReader, kept_answers,
    },
};

use super::samples::{money, report, sampled_paper, survey, wave, wave_key, withheld};
use super::shares::by_equal_shares;

type Named = (String, String);

fn named(name: impl Into<String>, page: &impl Template) -> Named {
    (name.into(), page.render().unwrap())
}

pub fn all(lang: &Lang) -> Vec<Named> {
    [
        home(lang),
        start(lang),
        code(lang),
        questions(lang),
        after(lang),
        results(lang),
        errors(lang),
        staff(),
    ]
    .concat()
}

fn receipt() -> Receipt {
    "7K3M-0Q2R-9XTB-44HW-C1ZP".parse().unwrap()
}

fn page(lang: &Lang) -> Page {
    Page::new(lang, "/somewhere?n=1")
}

fn home(lang: &Lang) -> Vec<Named> {
    let survey = survey(BallotMethod::Knapsack);
    let spec = wave(AccessRule::Open);
    let open = OpenWave {
        key: wave_key(),
        survey: survey.title.clone(),
        wave: spec.title.clone(),
        closes: spec.closes,
        offset: spec.offset(),
        by_code: true,
    };
    let readable = ReadableResult {
        key: wave_key(),
        survey: survey.title,
        wave: spec.title,
    };
    vec![
        named("home", &HomePage::new(&page(lang), &[open], &[readable])),
        named("home-empty", &HomePage::new(&page(lang), &[], &[])),
    ]
}

fn malformed(typed: &str) -> CodeFault {
    CodeFault::Malformed(typed.parse::<AccessCode>().unwrap_err())
}

fn start(lang: &Lang) -> Vec<Named> {
    let survey = survey(BallotMethod::Knapsack);
    let start =
        |access, state| StartPage::new(&page(lang), &survey, &wave_key(), &wave(access), &state);
    let moment = wave(AccessRule::Open).opens;
    let counted = StartState::AlreadyCounted { receipt: receipt() };
    let closed = StartState::Closed {
        closed: moment,
        results: true,
    };
    let faults = [
        CodeFault::Missing,
        malformed("ABCD"),
        malformed("U"),
        malformed("0000-0000-0000-0001"),
        malformed("1000-0000-0000-0001"),
        CodeFault::Unknown,
        CodeFault::AlreadyCounted,
        CodeFault::TooManyAttempts,
    ];
    let mut all = vec![
        named("start", &start(AccessRule::Open, StartState::Open)),
        named("start-code", &start(AccessRule::Code, StartState::Open)),
        named("start-counted", &start(AccessRule::Open, counted)),
        named("start-closed", &start(AccessRule::Open, closed)),
        named(
            "start-early",
            &start(AccessRule::Open, StartState::NotYetOpen { opens: moment }),
        ),
    ];
    all.extend(faults.into_iter().enumerate().map(|(place, fault)| {
        let page = start(AccessRule::Code, StartState::Open).with_code_fault("ABCD-<b>", fault);
        named(format!("start-code-fault-{place}"), &page)
    }));
    all
}

fn code(lang: &Lang) -> Vec<Named> {
    let asks = || CodePage::new(&page(lang));
    let wrong = asks().with_fault("ABCD-<b>", malformed("ABCD"));
    vec![named("code", &asks()), named("code-fault", &wrong)]
}

pub fn answers() -> RawAnswers {
    let several = |keys: &[&str]| keys.iter().map(ToString::to_string).collect();
    RawAnswers::from([
        ("s2".to_owned(), several(&["a"])),
        ("ballot".to_owned(), several(&["play", "hall"])),
    ])
}

fn faults() -> Vec<AnswerFault> {
    vec![
        AnswerFault {
            item: "s2".to_owned(),
            reason: FaultReason::Required,
        },
        AnswerFault {
            item: "ballot".to_owned(),
            reason: FaultReason::OverLimit {
                limit: 4,
                marked: 5,
            },
        },
    ]
}

#[expect(clippy::too_many_lines, reason = "a table, one row a page")]
fn questions(lang: &Lang) -> Vec<Named> {
    let approval = survey(BallotMethod::Approval { limit: 4 });
    let knapsack = survey(BallotMethod::Knapsack);
    let one = |survey, index, chosen: &[&str], fault: Option<FaultReason>, changing| {
        let chosen: Vec<String> = chosen.iter().map(ToString::to_string).collect();
        let page = page(lang);
        let key = wave_key();
        QuestionPage::new(
            &page,
            survey,
            &key,
            index,
            &chosen,
            fault.as_ref(),
            "d1",
            changing,
        )
        .unwrap()
    };
    let over_budget = FaultReason::OverBudget {
        budget: money(150_000),
        cost: money(160_000),
    };
    let over_limit = FaultReason::OverLimit {
        limit: 4,
        marked: 5,
    };
    let five = ["play", "bikes", "hall", "trees", "bus"];
    assert!(
        QuestionPage::new(
            &page(lang),
            &approval,
            &wave_key(),
            9,
            &[],
            None,
            "d",
            false
        )
        .is_none()
    );
    vec![
        named("question-likert", &one(&approval, 0, &[], None, false)),
        named(
            "question-likert-error",
            &one(&approval, 0, &[], Some(FaultReason::Required), false),
        ),
        named("question-optional", &one(&approval, 1, &["d"], None, true)),
        named(
            "question-choice",
            &one(&approval, 2, &["worker"], None, false),
        ),
        named(
            "question-ballot",
            &one(&approval, 3, &["play"], None, false),
        ),
        named(
            "question-ballot-error",
            &one(&approval, 3, &five, Some(over_limit), false),
        ),
        named(
            "question-knapsack-error",
            &one(&knapsack, 3, &["play", "hall"], Some(over_budget), false),
        ),
        named(
            "questions",
            &AllQuestionsPage::new(&page(lang), &approval, &wave_key(), &answers(), &[], "d1"),
        ),
        named(
            "questions-errors",
            &AllQuestionsPage::new(
                &page(lang),
                &approval,
                &wave_key(),
                &answers(),
                &faults(),
                "d",
            ),
        ),
    ]
}

fn after(lang: &Lang) -> Vec<Named> {
    let mut survey = survey(BallotMethod::Approval { limit: 4 });
    let page = page(lang);
    let key = wave_key();
    let check = CheckPage::new(&page, &survey, &key, &answers(), &[], "d1");
    let missing = CheckPage::new(&page, &survey, &key, &answers(), &faults(), "d1");
    survey.pages = Pages::AllQuestions;
    let all_on_one = CheckPage::new(&page, &survey, &key, &answers(), &[], "d1");
    let spec = wave(AccessRule::Open);
    let found = |channel| ReceiptOutcome::Found {
        survey: survey.title.clone(),
        wave: spec.title.clone(),
        channel,
        day: spec.opens.day(),
        voided: false,
    };
    let look = |typed, outcome| ReceiptPage::new(&page, typed, &outcome);
    let mut pages = vec![
        named("check", &check),
        named("check-missing", &missing),
        named("check-all", &all_on_one),
        named(
            "done",
            &DonePage::new(&page, &survey, &key, &receipt(), false),
        ),
        named(
            "done-live",
            &DonePage::new(&page, &survey, &key, &receipt(), true),
        ),
        named("receipt", &look("", ReceiptOutcome::Ask)),
        named(
            "receipt-malformed",
            &look("\"><b>", ReceiptOutcome::Malformed),
        ),
        named("receipt-unknown", &look("7K3M", ReceiptOutcome::NotFound)),
    ];
    for channel in Channel::ALL {
        pages.push(named(
            format!("receipt-{channel}"),
            &look("7K3M", found(channel)),
        ));
    }
    for (name, state) in [
        ("stop", UnsubscribeState::Ask),
        ("stopped", UnsubscribeState::Done),
    ] {
        let page = UnsubscribePage::new(&page, "abc", &survey.title, state);
        pages.push(named(name, &page));
    }
    pages
}

fn results(lang: &Lang) -> Vec<Named> {
    let live = Some(LiveNote { minimum: 10 });
    let mut open = report();
    "open".clone_into(&mut open.wave.state);
    let mut all = vec![
        named(
            "results",
            &ResultsPage::new(&page(lang), &report(), None, false),
        ),
        named(
            "results-live",
            &ResultsPage::new(&page(lang), &open, live, true),
        ),
        named(
            "results-withheld",
            &ResultsPage::new(&page(lang), &withheld(), None, true),
        ),
    ];
    let shares = by_equal_shares();
    all.push(named(
        "results-equal-shares",
        &ResultsPage::new(&page(lang), &shares, None, false),
    ));
    all.push(named("more-ballot", &MorePage::new(&page(lang), &shares)));
    all.push(named("more", &MorePage::new(&page(lang), &report())));
    all.push(named(
        "more-withheld",
        &MorePage::new(&page(lang), &withheld()),
    ));
    let mut sample = report();
    sample.paper = Some(sampled_paper());
    sample.range = RangeKind::ConfidenceInterval;
    sample.wave.frame = countmein::domain::frame::Frame::Sample { size: 12_000 };
    all.push(named(
        "sample",
        &ResultsPage::new(&page(lang), &sample, None, false),
    ));
    all
}

fn errors(lang: &Lang) -> Vec<Named> {
    let mut all: Vec<Named> = ErrorKind::ALL
        .into_iter()
        .map(|kind| {
            named(
                format!("error-{}", kind.code()),
                &ErrorPage::new(&page(lang), kind),
            )
        })
        .collect();
    let approval = survey(BallotMethod::Approval { limit: 4 });
    let kept = kept_answers(&page(lang), &approval, &answers());
    assert_eq!(kept.len(), 2);
    let kept = ErrorPage::new(&page(lang), ErrorKind::Closed)
        .because("It closed on 30 April.")
        .keeping(kept)
        .with_reference("01J");
    all.push(named("error-kept", &kept));
    all
}

fn staff() -> Vec<Named> {
    let page = Page::for_staff("/staff");
    let spec = wave(AccessRule::Code);
    let moment = spec.opens;
    let published = WaveState::Published(Published {
        opened_at: moment,
        closed_at: moment,
        published_at: moment,
    });
    let with = |state, voided| staff_wave(state, voided);
    let row = StaffWaveRow {
        key: wave_key(),
        survey: survey(BallotMethod::Knapsack).title,
        wave: spec.title.clone(),
        state: published,
        channels: channels(),
        opens: spec.opens,
        closes: spec.closes,
        offset: spec.offset(),
    };
    let open = WaveState::Open(Open {
        opened_at: moment,
        stopped_at: None,
    });
    vec![
        named("login", &LoginPage::new(&page, "", None)),
        named(
            "login-wrong",
            &LoginPage::new(&page, "ann@example.org", Some(LoginFault::Wrong)),
        ),
        named(
            "staff-home",
            &StaffHomePage::new(&page, "ann@example.org", &[row]),
        ),
        named(
            "staff-home-empty",
            &StaffHomePage::new(&page, "ann@example.org", &[]),
        ),
        named(
            "staff-draft",
            &StaffWavePage::new(&page, &with(WaveState::Draft(Draft), 3)),
        ),
        named(
            "staff-open",
            &StaffWavePage::new(&page, &with(open, 4))
                .with_address_fault("ann", "Write an e-mail address such as ann@example.org."),
        ),
        named(
            "staff-published",
            &StaffWavePage::new(&page, &with(published, 3)).with_notice("Published."),
        ),
        named("staff-keying", &StaffKeyingPage::new(&page, &keying(true))),
        named(
            "staff-keying-own",
            &StaffKeyingPage::new(&page, &keying(false)),
        ),
    ]
}

fn keying(sees_all: bool) -> StaffKeying {
    let paper = report().paper.unwrap();
    let checked = Checked {
        sheets: 500,
        wrong_sheets: 11,
        fields: 3500,
        wrong_fields: 12,
        differences: 20,
    };
    let row = |email: &str, pass, checked| KeyerRow {
        email: email.to_owned(),
        pass,
        figures: KeyerFigures::of(Keyed {
            sheets: 512,
            seconds: 4600,
            checked,
        }),
    };
    StaffKeying {
        key: wave_key(),
        survey: survey(BallotMethod::Knapsack).title,
        wave: wave(AccessRule::Code).title,
        method: paper.method,
        figures: sees_all.then(|| KeyingFigures {
            batches: 20,
            sheets: 512,
            twice: paper.keyed_twice,
            differences_per_ten_thousand: Some(50.1),
            remaining: paper.remaining,
        }),
        keyers: vec![
            row("ann@example.org", Pass::First, checked),
            row("ann@example.org", Pass::Decision, Checked::default()),
        ],
    }
}

fn channels() -> Vec<ChannelTurnout> {
    report().turnout.channels
}

fn staff_wave(state: WaveState, voided: u64) -> StaffWave {
    let spec = wave(AccessRule::Code);
    StaffWave {
        key: wave_key(),
        survey: survey(BallotMethod::Knapsack).title,
        languages: survey(BallotMethod::Knapsack).languages,
        wave: spec.title.clone(),
        state,
        access: spec.access,
        results: spec.results,
        opens: spec.opens,
        closes: spec.closes,
        offset: spec.offset(),
        channels: channels(),
        is_ending: false,
        paper_waits: false,
        balances: vec![
            Balance {
                what: "Entries in the ledger",
                whole: 74,
                parts: vec![("responses", 72), ("count sheets", 1), ("voids", 1)],
            },
            Balance {
                what: "Access codes issued",
                whole: 200,
                parts: vec![("used", 72), ("unused", 125), ("voided", voided)],
            },
        ],
        subscribers: (1..).zip(spec.subscribers).collect(),
        waiting: 1,
        reader: WaveReader {
            runs_waves: true,
            reads_results: true,
            handles_post: true,
        },
        mails: vec![MailRow {
            to: "ann@example.org".to_owned(),
            state: MailState::Sent,
            tries: 1,
        }],
    }
}
