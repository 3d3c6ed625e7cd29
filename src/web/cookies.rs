//! Cookies: sealed (encrypted and authenticated) with the installation's key, out of reach of
//! scripts, and only those that the service cannot do without.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, CookieJar, Key, SameSite, time::Duration};

pub struct Settings {
    key: Key,
    is_https: bool,
}

impl Settings {
    /// `master` has 64 bytes.
    pub fn new(master: &[u8], is_https: bool) -> Self {
        Self {
            key: Key::from(master),
            is_https,
        }
    }

    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The plain text under a seal that only this installation can make.
    pub fn seal(&self, name: &str, text: &str) -> String {
        let mut jar = CookieJar::new();
        jar.private_mut(&self.key)
            .add(Cookie::new(name.to_owned(), text.to_owned()));
        jar.get(name)
            .map(|cookie| cookie.value().to_owned())
            .unwrap_or_default()
    }

    pub fn unseal(&self, name: &str, sealed: &str) -> Option<String> {
        let cookie = Cookie::new(name.to_owned(), sealed.to_owned());
        let opened = CookieJar::new().private(&self.key).decrypt(cookie)?;
        Some(opened.value().to_owned())
    }

    /// Browsers refuse a cookie of this name without encryption, so that nobody on the way can set it.
    pub fn name(&self, name: &str) -> String {
        prefixed(name, self.is_https)
    }

    /// A cookie for `path`; without `days` it ends with the browser.
    pub fn set(&self, name: &str, value: String, path: &str, days: Option<i64>) -> HeaderValue {
        let mut cookie = Cookie::build((name.to_owned(), value))
            .path(path.to_owned())
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.is_https)
            .build();
        if let Some(days) = days {
            cookie.set_max_age(Duration::days(days));
        }
        header_value(&cookie)
    }

    pub fn clear(&self, name: &str, path: &str) -> HeaderValue {
        let mut cookie = Cookie::build((name.to_owned(), ""))
            .path(path.to_owned())
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.is_https)
            .build();
        cookie.set_max_age(Duration::ZERO);
        header_value(&cookie)
    }

    /// The cookie of a session of staff. It goes along with no request that another site starts, not
    /// even by a link. With `stays` it outlives the browser.
    pub fn staff(&self, token: String, stays: bool) -> HeaderValue {
        let mut cookie = self.staff_cookie(token);
        if stays {
            cookie.set_max_age(Duration::days(365));
        }
        header_value(&cookie)
    }

    pub fn clear_staff(&self) -> HeaderValue {
        let mut cookie = self.staff_cookie(String::new());
        cookie.set_max_age(Duration::ZERO);
        header_value(&cookie)
    }

    fn staff_cookie(&self, token: String) -> Cookie<'static> {
        Cookie::build((self.staff_name(), token))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(self.is_https)
            .build()
    }

    /// The `__Host-` prefix makes browsers refuse the cookie from a sub-domain or without
    /// encryption, so that it cannot be used on a server without it.
    pub fn staff_name(&self) -> &'static str {
        if self.is_https {
            "__Host-countmein-staff"
        } else {
            "countmein-staff"
        }
    }
}

pub fn prefixed(name: &str, is_https: bool) -> String {
    if is_https {
        format!("__Secure-{name}")
    } else {
        name.to_owned()
    }
}

fn header_value(cookie: &Cookie<'_>) -> HeaderValue {
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// The value of a cookie of the request. Browsers send the one with the longest path first.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| Cookie::split_parse(value.to_owned()))
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}
