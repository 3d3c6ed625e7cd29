//! What people see: typed contexts, one a page, and the templates, wording and assets they render.
//! Everything is in the binary. A context takes values and computes no figure: a number on a page is
//! a number of the report. No clock is read here; a moment is written as its wave's wall clock has it.

mod account;
mod act_words;
pub mod assets;
mod audit;
mod ballot;
mod block;
mod change_block;
mod change_csv;
mod chart;
mod check;
mod code;
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
mod paper_block;
pub mod print;
mod privacy;
mod qr;
mod question;
mod range;
mod receipt;
mod results;
mod roll;
mod sheet_fields;
mod spreadsheet;
mod staff;
mod staff_ask;
mod staff_bag;
mod staff_batch;
mod staff_batches;
mod staff_codes;
mod staff_differences;
mod staff_edit;
mod staff_keying;
mod staff_keying_statistics;
mod staff_plan;
mod staff_post;
mod staff_requests;
mod staff_screen;
mod staff_wave;
mod start;
mod table;
mod users;
mod words;

pub use self::{
    account::{
        AccountPage, AccountView, ChangePasswordPage, ConfirmFault, RenewCodesPage, RunningSession,
    },
    audit::{
        AuditCheck, AuditExcerpt, AuditPage, AuditQuery, AuditRow, AuditVerifyPage, Names,
        audit_csv_head, audit_csv_rows,
    },
    change_csv::change_csv,
    check::{CheckPage, kept_answers},
    code::CodePage,
    error::{ErrorKind, ErrorPage},
    fault::{CodeFault, words_for_fault},
    home::{HomePage, OpenWave, ReadableResult},
    login::{
        ChoosePasswordPage, DeadLinkPage, EnrolFault, EnrolPage, FactorPage, LoginFault, LoginPage,
        RecoveryCodesPage,
    },
    mail::{SummaryKind, SummaryMail},
    more::MorePage,
    notice_mail::NoticeMail,
    page::Page,
    privacy::{ErasedCertificate, KeptRow, PrivacyFault, PrivacyPage, StaffPrivacy, WaveDates},
    question::{AllQuestionsPage, QuestionPage},
    receipt::{DonePage, ReceiptOutcome, ReceiptPage},
    results::{LiveNote, ResultsPage},
    roll::{RollGroup, RollPage, StaffRoll},
    staff::{StaffHomePage, StaffWaveRow, UnsubscribePage, UnsubscribeState},
    staff_ask::{AskFault, AskField, AskForm, AskKind, SheetChoice, StaffAskPage},
    staff_bag::{ScanAnswer, ScanOutcome, StaffBag, StaffBagPage},
    staff_batch::{PileRow, StaffBatch, StaffBatchPage},
    staff_batches::{BatchRow, Holder, StaffBatches, StaffBatchesPage},
    staff_codes::{RunRow, StaffCodes, StaffCodesPage},
    staff_differences::DifferencesPage,
    staff_edit::{StaffClosePage, StaffEditPage, short_wave_warning},
    staff_keying::{KeyingPage, Pile, PilePage, SaveForm, StaleSheetPage, Typing, batches},
    staff_keying_statistics::{KeyerRow, KeyingFigures, StaffKeying, StaffKeyingPage},
    staff_post::{BagRow, Envelopes, StaffPost, StaffPostPage},
    staff_requests::{RequestRow, StaffRequestsPage},
    staff_screen::{ScreenPage, ScreensPage, Taking},
    staff_wave::{Balance, MailRow, MailState, StaffWave, StaffWavePage, WaveReader},
    start::{StartPage, StartState},
    table::table_csv,
    users::{InviteFault, UserPage, UserRow, UsersPage},
    words::{Catalogue, Words},
};

/// Every context is a template; handlers call `render`.
pub use askama::Template;
