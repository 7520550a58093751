//! Purchases as they are shown.

use super::{Provider, PurchaseId, PurchaseState, Way};
use crate::db::sql::{Row, args};
use crate::{AccountId, Store, StoreError};

/// A purchase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// Its id.
    pub id: PurchaseId,
    /// What payers and providers know it by.
    pub number: String,
    /// Who buys.
    pub account: AccountId,
    /// Where it stands.
    pub state: PurchaseState,
    /// How it is paid.
    pub way: Way,
    /// The calls that are bought.
    pub calls: i64,
    /// For how many days they can be used; 0 for ever.
    pub days: i64,
    /// What the product cost, in hundredths of a yuan.
    pub list_fen: i64,
    /// What is to be paid.
    pub price_fen: i64,
    /// What the provider gave to pay by, or `""`.
    pub pay_url: String,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// Until when it can be paid.
    pub expires_at: i64,
}

/// A state that a purchase came into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The state.
    pub state: PurchaseState,
    /// When.
    pub at: i64,
    /// Why.
    pub reason: String,
    /// By whom.
    pub actor: String,
}

/// A payment that was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// Its id.
    pub id: i64,
    /// Who took it in.
    pub provider: Provider,
    /// The provider's number of it.
    pub trade: String,
    /// The number of the purchase.
    pub purchase: String,
    /// How much, in hundredths of a yuan.
    pub fen: i64,
    /// Whether the purchase had been paid before.
    pub surplus: bool,
    /// When it was paid.
    pub paid_at: i64,
}

const COLUMNS: &str = "id, number, account_id, state, way, calls, days, list_fen, price_fen, pay_url, \
                       created_at, expires_at";

impl Store {
    /// A purchase by its number, of one account or with `None` of any.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn purchase(
        &self,
        number: &str,
        account: Option<AccountId>,
    ) -> Result<Option<Purchase>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from purchases where number = $1 and ($2 = 0 or account_id = $2)"
        ));
        let account = account.map_or(0, |account| account.0);
        let row = self.row(sql, args![number, account]).await?;
        row.as_ref().map(read).transpose()
    }

    /// The purchases before an id, of one account or with `None` of all, in one state or any, the
    /// newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn purchases(
        &self,
        account: Option<AccountId>,
        state: Option<PurchaseState>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Purchase>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from purchases
             where id < $1 and ($2 = 0 or account_id = $2) and ($3 = '' or state = $3)
             order by id desc limit $4"
        ));
        let account = account.map_or(0, |account| account.0);
        let state = state.map_or("", PurchaseState::name);
        let rows = self.rows(sql, args![before, account, state, limit]).await?;
        rows.iter().map(read).collect()
    }

    /// The purchases that wait to be paid in a way and whose time is over at `now`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn overdue(
        &self,
        way: Way,
        now: i64,
        limit: u32,
    ) -> Result<Vec<Purchase>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from purchases where state = 'created' and way = $1 and expires_at <= $2
             order by expires_at, id limit $3"
        ));
        let rows = self.rows(sql, args![way.name(), now, limit]).await?;
        rows.iter().map(read).collect()
    }

    /// The states that a purchase came into, the first one first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn purchase_changes(&self, id: PurchaseId) -> Result<Vec<Change>, StoreError> {
        let sql = "select state, at, reason, actor from purchase_changes
                   where purchase_id = $1 order by place";
        let rows = self.rows(sql, args![id.0]).await?;
        let read = |row: &Row| {
            Ok(Change {
                state: PurchaseState::read(row, 0)?,
                at: row.int(1)?,
                reason: row.text(2)?,
                actor: row.text(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The payments of a purchase, in the order in which they were noted.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn payments(&self, id: PurchaseId) -> Result<Vec<PaymentRow>, StoreError> {
        let sql = "select p.id, p.provider, p.trade, u.number, p.fen, p.surplus, p.paid_at
                   from payments p join purchases u on u.id = p.purchase_id
                   where p.purchase_id = $1 order by p.id";
        let rows = self.rows(sql, args![id.0]).await?;
        rows.iter().map(read_payment).collect()
    }

    /// The payments of a provider from one moment on and before another, by the time of paying.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn payments_of(
        &self,
        provider: Provider,
        from: i64,
        to: i64,
    ) -> Result<Vec<PaymentRow>, StoreError> {
        let sql = "select p.id, p.provider, p.trade, u.number, p.fen, p.surplus, p.paid_at
                   from payments p join purchases u on u.id = p.purchase_id
                   where p.provider = $1 and p.paid_at >= $2 and p.paid_at < $3 order by p.paid_at, p.id";
        let rows = self.rows(sql, args![provider.name(), from, to]).await?;
        rows.iter().map(read_payment).collect()
    }
}

fn read(row: &Row) -> Result<Purchase, StoreError> {
    Ok(Purchase {
        id: PurchaseId(row.int(0)?),
        number: row.text(1)?,
        account: AccountId(row.int(2)?),
        state: PurchaseState::read(row, 3)?,
        way: Way::read(row, 4)?,
        calls: row.int(5)?,
        days: row.int(6)?,
        list_fen: row.int(7)?,
        price_fen: row.int(8)?,
        pay_url: row.text(9)?,
        created_at: row.int(10)?,
        expires_at: row.int(11)?,
    })
}

fn read_payment(row: &Row) -> Result<PaymentRow, StoreError> {
    Ok(PaymentRow {
        id: row.int(0)?,
        provider: Provider::read(row, 1)?,
        trade: row.text(2)?,
        purchase: row.text(3)?,
        fen: row.int(4)?,
        surplus: row.flag(5)?,
        paid_at: row.int(6)?,
    })
}
