//! What the database itself refuses, on both databases.

mod guards;
mod ledger;
mod migrating;
mod recount;
mod secrecy;
