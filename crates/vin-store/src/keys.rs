//! Keys: what a request is authenticated with.

use crate::{AccountId, Store, StoreError, db};
use sqlx::Row;

/// What a key is found by: its keyed hash, so that the table alone opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lookup(pub [u8; 32]);

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
    /// Whether every request must be signed.
    pub signature: bool,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
}

/// A key that may be used now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id.
    pub id: i64,
    /// Whose key it is.
    pub account: AccountId,
    /// What it is found by.
    pub lookup: Lookup,
    /// The signing secret, encrypted.
    pub sealed_secret: Vec<u8>,
    /// Whether every request must be signed.
    pub signature: bool,
}

/// Every key that may be used, as of one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySnapshot {
    /// The revision that they were read at.
    pub revision: i64,
    /// The keys: not revoked, and of accounts that are not suspended.
    pub keys: Vec<KeyRow>,
}

impl Store {
    /// Makes a key.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], or [`StoreError::KeyTaken`] when the same key exists.
    pub async fn create_key(&self, new: &NewKey<'_>) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let id = sqlx::query_scalar(
            "insert into keys
             (account_id, name, lookup, sealed_key, sealed_secret, signature, created_at)
             values ($1, $2, $3, $4, $5, $6, $7) returning id",
        )
        .bind(new.account.0)
        .bind(new.name)
        .bind(&new.lookup.0[..])
        .bind(new.sealed_key)
        .bind(new.sealed_secret)
        .bind(new.signature)
        .bind(new.created_at)
        .fetch_one(&mut *tx)
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
        tx.commit().await?;
        Ok(id)
    }

    /// Revokes a key for ever; whether there was such a key in use.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revoke_key(&self, lookup: &Lookup) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let done =
            sqlx::query("update keys set state = 'revoked' where lookup = $1 and state = 'active'")
                .bind(&lookup.0[..])
                .execute(&mut *tx)
                .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether a key exists, in whatever state.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn has_key(&self, lookup: &Lookup) -> Result<bool, StoreError> {
        let row = sqlx::query("select id from keys where lookup = $1")
            .bind(&lookup.0[..])
            .fetch_optional(self.pool())
            .await?;
        Ok(row.is_some())
    }

    /// The revision of the keys; it changes with every change that matters to them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn key_revision(&self) -> Result<i64, StoreError> {
        let sql = "select value from key_revision where one = 1";
        Ok(sqlx::query_scalar(sql).fetch_one(self.pool()).await?)
    }

    /// Every key that may be used now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn key_snapshot(&self) -> Result<KeySnapshot, StoreError> {
        // The revision is read first: a change in between makes the next check read again.
        let revision = self.key_revision().await?;
        let rows = sqlx::query(
            "select k.id, k.account_id, k.lookup, k.sealed_secret, k.signature
             from keys k join accounts a on a.id = k.account_id
             where k.state = 'active' and a.state = 'active'
             order by k.id",
        )
        .fetch_all(self.pool())
        .await?;
        let keys = rows.iter().map(read_key).collect::<Result<_, _>>()?;
        Ok(KeySnapshot { revision, keys })
    }
}

fn read_key(row: &sqlx::sqlite::SqliteRow) -> Result<KeyRow, StoreError> {
    let lookup: Vec<u8> = row.try_get("lookup")?;
    let lookup = <[u8; 32]>::try_from(lookup)
        .map_err(|_| StoreError::Database("keys.lookup has not 32 bytes".to_owned()))?;
    Ok(KeyRow {
        id: row.try_get("id")?,
        account: AccountId(row.try_get("account_id")?),
        lookup: Lookup(lookup),
        sealed_secret: row.try_get("sealed_secret")?,
        signature: row.try_get("signature")?,
    })
}
