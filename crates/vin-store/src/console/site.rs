//! What the operator says to all: texts of the portal, and notices.

use crate::db::sql::{Row, args};
use crate::{Store, StoreError};

/// A notice to be published.
#[derive(Clone, Copy, Debug)]
pub struct NewNotice<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its text.
    pub body: &'a str,
    /// From when it is shown, in seconds since 1970-01-01 UTC.
    pub starts_at: i64,
    /// Until when.
    pub ends_at: i64,
    /// When it was written.
    pub at: i64,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// From when it is shown, in seconds since 1970-01-01 UTC.
    pub starts_at: i64,
    /// Until when.
    pub ends_at: i64,
}

impl Store {
    /// Every text that the operator has set, by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn site(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self
            .rows("select name, value from site order by name", args![])
            .await?;
        rows.iter()
            .map(|row| Ok((row.text(0)?, row.text(1)?)))
            .collect()
    }

    /// Which state of the texts it is; another number after each change.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn site_revision(&self) -> Result<i64, StoreError> {
        let sql = "select value from revisions where name = 'site'";
        let row = self.row(sql, args![]).await?;
        row.ok_or(sqlx::Error::RowNotFound)?.int(0)
    }

    /// Sets texts, all or none; an empty one is removed, so that the built-in one holds again.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_site(&self, texts: &[(&str, &str)], at: i64) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for (name, value) in texts {
            match *value {
                "" => {
                    let sql = "delete from site where name = $1";
                    tx.run(sql, args![*name]).await?;
                }
                value => {
                    tx.run(
                        "insert into site (name, value, changed_at) values ($1, $2, $3)
                         on conflict (name) do update set value = excluded.value,
                             changed_at = excluded.changed_at",
                        args![*name, value, at],
                    )
                    .await?;
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Publishes a notice.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn publish(&self, new: &NewNotice<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        tx.run(
            "insert into notices (title, body, starts_at, ends_at, created_at)
             values ($1, $2, $3, $4, $5)",
            args![new.title, new.body, new.starts_at, new.ends_at, new.at],
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The notices that are shown at `now`, or with `None` all, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn notices(&self, now: Option<i64>) -> Result<Vec<Notice>, StoreError> {
        let at = now.unwrap_or(-1);
        let rows = self
            .rows(
                "select id, title, body, starts_at, ends_at from notices
                 where $1 = -1 or (starts_at <= $1 and ends_at > $1) order by id desc limit 100",
                args![at],
            )
            .await?;
        rows.iter().map(read).collect()
    }

    /// Takes a notice back; whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn withdraw_notice(&self, id: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let done = tx
            .run("delete from notices where id = $1", args![id])
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }
}

fn read(row: &Row) -> Result<Notice, StoreError> {
    Ok(Notice {
        id: row.int(0)?,
        title: row.text(1)?,
        body: row.text(2)?,
        starts_at: row.int(3)?,
        ends_at: row.int(4)?,
    })
}
