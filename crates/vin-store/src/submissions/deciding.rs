//! What becomes of a submission: taken to be put to a channel once, approved, rejected, erased.

use super::SubmissionState;
use crate::db::sql::{args, plain};
use crate::lots::Deed;
use crate::{AccountId, Store, StoreError};

impl Store {
    /// Takes the oldest submission of these kinds that waits and was put to no channel yet; its id.
    /// Whatever becomes of the question, nobody takes it again.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_submission(
        &self,
        persons: bool,
        companies: bool,
        at: i64,
    ) -> Result<Option<i64>, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update submissions set asked_at = $3
                   where asked_at = 0 and id = (
                       select min(id) from submissions where state = 'submitted' and asked_at = 0
                       and (($1 = 1 and kind = 'person') or ($2 = 1 and kind = 'company')))
                   returning id";
        let row = tx.row(sql, args![persons, companies, at]).await?;
        let taken = row.map(|row| row.int(0)).transpose()?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Approves a submission, which verifies its account, or rejects it; whether it still waited.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn decide_submission(
        &self,
        id: i64,
        approved: bool,
        deed: Deed<'_>,
    ) -> Result<bool, StoreError> {
        let state = match approved {
            true => SubmissionState::Approved,
            false => SubmissionState::Rejected,
        };
        let mut tx = self.write().await?;
        let sql = "update submissions
                   set state = $2, decided_at = $3, decided_by = $4, reason = $5
                   where id = $1 and state = 'submitted' returning account_id";
        let reason = plain(deed.reason);
        let decided = args![id, state.name(), deed.at, deed.actor, &*reason];
        let Some(row) = tx.row(sql, decided).await? else {
            return Ok(false);
        };
        if approved {
            let sql = "update accounts set verified = 1 where id = $1";
            tx.run_one("verifying an account", sql, args![row.int(0)?])
                .await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Erases the data of every submission of an account, and withdraws the one that waits; of how many.
    /// That the account was verified, and when, stays.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn erase_submissions(&self, account: AccountId, at: i64) -> Result<u64, StoreError> {
        let nothing: &[u8] = &[];
        let mut tx = self.write().await?;
        let erased = tx
            .run(
                "update submissions
                 set sealed = $3, masked = '', reason = '', erased_at = $2,
                     state = case state when 'submitted' then 'withdrawn' else state end
                 where account_id = $1 and erased_at = 0",
                args![account.0, at, nothing],
            )
            .await?;
        tx.run(
            "delete from licence_pictures where submission_id in (
                 select id from submissions where account_id = $1)",
            args![account.0],
        )
        .await?;
        tx.commit().await?;
        Ok(erased)
    }
}
