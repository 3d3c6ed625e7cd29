//! What people see: typed contexts, one a page, and the templates, wording and assets they render.
//! Everything is in the binary. A context takes values and computes no figure: a number on a page is
//! a number of the report. No clock is read here; a moment is written as its wave's wall clock has it.

mod account;
pub mod assets;
mod ballot;
mod block;
mod change_block;
mod change_csv;
mod chart;
mod check;
mod columns;
pub mod dates;
mod error;
mod fault;
mod home;
mod item_form;
mod login;
mod mail;
mod more;
mod notice_mail;
mod page;
mod qr;
mod question;
mod range;
mod receipt;
mod results;
mod staff;
mod staff_wave;
mod start;
mod table;
mod users;
mod words;

pub use self::{
    account::{
        AccountPage, AccountView, ChangePasswordPage, ConfirmFault, RenewCodesPage, RunningSession,
    },
    change_csv::change_csv,
    check::{CheckPage, kept_answers},
    error::{ErrorKind, ErrorPage},
    fault::{CodeFault, words_for_fault},
    home::{HomePage, OpenWave, ReadableResult},
    login::{
        ChoosePasswordPage, CodePage, DeadLinkPage, EnrolFault, EnrolPage, LoginFault, LoginPage,
        RecoveryCodesPage,
    },
    mail::SummaryMail,
    more::MorePage,
    notice_mail::NoticeMail,
    page::Page,
    question::{AllQuestionsPage, QuestionPage},
    receipt::{DonePage, ReceiptOutcome, ReceiptPage},
    results::{LiveNote, ResultsPage},
    staff::{StaffHomePage, StaffWaveRow, UnsubscribePage, UnsubscribeState},
    staff_wave::{Balance, MailRow, MailState, StaffWave, StaffWavePage},
    start::{StartPage, StartState},
    table::table_csv,
    users::{InviteFault, UserPage, UserRow, UsersPage},
    words::{Catalogue, Words},
};

/// Every context is a template; handlers call `render`.
pub use askama::Template;
