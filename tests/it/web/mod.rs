//! The service as browsers see it, in modules that mirror its addresses.

mod access;
mod account;
mod bad_input;
mod codes;
mod headers;
mod login;
mod participant;
mod results;
pub mod second_factor;
mod staff;
mod staff_link;
mod users;
