//! Pages for staff.

pub mod login;
pub mod wave;
pub mod waves;
