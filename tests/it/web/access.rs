//! Every route of the table, asked for by everyone: what is not declared public is closed.

use countmein::{
    domain::role::{Permission, Role},
    web::{
        Web,
        routes::{self, Access, Declared, Table},
    },
};
use reqwest::Method;

use crate::support::{STAFF_EMAIL, STAFF_PASSWORD, TestApp, browsing::Browser, on_both};

/// The address of a declared route, with something in the place of each parameter.
pub fn address(path: &str) -> String {
    path.replace("{survey}", "co-production-attitudes")
        .replace("{wave}", "now")
        .replace("{number}", "1")
        .replace("{run}", "1")
        .replace("{bag}", "1")
        .replace("{batch}", "1")
        .replace("{token}", "none")
        .replace("{act}", "extend")
        .replace("{request}", "1")
        .replace("{user}", "999999")
        .replace("{name}", "none.css")
}

/// What became of a request, as far as access goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// The handler was reached, whatever it then said.
    LetIn,
    ToLogin,
    Forbidden,
}

async fn ask(browser: &Browser, route: &Declared) -> Answer {
    let path = address(route.path);
    let request = browser.request(route.method.clone(), &path);
    let request = if route.method == Method::GET {
        request
    } else {
        request
            .header("sec-fetch-site", "same-origin")
            .form(&[("a", "b")])
    };
    let response = request.send().await.unwrap();
    let to_login = response
        .headers()
        .get("location")
        .is_some_and(|target| target == "/staff/login");
    match response.status().as_u16() {
        303 if to_login && route.path != LOGOUT => Answer::ToLogin,
        403 => Answer::Forbidden,
        _ => Answer::LetIn,
    }
}

/// It leads to the login by itself, and ends the session that the test goes on with.
const LOGOUT: &str = "/staff/logout";

fn table(app: &TestApp) -> Table {
    let web = Web::new(std::sync::Arc::clone(&app.services), &app.config, &[7; 32]);
    routes::table(&web)
}

on_both!(
    every_route_is_open_to_exactly_the_roles_that_it_declares,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        let table = table(&app);
        let stranger = Browser::new(&app);
        let mut closed = 0;
        for route in table.declared() {
            let answer = ask(&stranger, route).await;
            match route.access {
                Access::Public => assert_eq!(answer, Answer::LetIn, "{route:?} is public"),
                Access::HalfLoggedIn | Access::Staff(_) if route.method == Method::GET => {
                    assert_eq!(answer, Answer::ToLogin, "{route:?} let a stranger in");
                }
                Access::HalfLoggedIn | Access::Staff(_) => {
                    assert_eq!(answer, Answer::Forbidden, "{route:?} let a stranger in");
                }
            }
        }
        for role in Role::ALL {
            let email = format!("{role}@example.org");
            app.add_user(&email, role).await;
            for route in table.declared() {
                let Access::Staff(permission) = route.access else {
                    continue;
                };
                let browser = Browser::of_staff(&app, &email).await;
                let expected = if permission.roles().contains(&role) {
                    Answer::LetIn
                } else {
                    Answer::Forbidden
                };
                closed += usize::from(expected == Answer::Forbidden);
                assert_eq!(ask(&browser, route).await, expected, "{role}: {route:?}");
            }
        }
        assert!(closed >= 15, "hardly anything is closed to anybody");
    }
);

on_both!(
    half_a_login_opens_what_is_left_of_it_and_nothing_else,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        for (email, has_factor) in [("new@example.org", false), ("old@example.org", true)] {
            let user = app.add_user(email, Role::Administrator).await;
            if has_factor {
                app.give_second_factor(user).await;
            }
            let table = table(&app);
            for route in table.declared() {
                let expected = match route.access {
                    Access::Public | Access::HalfLoggedIn => Answer::LetIn,
                    Access::Staff(_) if route.method == Method::GET => Answer::ToLogin,
                    Access::Staff(_) => Answer::Forbidden,
                };
                let browser = Browser::new(&app);
                let half = browser.give_password(email, STAFF_PASSWORD).await;
                assert_eq!(half.status, 303);
                assert_eq!(ask(&browser, route).await, expected, "{email}: {route:?}");
            }
        }
    }
);

/// `docs/security.md` says to people what the code says to the server.
#[test]
fn the_printed_matrix_is_the_one_in_force() {
    let printed = crate::support::repository_file("docs/security.md");
    for permission in Permission::ALL {
        let cells: Vec<&str> = Role::ALL
            .iter()
            .map(|role| if role.may(permission) { "yes" } else { "–" })
            .collect();
        let row = format!("| `{permission:?}` | {} |", cells.join(" | "));
        assert!(printed.contains(&row), "docs/security.md lacks {row}");
    }
}

on_both!(
    a_change_asked_for_by_another_site_is_refused,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        app.add_staff().await;
        let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
        let close = "/staff/w/co-production-attitudes/now/close";
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ] {
            let response = staff
                .request(Method::POST, close)
                .header(name, value)
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), 403);
            assert!(response.text().await.unwrap().contains("E-FORBIDDEN"));
        }
        let key = "co-production-attitudes/now".parse().unwrap();
        let wave = countmein::service::lookup::find_now(&app.services, &key)
            .await
            .unwrap()
            .wave;
        assert!(
            wave.accepts(
                countmein::domain::channel::Channel::Online,
                app.services.now()
            )
            .is_ok()
        );
    }
);
