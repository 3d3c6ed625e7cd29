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
            "/staff/w/{survey}/{wave}/batches/{batch}",
            POST,
            staff::batch::show,
        )
        .get(
            "/staff/w/{survey}/{wave}/batches/{batch}/cover",
            POST,
            staff::cover::show,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{batch}/count-pile",
            POST,
            staff::batch::count_pile,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{batch}/restart",
            SETTLE,
            staff::batch::restart,
        )
        .post(
            "/staff/w/{survey}/{wave}/batches/{batch}/count",
            SETTLE,
            staff::batch::count,
        )
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
    const POST: Access = Access::Staff(Permission::HandlePost);

    table.get(
        "/staff/w/{survey}/{wave}/keying",
        POST,
        staff::keying_statistics::show,
    )
}
