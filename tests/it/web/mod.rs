//! The service as browsers see it, in modules that mirror its addresses.

mod access;
mod bad_input;
mod codes;
mod headers;
mod participant;
mod results;
mod staff;
mod two_person;
