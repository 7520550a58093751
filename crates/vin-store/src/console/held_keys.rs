//! Keys as their holders manage them.

use crate::db::sql::{Row, args};
use crate::{AccountId, KeyRules, Lookup, NEVER, Store, StoreError};

/// Whether a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It does, until it expires.
    Active,
    /// It does not, for ever.
    Revoked,
}

/// A key as its holder manages it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// Its id.
    pub id: i64,
    /// Whose key it is.
    pub account: AccountId,
    /// The holder's name for it.
    pub name: String,
    /// What it is found by.
    pub lookup: Lookup,
    /// The key, encrypted.
    pub sealed_key: Vec<u8>,
    /// The signing secret, encrypted.
    pub sealed_secret: Vec<u8>,
    /// What it may do.
    pub rules: KeyRules,
    /// Whether it works.
    pub state: KeyState,
    /// Whether it is the key of the account's own web pages.
    pub console: bool,
    /// When it ends to work, in seconds since 1970-01-01 UTC; [`NEVER`] for never.
    pub expires_at: i64,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// When it was last used, to a minute or so; 0 for never.
    pub used_at: i64,
}

/// The columns of a [`HeldKey`].
macro_rules! select_held {
    ($rest:literal) => {
        concat!(
            "select k.id, k.account_id, k.name, k.lookup, k.sealed_key, k.sealed_secret, k.signature,
                    k.rate_calls, k.rate_seconds, k.daily_cap, k.addresses, k.referers,
                    cast(case k.state when 'active' then 1 else 0 end as bigint),
                    cast(case k.purpose when 'console' then 1 else 0 end as bigint),
                    k.expires_at, k.created_at, coalesce(u.used_at, 0)
             from keys k left join key_uses u on u.key_id = k.id ",
            $rest
        )
    };
}

impl Store {
    /// The keys of an account, revoked ones too, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn held_keys(&self, account: AccountId) -> Result<Vec<HeldKey>, StoreError> {
        let sql = select_held!("where k.account_id = $1 order by k.id desc");
        let rows = self.rows(sql, args![account.0]).await?;
        rows.iter().map(read_held).collect()
    }

    /// One key of an account.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn held_key(
        &self,
        account: AccountId,
        key: i64,
    ) -> Result<Option<HeldKey>, StoreError> {
        let sql = select_held!("where k.account_id = $1 and k.id = $2");
        let row = self.row(sql, args![account.0, key]).await?;
        row.as_ref().map(read_held).transpose()
    }

    /// The key of the account's own web pages, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn console_key(&self, account: AccountId) -> Result<Option<HeldKey>, StoreError> {
        let sql = select_held!(
            "where k.account_id = $1 and k.purpose = 'console' and k.state = 'active'"
        );
        let row = self.row(sql, args![account.0]).await?;
        row.as_ref().map(read_held).transpose()
    }

    /// Changes the name and the rules of a key in use; whether the account has such a key.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_key(
        &self,
        account: AccountId,
        key: i64,
        name: &str,
        rules: &KeyRules,
        expires_at: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let done = tx
            .run(
                "update keys set name = $3, signature = $4, rate_calls = $5, rate_seconds = $6,
                        daily_cap = $7, addresses = $8, referers = $9, expires_at = $10
                 where account_id = $1 and id = $2 and state = 'active' and purpose = 'api'",
                args![
                    account.0,
                    key,
                    name,
                    rules.signature,
                    rules.rate_calls,
                    rules.rate_seconds,
                    rules.daily_cap,
                    &*rules.addresses,
                    &*rules.referers,
                    expires_at.min(NEVER)
                ],
            )
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }
}

fn read_held(row: &Row) -> Result<HeldKey, StoreError> {
    Ok(HeldKey {
        id: row.int(0)?,
        account: AccountId(row.int(1)?),
        name: row.text(2)?,
        lookup: Lookup::read(row, 3, "keys.lookup")?,
        sealed_key: row.bytes(4)?,
        sealed_secret: row.bytes(5)?,
        rules: KeyRules {
            signature: row.flag(6)?,
            rate_calls: row.number(7)?,
            rate_seconds: row.number(8)?,
            daily_cap: row.number(9)?,
            addresses: row.text(10)?,
            referers: row.text(11)?,
        },
        state: match row.flag(12)? {
            true => KeyState::Active,
            false => KeyState::Revoked,
        },
        console: row.flag(13)?,
        expires_at: row.int(14)?,
        created_at: row.int(15)?,
        used_at: row.int(16)?,
    })
}
