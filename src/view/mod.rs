//! What people see: typed contexts, one a page, and the templates, wording and assets they render.
//! Everything is in the binary. A context takes values and computes no figure: a number on a page is
//! a number of the report. No clock is read here; a moment is written as its wave's wall clock has it.

pub mod assets;
mod block;
mod chart;
mod columns;

pub mod dates;
pub mod error;
mod fault;
pub mod home;
pub mod mail;
pub mod page;
pub mod participant;
pub mod question;
mod range;
pub mod results;
pub mod staff;
mod table;
pub mod words;

pub use self::{
    error::{ErrorKind, ErrorPage},
    fault::{CodeFault, words_for_fault},
    home::{HomePage, OpenWave, ReadableResult},
    mail::SummaryMail,
    page::Page,
    participant::{CheckPage, DonePage, ReceiptOutcome, ReceiptPage, StartPage, StartState},
    question::{AllQuestionsPage, QuestionPage},
    results::{LiveNote, ResultsPage},
    staff::{
        CodeCounts, LedgerCounts, LoginFault, LoginPage, MailRow, MailState, StaffHomePage,
        StaffWave, StaffWavePage, StaffWaveRow, UnsubscribePage, UnsubscribeState,
    },
    table::table_csv,
    words::{Catalogue, Words},
};

/// Every context is a template; handlers call `render`.
pub use askama::Template;
