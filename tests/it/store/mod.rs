//! What the database itself refuses, on both databases.

mod guards;
mod ledger;
mod linkage;
mod migrating;
mod recount;
mod secrecy;
