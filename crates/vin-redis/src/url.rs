//! Where Redis is, read from a URL; a password in it is never printed.

use redis::{Client, ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion, TlsCertificates};
use std::fmt;
use std::path::Path;

/// What names the file of authorities in a URL, as PostgreSQL's does.
const ROOT_CERT: &str = "sslrootcert";

/// Where Redis is, and how to enter it.
#[derive(Clone)]
pub struct RedisUrl {
    pub(crate) client: Client,
    /// What it is called in messages: host and port, or a path.
    pub(crate) place: String,
}

/// What is wrong with a URL; the URL itself is not repeated.
#[derive(Debug, thiserror::Error)]
pub enum UrlError {
    /// It is none of Redis.
    #[error(
        "redis must be redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss://… for TLS, or unix:///PATH"
    )]
    Form,
    /// The authorities cannot be read.
    #[error("redis: the file of authorities cannot be read: {0}")]
    RootCert(String),
}

impl RedisUrl {
    /// Reads `redis://USER:PASSWORD@HOST:PORT/NUMBER`, `rediss://…` for TLS, `unix:///PATH`.
    ///
    /// The certificate of a server is checked against the system's authorities, or those alone in
    /// the file that `?sslrootcert=` names.
    ///
    /// # Errors
    /// [`UrlError`].
    pub fn parse(url: &str) -> Result<Self, UrlError> {
        let mut url = redis::parse_redis_url(url).ok_or(UrlError::Form)?;
        let (ours, theirs): (Vec<_>, Vec<_>) = url
            .query_pairs()
            .into_owned()
            .partition(|(name, _)| name == ROOT_CERT);
        url.set_query(None);
        if !theirs.is_empty() {
            url.query_pairs_mut().extend_pairs(theirs);
        }
        let info = url.into_connection_info().map_err(|_| UrlError::Form)?;
        let place = info.addr().to_string();
        // Announcements come over the same connection, which the third protocol can.
        let redis = info.redis_settings().clone();
        let info = info.set_redis_settings(redis.set_protocol(ProtocolVersion::RESP3));
        let client = match ours.last() {
            Some((_, file)) => trusting(info, Path::new(file))?,
            None => Client::open(info).map_err(|_| UrlError::Form)?,
        };
        // A provider that is installed already is this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self { client, place })
    }
}

fn trusting(info: ConnectionInfo, file: &Path) -> Result<Client, UrlError> {
    let unread = |detail: String| UrlError::RootCert(format!("{}: {detail}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| unread(error.to_string()))?;
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: Some(bytes),
    };
    Client::build_with_tls(info, certificates).map_err(|error| unread(error.to_string()))
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisUrl({})", self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_are_told_apart_and_no_password_is_repeated() {
        for (url, place) in [
            ("redis://host", "host:6379"),
            ("redis://me:pass@host:7000/3", "host:7000"),
            ("rediss://me:pass@host", "host:6379"),
            ("valkey://:pass@127.0.0.1", "127.0.0.1:6379"),
            ("unix:///run/redis.sock?pass=pass", "/run/redis.sock"),
        ] {
            let read = RedisUrl::parse(url).expect(url);
            assert_eq!(read.place, place);
            assert!(!format!("{read:?}").contains("pass"), "{read:?}");
        }
        for url in [
            "",
            "host:6379",
            "http://host",
            "redis://me:pass@host:port",
            "redis://me:pass@host/x",
            "rediss://me:pass@host?sslrootcert=/nowhere/ca.crt",
        ] {
            let error = RedisUrl::parse(url).expect_err(url).to_string();
            assert!(!error.contains("pass@"), "{error}");
        }
    }
}
