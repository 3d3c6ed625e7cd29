//! The service as browsers see it, in modules that mirror its addresses.

mod access;
mod account;
mod audit;
mod bad_input;
mod codes;
mod every_route;
mod hardening;
mod headers;
mod keying;
mod login;
mod participant;
mod passwords;
mod people;
pub mod post;
mod raw;
mod reading_changes_nothing;
mod results;
pub mod second_factor;
mod sessions;
mod staff;
mod staff_codes;
mod staff_keying_statistics;
mod staff_link;
mod staff_paper;
mod throttling;
mod two_person;
mod users;
