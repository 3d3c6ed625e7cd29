//! Addresses in the settings: one, or a network in CIDR notation.

use std::{net::IpAddr, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error};

/// `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkRange {
    address: IpAddr,
    prefix: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "trusted_proxies holds addresses such as 192.0.2.1 and networks such as 10.0.0.0/8, and “{0}” is neither"
)]
pub struct NetworkRangeError(String);

impl NetworkRange {
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let bits = 32 - u32::from(self.prefix);
                let mask = u32::MAX.checked_shl(bits).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let bits = 128 - u32::from(self.prefix);
                let mask = u128::MAX.checked_shl(bits).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl From<IpAddr> for NetworkRange {
    fn from(address: IpAddr) -> Self {
        Self {
            address,
            prefix: longest(address),
        }
    }
}

fn longest(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl FromStr for NetworkRange {
    type Err = NetworkRangeError;

    fn from_str(text: &str) -> Result<Self, NetworkRangeError> {
        let fault = || NetworkRangeError(text.to_owned());
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| fault())?;
        let Some(prefix) = prefix else {
            return Ok(address.into());
        };
        let prefix = prefix.parse().map_err(|_| fault())?;
        if prefix > longest(address) {
            return Err(fault());
        }
        Ok(Self { address, prefix })
    }
}

impl<'de> Deserialize<'de> for NetworkRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}
