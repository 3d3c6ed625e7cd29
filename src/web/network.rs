//! The network that a request came from, to count wrong tries by. The address is read here, hashed
//! here, and goes no further: it stands in no log and in no row, but for that of staff in the record
//! of their acts.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, request::Parts},
};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;

use super::Web;
use crate::{config::NetworkRange, service::throttle::NetworkKey};

/// Whom a request came from, as far as anyone may know.
#[derive(Debug, Clone, Copy)]
pub struct Network(pub NetworkKey);

/// The address that a member of staff works from, for the record of acts, which says from where each
/// act came. Of participants nobody reads it.
#[derive(Debug, Clone)]
pub struct StaffAddress(pub String);

impl StaffAddress {
    pub fn of(web: &Web, extensions: &Extensions, headers: &HeaderMap) -> Self {
        Self(web.networks.address(extensions, headers).to_string())
    }
}

/// How addresses are read and hashed.
pub struct Networks {
    trusted: Vec<NetworkRange>,
    key: Hmac<Sha256>,
    has_warned: AtomicBool,
}

impl Networks {
    /// The key is drawn at each start: hashes of two runs cannot be put beside each other.
    pub fn new(trusted: Vec<NetworkRange>, rng: &mut impl Rng) -> Self {
        let mut block = [0; 64];
        rng.fill_bytes(&mut block);
        Self {
            trusted,
            key: KeyInit::new(&block.into()),
            has_warned: AtomicBool::new(false),
        }
    }

    fn of(&self, extensions: &Extensions, headers: &HeaderMap) -> Network {
        Network(self.key_of(self.address(extensions, headers)))
    }

    fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(Ipv4Addr::UNSPECIFIED.into(), |ConnectInfo(peer)| peer.ip());
        self.client(peer.to_canonical(), headers)
    }

    /// The nearest address that is no proxy of ours. What stands left of it in a header, whoever
    /// sent the request can have written.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            return peer;
        }
        let passed = passed_on(headers);
        if passed.is_empty() && !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a trusted proxy passes no X-Forwarded-For: if people reach this server through it, \
                 wrong codes and passwords of all of them are counted together"
            );
        }
        let mut nearest = peer;
        for hop in passed.iter().rev() {
            let Some(address) = address(hop) else { break };
            nearest = address;
            if !self.trusts(address) {
                break;
            }
        }
        nearest
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|range| range.contains(address))
    }

    /// With IPv4 a household or a hall has one address; with IPv6 it has a network of 64 bits, and
    /// any number of addresses in it.
    fn key_of(&self, address: IpAddr) -> NetworkKey {
        let address = match address {
            IpAddr::V4(address) => address.to_ipv6_mapped(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)),
        };
        let mac = self.key.clone().chain_update(address.octets()).finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&mac.into_bytes()[..16]);
        NetworkKey(key)
    }
}

impl FromRequestParts<Web> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(web.networks.of(&parts.extensions, &parts.headers))
    }
}

impl FromRequestParts<Web> for StaffAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(Self::of(web, &parts.extensions, &parts.headers))
    }
}

/// The addresses that proxies wrote down, the nearest last.
fn passed_on(headers: &HeaderMap) -> Vec<String> {
    let entries = |name: &str| -> Vec<String> {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|entry| entry.trim().to_owned())
            .filter(|entry| !entry.is_empty())
            .collect()
    };
    let passed = entries("x-forwarded-for");
    if !passed.is_empty() {
        return passed;
    }
    entries("forwarded")
        .iter()
        .map(|entry| forwarded_for(entry).unwrap_or_default())
        .collect()
}

/// `for=192.0.2.60;proto=https` or `for="[2001:db8::17]:4711"` (RFC 7239).
fn forwarded_for(entry: &str) -> Option<String> {
    entry
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))
        .map(|(_, value)| value.trim().trim_matches('"').to_owned())
}

/// An address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    bare.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .map(|address| address.to_canonical())
}
