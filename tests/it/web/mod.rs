//! The service as browsers see it, in modules that mirror its addresses.

mod access;
mod audit;
mod bad_input;
mod codes;
mod hardening;
mod headers;
mod participant;
mod people;
mod raw;
mod reading_changes_nothing;
mod results;
mod staff;
mod staff_codes;
mod throttling;
mod two_person;
