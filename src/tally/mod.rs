//! From the ledger's responses to one [`report::Report`]: counts are integers, allocation is exact.

pub mod report;
