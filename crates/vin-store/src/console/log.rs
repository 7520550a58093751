//! The log of calls, page by page, of one account or of all. Nothing here counts or sorts a whole log:
//! days without a fitting call are skipped by the sums, and a page looks at so many rows and no more.

use crate::db::sql::args;
use crate::{AccountId, LoggedCall, Store, StoreError, calls};
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;

/// Which calls of a month are wanted; 0, `""` and `None` are all.
#[derive(Clone, Copy, Debug, Default)]
pub struct CallFilter<'a> {
    /// Of this account.
    pub account: Option<AccountId>,
    /// On this day (`YYYYMMDD`).
    pub day: u32,
    /// With this key.
    pub key: i64,
    /// With this code.
    pub code: i64,
    /// Only those that cost something, or only those that did not.
    pub charged: Option<bool>,
    /// Answered by this channel.
    pub channel: &'a str,
    /// About this VIN.
    pub vin: &'a str,
}

/// A part of the log.
#[derive(Clone, Debug, Default)]
pub struct CallPage {
    /// The calls, the latest day first, with their accounts.
    pub calls: Vec<(AccountId, LoggedCall)>,
    /// Before which order number it goes on; `None` when there is nothing more.
    pub next: Option<i64>,
}

/// The order numbers of one node and one day.
struct Span {
    first: i64,
    /// One past the last.
    end: i64,
}

impl Span {
    /// What of a day's numbers of a node lies before an order number, in the order of the log: by
    /// day, then by node.
    fn before(day: i64, node: i64, before: i64) -> Option<Self> {
        const NUMBERS: i64 = 1_000_000_000;
        const DAYS: i64 = 1_000_000;
        let first = (node * DAYS + day % DAYS) * NUMBERS;
        let own = (day % DAYS, node);
        let (of_day, of_node) = (before / NUMBERS % DAYS, before / NUMBERS / DAYS);
        let end = match own.cmp(&(of_day, of_node)) {
            _ if before == i64::MAX => first + NUMBERS,
            std::cmp::Ordering::Less => first + NUMBERS,
            std::cmp::Ordering::Equal => before,
            std::cmp::Ordering::Greater => return None,
        };
        Some(Self { first, end })
    }
}

impl Store {
    /// The calls of a month (`YYYYMM`) that fit, after `before` in the order of the log, at most
    /// `limit` of them. At most `looked` rows are looked at; where that ended, the next page begins.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn calls_like(
        &self,
        month: i64,
        filter: CallFilter<'_>,
        before: i64,
        limit: u32,
        looked: u32,
    ) -> Result<CallPage, StoreError> {
        let mut page = CallPage::default();
        if !self.call_months().await?.contains(&month) {
            return Ok(page);
        }
        let (whose, account) = match filter.account {
            Some(id) => ("account_id = $1", id.0),
            None => ("$1 = 0", 0),
        };
        let within = format!(
            "from calls_{month} where {whose} and order_no >= $2 and order_no < $3
             order by order_no desc limit $4"
        );
        let fitting = format!(
            "select order_no, at, key_id, count, code, level, channel, vin, account_id
             from (select * {within}) as looked
             where ($5 = 0 or key_id = $5) and ($6 = 0 or code = $6)
               and ($7 = -1 or ($7 = 1 and count > 0) or ($7 = 0 and count = 0))
               and ($8 = '' or channel = $8) and ($9 = '' or vin = $9)
             order by order_no desc limit $10"
        );
        let reached = format!(
            "select count(*), coalesce(min(order_no), 0) from (select order_no {within}) as looked"
        );
        let charged = filter.charged.map_or(-1, i64::from);
        let mut left = looked;
        for span in self.spans(month, &filter, before).await? {
            let wanted = limit - page.calls.len() as u32;
            let asked = args![
                account,
                span.first,
                span.end,
                left,
                filter.key,
                filter.code,
                charged,
                filter.channel,
                filter.vin,
                wanted,
            ];
            for row in self.rows(AssertSqlSafe(fitting.clone()), asked).await? {
                page.calls
                    .push((AccountId(row.int(8)?), calls::read(&row)?));
            }
            if page.calls.len() == limit as usize {
                page.next = page.calls.last().map(|(_, call)| call.order);
                return Ok(page);
            }
            let asked = args![account, span.first, span.end, left];
            let row = self.row(AssertSqlSafe(reached.clone()), asked).await?;
            let row = row.ok_or(sqlx::Error::RowNotFound)?;
            left -= row.number::<u32>(0)?.min(left);
            if left == 0 {
                page.next = Some(row.int(1)?);
                return Ok(page);
            }
        }
        Ok(page)
    }

    /// The months (`YYYYMM`) of which calls are kept, the latest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn call_months(&self) -> Result<Vec<i64>, StoreError> {
        let sql = "select month from call_months order by month desc";
        let rows = self.rows(sql, args![]).await?;
        rows.iter().map(|row| row.int(0)).collect()
    }

    /// Where fitting calls may be, in the order of the log.
    async fn spans(
        &self,
        month: i64,
        filter: &CallFilter<'_>,
        before: i64,
    ) -> Result<Vec<Span>, StoreError> {
        let (from, to) = match i64::from(filter.day) {
            0 => (month * 100, month * 100 + 99),
            day if day / 100 == month => (day, day),
            _ => return Ok(Vec::new()),
        };
        let used = match filter.account {
            Some(account) => {
                let sql = "select distinct day from usage_days
                           where account_id = $1 and day between $2 and $3 and ($4 = 0 or key_id = $4)
                             and ($5 = 0 or code = $5) and ($6 = '' or channel = $6)";
                let asked = args![account.0, from, to, filter.key, filter.code, filter.channel];
                let rows = self.rows(sql, asked).await?;
                let days: Result<BTreeSet<_>, _> = rows.iter().map(|row| row.int(0)).collect();
                Some(days?)
            }
            None => None,
        };
        let sql = "select day, node from order_blocks where day between $1 and $2
                   order by day desc, node desc";
        let mut spans = Vec::new();
        for row in self.rows(sql, args![from, to]).await? {
            let (day, node) = (row.int(0)?, row.int(1)?);
            if used.as_ref().is_none_or(|used| used.contains(&day)) {
                spans.extend(Span::before(day, node, before));
            }
        }
        Ok(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn the_log_goes_on_by_day_and_then_by_node() {
        let span =
            |day, node, before| Span::before(day, node, before).map(|span| (span.first, span.end));
        let cursor = 2_261_124_000_000_042;
        assert_eq!(
            span(20_261_124, 2, cursor),
            Some((2_261_124_000_000_000, cursor))
        );
        assert_eq!(span(20_261_124, 3, cursor), None);
        assert_eq!(span(20_261_125, 1, cursor), None);
        let whole = Some((9_261_123_000_000_000, 9_261_124_000_000_000));
        assert_eq!(span(20_261_123, 9, cursor), whole);
        assert_eq!(span(20_261_123, 9, i64::MAX), whole);
    }
}
