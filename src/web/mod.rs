//! The edge to browsers: routes with their declared readers, extractors, and handlers that turn a
//! request into a call of a use case and its outcome into a page.

mod assets;
mod cookies;
mod draft;
mod error;
mod extract;
mod form;
mod guard;
mod health;
mod home;
mod language;
mod layers;
mod mail_stop;
mod participant;
mod results;
pub mod routes;
mod staff;

use std::sync::Arc;

use axum::Router;
use sha2::{Digest, Sha256};

use crate::{config::Config, service::Services};

/// What every handler works with.
#[derive(Clone)]
pub struct Web {
    services: Arc<Services>,
    cookies: Arc<cookies::Settings>,
    public_url: Arc<str>,
}

impl Web {
    /// Where participants find the service.
    fn public_url(&self) -> &str {
        &self.public_url
    }

    pub fn new(services: Arc<Services>, config: &Config, secret: &[u8; 32]) -> Self {
        let purpose = |name: &[u8]| {
            Sha256::new()
                .chain_update(name)
                .chain_update(secret)
                .finalize()
        };
        let master = [
            purpose(b"count-me-in cookie signing"),
            purpose(b"count-me-in cookie sealing"),
        ];
        let cookies = cookies::Settings::new(&master.concat(), config.is_https());
        Self {
            services,
            cookies: Arc::new(cookies),
            public_url: config.public_url.as_str().into(),
        }
    }
}

pub fn router(web: Web) -> Router {
    let is_https = web.cookies.is_https();
    let routes = routes::table(&web).into_router();
    layers::around(routes.with_state(web), is_https)
}
