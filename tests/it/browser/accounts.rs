//! The pages of a login, of one's account and of users, narrow and wide; and the whole login with the
//! keyboard alone.

use countmein::{domain::role::Role, domain::second_factor::TotpSecret, service::manage_users};
use fantoccini::key::Key;

use super::{
    audit::Tour,
    keyboard::tab_to,
    pages::{narrow_and_wide, tour},
};
use crate::support::{
    Backend, STAFF_EMAIL, STAFF_PASSWORD, TestApp,
    chromium::{Chromium, NARROW, Scripts, WIDE},
    operator,
};

async fn shown_secret(window: &Chromium) -> TotpSecret {
    let text = window.find("#secret").await.text().await.unwrap();
    text.replace(' ', "").parse().unwrap()
}

narrow_and_wide!(a_login, async |mut tour: Tour| {
    tour.app.add_staff().await;
    tour.visit("login", "/staff/login").await;
    tour.window.type_into("#email", STAFF_EMAIL).await;
    tour.window.type_into("#password", "not this").await;
    tour.window.press("Log in").await;
    tour.window.sees("There is a problem").await;
    tour.look("login-error").await;
    tour.window.type_into("#password", STAFF_PASSWORD).await;
    tour.window.press("Log in").await;
    tour.window.sees("Set up your authenticator app").await;
    tour.look("enrol").await;
    tour.window.type_into("#code", "1234567").await;
    tour.window.press("Continue").await;
    tour.window.sees("There is a problem").await;
    tour.look("enrol-error").await;
    let secret = shown_secret(&tour.window).await;
    let code = secret.code_at(tour.app.services.now());
    tour.window.type_into("#code", &code).await;
    tour.window.press("Continue").await;
    tour.window.sees("Your recovery codes").await;
    tour.look("recovery-codes").await;
    tour.window.follow("I have kept them").await;
    tour.window.sees("All waves").await;
    tour.window.press("Log out").await;
    tour.window.sees("Log in as staff").await;
    tour.window.type_into("#email", STAFF_EMAIL).await;
    tour.window.type_into("#password", STAFF_PASSWORD).await;
    tour.window.press("Log in").await;
    tour.window.sees("Enter a code").await;
    tour.look("login-code").await;
    tour.window.type_into("#code", &code).await;
    tour.window.press("Continue").await;
    tour.window.sees("There is a problem").await;
    tour.look("login-code-error").await;
    tour.app.advance(std::time::Duration::from_secs(30));
    let next = secret.code_at(tour.app.services.now());
    tour.window.type_into("#code", &next).await;
    tour.window.press("Continue").await;
    tour.window.sees("All waves").await;
    tour.end();
});

narrow_and_wide!(an_account_and_users, async |mut tour: Tour| {
    tour.app.add_staff().await;
    let keyer = tour
        .app
        .add_user("a.person.with.a.rather.long.name@example.org", Role::Keyer)
        .await;
    tour.app
        .session("a.person.with.a.rather.long.name@example.org")
        .await;
    tour.log_in(STAFF_EMAIL).await;
    // Another browser of the same person.
    tour.app.session(STAFF_EMAIL).await;
    tour.visit("account", "/staff/account").await;
    tour.visit("change-password", "/staff/account/password")
        .await;
    tour.window.type_into("#password", STAFF_PASSWORD).await;
    tour.window.type_into("#new-password", "short").await;
    tour.window.press("Change the password").await;
    tour.window.sees("There is a problem").await;
    tour.look("change-password-error").await;
    tour.visit("renew-codes", "/staff/account/recovery-codes")
        .await;
    tour.visit("enrol-again", "/staff/account/second-factor")
        .await;
    tour.window.type_into("#password", "wrong").await;
    tour.window.press("Continue").await;
    tour.window.sees("There is a problem").await;
    tour.look("enrol-again-error").await;
    tour.visit("users", "/staff/users").await;
    tour.window.type_into("#email", "nobody").await;
    // What the browser itself would catch, in some.
    tour.window
        .run("document.querySelector('#email').type = 'text'")
        .await;
    tour.window.press("Send the invitation").await;
    tour.window.sees("There is a problem").await;
    tour.look("users-error").await;
    tour.visit("user", &format!("/staff/users/{keyer}")).await;
    tour.window.press("Disable this user").await;
    tour.window.sees("Enable this user").await;
    tour.look("user-disabled").await;
    let me = countmein::store::staff::by_email(&tour.app.services.db, STAFF_EMAIL).await;
    let me = me.unwrap().unwrap().user.id;
    tour.visit("user-oneself", &format!("/staff/users/{me}"))
        .await;
    tour.window.press("Disable this user").await;
    tour.window.sees("last administrator").await;
    tour.look("user-refused").await;
    tour.end();
});

narrow_and_wide!(a_link, async |mut tour: Tour| {
    let new = "new@example.org";
    manage_users::invite(&tour.app.services, &operator(), new, Role::Keyer)
        .await
        .unwrap();
    let link = tour.app.mailed_link(new).await;
    tour.visit("choose-password", &link).await;
    tour.window
        .type_into("#new-password", "passwordpassword")
        .await;
    tour.window.press("Set this password").await;
    tour.window.sees("There is a problem").await;
    tour.look("choose-password-error").await;
    tour.window.type_into("#new-password", STAFF_PASSWORD).await;
    tour.window.press("Set this password").await;
    tour.window.sees("All waves").await;
    tour.visit("dead-link", &link).await;
    tour.end();
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium: run tests/run"]
async fn a_first_login_is_done_with_the_keyboard_alone() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.add_staff().await;
    let window = Chromium::start(&app, NARROW, Scripts::Off).await;
    window.goto("/staff/login").await;
    tab_to(&window, "#email").await;
    write(&window, STAFF_EMAIL).await;
    tab_to(&window, "#password").await;
    write(&window, STAFF_PASSWORD).await;
    window.key(Key::Enter).await;
    window.sees("Set up your authenticator app").await;
    let secret = shown_secret(&window).await;
    tab_to(&window, "#code").await;
    write(&window, "not a code").await;
    window.key(Key::Enter).await;
    window.sees("There is a problem").await;
    // The list of what is wrong leads to the field.
    tab_to(&window, ".errors a").await;
    window.key(Key::Enter).await;
    let focused = window.run("return document.activeElement.id").await;
    assert_eq!(focused, "code");
    write(&window, &secret.code_at(app.services.now())).await;
    window.key(Key::Enter).await;
    window.sees("Your recovery codes").await;
    tab_to(&window, "main a.button").await;
    window.key(Key::Enter).await;
    window.sees("All waves").await;
    tab_to(&window, ".staff-pages li:last-child a").await;
    window.key(Key::Enter).await;
    window.sees("Where you are logged in").await;
    tab_to(&window, ".staff-pages button").await;
    window.key(Key::Enter).await;
    window.sees("Log in as staff").await;
}

/// Types wherever the focus is.
async fn write(window: &Chromium, text: &str) {
    let focused = window.client.active_element().await.unwrap();
    focused.send_keys(text).await.unwrap();
}
