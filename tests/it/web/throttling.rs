//! Who guesses is stopped, and who has a code is not: a hall with one address is let in.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use countmein::{
    domain::{access_code::AccessCode, moment::Moment},
    service::throttle::{Limit, Throttle},
};
use futures_util::future::join_all;
use reqwest::{Method, Response};

use crate::{
    service::samples::open_by_code,
    support::{STAFF_EMAIL, STAFF_PASSWORD, TestApp, browsing::Browser, on_both, on_both_backends},
};

const START: &str = "/w/citizen-priorities-knapsack/now/start";

/// A code of the right form that nobody was given.
#[expect(clippy::disallowed_methods, reason = "a guess needs no repeating")]
fn guess() -> String {
    AccessCode::random(&mut rand::rng()).to_string()
}

fn mistyped(code: &AccessCode) -> String {
    let mut symbols = code.symbols().into_bytes();
    symbols[3] = if symbols[3] == b'7' { b'8' } else { b'7' };
    String::from_utf8(symbols).unwrap()
}

/// Somebody behind the proxy, at this address.
async fn type_code(browser: &Browser, from: &str, code: &str) -> Response {
    browser
        .request(Method::POST, START)
        .header("x-forwarded-for", from)
        .form(&[("code", code)])
        .send()
        .await
        .unwrap()
}

async fn status(browser: &Browser, from: &str, code: &str) -> u16 {
    type_code(browser, from, code).await.status().as_u16()
}

/// How often each status came.
fn tally(statuses: impl IntoIterator<Item = u16>) -> BTreeMap<u16, usize> {
    let mut tally = BTreeMap::new();
    for status in statuses {
        *tally.entry(status).or_default() += 1;
    }
    tally
}

on_both!(
    the_eleventh_wrong_code_is_not_looked_up,
    async |app: TestApp| {
        let (_, codes) = open_by_code(&app, 3).await;
        let browser = Browser::new(&app);
        let (hall, home) = ("192.0.2.7", "192.0.2.8");
        // Neither a typing error nor a good code is a guess.
        for _ in 0..15 {
            assert_eq!(status(&browser, hall, &mistyped(&codes[0])).await, 422);
            assert_eq!(status(&browser, hall, &codes[0].to_string()).await, 303);
        }
        for _ in 0..10 {
            assert_eq!(status(&browser, hall, &guess()).await, 422);
        }
        app.advance(Duration::from_secs(90));
        let stopped = type_code(&browser, hall, &guess()).await;
        assert_eq!(stopped.status(), 429);
        assert_eq!(stopped.headers()["retry-after"], "211");
        let page = stopped.text().await.unwrap();
        for words in [
            "E-TOO-MANY-CODES",
            "in 4 minutes",
            "ask the people who help",
        ] {
            assert!(page.contains(words), "{page}");
        }
        let polish = browser
            .request(Method::POST, START)
            .header("x-forwarded-for", hall)
            .header("accept-language", "pl")
            .form(&[("code", guess())])
            .send()
            .await
            .unwrap();
        assert!(polish.text().await.unwrap().contains("za 4 minuty"));
        // Else it could go on guessing: a good code would tell itself.
        assert_eq!(status(&browser, hall, &codes[1].to_string()).await, 429);
        assert_eq!(status(&browser, home, &codes[1].to_string()).await, 303);
        app.advance(Duration::from_secs(209));
        assert_eq!(status(&browser, hall, &codes[1].to_string()).await, 429);
        app.advance(Duration::from_secs(1));
        assert_eq!(status(&browser, hall, &codes[2].to_string()).await, 303);
    }
);

on_both!(
    guesses_sent_at_the_same_moment_are_ten_as_well,
    async |app: TestApp| {
        open_by_code(&app, 1).await;
        let browser = Browser::new(&app);
        let guesses: Vec<String> = (0..60).map(|_| guess()).collect();
        let answers = guesses
            .iter()
            .map(|code| status(&browser, "192.0.2.7", code));
        assert_eq!(
            tally(join_all(answers).await),
            BTreeMap::from([(422, 10), (429, 50)])
        );
    }
);

on_both!(a_hall_of_five_hundred_is_let_in, async |app: TestApp| {
    let (_, codes) = open_by_code(&app, 500).await;
    let began = Instant::now();
    let mut typed: Vec<String> = codes.iter().map(ToString::to_string).collect();
    for (place, code) in codes.iter().take(25).enumerate() {
        typed.insert(place * 20, mistyped(code));
    }
    let app = Arc::new(app);
    // Forty phones at a time, all behind the hall's one address.
    let phones = typed.chunks(typed.len().div_ceil(40)).map(|typed| {
        let app = Arc::clone(&app);
        async move {
            let mut answers = Vec::new();
            for code in typed {
                answers.push(status(&Browser::new(&app), "198.51.100.1", code).await);
            }
            answers
        }
    });
    let answers = join_all(phones).await.concat();
    let took = began.elapsed();
    println!("a hall of 500 codes and 25 typing errors took {took:?}");
    assert_eq!(tally(answers), BTreeMap::from([(303, 500), (422, 25)]));
    assert!(took < Duration::from_mins(1), "{took:?}");
});

on_both_backends!(
    a_header_of_a_stranger_changes_nothing,
    async |backend: Backend| {
        let app = TestApp::start_with(backend, |config| config.trusted_proxies.clear()).await;
        open_by_code(&app, 1).await;
        let browser = Browser::new(&app);
        for number in 0..10 {
            let claimed = format!("192.0.2.{number}");
            assert_eq!(status(&browser, &claimed, &guess()).await, 422);
        }
        assert_eq!(status(&browser, "203.0.113.99", &guess()).await, 429);
    }
);

on_both_backends!(
    what_stands_left_of_a_proxys_own_entry_is_hearsay,
    async |backend: Backend| {
        let app = TestApp::start_with(backend, |config| {
            config.trusted_proxies =
                vec!["127.0.0.1".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        })
        .await;
        open_by_code(&app, 1).await;
        let browser = Browser::new(&app);
        for number in 0..10 {
            // The guesser writes a new address each time; two proxies add what they saw.
            let chain = format!("192.0.2.{number}, 203.0.113.5, 10.1.2.3");
            assert_eq!(status(&browser, &chain, &guess()).await, 422);
        }
        for chain in [
            "203.0.113.5",
            "8.8.8.8, 203.0.113.5:4711",
            "::ffff:203.0.113.5",
        ] {
            assert_eq!(status(&browser, chain, &guess()).await, 429, "{chain}");
        }
        let forwarded = |value: &'static str| {
            let request = browser
                .request(Method::POST, START)
                .header("forwarded", value);
            let code = guess();
            async move {
                request
                    .form(&[("code", code)])
                    .send()
                    .await
                    .unwrap()
                    .status()
            }
        };
        assert_eq!(
            forwarded("for=8.8.8.8, for=203.0.113.5;proto=https").await,
            429
        );
        // One household's addresses of IPv6 are one network; the next one's are another.
        for number in 0..10 {
            let address = format!("2001:db8:1:2::{number}");
            assert_eq!(status(&browser, &address, &guess()).await, 422);
        }
        assert_eq!(forwarded("for=\"[2001:db8:1:2:a::b]:4711\"").await, 429);
        assert_eq!(status(&browser, "2001:db8:1:3::1", &guess()).await, 422);
    }
);

on_both!(
    one_password_on_many_accounts_is_stopped,
    async |app: TestApp| {
        app.add_staff().await;
        let browser = Browser::new(&app);
        let log_in = async |from: &str, email: &str, password: &str| {
            let response = browser
                .form("/staff/login", &[("email", email), ("password", password)])
                .header("x-forwarded-for", from)
                .send()
                .await
                .unwrap();
            response.status().as_u16()
        };
        for number in 0..40 {
            let email = format!("somebody{number}@example.org");
            assert_eq!(log_in("192.0.2.7", &email, "password1234").await, 422);
        }
        assert_eq!(log_in("192.0.2.7", STAFF_EMAIL, STAFF_PASSWORD).await, 429);
        assert_eq!(log_in("192.0.2.8", STAFF_EMAIL, STAFF_PASSWORD).await, 303);
        // By account, whatever the network is.
        for number in 0..10 {
            let from = format!("198.51.100.{number}");
            assert_eq!(log_in(&from, STAFF_EMAIL, "password1234").await, 422);
        }
        assert_eq!(log_in("192.0.2.8", STAFF_EMAIL, STAFF_PASSWORD).await, 429);
        app.advance(Duration::from_mins(5));
        assert_eq!(log_in("192.0.2.7", STAFF_EMAIL, STAFF_PASSWORD).await, 303);
    }
);

on_both!(
    many_networks_guessing_together_are_slowed_down,
    async |app: TestApp| {
        open_by_code(&app, 1).await;
        let browser = Browser::new(&app);
        for number in 0..300 {
            let from = format!("10.9.{}.{}", number / 200, number % 200);
            assert_eq!(status(&browser, &from, &guess()).await, 422);
        }
        let began = Instant::now();
        assert_eq!(status(&browser, "192.0.2.1", &guess()).await, 422);
        assert!(began.elapsed() >= Duration::from_secs(1));
        app.advance(Duration::from_mins(1));
        let began = Instant::now();
        assert_eq!(status(&browser, "192.0.2.2", &guess()).await, 422);
        assert!(began.elapsed() < Duration::from_secs(1));
    }
);

const LIMIT: Limit = Limit {
    tries: 3,
    within: Duration::from_mins(5),
};

async fn wrong(throttle: &Throttle<u32>, key: u32, now: Moment) -> bool {
    match throttle.take(&key, now).await {
        Ok(taken) => {
            taken.was_wrong();
            true
        }
        Err(_) => false,
    }
}

#[tokio::test]
async fn a_flood_of_keys_takes_no_more_memory_and_resets_no_count() {
    let throttle = Throttle::new(LIMIT, 100);
    let now = Moment::from_millis(1_000_000);
    for _ in 0..3 {
        assert!(wrong(&throttle, 7, now).await);
    }
    let mut let_through = 0;
    for key in 1_000..101_000 {
        let_through += usize::from(wrong(&throttle, key, now).await);
    }
    // Each of the remembered keys had one, and those that share had three together.
    assert!(let_through <= 99 + 1_024 * 3, "{let_through}");
    assert!(
        throttle.remembered() <= 100 + 1_024,
        "{}",
        throttle.remembered()
    );
    assert!(
        !wrong(&throttle, 7, now).await,
        "the flood has reset a count"
    );
    let later = now + LIMIT.within;
    assert!(wrong(&throttle, 7, later).await);
    assert!(wrong(&throttle, 500_000, later).await);
    assert!(throttle.remembered() <= 3, "{}", throttle.remembered());
}

/// Many more at once than there are places: each is let through in turn, and none is forgotten.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn right_tries_wait_for_each_other_and_all_get_through() {
    let throttle = Arc::new(Throttle::new(LIMIT, 10));
    let now = Moment::from_millis(1_000_000);
    for round in 0..20 {
        let tries: Vec<_> = (0..200)
            .map(|number: u64| {
                let throttle = Arc::clone(&throttle);
                tokio::spawn(async move {
                    let taken = throttle.take(&7_u32, now).await.unwrap();
                    if number % 3 == round % 3 {
                        tokio::task::yield_now().await;
                    }
                    drop(taken);
                })
            })
            .collect();
        // Some break off while they wait.
        for broken_off in tries.iter().step_by(7) {
            broken_off.abort();
        }
        let all = join_all(tries);
        tokio::time::timeout(Duration::from_secs(20), all)
            .await
            .unwrap();
    }
    assert_eq!(throttle.remembered(), 0);
}
