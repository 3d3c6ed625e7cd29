//! What the database itself refuses, on both databases.

pub(super) mod guards;
mod ledger;
mod linkage;
mod migrating;
mod migrating_rows;
mod paper_guards;
mod recount;
mod secrecy;
mod two_person;
