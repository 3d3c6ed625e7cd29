//! Routes of the post and of keying.

use super::{Access, Table};
use crate::{domain::role::Permission, web::staff};

/// Mail bags, envelopes, and the batches that they are opened into.
pub(super) fn post_routes(table: Table) -> Table {
    const POST: Access = Access::Staff(Permission::HandlePost);

    let table = table
        .get("/staff/w/{survey}/{wave}/post", POST, staff::post::show)
        .post(
            "/staff/w/{survey}/{wave}/post/bags",
            POST,
            staff::post::open_bag,
        )
        .get(
            "/staff/w/{survey}/{wave}/post/bags/{bag}",
            POST,
            staff::bag::show,
        )
        .post(
            "/staff/w/{survey}/{wave}/post/bags/{bag}",
            POST,
            staff::bag::receive,
        );
    batch_routes(table)
}

fn batch_routes(table: Table) -> Table {
    const POST: Access = Access::Staff(Permission::HandlePost);
    const SETTLE: Access = Access::Staff(Permission::SettlePaper);

    table
        .get(
            "/staff/w/{survey}/{wave}/batches",
            POST,
            staff::batches::show,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches",
            POST,
            staff::batches::open,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/plan",
            SETTLE,
            staff::batches::choose_plan,
        )
        .get(
            "/staff/w/{survey}/{wave}/batches/{number}",
            POST,
            staff::batch::show,
        )
        .get(
            "/staff/w/{survey}/{wave}/batches/{number}/cover",
            POST,
            staff::cover::show,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{number}/count-pile",
            POST,
            staff::batch::count_pile,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{number}/restart",
            SETTLE,
            staff::batch::restart,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{number}/count",
            SETTLE,
            staff::batch::count,
        )
}

/// Keying the sheets of a batch, and deciding where two keyings differ.
pub(super) fn keying_routes(table: Table) -> Table {
    table
}

/// How the work goes, and how good it is.
pub(super) fn statistics_routes(table: Table) -> Table {
    table
}
