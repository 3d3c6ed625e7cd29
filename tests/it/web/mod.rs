//! The service as browsers see it, in modules that mirror its addresses.

mod participant;
