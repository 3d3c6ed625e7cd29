//! Pages for staff.

pub mod codes;
pub mod login;
pub mod wave;
pub mod waves;
