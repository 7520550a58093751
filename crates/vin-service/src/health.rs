//! How a running service is, for whoever watches over it.

use crate::Service;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How the service is at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// How many nodes live on this database, this one included.
    pub nodes: u32,
    /// How old what is known of the keys is.
    pub keys_age: Duration,
    /// How Redis is, when there shall be one.
    pub redis: Option<RedisHealth>,
}

/// How Redis is.
#[derive(Clone, Copy, Debug)]
pub struct RedisHealth {
    /// Whether it is there; while it is not, limits are this node's part of each.
    pub is_there: bool,
    /// How often it was lost since the start.
    pub losses: u64,
    /// How many calls were limited by this node alone since the start.
    pub alone: u64,
}

impl Service {
    /// How it is now; memory only.
    pub fn health(&self) -> Health {
        let redis = self.accounts().redis().map(|redis| RedisHealth {
            is_there: redis.link().is_some(),
            losses: redis.losses(),
            alone: self.alone.load(Ordering::Relaxed),
        });
        Health {
            nodes: self.meter.nodes(),
            keys_age: self.keys.age(self.accounts().clock().steady()),
            redis,
        }
    }
}
