//! Finding causes of alerts in packages, leases and sums, never in the log: alerts are raised for
//! those that are new and ended for those that are gone.
//!
//! Reading is no transaction. What is raised twice at the same time is one row all the same, and
//! what was read a moment too early is put right by whoever looks next.

use super::{AlertKind, contacts};
use crate::db::sql::{Row, args};
use crate::{AccountId, Store, StoreError};
use serde_json::json;
use std::collections::BTreeMap;

/// How often one node looks for all, in seconds.
const EVERY: i64 = 60;
/// A turn that lies further ahead than this was taken by a clock that was wrong, in seconds.
const AHEAD: i64 = 3_600;
/// For how many seconds a change of the ledger makes an account worth a look.
const LATELY: i64 = 300;
/// How many calls an hour needs before its errors say anything.
const LEAST_CALLS: i64 = 20;

/// What came of a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Alerts that were raised.
    pub raised: u64,
    /// Alerts that were ended.
    pub ended: u64,
}

/// Account, kind and subject: of each there is one open alert at most.
type Cause = (i64, AlertKind, i64);

/// Amount, what stands beside it, and the rule's level.
type Numbers = (i64, i64, i64);

impl Store {
    /// Whether it is this node's turn to look for the alerts of all accounts; once a minute it is
    /// that of one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_alert_turn(&self, now: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update turns set at = $1 where name = 'alerts' and (at <= $2 or at > $3)";
        let taken = tx.run(sql, args![now, now - EVERY, now + AHEAD]).await?;
        tx.commit().await?;
        Ok(taken == 1)
    }

    /// Raises and ends the alerts of one account, or with `None` of all that may need it: such as
    /// were active, whose packages changed or end soon, and that have an open alert.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_alerts(
        &self,
        account: Option<AccountId>,
        now: i64,
    ) -> Result<Found, StoreError> {
        let of = account.map_or(0, |account| account.0);
        let mut open = BTreeMap::new();
        let sql = "select id, account_id, kind, subject from alerts
                   where ended_at = 0 and ($1 = 0 or account_id = $1)";
        for row in self.rows(sql, args![of]).await? {
            let kind = AlertKind::read(&row, 2)?;
            let cause: Cause = (row.int(1)?, kind, row.int(3)?);
            open.insert(cause, row.int(0)?);
        }
        let mut causes: BTreeMap<Cause, Numbers> = BTreeMap::new();
        for &kind in AlertKind::ALL {
            for row in self.causes(kind, of, now).await? {
                let numbers = (row.int(2)?, row.int(3)?, row.int(4)?);
                causes.insert((row.int(0)?, kind, row.int(1)?), numbers);
            }
        }

        let gone = open
            .iter()
            .filter(|(cause, _)| !causes.contains_key(*cause));
        let gone: Vec<_> = gone.map(|(_, id)| *id).collect();
        causes.retain(|cause, _| !open.contains_key(cause));
        let mut found = Found::default();
        if gone.is_empty() && causes.is_empty() {
            return Ok(found);
        }
        let mut tx = self.write().await?;
        for id in gone {
            let sql = "update alerts set ended_at = $2 where id = $1 and ended_at = 0";
            found.ended += tx.run(sql, args![id, now]).await?;
        }
        for ((account, kind, subject), (amount, beside, level)) in causes {
            let sql = "insert into alerts
                           (account_id, kind, subject, amount, beside, level, raised_at)
                       values ($1, $2, $3, $4, $5, $6, $7)
                       on conflict (account_id, kind, subject) where ended_at = 0 do nothing
                       returning id";
            let name = kind.name();
            let args = args![account, name, subject, amount, beside, level, now];
            let Some(row) = tx.row(sql, args).await? else {
                continue;
            };
            found.raised += 1;
            let payload = payload(kind, subject, amount, beside, level).to_string();
            let account = AccountId(account);
            contacts::tell_of(&mut tx, account, row.int(0)?, kind, &payload, now).await?;
        }
        tx.commit().await?;
        Ok(found)
    }

    /// What accounts are to be told: account, subject, amount, what stands beside it, and the level.
    async fn causes(&self, kind: AlertKind, of: i64, now: i64) -> Result<Vec<Row>, StoreError> {
        let (usual, hour) = (kind.usual(), last_hour(now));
        match kind {
            AlertKind::Balance => {
                let args = args![of, now, hour, now - LATELY, usual];
                self.rows(LOW_BALANCES, args).await
            }
            AlertKind::Expiry => {
                let sql = "select coalesce(max(level), 0) from alert_rules where kind = 'expiry'";
                let row = self.row(sql, args![]).await?;
                let most = row.ok_or(sqlx::Error::RowNotFound)?.int(0)?.max(usual);
                let args = args![of, now, now + most * 86_400, usual];
                self.rows(ENDING_LOTS, args).await
            }
            AlertKind::Errors => {
                let args = args![of, hour, LEAST_CALLS, usual];
                self.rows(ERROR_SPIKES, args).await
            }
        }
    }
}

/// Accounts that ever held a package, and have fewer calls left than they want.
const LOW_BALANCES: &str = "
    with who as (
        select account_id from usage_hours where $1 = 0 and hour >= $3
        union
        select l.account_id
        from (select lot_id, at from entries order by id desc limit 500) e
        join lots l on l.id = e.lot_id where $1 = 0 and e.at > $4
        union
        select account_id from alerts
        where $1 = 0 and ended_at = 0 and kind = 'balance'
        union
        select id from accounts where id = $1
    )
    select account_id, cast(0 as bigint), amount, cast(0 as bigint), level from (
        select w.account_id as account_id, coalesce(r.level, $5) as level,
            cast(coalesce((select sum(l.remain) from lots l
                where l.account_id = w.account_id and l.expires_at > $2), 0)
            + coalesce((select sum(s.remain) from leases s join lots l on l.id = s.lot_id
                where s.account_id = w.account_id and l.expires_at > $2), 0) as bigint)
                as amount
        from who w left join alert_rules r
            on r.account_id = w.account_id and r.kind = 'balance'
        where exists (select 1 from lots l where l.account_id = w.account_id)
    ) b where amount < level";

/// Packages with calls left that end sooner than their customers want to know.
const ENDING_LOTS: &str = "
    select account_id, id, amount, expires_at, level from (
        select l.account_id as account_id, l.id as id, l.expires_at as expires_at,
            coalesce(r.level, $4) as level,
            cast(l.remain + coalesce((select sum(s.remain) from leases s
                where s.account_id = l.account_id and s.lot_id = l.id), 0) as bigint)
                as amount
        from lots l left join alert_rules r
            on r.account_id = l.account_id and r.kind = 'expiry'
        where l.expires_at > $2 and l.expires_at <= $3 and ($1 = 0 or l.account_id = $1)
    ) e where amount > 0 and expires_at <= $2 + level * 86400";

/// Accounts of whose calls in the last full hour too many ended in codes of 500 to 699; what nobody
/// knows, 1003, is no error.
const ERROR_SPIKES: &str = "
    select u.account_id, cast(0 as bigint), u.failed, u.calls, coalesce(r.level, $4) from (
        select account_id, cast(sum(calls) as bigint) as calls,
            cast(sum(case when code between 500 and 699 then calls else 0 end) as bigint) as failed
        from usage_hours where hour = $2 and ($1 = 0 or account_id = $1)
        group by account_id
    ) u left join alert_rules r on r.account_id = u.account_id and r.kind = 'errors'
    where u.calls >= $3 and coalesce(r.level, $4) > 0
        and u.failed * 100 > coalesce(r.level, $4) * u.calls";

/// What a webhook tells of an alert.
fn payload(
    kind: AlertKind,
    subject: i64,
    amount: i64,
    beside: i64,
    level: i64,
) -> serde_json::Value {
    match kind {
        AlertKind::Balance => json!({ "calls": amount, "level": level }),
        AlertKind::Expiry => {
            json!({ "package": subject, "calls": amount, "ends_at": beside, "level": level })
        }
        AlertKind::Errors => json!({ "errors": amount, "calls": beside, "level": level }),
    }
}

/// When the last full hour began.
const fn last_hour(now: i64) -> i64 {
    now - now.rem_euclid(3_600) - 3_600
}
