//! Codes that are redeemed for calls, once each, and the free trial of an account.

use crate::db::sql::{Arg, Row, args};
use crate::lots::{self, Deed, NewLot, Origin};
use crate::{AccountId, Lookup, LotId, Store, StoreError, db};

/// A batch of codes to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewBatch<'a> {
    /// What it is for.
    pub name: &'a str,
    /// The calls that each code is worth.
    pub calls: i64,
    /// For how many days these can be used; 0 for ever.
    pub days: i64,
    /// Until when a code can be redeemed.
    pub ends_at: i64,
    /// What each code is found by.
    pub lookups: &'a [Lookup],
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// Who makes it.
    pub actor: &'a str,
}

/// A batch of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// The calls that each code is worth.
    pub calls: i64,
    /// For how many days these can be used; 0 for ever.
    pub days: i64,
    /// How many codes it has.
    pub count: i64,
    /// How many were redeemed.
    pub used: i64,
    /// Whether the others can be redeemed, until the end.
    pub open: bool,
    /// Until when.
    pub ends_at: i64,
    /// When it was made.
    pub created_at: i64,
    /// Who made it.
    pub actor: String,
}

/// How many codes one statement adds.
const AT_ONCE: usize = 500;

impl Store {
    /// Makes a batch of codes, all of them or none; its id.
    ///
    /// # Errors
    /// [`StoreError::CodeTaken`] when one of them exists.
    pub async fn make_codes(&self, new: &NewBatch<'_>) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let made = tx
            .row(
                "insert into code_batches (name, calls, days, count, state, ends_at, created_at, actor)
                 values ($1, $2, $3, $4, 'open', $5, $6, $7) returning id",
                args![
                    new.name,
                    new.calls,
                    new.days,
                    new.lookups.len() as i64,
                    new.ends_at,
                    new.at,
                    new.actor
                ],
            )
            .await?;
        let id = made.ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        for part in new.lookups.chunks(AT_ONCE) {
            let values: Vec<Arg<'_>> = part
                .iter()
                .flat_map(|lookup| [Arg::Bytes(&lookup.0), Arg::Int(id)])
                .collect();
            let added = tx.insert("codes (lookup, batch_id)", 2, &values, "").await;
            added.map_err(|error| match db::is_taken(&error) {
                true => StoreError::CodeTaken,
                false => error.into(),
            })?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Redeems a code for an account: the package that it is worth, and how many calls. Of any number
    /// of callers at once one gets it.
    ///
    /// # Errors
    /// [`StoreError::NoCode`].
    pub async fn redeem(
        &self,
        lookup: &Lookup,
        account: AccountId,
        deed: Deed<'_>,
    ) -> Result<(LotId, i64), StoreError> {
        let mut tx = self.write().await?;
        let sql = "update codes set account_id = $2, used_at = $3
                   where lookup = $1 and account_id = 0 and exists (
                       select 1 from code_batches b
                       where b.id = codes.batch_id and b.state = 'open' and b.ends_at > $3)
                   returning id, batch_id";
        let row = tx.row(sql, args![&lookup.0, account.0, deed.at]).await?;
        let row = row.ok_or(StoreError::NoCode)?;
        let (code, batch) = (row.int(0)?, row.int(1)?);
        let sql = "select calls, days from code_batches where id = $1";
        let terms = tx.row(sql, args![batch]).await?;
        let terms = terms.ok_or(sqlx::Error::RowNotFound)?;
        let (calls, days) = (terms.int(0)?, terms.int(1)?);
        let new = NewLot {
            account,
            calls,
            expires_at: lots::end(deed.at, days),
            product: 0,
            price_fen: 0,
            policy: "",
            named: true,
            origin: Origin::Code(code),
        };
        let reason = format!("code {code} of batch {batch}");
        let entry = Deed {
            reason: &reason,
            ..deed
        };
        let lot = lots::add(&mut tx, &new, entry).await?;
        let lot = lot.ok_or(StoreError::NoCode)?;
        tx.commit().await?;
        Ok((lot, calls))
    }

    /// Withdraws the codes of a batch that were not redeemed; whether it was open.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn withdraw_codes(&self, batch: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update code_batches set state = 'withdrawn' where id = $1 and state = 'open'";
        let done = tx.run(sql, args![batch]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// The batches of codes, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn code_batches(&self) -> Result<Vec<Batch>, StoreError> {
        let sql = "select id, name, calls, days, count,
                       (select count(*) from codes c where c.batch_id = b.id and c.account_id > 0),
                       cast(case state when 'open' then 1 else 0 end as bigint), ends_at, created_at, actor
                   from code_batches b order by id desc";
        let rows = self.rows(sql, args![]).await?;
        let read = |row: &Row| {
            Ok(Batch {
                id: row.int(0)?,
                name: row.text(1)?,
                calls: row.int(2)?,
                days: row.int(3)?,
                count: row.int(4)?,
                used: row.int(5)?,
                open: row.flag(6)?,
                ends_at: row.int(7)?,
                created_at: row.int(8)?,
                actor: row.text(9)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Gives an account its free trial, once.
    ///
    /// # Errors
    /// [`StoreError::TrialTaken`].
    pub async fn grant_trial(
        &self,
        account: AccountId,
        calls: i64,
        days: i64,
        deed: Deed<'_>,
    ) -> Result<LotId, StoreError> {
        let mut tx = self.write().await?;
        let new = NewLot {
            account,
            calls,
            expires_at: lots::end(deed.at, days),
            product: 0,
            price_fen: 0,
            policy: "",
            named: true,
            origin: Origin::Trial(account),
        };
        let lot = lots::add(&mut tx, &new, deed).await?;
        let lot = lot.ok_or(StoreError::TrialTaken)?;
        tx.commit().await?;
        Ok(lot)
    }

    /// Whether an account had its free trial.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn had_trial(&self, account: AccountId) -> Result<bool, StoreError> {
        let sql = "select id from lots where origin = 'trial' and origin_id = $1";
        Ok(self.row(sql, args![account.0]).await?.is_some())
    }
}
