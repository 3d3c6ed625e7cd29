//! Running the service: an orderly end, a violent end, and what the log says.

mod crash;
mod log;
mod process;
mod shutdown;
mod traces;
