//! The service as browsers see it, in modules that mirror its addresses.

mod access;
mod audit;
mod bad_input;
mod codes;
mod headers;
mod participant;
mod people;
mod results;
mod staff;
