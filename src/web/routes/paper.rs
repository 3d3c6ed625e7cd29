//! Routes of the post and of keying.

use super::{Access, Table};
use crate::{domain::role::Permission, web::staff};

/// Mail bags, envelopes, and the batches that they are opened into.
pub(super) fn post_routes(table: Table) -> Table {
    table
}

/// Keying the sheets of a batch, and deciding where two keyings differ.
pub(super) fn keying_routes(table: Table) -> Table {
    table
}

/// How the work goes, and how good it is.
pub(super) fn statistics_routes(table: Table) -> Table {
    const POST: Access = Access::Staff(Permission::HandlePost);

    table.get(
        "/staff/w/{survey}/{wave}/keying",
        POST,
        staff::keying_statistics::show,
    )
}
