//! Second factors: what is asked for beside the password.

use super::Holder;
use crate::db::sql::{Row, args};
use crate::{Store, StoreError};

/// The way in which a second factor is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A one-time password of a program on a phone (RFC 6238).
    Totp,
    /// A code that works once, written down beforehand.
    Recovery,
}

impl Method {
    const ALL: [Self; 2] = [Self::Totp, Self::Recovery];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Recovery => "recovery",
        }
    }
}

/// A factor to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewFactor<'a> {
    /// Whose it is.
    pub holder: Holder,
    /// The way in which it is shown.
    pub method: Method,
    /// What it is checked with: encrypted, or a keyed hash.
    pub sealed: &'a [u8],
    /// The last step or counter that was taken.
    pub step: i64,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorRow {
    /// Its id.
    pub id: i64,
    /// The way in which it is shown.
    pub method: Method,
    /// What it is checked with: encrypted, or a keyed hash.
    pub sealed: Vec<u8>,
    /// The last step or counter that was taken.
    pub step: i64,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// When it was last used; 0 for never.
    pub used_at: i64,
}

impl Store {
    /// Adds factors, all or none, in place of those of the same method where `replace` says so.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_factors(
        &self,
        new: &[NewFactor<'_>],
        replace: Option<(Holder, Method)>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if let Some((holder, method)) = replace {
            let sql = "delete from factors where kind = $1 and holder = $2 and method = $3";
            tx.run(sql, args![holder.kind(), holder.id(), method.name()])
                .await?;
        }
        for factor in new {
            tx.run(
                "insert into factors (kind, holder, method, sealed, step, created_at, used_at)
                 values ($1, $2, $3, $4, $5, $6, 0)",
                args![
                    factor.holder.kind(),
                    factor.holder.id(),
                    factor.method.name(),
                    factor.sealed,
                    factor.step,
                    factor.at
                ],
            )
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The factors of a holder, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn factors(&self, holder: Holder) -> Result<Vec<FactorRow>, StoreError> {
        let sql = "select id, method, sealed, step, created_at, used_at from factors
                   where kind = $1 and holder = $2 order by id";
        let rows = self.rows(sql, args![holder.kind(), holder.id()]).await?;
        rows.iter().map(read).collect()
    }

    /// Takes a step of a factor; whether it is later than all before it. So nothing works twice.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_step(&self, factor: i64, step: i64, at: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update factors set step = $2, used_at = $3 where id = $1 and step < $2";
        let done = tx.run(sql, args![factor, step, at]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Removes a factor of a holder; whether there was one. So a recovery code works once.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remove_factor(&self, holder: Holder, factor: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "delete from factors where id = $1 and kind = $2 and holder = $3";
        let done = tx
            .run(sql, args![factor, holder.kind(), holder.id()])
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Removes every factor of a holder; how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remove_factors(&self, holder: Holder) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let sql = "delete from factors where kind = $1 and holder = $2";
        let done = tx.run(sql, args![holder.kind(), holder.id()]).await?;
        tx.commit().await?;
        Ok(done)
    }
}

fn read(row: &Row) -> Result<FactorRow, StoreError> {
    let name = row.text(1)?;
    let method = Method::ALL.into_iter().find(|m| m.name() == name);
    Ok(FactorRow {
        id: row.int(0)?,
        method: method
            .ok_or_else(|| StoreError::Database(format!("factors.method holds {name:?}")))?,
        sealed: row.bytes(2)?,
        step: row.int(3)?,
        created_at: row.int(4)?,
        used_at: row.int(5)?,
    })
}
