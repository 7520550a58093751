//! What products brought, and what the questions of their packages cost.

use crate::attempts::{self, OPEN, OWED, logged};
use crate::db::sql::{Tx, args};
use crate::{Store, StoreError, calls};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// What a product brought and cost in a month, in 1/10000 yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProductSum {
    /// The product, by its calls; 0 for packages that are of none, and for tests.
    pub product: i64,
    /// Calls that were charged, less those that were given back.
    pub charged: i64,
    /// Their part of the price of their packages, of each rounded down once.
    pub revenue: i64,
    /// What upstreams ask for questions of these packages, charged or not.
    pub cost: i64,
    /// What they may ask beyond that.
    pub unknown_cost: i64,
}

impl Store {
    /// What every product brought and cost in a month.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn product_sums(&self, month: i64) -> Result<Vec<ProductSum>, StoreError> {
        let mut tx = self.db.snapshot().await?;
        let mut sums = BTreeMap::new();
        if calls::months(&mut tx).await?.contains(&month) {
            revenues(&mut tx, month, &mut sums).await?;
        }
        if attempts::months(&mut tx).await?.contains(&month) {
            costs(&mut tx, month, &mut sums).await?;
        }
        Ok(sums.into_values().collect())
    }
}

type Sums = BTreeMap<i64, ProductSum>;

fn of(sums: &mut Sums, product: i64) -> &mut ProductSum {
    let sum = sums.entry(product).or_default();
    sum.product = product;
    sum
}

async fn revenues(tx: &mut Tx, month: i64, sums: &mut Sums) -> Result<(), StoreError> {
    let sql = format!(
        "select l.product, l.price_fen, l.total, cast(c.charged - coalesce(r.refunded, 0) as bigint)
         from (select lot_id, sum(count) as charged from calls_{month}
               where count > 0 group by lot_id) c
         join lots l on l.id = c.lot_id
         left join (select x.lot_id, sum(e.delta) as refunded
                    from entries e join calls_{month} x on x.order_no = e.order_no
                    where e.kind = 'refund' group by x.lot_id) r on r.lot_id = c.lot_id"
    );
    for row in tx.rows(AssertSqlSafe(sql), args![]).await? {
        let (price, total, charged) = (row.int(1)?, row.int(2)?, row.int(3)?);
        // Hundredths of a yuan are 100 of 1/10000. A price times calls may need more than 64 bits.
        let revenue = i128::from(charged) * i128::from(price) * 100 / i128::from(total.max(1));
        let revenue = i64::try_from(revenue)
            .map_err(|_| StoreError::Database(format!("a revenue of {revenue}")))?;
        let sum = of(sums, row.int(0)?);
        sum.charged += charged;
        sum.revenue += revenue;
    }
    Ok(())
}

async fn costs(tx: &mut Tx, month: i64, sums: &mut Sums) -> Result<(), StoreError> {
    let sql = format!(
        "select coalesce(l.product, 0),
                cast(sum(case when {OWED} then a.cost else 0 end) as bigint),
                cast(sum(case when {OPEN} then a.cost else 0 end) as bigint)
         from {} left join lots l on l.id = a.lot_id
         group by coalesce(l.product, 0)",
        logged(month)
    );
    for row in tx.rows(AssertSqlSafe(sql), args![]).await? {
        let sum = of(sums, row.int(0)?);
        sum.cost += row.int(1)?;
        sum.unknown_cost += row.int(2)?;
    }
    Ok(())
}
