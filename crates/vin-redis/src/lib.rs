//! What several nodes share through Redis or Valkey: limits, what may happen once, announcements.
//!
//! Never a balance: whatever lies there may be lost at any moment. A server that is away or slow is
//! [`Away`], at once; a caller then does without it, and a task of [`Redis`] finds it again.

mod limits;
mod link;
mod url;

pub use limits::{Cap, Limits, Taken};
pub use link::{Away, Link, PATIENCE, Redis};
pub use url::{RedisUrl, UrlError};
