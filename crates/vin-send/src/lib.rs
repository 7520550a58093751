//! How messages leave: mail over SMTP, and webhooks, which are signed requests to a customer's server.
//!
//! It knows neither what a message means nor who wants it; it sends once and says what became of it.
//! When to try again is not decided here. The time is handed in.

mod mail;
mod webhook;

pub use mail::{Mail, Mailer, MailerError, is_address};
pub use webhook::{Event, Hook, HookError, SECRET_BYTES, SIGNATURE, TIMESTAMP, is_url, signature};

/// A message that did not arrive, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Undelivered {
    /// Why, in English and without secrets.
    pub why: String,
    /// Whether trying again is of no use.
    pub lasting: bool,
}
