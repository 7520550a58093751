//! Links that open something without a password: the first owner's, an invitation, a new password,
//! a vehicle that is shared, an address of mail.

use crate::db::sql::{Row, args};
use crate::{Lookup, Store, StoreError};

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Become the first owner.
    Owner,
    /// Become an operator; the detail is the role.
    Operator,
    /// Set a new password.
    Reset,
    /// See one vehicle; the detail is its VIN. The only kind that works more than once.
    Share,
    /// Confirm an address of mail; the detail is the address.
    Mail,
}

impl Purpose {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Operator => "operator",
            Self::Reset => "reset",
            Self::Share => "share",
            Self::Mail => "mail",
        }
    }
}

/// A link to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewLink<'a> {
    /// What it is found by.
    pub lookup: Lookup,
    /// What it opens.
    pub purpose: Purpose,
    /// Who it is for, or who made it; 0 for nobody.
    pub holder: i64,
    /// What else it is about.
    pub detail: &'a str,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// When it ends.
    pub expires_at: i64,
}

/// A link that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// What it is found by.
    pub lookup: Lookup,
    /// Who it is for, or who made it; 0 for nobody.
    pub holder: i64,
    /// What else it is about.
    pub detail: String,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

const COLUMNS: &str = "lookup, holder, detail, created_at, expires_at";

impl Store {
    /// Makes a link. Of those to become the first owner, or to set the password or to confirm the
    /// address of one holder, only the last works.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn make_link(&self, new: &NewLink<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let over = "delete from links where expires_at <= $1";
        tx.run(over, args![new.at]).await?;
        if matches!(new.purpose, Purpose::Owner | Purpose::Reset) {
            let sql = "delete from links where purpose = $1 and holder = $2 and detail = $3";
            tx.run(sql, args![new.purpose.name(), new.holder, new.detail])
                .await?;
        }
        if new.purpose == Purpose::Mail {
            let sql = "delete from links where purpose = 'mail' and holder = $1";
            tx.run(sql, args![new.holder]).await?;
        }
        tx.run(
            "insert into links (lookup, purpose, holder, detail, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6)",
            args![
                &new.lookup.0,
                new.purpose.name(),
                new.holder,
                new.detail,
                new.at,
                new.expires_at
            ],
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// A link that is not over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn link(
        &self,
        purpose: Purpose,
        lookup: &Lookup,
        now: i64,
    ) -> Result<Option<LinkRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from links where lookup = $1 and purpose = $2 and expires_at > $3"
        ));
        let row = self.row(sql, args![&lookup.0, purpose.name(), now]).await?;
        row.as_ref().map(read).transpose()
    }

    /// The links of a holder that are not over, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn links(
        &self,
        purpose: Purpose,
        holder: i64,
        now: i64,
    ) -> Result<Vec<LinkRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from links where purpose = $1 and holder = $2 and expires_at > $3
             order by created_at desc"
        ));
        let rows = self.rows(sql, args![purpose.name(), holder, now]).await?;
        rows.iter().map(read).collect()
    }

    /// Uses a link up; whether it was there. Of two who try at once one is told yes.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn use_link(
        &self,
        purpose: Purpose,
        lookup: &Lookup,
        now: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "delete from links where lookup = $1 and purpose = $2 and expires_at > $3";
        let done = tx.run(sql, args![&lookup.0, purpose.name(), now]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }
}

fn read(row: &Row) -> Result<LinkRow, StoreError> {
    Ok(LinkRow {
        lookup: Lookup::read(row, 0, "links.lookup")?,
        holder: row.int(1)?,
        detail: row.text(2)?,
        created_at: row.int(3)?,
        expires_at: row.int(4)?,
    })
}
