//! Sessions: who is signed in, and since when.

use super::Holder;
use crate::db::sql::{Row, args, plain};
use crate::{Lookup, Store, StoreError};

/// A session to be begun.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// What its cookie is found by.
    pub lookup: Lookup,
    /// Who is signed in.
    pub holder: Holder,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// From where.
    pub address: &'a str,
    /// With which program, as it says itself.
    pub agent: &'a str,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// What its cookie is found by.
    pub lookup: Lookup,
    /// Who is signed in.
    pub holder: Holder,
    /// When it began, in seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// When it was last used, to a minute or so.
    pub seen_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// When the password was last asked for.
    pub confirmed_at: i64,
    /// From where it was begun.
    pub address: String,
    /// With which program, as it said itself.
    pub agent: String,
}

const COLUMNS: &str =
    "lookup, kind, holder, created_at, seen_at, expires_at, confirmed_at, address, agent";

impl Store {
    /// Begins a session, and ends those that are over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_session(&self, new: &NewSession<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        tx.run(
            "insert into sessions (lookup, kind, holder, created_at, seen_at, expires_at,
                                   confirmed_at, address, agent)
             values ($1, $2, $3, $4, $4, $5, $4, $6, $7)",
            args![
                &new.lookup.0,
                new.holder.kind(),
                new.holder.id(),
                new.at,
                new.expires_at,
                new.address,
                &*plain(new.agent)
            ],
        )
        .await?;
        let over = "delete from sessions where expires_at <= $1";
        tx.run(over, args![new.at]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The session of a cookie that is not over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn session(
        &self,
        lookup: &Lookup,
        now: i64,
    ) -> Result<Option<SessionRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from sessions where lookup = $1 and expires_at > $2"
        ));
        let row = self.row(sql, args![&lookup.0, now]).await?;
        row.as_ref().map(read).transpose()
    }

    /// The sessions of a holder that are not over, the last used first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sessions(&self, holder: Holder, now: i64) -> Result<Vec<SessionRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from sessions where kind = $1 and holder = $2 and expires_at > $3
             order by seen_at desc, created_at desc"
        ));
        let rows = self
            .rows(sql, args![holder.kind(), holder.id(), now])
            .await?;
        rows.iter().map(read).collect()
    }

    /// Notes that a session is used, and until when it lives on.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn touch_session(
        &self,
        lookup: &Lookup,
        at: i64,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "update sessions set seen_at = $2, expires_at = $3 where lookup = $1";
        tx.run(sql, args![&lookup.0, at, expires_at]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives a session another cookie, because the password was asked for again.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn confirm_session(
        &self,
        old: &Lookup,
        new: &Lookup,
        at: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql =
            "update sessions set lookup = $2, confirmed_at = $3, seen_at = $3 where lookup = $1";
        let done = tx.run(sql, args![&old.0, &new.0, at]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Ends a session of a holder; whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_session(&self, holder: Holder, lookup: &Lookup) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "delete from sessions where lookup = $1 and kind = $2 and holder = $3";
        let done = tx
            .run(sql, args![&lookup.0, holder.kind(), holder.id()])
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Ends all sessions of a holder but one; how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_sessions(
        &self,
        holder: Holder,
        but: Option<&Lookup>,
    ) -> Result<u64, StoreError> {
        let but = but.map_or([0; 32], |lookup| lookup.0);
        let mut tx = self.write().await?;
        let sql = "delete from sessions where kind = $1 and holder = $2 and lookup <> $3";
        let done = tx.run(sql, args![holder.kind(), holder.id(), &but]).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Sets the password of a holder and ends the sessions that it opened, but for one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_password(
        &self,
        holder: Holder,
        password_hash: &str,
        but: Option<&Lookup>,
    ) -> Result<bool, StoreError> {
        let sql = match holder {
            Holder::Account(_) => "update accounts set password_hash = $2 where id = $1",
            Holder::Operator(_) => "update operators set password_hash = $2 where id = $1",
        };
        let but = but.map_or([0; 32], |lookup| lookup.0);
        let mut tx = self.write().await?;
        let done = tx.run(sql, args![holder.id(), password_hash]).await?;
        let end = "delete from sessions where kind = $1 and holder = $2 and lookup <> $3";
        tx.run(end, args![holder.kind(), holder.id(), &but]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }
}

fn read(row: &Row) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        lookup: Lookup::read(row, 0, "sessions.lookup")?,
        holder: Holder::read(&row.text(1)?, row.int(2)?),
        created_at: row.int(3)?,
        seen_at: row.int(4)?,
        expires_at: row.int(5)?,
        confirmed_at: row.int(6)?,
        address: row.text(7)?,
        agent: row.text(8)?,
    })
}
