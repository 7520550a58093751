//! Keys: what a request is authenticated with.

use crate::db::sql::{Row, args};
use crate::{AccountId, NEVER, Store, StoreError, db};

/// What a key is found by: its keyed hash, so that the table alone opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lookup(pub [u8; 32]);

/// What a key may do. 0 and `""` limit nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRules {
    /// Whether every request must be signed.
    pub signature: bool,
    /// At most so many calls …
    pub rate_calls: u32,
    /// … in so many seconds.
    pub rate_seconds: u32,
    /// At most so many calls in a day of China.
    pub daily_cap: u32,
    /// The networks that may use it: CIDRs, separated by blanks.
    pub addresses: String,
    /// The hosts whose pages may use it, separated by blanks.
    pub referers: String,
}

/// A key to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewKey<'a> {
    /// Whose key it is.
    pub account: AccountId,
    /// The holder's name for it.
    pub name: &'a str,
    /// What it is found by.
    pub lookup: Lookup,
    /// The key, encrypted.
    pub sealed_key: &'a [u8],
    /// The signing secret, encrypted.
    pub sealed_secret: &'a [u8],
    /// What it may do.
    pub rules: &'a KeyRules,
    /// When it ends to work, in seconds since 1970-01-01 UTC; [`NEVER`] for never.
    pub expires_at: i64,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// Whether it is the key of the account's own web pages, of which there is one.
    pub console: bool,
}

/// A key that is not revoked, with what is needed to know whether it may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id.
    pub id: i64,
    /// Whose key it is.
    pub account: AccountId,
    /// The holder's name for it.
    pub name: String,
    /// What it is found by.
    pub lookup: Lookup,
    /// The signing secret, encrypted.
    pub sealed_secret: Vec<u8>,
    /// What it may do.
    pub rules: KeyRules,
    /// When it ends to work, in seconds since 1970-01-01 UTC; [`NEVER`] for never.
    pub expires_at: i64,
    /// Whether the account is suspended.
    pub suspended: bool,
    /// Whether the real name of the account's holder has been verified, or the account has a package
    /// of a product that needs no name.
    pub verified: bool,
    /// Whether the account ever held a package.
    pub served: bool,
}

/// Every key that is not revoked, as of one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySnapshot {
    /// The revision that they were read at.
    pub revision: i64,
    /// The keys.
    pub keys: Vec<KeyRow>,
}

/// The columns of a [`KeyRow`].
macro_rules! select_keys {
    ($rest:literal) => {
        concat!(
            "select k.id, k.account_id, k.name, k.lookup, k.sealed_secret, k.signature,
                    k.rate_calls, k.rate_seconds, k.daily_cap, k.addresses, k.referers, k.expires_at,
                    cast(case a.state when 'suspended' then 1 else 0 end as bigint),
                    cast(case when a.verified = 1 or exists (
                         select 1 from lots l where l.account_id = a.id and l.named = 0)
                         then 1 else 0 end as bigint),
                    cast(case when exists (select 1 from lots l where l.account_id = a.id)
                         then 1 else 0 end as bigint)
             from keys k join accounts a on a.id = k.account_id ",
            $rest
        )
    };
}

impl Lookup {
    pub(crate) fn read(row: &Row, column: usize, what: &str) -> Result<Self, StoreError> {
        let bytes = <[u8; 32]>::try_from(row.bytes(column)?);
        bytes
            .map(Self)
            .map_err(|_| StoreError::Database(format!("{what} has not 32 bytes")))
    }
}

impl Store {
    /// Makes a key.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], or [`StoreError::KeyTaken`] when the same key exists.
    pub async fn create_key(&self, new: &NewKey<'_>) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let id = insert(&mut tx, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes a key in place of another, which works until `until` or its own earlier end;
    /// `None` when the other is not in use.
    ///
    /// # Errors
    /// As of [`Store::create_key`].
    pub async fn rotate_key(
        &self,
        old: &Lookup,
        new: &NewKey<'_>,
        until: i64,
    ) -> Result<Option<i64>, StoreError> {
        let mut tx = self.write().await?;
        let ended = tx
            .run(
                "update keys set expires_at = case when expires_at < $2 then expires_at else $2 end
                 where lookup = $1 and state = 'active' and expires_at > $3",
                args![&old.0, until, new.created_at],
            )
            .await?;
        if ended != 1 {
            return Ok(None);
        }
        let id = insert(&mut tx, new).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Revokes a key for ever; whether there was such a key in use.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_key(&self, lookup: &Lookup) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let done = tx
            .run(
                "update keys set state = 'revoked' where lookup = $1 and state = 'active'",
                args![&lookup.0],
            )
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Whether a key exists, in whatever state.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn has_key(&self, lookup: &Lookup) -> Result<bool, StoreError> {
        let row = self
            .row("select id from keys where lookup = $1", args![&lookup.0])
            .await?;
        Ok(row.is_some())
    }

    /// A key that is not revoked.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn key(&self, lookup: &Lookup) -> Result<Option<KeyRow>, StoreError> {
        let sql = select_keys!("where k.state = 'active' and k.lookup = $1");
        let row = self.row(sql, args![&lookup.0]).await?;
        row.as_ref().map(read_key).transpose()
    }

    /// When a key was last used, in seconds since 1970-01-01 UTC, to a minute or so.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn key_used_at(&self, key: i64) -> Result<Option<i64>, StoreError> {
        let sql = "select used_at from key_uses where key_id = $1";
        let row = self.row(sql, args![key]).await?;
        row.map(|row| row.int(0)).transpose()
    }

    /// The revision of the keys; it changes with every change that matters to them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn key_revision(&self) -> Result<i64, StoreError> {
        let sql = "select value from key_revision where one = 1";
        let row = self.row(sql, args![]).await?;
        row.ok_or(sqlx::Error::RowNotFound)?.int(0)
    }

    /// Every key that is not revoked.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn key_snapshot(&self) -> Result<KeySnapshot, StoreError> {
        // The revision is read first: a change in between makes the next check read again.
        let revision = self.key_revision().await?;
        let sql = select_keys!("where k.state = 'active' order by k.id");
        let rows = self.rows(sql, args![]).await?;
        let keys = rows.iter().map(read_key).collect::<Result<_, _>>()?;
        Ok(KeySnapshot { revision, keys })
    }
}

async fn insert(tx: &mut db::sql::Tx, new: &NewKey<'_>) -> Result<i64, StoreError> {
    let rules = new.rules;
    let made = tx
        .row(
            "insert into keys
             (account_id, name, lookup, sealed_key, sealed_secret, created_at, expires_at,
              signature, rate_calls, rate_seconds, daily_cap, addresses, referers, purpose)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id",
            args![
                new.account.0,
                new.name,
                &new.lookup.0,
                new.sealed_key,
                new.sealed_secret,
                new.created_at,
                new.expires_at.min(NEVER),
                rules.signature,
                rules.rate_calls,
                rules.rate_seconds,
                rules.daily_cap,
                &*rules.addresses,
                &*rules.referers,
                if new.console { "console" } else { "api" },
            ],
        )
        .await
        .map_err(|error| {
            if db::is_taken(&error) {
                StoreError::KeyTaken
            } else if db::is_missing_parent(&error) {
                StoreError::NoAccount(new.account.0)
            } else {
                error.into()
            }
        })?;
    made.ok_or(sqlx::Error::RowNotFound)?.int(0)
}

fn read_key(row: &Row) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: row.int(0)?,
        account: AccountId(row.int(1)?),
        name: row.text(2)?,
        lookup: Lookup::read(row, 3, "keys.lookup")?,
        sealed_secret: row.bytes(4)?,
        rules: KeyRules {
            signature: row.flag(5)?,
            rate_calls: row.number(6)?,
            rate_seconds: row.number(7)?,
            daily_cap: row.number(8)?,
            addresses: row.text(9)?,
            referers: row.text(10)?,
        },
        expires_at: row.int(11)?,
        suspended: row.flag(12)?,
        verified: row.flag(13)?,
        served: row.flag(14)?,
    })
}
