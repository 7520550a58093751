//! Accounts: who holds keys.

use crate::db::sql::{Row, args};
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

/// An account, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// The phone number that it is known by.
    pub phone: String,
    /// Whether the holder's real name has been verified.
    pub verified: bool,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
}

/// The columns of an [`AccountRow`].
macro_rules! select_accounts {
    ($rest:literal) => {
        concat!(
            "select id, phone, verified,
                    cast(case state when 'suspended' then 1 else 0 end as bigint), created_at
             from accounts ",
            $rest
        )
    };
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::PhoneTaken`] when the phone number has one.
    pub async fn create_account(&self, new: &NewAccount<'_>) -> Result<AccountId, StoreError> {
        let mut tx = self.write().await?;
        let made = tx
            .row(
                "insert into accounts (phone, password_hash, verified, created_at)
                 values ($1, $2, $3, $4) returning id",
                args![new.phone, new.password_hash, new.verified, new.created_at],
            )
            .await
            .map_err(|error| match db::is_taken(&error) {
                true => StoreError::PhoneTaken,
                false => error.into(),
            })?;
        let id = made.ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        tx.commit().await?;
        Ok(AccountId(id))
    }

    /// The account with a phone number, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn account_by_phone(&self, phone: &str) -> Result<Option<AccountId>, StoreError> {
        let row = self
            .row("select id from accounts where phone = $1", args![phone])
            .await?;
        row.map(|row| row.int(0).map(AccountId)).transpose()
    }

    /// One account.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn account(&self, id: AccountId) -> Result<Option<AccountRow>, StoreError> {
        let sql = select_accounts!("where id = $1");
        let row = self.row(sql, args![id.0]).await?;
        row.as_ref().map(read).transpose()
    }

    /// The hash of an account's password.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`]; [`StoreError::Database`].
    pub async fn password_hash(&self, id: AccountId) -> Result<String, StoreError> {
        let sql = "select password_hash from accounts where id = $1";
        let row = self.row(sql, args![id.0]).await?;
        row.ok_or(StoreError::NoAccount(id.0))?.text(0)
    }

    /// Suspends an account or lets it go on; whether there is such an account.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn suspend_account(
        &self,
        account: AccountId,
        suspended: bool,
    ) -> Result<bool, StoreError> {
        let state = if suspended { "suspended" } else { "active" };
        let mut tx = self.write().await?;
        let done = tx
            .run(
                "update accounts set state = $2 where id = $1",
                args![account.0, state],
            )
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Says whether the holder's real name has been verified; whether there is such an account.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn verify_account(
        &self,
        account: AccountId,
        verified: bool,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let done = tx
            .run(
                "update accounts set verified = $2 where id = $1",
                args![account.0, verified],
            )
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// The accounts whose ids come after `after`, in their order, at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn accounts(
        &self,
        after: AccountId,
        limit: u32,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let sql = select_accounts!("where id > $1 order by id limit $2");
        let rows = self.rows(sql, args![after.0, limit]).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        id: AccountId(row.int(0)?),
        phone: row.text(1)?,
        verified: row.flag(2)?,
        suspended: row.flag(3)?,
        created_at: row.int(4)?,
    })
}
