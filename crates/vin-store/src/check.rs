//! `ledger check`: recomputes every balance from the entries and the log, as of one moment.

use crate::db::sql::{Tx, args};
use crate::{LotId, Store, StoreError, calls};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Accounts.
    pub accounts: i64,
    /// Packages.
    pub lots: i64,
    /// Entries of the ledger.
    pub entries: i64,
    /// Charges, in the log and dropped from it.
    pub charges: i64,
    /// What does not agree, in words; empty when all is well.
    pub wrong: Vec<String>,
}

impl Store {
    /// Recomputes every balance. It reads every charge once, and stops nobody from charging.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn check(&self) -> Result<Checked, StoreError> {
        let mut tx = self.db.snapshot().await?;
        let mut checked = Checked {
            accounts: tx.int("select count(*) from accounts", args![]).await?,
            entries: tx.int("select count(*) from entries", args![]).await?,
            ..Checked::default()
        };
        let sql = "select id, remain from lots order by id";
        let held = pairs(&mut tx, sql.to_owned()).await?;
        checked.lots = held.len() as i64;
        let sql = "select lot_id, cast(sum(remain) as bigint) from leases group by lot_id";
        let leased = pairs(&mut tx, sql.to_owned()).await?;
        let sql = "select lot_id, cast(sum(delta) as bigint) from entries group by lot_id";
        let entered = pairs(&mut tx, sql.to_owned()).await?;
        let sql = "select lot_id, cast(sum(total) as bigint) from (
                select lot_id, delta as total from entries where kind = 'grant'
                union all select id, -total from lots) t group by lot_id having sum(total) <> 0";
        for lot in pairs(&mut tx, sql.to_owned()).await?.keys() {
            checked.wrong.push(format!(
                "package {}: its total is not what was granted",
                lot.0
            ));
        }
        let sql =
            "select cast(coalesce(sum(-delta), 0) as bigint) from entries where kind = 'charge'";
        checked.charges = tx.int(sql, args![]).await?;
        let mut spent: BTreeMap<LotId, i64> = BTreeMap::new();
        for month in calls::months(&mut tx).await? {
            let sql = format!(
                "select lot_id, cast(sum(count) as bigint) from calls_{month}
                 where lot_id > 0 or count > 0 group by lot_id"
            );
            for (lot, count) in pairs(&mut tx, sql).await? {
                checked.charges += count;
                *spent.entry(lot).or_default() += count;
            }
        }
        let of = |sums: &BTreeMap<LotId, i64>, lot| sums.get(&lot).copied().unwrap_or(0);
        for (lot, remain) in &held {
            let found = remain + of(&leased, *lot);
            let wanted = of(&entered, *lot) - of(&spent, *lot);
            if found != wanted {
                let text = format!(
                    "package {}: {found} calls are left, the ledger says {wanted}",
                    lot.0
                );
                checked.wrong.push(text);
            }
        }
        for (what, sums) in [("log", &spent), ("ledger", &entered), ("leases", &leased)] {
            for lot in sums.keys().filter(|lot| !held.contains_key(lot)) {
                let text = format!("package {} stands in the {what} and does not exist", lot.0);
                checked.wrong.push(text);
            }
        }
        self.check_sums(&mut tx, &mut checked).await?;
        self.check_purchases(&mut tx, &mut checked).await?;
        Ok(checked)
    }

    /// What was bought was paid once at its price, and granted once; so was what was redeemed.
    async fn check_purchases(&self, tx: &mut Tx, checked: &mut Checked) -> Result<(), StoreError> {
        for (what, sql) in [
            (
                "was granted or refunded without one payment at its price",
                "select u.number from purchases u where u.state in ('paid', 'granted', 'refunded') and
                     (select count(*) from payments p where p.purchase_id = u.id and p.surplus = 0
                          and p.fen = u.price_fen) <> 1",
            ),
            (
                "has a payment and is not paid",
                "select u.number from purchases u where u.state in ('created', 'cancelled', 'expired')
                     and exists (select 1 from payments p where p.purchase_id = u.id)",
            ),
            (
                "was granted without one package of its calls",
                "select u.number from purchases u where u.state = 'granted' and not exists (
                     select 1 from lots l where l.origin = 'purchase' and l.origin_id = u.id
                         and l.account_id = u.account_id and l.total = u.calls)",
            ),
            (
                "has a package and was not granted",
                "select u.number from lots l join purchases u on u.id = l.origin_id
                 where l.origin = 'purchase' and u.state not in ('granted', 'refunded')",
            ),
        ] {
            for row in tx.rows(sql, args![]).await? {
                checked.wrong.push(format!("purchase {} {what}", row.text(0)?));
            }
        }
        let sql =
            "select c.id from codes c left join lots l on l.origin = 'code' and l.origin_id = c.id
                   where case when c.account_id > 0 then 1 else 0 end
                       <> case when l.account_id = c.account_id then 1 else 0 end";
        for row in tx.rows(sql, args![]).await? {
            let text = format!("code {} was redeemed without a package", row.int(0)?);
            checked.wrong.push(text);
        }
        Ok(())
    }

    /// The sums by hour and by day say the same as the charges.
    async fn check_sums(&self, tx: &mut Tx, checked: &mut Checked) -> Result<(), StoreError> {
        for (what, sql) in [
            (
                "day",
                "select cast(coalesce(sum(charged), 0) as bigint) from usage_days",
            ),
            (
                "hour",
                "select cast(coalesce(sum(charged), 0) as bigint) from usage_hours",
            ),
        ] {
            let summed = tx.int(sql, args![]).await?;
            if summed != checked.charges {
                let charges = checked.charges;
                let text = format!("the sums by {what} say {summed} charges, there are {charges}");
                checked.wrong.push(text);
            }
        }
        Ok(())
    }
}

/// Rows of a package and a number.
async fn pairs(tx: &mut Tx, sql: String) -> Result<BTreeMap<LotId, i64>, StoreError> {
    let rows = tx.rows(AssertSqlSafe(sql), args![]).await?;
    rows.iter()
        .map(|row| Ok((LotId(row.int(0)?), row.int(1)?)))
        .collect()
}
