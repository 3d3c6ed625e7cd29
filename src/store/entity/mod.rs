//! One file a table, as `migration` creates it.

pub mod admission;
pub mod audit_event;
pub mod audit_head;
pub mod code_run;
pub mod count_sheet;
pub mod entitlement;
pub mod import_file;
pub mod installation;
pub mod ledger_head;
pub mod outbox;
pub mod recovery_code;
pub mod refused_attempt;
pub mod report_snapshot;
pub mod response;
pub mod roll_person;
pub mod sensitive_act;
pub mod spent_entitlement;
pub mod staff_link;
pub mod staff_session;
pub mod staff_user;
pub mod subscriber;
pub mod survey_version;
pub mod void_entry;
pub mod wave;
