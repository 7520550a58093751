//! Passkeys: the public keys of devices that sign people in.

use super::Holder;
use crate::db::sql::{Row, args, plain};
use crate::{Store, StoreError, db};

/// A passkey to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewPasskey<'a> {
    /// Whose it is.
    pub holder: Holder,
    /// What its holder calls it.
    pub name: &'a str,
    /// What the device calls it.
    pub credential: &'a [u8],
    /// Its public key, SubjectPublicKeyInfo in DER.
    pub public_key: &'a [u8],
    /// What the device has counted so far.
    pub counter: i64,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub holder: Holder,
    /// What its holder calls it.
    pub name: String,
    /// Its public key, SubjectPublicKeyInfo in DER.
    pub public_key: Vec<u8>,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// When it was last used; 0 for never.
    pub used_at: i64,
}

const COLUMNS: &str = "id, kind, holder, name, public_key, created_at, used_at";

impl Store {
    /// Adds a passkey; whether the device's name for it was new.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_passkey(&self, new: &NewPasskey<'_>) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "insert into passkeys
                   (kind, holder, name, credential, public_key, counter, created_at, used_at)
                   values ($1, $2, $3, $4, $5, $6, $7, 0)";
        let (kind, id) = (new.holder.kind(), new.holder.id());
        let name = plain(new.name);
        let asked = args![
            kind,
            id,
            &*name,
            new.credential,
            new.public_key,
            new.counter,
            new.at
        ];
        match tx.run(sql, asked).await {
            Ok(_) => {}
            Err(error) if db::is_taken(&error) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The passkeys of a holder, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn passkeys(&self, holder: Holder) -> Result<Vec<PasskeyRow>, StoreError> {
        let sql =
            format!("select {COLUMNS} from passkeys where kind = $1 and holder = $2 order by id");
        let sql = sqlx::AssertSqlSafe(sql);
        let rows = self.rows(sql, args![holder.kind(), holder.id()]).await?;
        rows.iter().map(read).collect()
    }

    /// The passkey that a device calls so.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn passkey(&self, credential: &[u8]) -> Result<Option<PasskeyRow>, StoreError> {
        let sql = format!("select {COLUMNS} from passkeys where credential = $1");
        let row = self
            .row(sqlx::AssertSqlSafe(sql), args![credential])
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Notes that a passkey was used. `false` when its device counted no further, which is what a copy
    /// of it would do; devices that do not count always say 0.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn use_passkey(&self, id: i64, counter: i64, at: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update passkeys set counter = $2, used_at = $3
                   where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))";
        let done = tx.run(sql, args![id, counter, at]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Removes one passkey of a holder, or with 0 all of them; how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remove_passkeys(&self, holder: Holder, id: i64) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let sql = "delete from passkeys where kind = $1 and holder = $2 and ($3 = 0 or id = $3)";
        let done = tx.run(sql, args![holder.kind(), holder.id(), id]).await?;
        tx.commit().await?;
        Ok(done)
    }
}

fn read(row: &Row) -> Result<PasskeyRow, StoreError> {
    Ok(PasskeyRow {
        id: row.int(0)?,
        holder: Holder::read(&row.text(1)?, row.int(2)?),
        name: row.text(3)?,
        public_key: row.bytes(4)?,
        created_at: row.int(5)?,
        used_at: row.int(6)?,
    })
}
