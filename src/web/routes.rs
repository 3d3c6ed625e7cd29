//! Every route of the service, with who may use it. There is no other way to add one: a route that
//! declares nobody does not compile.

mod paper;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};

use super::{
    Web, assets, error, guard, health, home, mail_stop, participant, results, staff,
    upload::MAX_READ_BYTES,
};
use crate::domain::role::Permission;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without a login.
    Public,
    /// Staff whose password was right: what is left of a login, and the way out of it.
    HalfLoggedIn,
    /// Staff whose role has this permission.
    Staff(Permission),
}

/// One route as it was declared.
#[derive(Debug, Clone)]
pub struct Declared {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
}

pub struct Table {
    web: Web,
    router: Router<Web>,
    declared: Vec<Declared>,
}

pub fn table(web: &Web) -> Table {
    let table = Table {
        web: web.clone(),
        router: Router::new(),
        declared: Vec::new(),
    };
    let table = staff_routes(account_routes(public_routes(table)));
    paper::statistics_routes(paper::keying_routes(paper::post_routes(table)))
}

fn public_routes(table: Table) -> Table {
    use Access::Public;

    table
        .get("/", Public, home::show)
        .get("/health", Public, health::show)
        .get("/assets/{name}", Public, assets::show)
        .get("/v", Public, participant::by_code::show)
        .post("/v", Public, participant::by_code::lead)
        .get("/w/{survey}/{wave}", Public, participant::start::show)
        .post(
            "/w/{survey}/{wave}/start",
            Public,
            participant::start::begin,
        )
        .get(
            "/w/{survey}/{wave}/question/{number}",
            Public,
            participant::question::show,
        )
        .post(
            "/w/{survey}/{wave}/question/{number}",
            Public,
            participant::question::answer,
        )
        .get(
            "/w/{survey}/{wave}/questions",
            Public,
            participant::questions::show,
        )
        .post(
            "/w/{survey}/{wave}/questions",
            Public,
            participant::questions::answer,
        )
        .get("/w/{survey}/{wave}/check", Public, participant::check::show)
        .post(
            "/w/{survey}/{wave}/submit",
            Public,
            participant::submit::submit,
        )
        .get("/w/{survey}/{wave}/done", Public, participant::done::show)
        .get("/receipt", Public, participant::receipt::show)
        .get("/r/{survey}/{wave}", Public, results::show)
        .get("/r/{survey}/{wave}/report.json", Public, results::json)
        .get("/r/{survey}/{wave}/more", Public, results::more)
        .get("/r/{survey}/{wave}/table.csv", Public, results::csv)
        .get("/r/{survey}/{wave}/changes.csv", Public, results::changes)
        .get("/mail/stop/{token}", Public, mail_stop::ask)
        .post("/mail/stop/{token}", Public, mail_stop::stop)
        .get("/staff/login", Public, staff::login::show)
        .post("/staff/login", Public, staff::login::login)
        .get("/staff/link/{token}", Public, staff::link::show)
        .post("/staff/link/{token}", Public, staff::link::choose)
}

fn account_routes(table: Table) -> Table {
    const HALF: Access = Access::HalfLoggedIn;
    const ACCOUNT: Access = Access::Staff(Permission::OwnAccount);
    const USERS: Access = Access::Staff(Permission::ManageUsers);

    table
        .post("/staff/logout", HALF, staff::login::logout)
        .get("/staff/login/code", HALF, staff::second_factor::ask)
        .post("/staff/login/code", HALF, staff::second_factor::answer)
        .get("/staff/login/set-up", HALF, staff::second_factor::offer)
        .post("/staff/login/set-up", HALF, staff::second_factor::enrol)
        .get("/staff/account", ACCOUNT, staff::account::show)
        .post("/staff/account/end", ACCOUNT, staff::account::end_session)
        .get("/staff/account/password", ACCOUNT, staff::account::password)
        .post(
            "/staff/account/password",
            ACCOUNT,
            staff::account::change_password,
        )
        .get(
            "/staff/account/second-factor",
            ACCOUNT,
            staff::second_factor::offer,
        )
        .post(
            "/staff/account/second-factor",
            ACCOUNT,
            staff::second_factor::enrol,
        )
        .get(
            "/staff/account/recovery-codes",
            ACCOUNT,
            staff::account::recovery_codes,
        )
        .post(
            "/staff/account/recovery-codes",
            ACCOUNT,
            staff::account::renew_codes,
        )
        .get("/staff/users", USERS, staff::users::list)
        .post("/staff/users", USERS, staff::users::invite)
        .get("/staff/users/{user}", USERS, staff::users::show)
        .post("/staff/users/{user}/role", USERS, staff::users::change_role)
        .post("/staff/users/{user}/disable", USERS, staff::users::disable)
        .post("/staff/users/{user}/enable", USERS, staff::users::enable)
        .post(
            "/staff/users/{user}/reset-second-factor",
            USERS,
            staff::users::reset_second_factor,
        )
        .post(
            "/staff/users/{user}/send-link",
            USERS,
            staff::users::send_link,
        )
        .post(
            "/staff/users/{user}/end-sessions",
            USERS,
            staff::users::end_sessions,
        )
}

fn staff_routes(table: Table) -> Table {
    const WAVES: Access = Access::Staff(Permission::SeeWaves);
    const RUN: Access = Access::Staff(Permission::RunWaves);
    const CODES: Access = Access::Staff(Permission::IssueCodes);
    const SCREEN: Access = Access::Staff(Permission::ShowScreen);

    let table = record_and_people(table);
    table
        .get("/staff", WAVES, staff::waves::list)
        .get("/staff/w/{survey}/{wave}", WAVES, staff::wave::show)
        .post("/staff/w/{survey}/{wave}/open", RUN, staff::wave::open)
        .post("/staff/w/{survey}/{wave}/close", RUN, staff::wave::close)
        .get(
            "/staff/w/{survey}/{wave}/close",
            RUN,
            staff::wave::ask_to_close,
        )
        .post(
            "/staff/w/{survey}/{wave}/subscribe",
            RUN,
            staff::wave::subscribe,
        )
        .get("/staff/w/{survey}/{wave}/paper", WAVES, staff::paper::show)
        .get(
            "/staff/w/{survey}/{wave}/paper.css",
            WAVES,
            staff::paper::foot,
        )
        .get("/staff/w/{survey}/{wave}/codes", CODES, staff::codes::show)
        .post("/staff/w/{survey}/{wave}/codes", CODES, staff::codes::make)
        .post(
            "/staff/w/{survey}/{wave}/codes/{run}/print",
            CODES,
            staff::codes::print,
        )
        .post(
            "/staff/w/{survey}/{wave}/codes/{run}/forget",
            CODES,
            staff::codes::forget,
        )
        .post("/staff/w/{survey}/{wave}/remove", RUN, staff::wave::remove)
        .get("/staff/w/{survey}/{wave}/edit", RUN, staff::edit::show)
        .post("/staff/w/{survey}/{wave}/edit", RUN, staff::edit::save)
        .get("/staff/w/{survey}/{wave}/ask/{act}", RUN, staff::ask::show)
        .post("/staff/w/{survey}/{wave}/ask/{act}", RUN, staff::ask::ask)
        .get("/staff/requests", RUN, staff::requests::list)
        .post(
            "/staff/requests/{request}/confirm",
            RUN,
            staff::requests::confirm,
        )
        .post(
            "/staff/requests/{request}/decline",
            RUN,
            staff::requests::decline,
        )
        .post(
            "/staff/requests/{request}/withdraw",
            RUN,
            staff::requests::withdraw,
        )
        .get("/staff/screen", SCREEN, staff::screen::list)
        .get("/staff/screen/{survey}/{wave}", SCREEN, staff::screen::show)
}

/// The record of acts, and what is kept of people.
fn record_and_people(table: Table) -> Table {
    const AUDIT: Access = Access::Staff(Permission::ReadAudit);
    const ROLL: Access = Access::Staff(Permission::IssueCodes);
    const PRIVACY: Access = Access::Staff(Permission::ManagePrivacy);

    table
        .get("/staff/audit", AUDIT, staff::audit::list)
        // It leaves an event of its own.
        .post("/staff/audit.csv", AUDIT, staff::audit::csv)
        .get("/staff/audit/verify", AUDIT, staff::audit::ask_to_verify)
        .post("/staff/audit/verify", AUDIT, staff::audit::verify)
        .get("/staff/w/{survey}/{wave}/roll", ROLL, staff::roll::show)
        .post_file("/staff/w/{survey}/{wave}/roll", ROLL, staff::roll::import)
        .post(
            "/staff/w/{survey}/{wave}/roll/find",
            ROLL,
            staff::roll::find,
        )
        .post(
            "/staff/w/{survey}/{wave}/roll/remove",
            ROLL,
            staff::roll::remove,
        )
        .get("/staff/privacy", PRIVACY, staff::privacy::show)
        .post("/staff/privacy/person", PRIVACY, staff::privacy::person)
}

impl Table {
    fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::GET, path, access, on(MethodFilter::GET, handler))
    }

    fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::POST, path, access, on(MethodFilter::POST, handler))
    }

    /// A form with a file may be larger than others.
    fn post_file<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        let limit = DefaultBodyLimit::max(MAX_READ_BYTES);
        let handler = on(MethodFilter::POST, handler).layer(limit);
        self.add(Method::POST, path, access, handler)
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        handler: MethodRouter<Web>,
    ) -> Self {
        let handler = match access {
            Access::Public => handler,
            Access::HalfLoggedIn => {
                let state = self.web.clone();
                handler.route_layer(middleware::from_fn_with_state(state, guard::require_half))
            }
            Access::Staff(permission) => {
                let state = (self.web.clone(), permission);
                handler.route_layer(middleware::from_fn_with_state(state, guard::require))
            }
        };
        self.router = self.router.route(path, handler);
        self.declared.push(Declared {
            method,
            path,
            access,
        });
        self
    }

    pub fn declared(&self) -> &[Declared] {
        &self.declared
    }

    pub fn into_router(self) -> Router<Web> {
        self.router
            .fallback(error::not_found)
            .method_not_allowed_fallback(error::method_not_allowed)
    }
}
