//! Estimates and their uncertainty. The only place where floats live.
