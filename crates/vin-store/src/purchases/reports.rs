//! What finance reads: money that came and went, and what customers have paid for and not used.

use super::Provider;
use crate::db::sql::{Row, args};
use crate::{AccountId, LotId, Store, StoreError};

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// When it was paid, in seconds since 1970-01-01 UTC.
    pub paid_at: i64,
    /// Who took it in.
    pub provider: Provider,
    /// The provider's number of it.
    pub trade: String,
    /// The number of the purchase.
    pub purchase: String,
    /// Who bought.
    pub account: AccountId,
    /// How much, in hundredths of a yuan.
    pub fen: i64,
    /// Whether the purchase had been paid before.
    pub surplus: bool,
    /// How much of it went back, whenever that was.
    pub back_fen: i64,
    /// When that was wanted, 0 for never.
    pub back_at: i64,
    /// Whether the provider has sent it.
    pub back_done: bool,
    /// The tax office's number of the invoice, `""` where there is none.
    pub invoice: String,
}

/// Money of one provider in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneySum {
    /// Who took it in.
    pub provider: Provider,
    /// How many payments came.
    pub payments: i64,
    /// How much came, in hundredths of a yuan.
    pub fen: i64,
    /// How many refunds were wanted.
    pub refunds: i64,
    /// How much they are.
    pub back_fen: i64,
}

/// Calls of a package that were granted and not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liability {
    /// The package.
    pub lot: LotId,
    /// Whose it is.
    pub account: AccountId,
    /// What it is from: `purchase`, `code`, `trial` or `grant`.
    pub origin: String,
    /// How many calls it had.
    pub total: i64,
    /// How many are left, those that nodes hold included.
    pub left: i64,
    /// What it cost, in hundredths of a yuan; 0 for what was not sold.
    pub price_fen: i64,
    /// The part of that for what is left, rounded down.
    pub fen: i64,
    /// When what is left is lost.
    pub expires_at: i64,
}

/// All of that together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// How many packages have calls left.
    pub lots: i64,
    /// How many calls.
    pub calls: i64,
    /// What they were paid for.
    pub fen: i64,
}

/// What is left of a package `l`.
const LEFT: &str =
    "(l.remain + coalesce((select sum(s.remain) from leases s where s.lot_id = l.id), 0))";

impl Store {
    /// The payments from one moment on and before another, by time, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn receipts(
        &self,
        from: i64,
        to: i64,
        limit: u32,
    ) -> Result<Vec<Receipt>, StoreError> {
        let sql = "select p.paid_at, p.provider, p.trade, u.number, u.account_id, p.fen, p.surplus,
                       coalesce(r.fen, 0), coalesce(r.wanted_at, 0),
                       cast(case r.state when 'done' then 1 else 0 end as bigint), coalesce(v.number, '')
                   from payments p join purchases u on u.id = p.purchase_id
                   left join refunds r on r.payment_id = p.id
                   left join invoice_purchases i on i.purchase_id = u.id and i.holds = 1
                   left join invoices v on v.id = i.invoice_id
                   where p.paid_at >= $1 and p.paid_at < $2 order by p.paid_at, p.id limit $3";
        let rows = self.rows(sql, args![from, to, limit]).await?;
        let read = |row: &Row| {
            Ok(Receipt {
                paid_at: row.int(0)?,
                provider: Provider::read(row, 1)?,
                trade: row.text(2)?,
                purchase: row.text(3)?,
                account: AccountId(row.int(4)?),
                fen: row.int(5)?,
                surplus: row.flag(6)?,
                back_fen: row.int(7)?,
                back_at: row.int(8)?,
                back_done: row.flag(9)?,
                invoice: row.text(10)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// What each provider took in and sends back, from one moment on and before another; a refund counts
    /// when it was wanted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn money_between(&self, from: i64, to: i64) -> Result<Vec<MoneySum>, StoreError> {
        let sql = "select provider, cast(sum(n) as bigint), cast(sum(fen) as bigint),
                       cast(sum(backs) as bigint), cast(sum(back) as bigint)
                   from (
                       select provider, count(*) as n, sum(fen) as fen, 0 as backs, 0 as back
                       from payments where paid_at >= $1 and paid_at < $2 group by provider
                       union all
                       select p.provider, 0, 0, count(*), sum(r.fen)
                       from refunds r join payments p on p.id = r.payment_id
                       where r.wanted_at >= $1 and r.wanted_at < $2 group by p.provider) t
                   group by provider order by provider";
        let rows = self.rows(sql, args![from, to]).await?;
        let read = |row: &Row| {
            Ok(MoneySum {
                provider: Provider::read(row, 0)?,
                payments: row.int(1)?,
                fen: row.int(2)?,
                refunds: row.int(3)?,
                back_fen: row.int(4)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The packages after an id that have calls left at `now`, in the order of their ids, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn liabilities(
        &self,
        now: i64,
        after: LotId,
        limit: u32,
    ) -> Result<Vec<Liability>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select id, account_id, origin, total, cast(remaining as bigint), price_fen,
                 cast(price_fen * remaining / total as bigint), expires_at
             from (select l.id, l.account_id, l.origin, l.total, cast({LEFT} as bigint) as remaining,
                       l.price_fen, l.expires_at
                   from lots l where l.id > $1 and l.expires_at > $2) t
             where remaining > 0 order by id limit $3"
        ));
        let rows = self.rows(sql, args![after.0, now, limit]).await?;
        let read = |row: &Row| {
            Ok(Liability {
                lot: LotId(row.int(0)?),
                account: AccountId(row.int(1)?),
                origin: row.text(2)?,
                total: row.int(3)?,
                left: row.int(4)?,
                price_fen: row.int(5)?,
                fen: row.int(6)?,
                expires_at: row.int(7)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// All of these packages together.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn owed(&self, now: i64) -> Result<Owed, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select count(*), cast(coalesce(sum(remaining), 0) as bigint),
                 cast(coalesce(sum(price_fen * remaining / total), 0) as bigint)
             from (select l.total, l.price_fen, cast({LEFT} as bigint) as remaining
                   from lots l where l.expires_at > $1) t
             where remaining > 0"
        ));
        let row = self.row(sql, args![now]).await?;
        let row = row.ok_or(sqlx::Error::RowNotFound)?;
        Ok(Owed {
            lots: row.int(0)?,
            calls: row.int(1)?,
            fen: row.int(2)?,
        })
    }
}
