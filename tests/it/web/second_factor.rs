//! The second factor: set up, asked for, lost.

use std::{sync::Arc, time::Duration};

use countmein::{domain::role::Role, service::enrolment::Given, store};

use crate::support::{
    STAFF_EMAIL, STAFF_PASSWORD, TestApp,
    browsing::{Browser, Page},
    on_both, operator,
};

const CODE: &str = "/staff/login/code";
const SET_UP: &str = "/staff/login/set-up";

async fn with_factor(app: &TestApp) -> Given {
    let user = app.add_user(STAFF_EMAIL, Role::Coordinator).await;
    app.give_second_factor(user).await
}

async fn half(app: &TestApp) -> Browser {
    let browser = Browser::new(app);
    let page = browser.give_password(STAFF_EMAIL, STAFF_PASSWORD).await;
    assert_eq!(page.status, 303, "{}", page.body);
    browser
}

async fn answer(browser: &Browser, code: &str) -> Page {
    browser.post(CODE, &[("code", code)]).await
}

/// The secret as the page for setting up shows it.
pub fn shown_secret(page: &Page) -> countmein::domain::second_factor::TotpSecret {
    let start = page.body.find("id=\"secret\">").unwrap() + "id=\"secret\">".len();
    let text = page.body[start..].split('<').next().unwrap();
    text.replace(' ', "").parse().unwrap()
}

/// The recovery codes as their page shows them.
pub fn shown_codes(page: &Page) -> Vec<String> {
    let list = page.body.split("class=\"codes\">").nth(1).unwrap();
    let list = list.split("</ul>").next().unwrap();
    list.split("<li>")
        .skip(1)
        .map(|item| item.split('<').next().unwrap().to_owned())
        .collect()
}

on_both!(
    whoever_needs_a_second_factor_sets_one_up_at_the_first_login,
    async |app: TestApp| {
        app.add_user(STAFF_EMAIL, Role::Coordinator).await;
        let browser = half(&app).await;
        let page = browser.get(SET_UP).await;
        assert!(page.body.contains("otpauth://totp/"), "{}", page.body);
        let secret = shown_secret(&page);
        let offer = page.field("offer");
        let right = secret.code_at(app.services.now());
        let wrong = if right == "000000" {
            "000001"
        } else {
            "000000"
        };
        let again = browser
            .post(SET_UP, &[("offer", &offer), ("code", wrong)])
            .await;
        assert_eq!(again.status, 422);
        // The same key again: it is in the app already.
        assert_eq!(shown_secret(&again).to_base32(), secret.to_base32());
        assert_eq!(browser.get("/staff").await.status, 303);
        let done = browser
            .post(SET_UP, &[("offer", &offer), ("code", &right)])
            .await;
        let codes = shown_codes(&done);
        assert_eq!(codes.len(), 10);
        assert!(codes.iter().all(|code| code.len() == 29), "{codes:?}");
        assert_eq!(browser.get("/staff").await.status, 200);
        // The code that confirmed the app is used up, like any other.
        let other = half(&app).await;
        assert_eq!(answer(&other, &right).await.status, 422);
        app.advance(Duration::from_secs(30));
        let next = secret.code_at(app.services.now());
        assert_eq!(
            answer(&other, &next).await.location.as_deref(),
            Some("/staff")
        );
        // Neither the secret nor a code stands in the database as it is.
        let stored = store::staff::by_email(&app.services.db, STAFF_EMAIL).await;
        let sealed = stored.unwrap().unwrap().sealed_secret.unwrap();
        assert!(!sealed.contains(&secret.to_base32()));
        let acts = app.acts().await;
        for act in ["second-factor-set", "logged-in"] {
            assert!(acts.iter().any(|a| a == act), "{acts:?}");
        }
    }
);

on_both!(
    an_offer_of_somebody_else_is_not_taken,
    async |app: TestApp| {
        app.add_user(STAFF_EMAIL, Role::Coordinator).await;
        app.add_user("other@example.org", Role::Coordinator).await;
        let theirs = half(&app).await.get(SET_UP).await;
        let (offer, secret) = (theirs.field("offer"), shown_secret(&theirs));
        let other = Browser::new(&app);
        other
            .give_password("other@example.org", STAFF_PASSWORD)
            .await;
        let code = secret.code_at(app.services.now());
        let page = other
            .post(SET_UP, &[("offer", &offer), ("code", &code)])
            .await;
        assert_eq!(page.location.as_deref(), Some(SET_UP));
        assert_eq!(other.get("/staff").await.status, 303);
    }
);

on_both!(
    half_a_login_cannot_set_another_second_factor,
    async |app: TestApp| {
        with_factor(&app).await;
        let browser = half(&app).await;
        assert_eq!(browser.get(SET_UP).await.location.as_deref(), Some(CODE));
        // Even with an offer of its own from the time before.
        let offer = {
            let user = store::staff::by_email(&app.services.db, STAFF_EMAIL)
                .await
                .unwrap()
                .unwrap()
                .user;
            countmein::service::enrolment::offer(&app.services, &user).unwrap()
        };
        let code = offer.secret.code_at(app.services.now());
        let fields = [("offer", offer.sealed.as_str()), ("code", &code)];
        let page = browser.post(SET_UP, &fields).await;
        assert_eq!(page.location.as_deref(), Some(CODE));
        assert_eq!(browser.get("/staff").await.status, 303);
    }
);

on_both!(
    a_code_is_right_for_a_step_to_either_side_and_works_once,
    async |app: TestApp| {
        let secret = with_factor(&app).await.secret;
        let now = app.services.now();
        let step = Duration::from_secs(30);
        let at = |steps: u32| secret.code_at(now + step * steps);
        app.advance(step * 4);
        for far in [at(2), at(6)] {
            assert_eq!(answer(&half(&app).await, &far).await.status, 422);
        }
        for near in [at(3), at(5)] {
            assert_eq!(answer(&half(&app).await, &near).await.status, 303);
            let again = answer(&half(&app).await, &near).await;
            assert_eq!(again.status, 422, "a second time");
        }
        // Nor does one that is older than the last that was used.
        assert_eq!(answer(&half(&app).await, &at(4)).await.status, 422);
    }
);

on_both!(
    of_many_uses_of_one_code_at_the_same_moment_one_passes,
    async |app: TestApp| {
        let given = with_factor(&app).await;
        let code = given.secret.code_at(app.services.now());
        assert_eq!(race(&app, &code).await, 1);
        app.advance(Duration::from_mins(5));
        assert_eq!(race(&app, &given.codes[0].to_string()).await, 1);
    }
);

/// How many of four browsers come in with the same code: as many as have a guess.
async fn race(app: &TestApp, code: &str) -> usize {
    let mut browsers = Vec::new();
    for _ in 0..4 {
        browsers.push(half(app).await);
    }
    let code = Arc::new(code.to_owned());
    let answers: Vec<_> = browsers
        .into_iter()
        .map(|browser| {
            let code = Arc::clone(&code);
            tokio::spawn(async move { answer(&browser, &code).await.status.as_u16() })
        })
        .collect();
    let mut passed = 0;
    for answer in answers {
        let status = answer.await.unwrap();
        assert!(status == 303 || status == 422, "{status}");
        passed += usize::from(status == 303);
    }
    passed
}

on_both!(
    a_recovery_code_works_once_however_it_is_typed,
    async |app: TestApp| {
        let codes = with_factor(&app).await.codes;
        let typed = codes[0].to_string().to_lowercase().replace('-', " ");
        let browser = half(&app).await;
        assert_eq!(answer(&browser, &typed).await.status, 303);
        assert_eq!(browser.get("/staff").await.status, 200);
        assert_eq!(answer(&half(&app).await, &typed).await.status, 422);
        assert_eq!(
            answer(&half(&app).await, &codes[1].to_string())
                .await
                .status,
            303
        );
        let used = app.acts().await;
        let used = used.iter().filter(|act| *act == "recovery-code-used");
        assert_eq!(used.count(), 2);
        let mail = app.notices().await.pop().unwrap();
        assert_eq!(mail.header("To"), STAFF_EMAIL);
        assert!(mail.text.contains("one of your recovery codes was used"));
    }
);

on_both!(
    after_five_wrong_codes_half_a_login_ends,
    async |app: TestApp| {
        let secret = with_factor(&app).await.secret;
        let browser = half(&app).await;
        for _ in 0..5 {
            assert_eq!(answer(&browser, "1234567").await.status, 422);
        }
        let right = secret.code_at(app.services.now());
        let page = answer(&browser, &right).await;
        assert_eq!(page.status, 429);
        assert!(page.body.contains("too many wrong codes"), "{}", page.body);
        assert_eq!(
            browser.get(CODE).await.location.as_deref(),
            Some("/staff/login")
        );
        // A new session has no new guesses.
        assert_eq!(answer(&half(&app).await, &right).await.status, 429);
        app.advance(Duration::from_mins(5));
        let right = secret.code_at(app.services.now());
        assert_eq!(answer(&half(&app).await, &right).await.status, 303);
    }
);

on_both!(
    half_a_login_lasts_ten_minutes_and_its_token_dies_with_it,
    async |app: TestApp| {
        let secret = with_factor(&app).await.secret;
        let browser = half(&app).await;
        app.advance(Duration::from_mins(9));
        assert_eq!(browser.get(CODE).await.status, 200);
        app.advance(Duration::from_mins(1));
        assert_eq!(
            browser.get(CODE).await.location.as_deref(),
            Some("/staff/login")
        );
        // Rotated at the step up: the old token opens nothing.
        let half_token = token_of_half(&app).await;
        let old = Browser::with_token(&app, &half_token);
        let code = secret.code_at(app.services.now());
        let full = answer(&old, &code).await;
        assert_eq!(full.status, 303);
        let thief = Browser::with_token(&app, &half_token);
        assert_eq!(
            thief.get(CODE).await.location.as_deref(),
            Some("/staff/login")
        );
        assert_eq!(
            thief.get("/staff").await.location.as_deref(),
            Some("/staff/login")
        );
        assert_eq!(old.get("/staff").await.status, 200);
    }
);

async fn token_of_half(app: &TestApp) -> String {
    let response = Browser::new(app)
        .form(
            "/staff/login",
            &[("email", STAFF_EMAIL), ("password", STAFF_PASSWORD)],
        )
        .send()
        .await
        .unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    let (_, rest) = cookie.split_once('=').unwrap();
    rest.split(';').next().unwrap().to_owned()
}

on_both!(
    roles_that_need_no_second_factor_may_have_one,
    async |app: TestApp| {
        app.add_user(STAFF_EMAIL, Role::Keyer).await;
        let browser = Browser::of_staff(&app, STAFF_EMAIL).await;
        let elsewhere = Browser::of_staff(&app, STAFF_EMAIL).await;
        let path = "/staff/account/second-factor";
        let page = browser.get(path).await;
        let code = shown_secret(&page).code_at(app.services.now());
        let offer = page.field("offer");
        // An open session alone must not be enough.
        let wrong = [
            ("offer", offer.as_str()),
            ("code", &code),
            ("password", "wrong"),
        ];
        assert_eq!(browser.post(path, &wrong).await.status, 422);
        let right = [
            ("offer", offer.as_str()),
            ("code", &code),
            ("password", STAFF_PASSWORD),
        ];
        assert_eq!(shown_codes(&browser.post(path, &right).await).len(), 10);
        assert_eq!(browser.get("/staff").await.status, 200);
        assert_eq!(
            elsewhere.get("/staff").await.status,
            303,
            "other sessions end"
        );
        let next = Browser::new(&app)
            .give_password(STAFF_EMAIL, STAFF_PASSWORD)
            .await;
        assert_eq!(next.location.as_deref(), Some(CODE));
    }
);

on_both!(
    a_person_shows_who_they_are_at_the_command_line_with_both_factors,
    async |app: TestApp| {
        use countmein::service::identify::{self, IdentifyError};

        let given = with_factor(&app).await;
        let (services, by) = (&app.services, operator());
        let half = async || {
            identify::password(services, &by, STAFF_EMAIL, STAFF_PASSWORD.to_owned()).await
        };
        let right = given.secret.code_at(app.services.now());
        let person = half().await.unwrap();
        assert!(person.needs_code());
        assert!(identify::code(services, person, "").await.is_err());
        let user = identify::code(services, half().await.unwrap(), &right)
            .await
            .unwrap();
        assert_eq!(
            (user.email.as_str(), user.role),
            (STAFF_EMAIL, Role::Coordinator)
        );
        // Used up, also for a login at a browser.
        assert!(
            identify::code(services, half().await.unwrap(), &right)
                .await
                .is_err()
        );
        assert_eq!(answer(&self::half(&app).await, &right).await.status, 422);
        let recovery = given.codes[0].to_string();
        identify::code(services, half().await.unwrap(), &recovery)
            .await
            .unwrap();
        app.add_user("bare@example.org", Role::Coordinator).await;
        let bare = identify::password(services, &by, "bare@example.org", STAFF_PASSWORD.to_owned());
        assert!(matches!(bare.await, Err(IdentifyError::NoSecondFactor)));
    }
);
