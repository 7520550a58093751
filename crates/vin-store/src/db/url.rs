//! Where the database is, read from a URL; a password in it is never printed.

use crate::StoreError;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr as _;

/// Where the database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, and how to enter it.
    Postgres(Box<sqlx::postgres::PgConnectOptions>),
}

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    ///
    /// # Errors
    /// [`StoreError::Url`] for any other kind.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
        let path = rest.strip_prefix("//").unwrap_or(rest);
        let refused = |reason| {
            Err(StoreError::Url {
                // What follows the scheme may hold a password.
                url: format!("{scheme}:…"),
                reason,
            })
        };
        match scheme {
            "sqlite" if path.is_empty() => refused("no path follows sqlite:"),
            "sqlite" if path.starts_with(":memory:") => {
                refused("a database in memory would forget every key")
            }
            "sqlite" => Ok(Self::Sqlite(PathBuf::from(path))),
            "postgres" | "postgresql" => match sqlx::postgres::PgConnectOptions::from_str(url) {
                Ok(options) if options.get_database().is_some() => {
                    Ok(Self::Postgres(Box::new(options)))
                }
                Ok(_) => {
                    refused("it names no database: postgres://USER:PASSWORD@HOST:PORT/DATABASE")
                }
                // The library's words may repeat the URL.
                Err(_) => refused("it must be postgres://USER:PASSWORD@HOST:PORT/DATABASE"),
            },
            _ => refused("it must begin with sqlite: or postgres://"),
        }
    }

    /// What the database is called in messages: a path, or host, port and name.
    pub(crate) fn place(&self) -> String {
        match self {
            Self::Sqlite(path) => path.display().to_string(),
            Self::Postgres(options) => format!(
                "{}:{}/{}",
                options.get_host(),
                options.get_port(),
                options.get_database().unwrap_or_default()
            ),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.place())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_kinds_are_spoken_and_no_password_is_repeated() {
        for (url, place) in [
            ("sqlite:var/a.db", "var/a.db"),
            ("sqlite:///a.db", "/a.db"),
            ("postgres://me:pass@host/d", "host:5432/d"),
            ("postgresql://me:pass@host:6000/d", "host:6000/d"),
        ] {
            let read = DatabaseUrl::parse(url).expect(url);
            assert_eq!(read.place(), place);
            assert!(!format!("{read:?}").contains("pass"), "{read:?}");
        }
        for url in [
            "",
            "sqlite:",
            "sqlite::memory:",
            "mysql://x",
            "a.db",
            "postgres://me:pass@host",
            "postgres://me:pass@host:port/d",
        ] {
            let error = DatabaseUrl::parse(url).expect_err(url);
            assert!(!error.to_string().contains("pass"), "{error}");
        }
    }
}
