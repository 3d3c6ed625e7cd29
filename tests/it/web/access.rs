//! Every route of the table, asked for by everyone: what is not declared public is closed.

use countmein::web::{
    Web,
    routes::{self, Access},
};
use reqwest::Method;

use crate::support::{browsing::Browser, on_both};

/// The address of a declared route, with something in the place of each parameter.
pub fn address(path: &str) -> String {
    path.replace("{survey}", "co-production-attitudes")
        .replace("{wave}", "now")
        .replace("{number}", "1")
        .replace("{token}", "none")
        .replace("{name}", "none.css")
}

on_both!(
    a_route_for_staff_is_closed_to_everyone_else,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        app.add_staff().await;
        let web = Web::new(std::sync::Arc::clone(&app.services), &app.config, &[7; 32]);
        let table = routes::table(&web);
        let (stranger, staff) = (Browser::new(&app), Browser::new(&app));
        staff.log_in().await;
        let mut closed = 0;
        for route in table.declared() {
            let path = address(route.path);
            let ask = async |browser: &Browser| {
                let response = browser
                    .request(route.method.clone(), &path)
                    .form(&[("a", "b")]);
                let response = if route.method == Method::GET {
                    browser.request(Method::GET, &path).send().await.unwrap()
                } else {
                    let response = response.header("sec-fetch-site", "same-origin");
                    response.send().await.unwrap()
                };
                let location = response.headers().get("location").cloned();
                (response.status().as_u16(), location)
            };
            let (status, location) = ask(&stranger).await;
            let to_login = location.is_some_and(|target| target == "/staff/login");
            let refused = status == 403 || (status == 303 && to_login);
            match route.access {
                Access::Public => assert!(!refused, "{path} is public and was refused: {status}"),
                Access::Staff(_) => {
                    closed += 1;
                    assert!(
                        refused,
                        "{} {path} let a stranger in: {status}",
                        route.method
                    );
                    if route.path != "/staff/logout" {
                        let (status, _) = ask(&staff).await;
                        assert_ne!(status, 403, "{path} kept staff out");
                    }
                }
            }
        }
        assert!(closed >= 6, "the table has lost its routes for staff");
    }
);

on_both!(
    a_change_asked_for_by_another_site_is_refused,
    async |app: TestApp| {
        app.load("co-production-attitudes").await;
        app.open("co-production-attitudes/now").await;
        app.add_staff().await;
        let staff = Browser::new(&app);
        staff.log_in().await;
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
