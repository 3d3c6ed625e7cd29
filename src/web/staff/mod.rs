//! Pages for staff.

pub mod audit;
pub mod codes;
pub mod login;
pub mod privacy;
pub mod roll;
pub mod wave;
pub mod waves;
