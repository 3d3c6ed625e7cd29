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
pub mod layers;
mod mail_stop;
mod network;
mod participant;
mod results;
pub mod routes;
pub mod serving;
mod staff;
mod upload;

use std::sync::Arc;

use axum::Router;
use sha2::{Digest, Sha256};

use crate::{config::Config, service::Services};

/// What every handler works with.
#[derive(Clone)]
pub struct Web {
    services: Arc<Services>,
    cookies: Arc<cookies::Settings>,
    networks: Arc<network::Networks>,
    /// Where people reach the service: it is printed on letters.
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
        let networks = network::Networks::new(
            config.trusted_proxies.clone(),
            &mut services.randomness.generator(),
        );
        Self {
            services,
            cookies: Arc::new(cookies),
            networks: Arc::new(networks),
            public_url: config.public_url.as_str().into(),
        }
    }
}

pub fn router(web: Web, limits: &serving::Limits) -> Router {
    let is_https = web.cookies.is_https();
    let routes = routes::table(&web).into_router();
    layers::around(routes.with_state(web), limits, is_https)
}
