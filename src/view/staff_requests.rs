//! The page of what waits for a second person, and of what was decided lately. In English.

use askama::Template;

use super::{dates, page::Page};
use crate::domain::{
    count_sheet::Difference,
    id::{RequestId, UserId},
    text::Text,
    two_person::{Lifecycle, Member, Reason, SensitiveAct},
    wave::Wave,
};

/// A request as the page lists it.
#[derive(Debug, Clone)]
pub struct RequestRow {
    pub id: RequestId,
    pub survey: Text,
    pub wave: Wave,
    pub act: SensitiveAct,
    pub state: Lifecycle,
    pub asker: Member,
    pub decider: Option<Member>,
    /// For a count sheet that is to be replaced.
    pub differences: Vec<Difference>,
}

#[derive(Debug, Template)]
#[template(path = "staff_requests.html", config = "src/view/askama.toml")]
pub struct StaffRequestsPage {
    page: Page,
    waiting: Vec<ShownRequest>,
    decided: Vec<ShownRequest>,
    notice: Option<String>,
}

#[derive(Debug)]
struct ShownRequest {
    id: String,
    wave: String,
    wave_href: String,
    what: String,
    consequence: &'static str,
    reason: Option<String>,
    asked: String,
    outcome: String,
    is_own: bool,
    differences: Vec<(String, String, String)>,
}

impl StaffRequestsPage {
    /// `reader` is who is logged in.
    pub fn new(
        page: &Page,
        reader: UserId,
        waiting: &[RequestRow],
        decided: &[RequestRow],
    ) -> Self {
        let shown = |rows: &[RequestRow]| {
            rows.iter()
                .map(|row| ShownRequest::new(page, reader, row))
                .collect()
        };
        Self {
            page: page.titled("Requests that need a second person"),
            waiting: shown(waiting),
            decided: shown(decided),
            notice: None,
        }
    }

    /// Why nothing was done.
    #[must_use]
    pub fn with_notice(mut self, notice: String) -> Self {
        self.notice = Some(notice);
        self
    }
}

impl ShownRequest {
    fn new(page: &Page, reader: UserId, row: &RequestRow) -> Self {
        let asked = row.state.asked();
        let at = |moment| dates::moment(page.words, moment, row.wave.spec.offset());
        let by = row.decider.as_ref().map_or("", |member| &member.email);
        let outcome = match row.state {
            Lifecycle::Asked(_) => String::new(),
            Lifecycle::Confirmed(decided) | Lifecycle::Applied(decided) => {
                format!("Confirmed and done by {by}, {}", at(decided.at))
            }
            Lifecycle::Declined(decided) => format!("Declined by {by}, {}", at(decided.at)),
            Lifecycle::Withdrawn(decided) => format!("Withdrawn by {by}, {}", at(decided.at)),
        };
        Self {
            id: row.id.to_string(),
            wave: format!(
                "{}: {}",
                row.survey.get(&page.lang),
                row.wave.spec.title.get(&page.lang)
            ),
            wave_href: format!("/staff/w/{}", row.wave.key),
            what: what(page, row),
            consequence: consequence(&row.act),
            reason: row.act.reason().map(|why| Reason::as_str(why).to_owned()),
            asked: format!("{}, {}", row.asker.email, at(asked.at)),
            outcome,
            is_own: asked.by == reader,
            differences: row
                .differences
                .iter()
                .map(|difference| {
                    let name = difference.option.as_ref().map_or_else(
                        || "people".to_owned(),
                        |(item, option)| format!("{item}: {option}"),
                    );
                    let number = |n| page.words.number(n);
                    (name, number(difference.from), number(difference.to))
                })
                .collect(),
        }
    }
}

fn what(page: &Page, row: &RequestRow) -> String {
    let until = |closes| dates::moment(page.words, closes, row.wave.spec.offset());
    match &row.act {
        SensitiveAct::Publish => "Publish the results".to_owned(),
        SensitiveAct::Extend { closes, .. } => format!("Extend until {}", until(*closes)),
        SensitiveAct::Reopen { closes, .. } => format!("Reopen until {}", until(*closes)),
        SensitiveAct::Void { entry, .. } => format!("Void the entry at place {entry}"),
        SensitiveAct::ReplaceSheet { entry, .. } => {
            format!("Replace the count sheet at place {entry}")
        }
    }
}

fn consequence(act: &SensitiveAct) -> &'static str {
    match act {
        SensitiveAct::Publish => "Everyone can read the results. This cannot be undone.",
        SensitiveAct::Extend { .. } => {
            "Answers count up to the new time. Those that came between the old closing time and the confirmation stay refused."
        }
        SensitiveAct::Reopen { .. } => {
            "The wave takes answers again. When it closes, a corrected summary goes to everyone who gets one."
        }
        SensitiveAct::Void { .. } => {
            "The entry stays in the ledger and is no longer counted. Its access code stays used. This cannot be undone."
        }
        SensitiveAct::ReplaceSheet { .. } => {
            "The old sheet stays in the ledger and is no longer counted; the new one is counted instead."
        }
    }
}
