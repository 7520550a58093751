//! Real names: what customers hand in, the data sealed by whoever calls, and what became of it.
//!
//! What tells who somebody is comes and goes as bytes that mean nothing here. How it is decided is in
//! [`deciding`]; who looked at it stands in the log of deeds.

mod deciding;

use crate::db::sql::{Row, args};
use crate::named::named;
use crate::{AccountId, Store, StoreError, db};
use sqlx::AssertSqlSafe;

named! {
    /// Whose name it is.
    SubmissionKind {
        /// A person's.
        Person = "person"
        /// That of a company or another organisation.
        Company = "company"
    }
}

named! {
    /// What became of a submission.
    SubmissionState {
        /// It waits to be decided.
        Submitted = "submitted"
        /// The account was verified by it.
        Approved = "approved"
        /// It was refused.
        Rejected = "rejected"
        /// Its data were erased before it was decided.
        Withdrawn = "withdrawn"
    }
}

named! {
    /// What a picture is.
    PictureKind {
        /// PNG.
        Png = "png"
        /// JPEG.
        Jpeg = "jpeg"
    }
}

/// How many submissions of an account are taken within [`SUBMISSIONS_SPAN`].
pub const MAX_SUBMISSIONS: i64 = 5;

/// The seconds of a day.
pub const SUBMISSIONS_SPAN: i64 = 86_400;

/// A submission to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewSubmission<'a> {
    /// Whose it is.
    pub account: AccountId,
    /// A person or a company.
    pub kind: SubmissionKind,
    /// What the data are sealed for, unique.
    pub reference: &'a str,
    /// The data, encrypted.
    pub sealed: &'a [u8],
    /// What lists show of them.
    pub masked: &'a str,
    /// The picture of the licence, encrypted.
    pub picture: Option<(PictureKind, &'a [u8])>,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A submission, without its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its id; later ones are greater.
    pub id: i64,
    /// Whose it is.
    pub account: AccountId,
    /// A person or a company.
    pub kind: SubmissionKind,
    /// What became of it.
    pub state: SubmissionState,
    /// What the data are sealed for.
    pub reference: String,
    /// What lists show of the data, `""` once they are erased.
    pub masked: String,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// When the channel was asked, 0 for not.
    pub asked_at: i64,
    /// When it was decided, 0 for not yet.
    pub decided_at: i64,
    /// Who decided.
    pub decided_by: String,
    /// Why.
    pub reason: String,
    /// When its data were erased, 0 for not.
    pub erased_at: i64,
    /// What its picture is, if there is one.
    pub picture: Option<PictureKind>,
}

const COLUMNS: &str = "s.id, s.account_id, s.kind, s.state, s.reference, s.masked, s.created_at,
    s.asked_at, s.decided_at, s.decided_by, s.reason, s.erased_at, coalesce(p.kind, '')";
const TABLES: &str = "submissions s left join licence_pictures p on p.submission_id = s.id";

impl Store {
    /// Makes a submission; its id.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`]; [`StoreError::AlreadyVerified`]; [`StoreError::SubmissionOpen`] when
    /// another waits; [`StoreError::TooManySubmissions`].
    pub async fn submit(&self, new: &NewSubmission<'_>) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        // The row of the account is held, so that what comes at once is counted one after the other.
        let sql = "update accounts set verified = verified where id = $1 returning verified";
        let held = tx.row(sql, args![new.account.0]).await?;
        let held = held.ok_or(StoreError::NoAccount(new.account.0))?;
        if held.flag(0)? {
            return Err(StoreError::AlreadyVerified);
        }
        let sql = "select count(*) from submissions where account_id = $1 and created_at > $2";
        let lately = args![new.account.0, new.at - SUBMISSIONS_SPAN];
        if tx.int(sql, lately).await? >= MAX_SUBMISSIONS {
            return Err(StoreError::TooManySubmissions);
        }
        let made = tx
            .row(
                "insert into submissions
                     (account_id, kind, state, reference, sealed, masked, created_at)
                 values ($1, $2, 'submitted', $3, $4, $5, $6) returning id",
                args![
                    new.account.0,
                    new.kind.name(),
                    new.reference,
                    new.sealed,
                    new.masked,
                    new.at
                ],
            )
            .await
            .map_err(|error| match db::is_taken(&error) {
                true => StoreError::SubmissionOpen,
                false => error.into(),
            })?;
        let id = made.ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        if let Some((kind, sealed)) = new.picture {
            tx.run_one(
                "keeping a picture",
                "insert into licence_pictures (submission_id, kind, sealed) values ($1, $2, $3)",
                args![id, kind.name(), sealed],
            )
            .await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// A submission, of one account or with `None` of any.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn submission(
        &self,
        id: i64,
        account: Option<AccountId>,
    ) -> Result<Option<Submission>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "select {COLUMNS} from {TABLES} where s.id = $1 and ($2 = 0 or s.account_id = $2)"
        ));
        let account = account.map_or(0, |account| account.0);
        let row = self.row(sql, args![id, account]).await?;
        row.as_ref().map(read).transpose()
    }

    /// The submissions before an id, of one account or with `None` of all, in one state or any, the
    /// newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn submissions(
        &self,
        account: Option<AccountId>,
        state: Option<SubmissionState>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Submission>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "select {COLUMNS} from {TABLES}
             where s.id < $1 and ($2 = 0 or s.account_id = $2) and ($3 = '' or s.state = $3)
             order by s.id desc limit $4"
        ));
        let account = account.map_or(0, |account| account.0);
        let state = state.map_or("", SubmissionState::name);
        let rows = self.rows(sql, args![before, account, state, limit]).await?;
        rows.iter().map(read).collect()
    }

    /// The encrypted data of a submission; `None` once they are erased.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sealed_submission(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select sealed from submissions where id = $1 and erased_at = 0";
        let row = self.row(sql, args![id]).await?;
        row.map(|row| row.bytes(0)).transpose()
    }

    /// The encrypted picture of a submission, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sealed_picture(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select sealed from licence_pictures where submission_id = $1";
        let row = self.row(sql, args![id]).await?;
        row.map(|row| row.bytes(0)).transpose()
    }
}

fn read(row: &Row) -> Result<Submission, StoreError> {
    let picture = match row.text(12)?.as_str() {
        "" => None,
        _ => Some(PictureKind::read(row, 12)?),
    };
    Ok(Submission {
        id: row.int(0)?,
        account: AccountId(row.int(1)?),
        kind: SubmissionKind::read(row, 2)?,
        state: SubmissionState::read(row, 3)?,
        reference: row.text(4)?,
        masked: row.text(5)?,
        created_at: row.int(6)?,
        asked_at: row.int(7)?,
        decided_at: row.int(8)?,
        decided_by: row.text(9)?,
        reason: row.text(10)?,
        erased_at: row.int(11)?,
        picture,
    })
}
