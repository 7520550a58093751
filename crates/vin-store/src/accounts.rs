//! Accounts: who holds keys.

use crate::{Store, StoreError, db};

/// The id of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub i64);

/// An account to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewAccount<'a> {
    /// The phone number, unique among accounts.
    pub phone: &'a str,
    /// The PHC string of the password, or a text that no password matches.
    pub password_hash: &'a str,
    /// Whether the holder's real name has been verified.
    pub verified: bool,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::PhoneTaken`] when the phone number has one.
    pub async fn create_account(&self, new: &NewAccount<'_>) -> Result<AccountId, StoreError> {
        let mut tx = self.write().await?;
        let id = sqlx::query_scalar(
            "insert into accounts (phone, password_hash, verified, created_at)
             values ($1, $2, $3, $4) returning id",
        )
        .bind(new.phone)
        .bind(new.password_hash)
        .bind(new.verified)
        .bind(new.created_at)
        .fetch_one(&mut *tx)
        .await
        .map_err(|error| match db::is_taken(&error) {
            true => StoreError::PhoneTaken,
            false => error.into(),
        })?;
        tx.commit().await?;
        Ok(AccountId(id))
    }

    /// The account with a phone number, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn account_by_phone(&self, phone: &str) -> Result<Option<AccountId>, StoreError> {
        let id = sqlx::query_scalar("select id from accounts where phone = $1")
            .bind(phone)
            .fetch_optional(self.pool())
            .await?;
        Ok(id.map(AccountId))
    }
}
