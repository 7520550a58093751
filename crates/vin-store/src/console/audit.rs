//! What operators did. Rows are only ever added.

use crate::db::sql::{Row, args, plain};
use crate::{Store, StoreError};

/// A deed to be noted.
#[derive(Clone, Copy, Debug)]
pub struct NewAudit<'a> {
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// Who did it.
    pub actor: &'a str,
    /// What was done, such as `account.suspend`.
    pub action: &'a str,
    /// To what, such as `account 12`.
    pub subject: &'a str,
    /// What else is to be known, the reason for instance.
    pub detail: &'a str,
    /// From where.
    pub address: &'a str,
}

/// A deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id; later ones are greater.
    pub id: i64,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What else is to be known.
    pub detail: String,
    /// From where.
    pub address: String,
}

impl Store {
    /// Notes a deed.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn note_deed(&self, new: &NewAudit<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        tx.run(
            "insert into audit (at, actor, action, subject, detail, address)
             values ($1, $2, $3, $4, $5, $6)",
            args![
                new.at,
                new.actor,
                new.action,
                &*plain(new.subject),
                &*plain(new.detail),
                new.address
            ],
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The deeds before `before` of one actor or, with `""`, of all, and of one kind of action, the
    /// newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn deeds(
        &self,
        actor: &str,
        action: &str,
        before: i64,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let sql = "select id, at, actor, action, subject, detail, address from audit
                   where id < $1 and ($2 = '' or actor = $2) and ($3 = '' or action = $3)
                   order by id desc limit $4";
        let rows = self.rows(sql, args![before, actor, action, limit]).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        id: row.int(0)?,
        at: row.int(1)?,
        actor: row.text(2)?,
        action: row.text(3)?,
        subject: row.text(4)?,
        detail: row.text(5)?,
        address: row.text(6)?,
    })
}
