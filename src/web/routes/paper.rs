//! Routes of the post and of keying.

use super::{Access, Table};
use crate::{domain::role::Permission, web::staff};

/// Mail bags, envelopes, and the batches that they are opened into.
pub(super) fn post_routes(table: Table) -> Table {
    table
}

/// Keying the sheets of a batch, and deciding where two keyings differ.
pub(super) fn keying_routes(table: Table) -> Table {
    const POST: Access = Access::Staff(Permission::HandlePost);
    const SETTLE: Access = Access::Staff(Permission::SettlePaper);

    table
        .post(
            "/staff/w/{survey}/{wave}/batches/{batch}/claim",
            POST,
            staff::pile::claim,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{batch}/release",
            POST,
            staff::pile::release,
        )
        .get(
            "/staff/w/{survey}/{wave}/batches/{batch}/key",
            POST,
            staff::keying::show,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{batch}/key",
            POST,
            staff::keying::save,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{batch}/finish",
            POST,
            staff::pile::finish,
        )
        .get(
            "/staff/w/{survey}/{wave}/batches/{batch}/differences",
            SETTLE,
            staff::differences::show,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{batch}/differences",
            SETTLE,
            staff::differences::save,
        )
}

/// How the work goes, and how good it is.
pub(super) fn statistics_routes(table: Table) -> Table {
    table
}
