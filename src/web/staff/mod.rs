//! Pages for staff.

pub mod ask;
pub mod edit;
pub mod login;
pub mod requests;
pub mod screen;
pub mod wave;
pub mod waves;
