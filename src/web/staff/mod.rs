//! Pages for staff.

pub mod ask;
pub mod audit;
pub mod codes;
pub mod edit;
pub mod login;
pub mod privacy;
pub mod requests;
pub mod roll;
pub mod screen;
pub mod wave;
pub mod waves;
