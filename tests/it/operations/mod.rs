//! Running the service: an orderly end, a violent end, and what the log says.

mod crash;
mod log;
mod log_lines;
mod post;
pub mod process;
mod races;
mod shutdown;
mod traces;
