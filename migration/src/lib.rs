//! The database, one file a change. Portable column types only: text, integers, and times as
//! milliseconds since 1970; no database enums, no JSON queries, no decimals.

use sea_orm_migration::prelude::*;

mod guard;
mod guard_paper;
mod guard_two_person;
mod m20261122_000001_surveys_and_waves;
mod m20261122_000002_staff;
mod m20261122_000003_ledger;
mod m20261122_000004_mail;
mod m20261122_000005_installation;
mod m20261126_000006_roles;
mod m20261126_000007_audit;
mod m20261126_000008_two_person;
mod m20261126_000009_roll;
mod m20261126_000010_head_at_closing;
mod m20261126_000011_roll_fingerprints;
mod m20261126_000012_paper;
mod m20261130_000013_more_acts_of_two;

pub use sea_orm_migration::MigratorTrait;

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_surveys_and_waves::Migration),
            Box::new(m20261122_000002_staff::Migration),
            Box::new(m20261122_000003_ledger::Migration),
            Box::new(m20261122_000004_mail::Migration),
            Box::new(m20261122_000005_installation::Migration),
            Box::new(m20261126_000006_roles::Migration),
            Box::new(m20261126_000007_audit::Migration),
            Box::new(m20261126_000008_two_person::Migration),
            Box::new(m20261126_000009_roll::Migration),
            Box::new(m20261126_000010_head_at_closing::Migration),
            Box::new(m20261126_000011_roll_fingerprints::Migration),
            Box::new(m20261126_000012_paper::Migration),
            Box::new(m20261130_000013_more_acts_of_two::Migration),
        ]
    }
}
