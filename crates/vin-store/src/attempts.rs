//! Who was asked for an order, in which turn, what came of it and what it cost.
//!
//! Rows are added along with the charges of a batch; afterwards only an unknown bill is settled.

use crate::calls;
use crate::db::sql::{Row, Tx, args};
use crate::{Deed, LotId, Store, StoreError};
use sqlx::AssertSqlSafe;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Whether an upstream asks money for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bill {
    /// It does not.
    No,
    /// It does.
    Yes,
    /// Only its bill will tell.
    Unknown,
}

impl Bill {
    /// The name in the database and in commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Unknown => "unknown",
        }
    }

    fn parse(name: &str) -> Result<Self, StoreError> {
        let all = [Self::No, Self::Yes, Self::Unknown];
        let found = all.into_iter().find(|bill| bill.name() == name);
        found.ok_or_else(|| StoreError::Database(format!("attempts.billed is {name:?}")))
    }
}

/// One channel on the route of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The order number, of 18 digits.
    pub order: i64,
    /// Its place in the route, from 1.
    pub place: u32,
    /// When the order was answered, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// The package whose call was set aside; `None` for a test.
    pub lot: Option<LotId>,
    /// The name of the channel.
    pub channel: String,
    /// `turn`, `repeat`, `hedge`, `test`, or `passed` when it was not asked.
    pub kind: Cow<'static, str>,
    /// Milliseconds after the route began.
    pub began_ms: u32,
    /// Milliseconds.
    pub took_ms: u32,
    /// `hit`, `no_record`, `abandoned`, the name of a fault, or why it was passed over.
    pub outcome: Cow<'static, str>,
    /// Whether the upstream asks money for it.
    pub billed: Bill,
    /// In 1/10000 yuan; where the bill is unknown, the most that it can be.
    pub cost: u32,
    /// The upstream's number of it, or what went wrong.
    pub detail: String,
}

/// An attempt as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedAttempt {
    /// What happened.
    pub attempt: Attempt,
    /// What the upstream's bill said of it, `billed` or `free`; `""` while nobody has looked.
    pub settled: String,
    /// When that was entered, why and by whom.
    pub settled_at: i64,
    /// Why.
    pub settled_why: String,
    /// Who.
    pub settled_by: String,
}

/// What a channel did and cost in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelSum {
    /// The channel.
    pub channel: String,
    /// How often it was asked.
    pub calls: i64,
    /// How often it knew the vehicle.
    pub hits: i64,
    /// How often it had no record.
    pub no_records: i64,
    /// How many attempts are billed, in 1/10000 yuan too.
    pub billed: i64,
    /// What they cost.
    pub cost: i64,
    /// Of how many only the bill will tell.
    pub unknown: i64,
    /// What these may cost.
    pub unknown_cost: i64,
}

/// What a product brought and cost in a month, in 1/10000 yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProductSum {
    /// The product, by its calls; 0 for packages that are of none, and for tests.
    pub product: i64,
    /// Calls that were charged.
    pub charged: i64,
    /// Their part of the price of their package.
    pub revenue: i64,
    /// What upstreams ask for questions of these packages, charged or not.
    pub cost: i64,
    /// What they may ask beyond that.
    pub unknown_cost: i64,
}

const COLUMNS: &str = "order_no, place, at, lot_id, channel, kind, began_ms, took_ms, outcome, \
     billed, cost, detail, settled, settled_at, settled_why, settled_by";

/// What is owed for an attempt, as far as it is known.
const OWED: &str = "(billed = 'yes' or settled = 'billed')";
/// Of which only the bill will tell.
const OPEN: &str = "(billed = 'unknown' and settled = '')";

/// How many rows one statement deletes.
const CHUNK: i64 = 5_000;

/// Adds attempts.
pub(crate) async fn insert(tx: &mut Tx, attempts: &[Attempt]) -> Result<(), StoreError> {
    const SQL: &str = "insert into attempts (month, order_no, place, at, lot_id, channel, kind,
             began_ms, took_ms, outcome, billed, cost, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    for one in attempts {
        let args = args![
            calls::month(one.order),
            one.order,
            one.place,
            one.at,
            one.lot.map_or(0, |lot| lot.0),
            &*one.channel,
            &*one.kind,
            one.began_ms,
            one.took_ms,
            &*one.outcome,
            one.billed.name(),
            one.cost,
            &*one.detail,
        ];
        tx.run_one("recording an attempt", SQL, args).await?;
    }
    Ok(())
}

impl Store {
    /// Adds attempts that belong to no batch, such as tests.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn record_attempts(&self, attempts: &[Attempt]) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        insert(&mut tx, attempts).await?;
        Ok(tx.commit().await?)
    }

    /// The route of an order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn attempts(&self, order: i64) -> Result<Vec<LoggedAttempt>, StoreError> {
        let sql = format!(
            "select {COLUMNS} from attempts where month = $1 and order_no = $2 order by place"
        );
        let args = args![calls::month(order), order];
        let rows = self.rows(AssertSqlSafe(sql), args).await?;
        rows.iter().map(read).collect()
    }

    /// The attempts of a channel in a month after one of them, at most `limit`, oldest orders first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn attempts_of(
        &self,
        channel: &str,
        month: i64,
        (order, place): (i64, i64),
        limit: u32,
    ) -> Result<Vec<LoggedAttempt>, StoreError> {
        let sql = format!(
            "select {COLUMNS} from attempts
             where month = $1 and (order_no, place) > ($2, $3) and channel = $4 and kind <> 'passed'
             order by order_no, place limit $5"
        );
        let args = args![month, order, place, channel, limit];
        let rows = self.rows(AssertSqlSafe(sql), args).await?;
        rows.iter().map(read).collect()
    }

    /// The attempts whose bill is unknown and not settled, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn unknown_attempts(&self, limit: u32) -> Result<Vec<LoggedAttempt>, StoreError> {
        let sql = format!(
            "select {COLUMNS} from attempts where {OPEN} order by month, order_no, place limit $1"
        );
        let rows = self.rows(AssertSqlSafe(sql), args![limit]).await?;
        rows.iter().map(read).collect()
    }

    /// Enters what the upstream's bill says of an attempt, once.
    ///
    /// # Errors
    /// [`StoreError::NotUnknown`] when there is nothing to settle.
    pub async fn settle_attempt(
        &self,
        order: i64,
        place: i64,
        billed: bool,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "update attempts set settled = $4, settled_at = $5, settled_why = $6, settled_by = $7
             where month = $1 and order_no = $2 and place = $3 and billed = 'unknown' and settled = ''";
        let word = if billed { "billed" } else { "free" };
        let month = calls::month(order);
        let args = args![month, order, place, word, deed.at, deed.reason, deed.actor];
        if tx.run(sql, args).await? != 1 {
            return Err(StoreError::NotUnknown { order, place });
        }
        Ok(tx.commit().await?)
    }

    /// What every channel did and cost in a month.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn channel_sums(&self, month: i64) -> Result<Vec<ChannelSum>, StoreError> {
        let sum = |what: &str, when: &str| {
            format!("cast(sum(case when {when} then {what} else 0 end) as bigint)")
        };
        let sql = format!(
            "select channel, count(*), {}, {}, {}, {}, {}, {} from attempts
             where month = $1 and kind <> 'passed' group by channel order by channel",
            sum("1", "outcome = 'hit'"),
            sum("1", "outcome = 'no_record'"),
            sum("1", OWED),
            sum("cost", OWED),
            sum("1", OPEN),
            sum("cost", OPEN),
        );
        let rows = self.rows(AssertSqlSafe(sql), args![month]).await?;
        let read = |row: &Row| {
            Ok(ChannelSum {
                channel: row.text(0)?,
                calls: row.int(1)?,
                hits: row.int(2)?,
                no_records: row.int(3)?,
                billed: row.int(4)?,
                cost: row.int(5)?,
                unknown: row.int(6)?,
                unknown_cost: row.int(7)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// What every product brought and cost in a month.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn product_sums(&self, month: i64) -> Result<Vec<ProductSum>, StoreError> {
        let mut tx = self.db.snapshot().await?;
        let mut sums: BTreeMap<i64, ProductSum> = BTreeMap::new();
        let mut of = |product, add: &dyn Fn(&mut ProductSum)| {
            let sum = sums.entry(product).or_default();
            sum.product = product;
            add(sum);
        };
        if calls::months(&mut tx).await?.contains(&month) {
            // A fen is 100 of 1/10000 yuan; of each package the part is rounded down once.
            let sql = format!(
                "select l.product, c.charged, c.charged * l.price_fen * 100 / l.total
                 from (select lot_id, cast(sum(count) as bigint) as charged from calls_{month}
                       where count > 0 group by lot_id) c
                 join lots l on l.id = c.lot_id"
            );
            for row in tx.rows(AssertSqlSafe(sql), args![]).await? {
                let (charged, revenue) = (row.int(1)?, row.int(2)?);
                of(row.int(0)?, &|sum| {
                    sum.charged += charged;
                    sum.revenue += revenue;
                });
            }
        }
        let sql = format!(
            "select coalesce(l.product, 0),
                    cast(sum(case when {OWED} then cost else 0 end) as bigint),
                    cast(sum(case when {OPEN} then cost else 0 end) as bigint)
             from attempts a left join lots l on l.id = a.lot_id
             where a.month = $1 group by coalesce(l.product, 0)"
        );
        for row in tx.rows(AssertSqlSafe(sql), args![month]).await? {
            let (cost, unknown) = (row.int(1)?, row.int(2)?);
            of(row.int(0)?, &|sum| {
                sum.cost += cost;
                sum.unknown_cost += unknown;
            });
        }
        Ok(sums.into_values().collect())
    }

    /// Drops the attempts of months before `month`, some at a time.
    pub(crate) async fn drop_attempts(&self, month: i64) -> Result<(), StoreError> {
        loop {
            let mut tx = self.write().await?;
            let sql = "delete from attempts where (month, order_no, place) in (
                 select month, order_no, place from attempts where month < $1 limit $2)";
            let gone = tx.run(sql, args![month, CHUNK]).await?;
            tx.commit().await?;
            if gone < CHUNK.cast_unsigned() {
                return Ok(());
            }
        }
    }
}

fn read(row: &Row) -> Result<LoggedAttempt, StoreError> {
    let lot = row.int(3)?;
    Ok(LoggedAttempt {
        attempt: Attempt {
            order: row.int(0)?,
            place: row.number(1)?,
            at: row.int(2)?,
            lot: (lot > 0).then_some(LotId(lot)),
            channel: row.text(4)?,
            kind: row.text(5)?.into(),
            began_ms: row.number(6)?,
            took_ms: row.number(7)?,
            outcome: row.text(8)?.into(),
            billed: Bill::parse(&row.text(9)?)?,
            cost: row.number(10)?,
            detail: row.text(11)?,
        },
        settled: row.text(12)?,
        settled_at: row.int(13)?,
        settled_why: row.text(14)?,
        settled_by: row.text(15)?,
    })
}
