//! Coupons: what makes a purchase cheaper, so many times, once for each account.

use crate::db::sql::{Row, Tx, args};
use crate::{AccountId, Store, StoreError, db};

/// A coupon to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewCoupon<'a> {
    /// What customers type, in capitals.
    pub code: &'a str,
    /// Whether `off` is hundredths of the price; else it is hundredths of a yuan.
    pub percent: bool,
    /// What it takes off.
    pub off: i64,
    /// The lowest price that it is for.
    pub least_fen: i64,
    /// How many accounts can use it.
    pub uses: i64,
    /// When it ends.
    pub ends_at: i64,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// Who makes it.
    pub actor: &'a str,
}

/// A coupon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    /// Its id.
    pub id: i64,
    /// What customers type.
    pub code: String,
    /// Whether `off` is hundredths of the price; else it is hundredths of a yuan.
    pub percent: bool,
    /// What it takes off.
    pub off: i64,
    /// The lowest price that it is for.
    pub least_fen: i64,
    /// How many accounts can use it.
    pub uses: i64,
    /// How many did.
    pub used: i64,
    /// When it ends.
    pub ends_at: i64,
}

const COLUMNS: &str = "id, code, kind, off, least_fen, uses, used, ends_at";

impl Store {
    /// Makes a coupon.
    ///
    /// # Errors
    /// [`StoreError::CodeTaken`].
    pub async fn make_coupon(&self, new: &NewCoupon<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let kind = if new.percent { "percent" } else { "fen" };
        tx.run(
            "insert into coupons (code, kind, off, least_fen, uses, ends_at, created_at, actor)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                new.code,
                kind,
                new.off,
                new.least_fen,
                new.uses,
                new.ends_at,
                new.at,
                new.actor
            ],
        )
        .await
        .map_err(|error| match db::is_taken(&error) {
            true => StoreError::CodeTaken,
            false => error.into(),
        })?;
        Ok(tx.commit().await?)
    }

    /// Ends a coupon; purchases that have it keep it. Whether there was one in force.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_coupon(&self, id: i64, now: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update coupons set ends_at = $2 where id = $1 and ends_at > $2";
        let done = tx.run(sql, args![id, now]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Every coupon, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn coupons(&self) -> Result<Vec<Coupon>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("select {COLUMNS} from coupons order by id desc"));
        self.rows(sql, args![]).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<Coupon, StoreError> {
    Ok(Coupon {
        id: row.int(0)?,
        code: row.text(1)?,
        percent: row.text(2)? == "percent",
        off: row.int(3)?,
        least_fen: row.int(4)?,
        uses: row.int(5)?,
        used: row.int(6)?,
        ends_at: row.int(7)?,
    })
}

/// Takes one use of a coupon for a purchase at that price; its id and what it takes off in hundredths
/// of a yuan. Without a text it is none.
pub(super) async fn take(
    tx: &mut Tx,
    code: &str,
    list: i64,
    now: i64,
) -> Result<(i64, i64), StoreError> {
    if code.is_empty() {
        return Ok((0, 0));
    }
    let sql = sqlx::AssertSqlSafe(format!(
        "update coupons set used = used + 1
         where code = $1 and used < uses and ends_at > $2 and least_fen <= $3 returning {COLUMNS}"
    ));
    let row = tx.row(sql, args![code, now, list]).await?;
    let coupon = read(&row.ok_or(StoreError::Coupon)?)?;
    let off = match coupon.percent {
        // Rounded down: the price is never lower than the coupon says.
        true => (i128::from(list) * i128::from(coupon.off) / 100) as i64,
        false => coupon.off,
    };
    Ok((coupon.id, off))
}

/// Writes down which account used it, and for what: once.
pub(super) async fn note(
    tx: &mut Tx,
    coupon: i64,
    account: AccountId,
    purchase: i64,
) -> Result<(), StoreError> {
    if coupon == 0 {
        return Ok(());
    }
    let sql = "insert into coupon_uses (coupon_id, account_id, purchase_id) values ($1, $2, $3)
               on conflict (coupon_id, account_id) do nothing";
    match tx.run(sql, args![coupon, account.0, purchase]).await? {
        1 => Ok(()),
        _ => Err(StoreError::Coupon),
    }
}

/// Gives a use back, of a purchase that came to nothing.
pub(super) async fn give_back(tx: &mut Tx, coupon: i64, purchase: i64) -> Result<(), StoreError> {
    if coupon == 0 {
        return Ok(());
    }
    tx.run_one(
        "giving a coupon back",
        "delete from coupon_uses where coupon_id = $1 and purchase_id = $2",
        args![coupon, purchase],
    )
    .await?;
    tx.run_one(
        "giving a coupon back",
        "update coupons set used = used - 1 where id = $1",
        args![coupon],
    )
    .await
}
