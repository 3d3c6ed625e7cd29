//! The page of users: what administrators may change, and what not even they may.

use std::sync::Arc;

use countmein::{
    domain::{audit::Actor, id::UserId, role::Role},
    service::manage_users::{self, ManageError},
    store,
};

use crate::support::{STAFF_EMAIL, STAFF_PASSWORD, TestApp, browsing::Browser, on_both, operator};

const OTHER: &str = "other@example.org";

async fn account(app: &TestApp, user: UserId) -> store::staff::Account {
    let found = store::staff::by_id(&app.services.db, user).await.unwrap();
    found.unwrap()
}

on_both!(
    an_administrator_invites_and_looks_after_users,
    async |app: TestApp| {
        app.add_staff().await;
        let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
        for (fields, fault) in [
            (
                [("email", "nobody"), ("role", "keyer")],
                "not an e-mail address",
            ),
            ([("email", OTHER), ("role", "")], "Choose a role"),
            ([("email", STAFF_EMAIL), ("role", "keyer")], "already"),
        ] {
            let page = staff.post("/staff/users", &fields).await;
            assert_eq!(page.status, 422);
            assert!(page.body.contains(fault), "{}", page.body);
        }
        let fields = [("email", " Other@Example.org "), ("role", "keyer")];
        let page = staff.post_and_follow("/staff/users", &fields).await;
        assert!(
            page.body.contains(OTHER) && page.body.contains("Invited"),
            "{}",
            page.body
        );
        let list = staff.get("/staff/users").await;
        let row = "<td>keyer</td><td>Invited</td><td>No</td>";
        assert!(list.body.contains(row), "{}", list.body);
    }
);

on_both!(
    every_change_to_a_user_is_made_and_recorded,
    async |app: TestApp| {
        app.add_staff().await;
        let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
        let user = manage_users::invite(&app.services, &operator(), OTHER, Role::Keyer)
            .await
            .unwrap();
        let base = format!("/staff/users/{user}");
        let role = [("role", "coordinator")];
        let page = staff.post_and_follow(&format!("{base}/role"), &role).await;
        assert!(page.body.contains("<dd>coordinator</dd>"), "{}", page.body);
        let page = staff.post_and_follow(&format!("{base}/disable"), &[]).await;
        assert!(page.body.contains("Enable this user"), "{}", page.body);
        let page = staff.post_and_follow(&format!("{base}/enable"), &[]).await;
        assert!(page.body.contains("Disable this user"), "{}", page.body);
        staff.post(&format!("{base}/send-link"), &[]).await;
        staff
            .post(&format!("{base}/reset-second-factor"), &[])
            .await;
        staff.post(&format!("{base}/end-sessions"), &[]).await;
        let acts = app.acts().await;
        assert_eq!(
            acts[acts.len() - 7..],
            [
                "user-invited",
                "role-changed",
                "user-disabled",
                "user-enabled",
                "staff-link-sent",
                "second-factor-reset",
                "sessions-ended",
            ]
        );
        let events = store::audit::events_after(&app.services.db, 0, 100)
            .await
            .unwrap();
        let newest = &events.last().unwrap().link;
        assert_eq!(
            (newest.who.as_str(), newest.object.as_str()),
            (STAFF_EMAIL, &*format!("user {user}"))
        );
        assert_eq!(staff.get("/staff/users/999999").await.status, 404);
        assert_eq!(staff.get("/staff/users/none").await.status, 404);
    }
);

on_both!(
    a_change_of_role_a_reset_and_a_disabling_end_every_session,
    async |app: TestApp| {
        let user = app.add_user(OTHER, Role::Coordinator).await;
        let (services, by) = (&app.services, operator());
        let session = async || Browser::of_staff(&app, OTHER).await;
        let is_in = async |browser: &Browser| browser.get("/staff").await.status == 200;

        let browser = session().await;
        assert!(is_in(&browser).await);
        manage_users::change_role(services, &by, user, Role::Keyer)
            .await
            .unwrap();
        assert!(!is_in(&browser).await, "role");
        let browser = session().await;
        manage_users::end_sessions(services, &by, user)
            .await
            .unwrap();
        assert!(!is_in(&browser).await, "all ended");
        manage_users::change_role(services, &by, user, Role::Coordinator)
            .await
            .unwrap();
        let browser = session().await;
        manage_users::reset_second_factor(services, &by, user)
            .await
            .unwrap();
        assert!(!is_in(&browser).await, "reset");
        let anew = Browser::new(&app)
            .give_password(OTHER, STAFF_PASSWORD)
            .await;
        assert_eq!(anew.location.as_deref(), Some("/staff/login/set-up"));
        let browser = session().await;
        manage_users::disable(services, &by, user).await.unwrap();
        assert!(!is_in(&browser).await, "disabled");
        manage_users::enable(services, &by, user).await.unwrap();
        assert!(!is_in(&browser).await, "no session comes back");
    }
);

on_both!(
    recovery_codes_do_not_outlive_a_reset,
    async |app: TestApp| {
        let user = app.add_user(OTHER, Role::Keyer).await;
        let code = app.give_second_factor(user).await.codes[0].to_string();
        manage_users::reset_second_factor(&app.services, &operator(), user)
            .await
            .unwrap();
        app.give_second_factor(user).await;
        let browser = Browser::new(&app);
        browser.give_password(OTHER, STAFF_PASSWORD).await;
        let page = browser.post("/staff/login/code", &[("code", &code)]).await;
        assert_eq!(page.status, 422);
    }
);

on_both!(the_last_administrator_stays, async |app: TestApp| {
    app.add_staff().await;
    let staff = Browser::of_staff(&app, STAFF_EMAIL).await;
    let known = store::staff::by_email(&app.services.db, STAFF_EMAIL)
        .await
        .unwrap();
    let me = known.unwrap().user.id;
    // One who cannot log in does not count: neither invited nor disabled.
    manage_users::invite(&app.services, &operator(), OTHER, Role::Administrator)
        .await
        .unwrap();
    let gone = app.add_user("gone@example.org", Role::Administrator).await;
    manage_users::disable(&app.services, &operator(), gone)
        .await
        .unwrap();
    for (act, fields) in [("disable", vec![]), ("role", vec![("role", "keyer")])] {
        let page = staff
            .post(&format!("/staff/users/{me}/{act}"), &fields)
            .await;
        assert_eq!(page.status, 409);
        assert!(page.body.contains("last administrator"), "{}", page.body);
    }
    for act in ["reset-second-factor", "send-link"] {
        let page = staff.post(&format!("/staff/users/{me}/{act}"), &[]).await;
        assert_eq!(page.status, 409);
        assert!(page.body.contains("your own account"), "{}", page.body);
    }
    assert_eq!(staff.get("/staff/users").await.status, 200);
    let still = account(&app, me).await;
    assert!(!still.is_disabled && still.sealed_secret.is_some());
    assert_eq!(still.user.role, Role::Administrator);
});

on_both!(
    however_many_are_taken_away_at_the_same_moment_one_administrator_stays,
    async |app: TestApp| {
        for round in 0..5 {
            app.sql("UPDATE staff_user SET disabled_at = 1")
                .await
                .unwrap();
            let mut users = Vec::new();
            for number in 0..6 {
                let email = format!("admin{round}-{number}@example.org");
                users.push(app.add_user(&email, Role::Administrator).await);
            }
            let mut acts = Vec::new();
            for (number, user) in users.iter().copied().enumerate() {
                let services = Arc::clone(&app.services);
                acts.push(tokio::spawn(async move {
                    let by = Actor::command_line("race");
                    if number % 2 == 0 {
                        manage_users::disable(&services, &by, user).await
                    } else {
                        manage_users::change_role(&services, &by, user, Role::Keyer).await
                    }
                }));
            }
            let mut refused = 0;
            for act in acts {
                match act.await.unwrap() {
                    Ok(()) => {}
                    Err(ManageError::LastAdministrator) => refused += 1,
                    Err(error) => panic!("{error}"),
                }
            }
            let left = store::staff::all(&app.services.db).await.unwrap();
            let left = left
                .iter()
                .filter(|account| account.user.role == Role::Administrator && !account.is_disabled);
            assert_eq!(left.count(), 1);
            assert_eq!(refused, 1);
        }
    }
);
