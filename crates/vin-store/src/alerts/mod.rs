//! What customers are told of their accounts: the rules that each may change, and the alerts that
//! were raised. Finding them is in [`find`]; who is told of them, and where, is in [`contacts`].
//! What operators are told of is in [`channels`].

mod channels;
mod contacts;
mod find;

pub use channels::{ChannelAlert, ChannelReason};
pub use contacts::{AlertWays, Contacts};
pub use find::Found;

use crate::db::sql::{Row, args};
use crate::named::named;
use crate::{AccountId, Store, StoreError};
use sqlx::AssertSqlSafe;

named! {
    /// What an alert is about.
    AlertKind {
        /// Few calls are left over all packages.
        Balance = "balance"
        /// A package ends soon.
        Expiry = "expiry"
        /// Of the last full hour many calls ended in codes of 500 to 699.
        Errors = "errors"
    }
}

impl AlertKind {
    /// The level for those who have not set one: calls, days, hundredths.
    pub const fn usual(self) -> i64 {
        match self {
            Self::Balance => 100,
            Self::Expiry => 7,
            Self::Errors => 20,
        }
    }

    /// The highest level that makes sense.
    pub const fn most(self) -> i64 {
        match self {
            Self::Balance => 1_000_000_000,
            Self::Expiry => 365,
            Self::Errors => 99,
        }
    }
}

/// From which level on an account is alerted; 0 is never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertRules {
    /// When fewer calls are left.
    pub balance: i64,
    /// When a package ends within so many days.
    pub expiry: i64,
    /// When more hundredths of an hour's calls ended in errors.
    pub errors: i64,
}

impl Default for AlertRules {
    fn default() -> Self {
        Self {
            balance: AlertKind::Balance.usual(),
            expiry: AlertKind::Expiry.usual(),
            errors: AlertKind::Errors.usual(),
        }
    }
}

impl AlertRules {
    /// The level of a kind.
    pub const fn level(&self, kind: AlertKind) -> i64 {
        match kind {
            AlertKind::Balance => self.balance,
            AlertKind::Expiry => self.expiry,
            AlertKind::Errors => self.errors,
        }
    }

    /// The level of a kind, to be set.
    pub const fn level_mut(&mut self, kind: AlertKind) -> &mut i64 {
        match kind {
            AlertKind::Balance => &mut self.balance,
            AlertKind::Expiry => &mut self.expiry,
            AlertKind::Errors => &mut self.errors,
        }
    }
}

/// An alert, with its cause as it was when it was raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its id; later ones are greater.
    pub id: i64,
    /// Whose it is.
    pub account: AccountId,
    /// What it is about.
    pub kind: AlertKind,
    /// The package that ends, 0 where it is about the account.
    pub subject: i64,
    /// Calls that are left, or calls that ended in errors.
    pub amount: i64,
    /// When the package ends, or all calls of the hour, else 0.
    pub beside: i64,
    /// The level of the rule.
    pub level: i64,
    /// Seconds since 1970-01-01 UTC.
    pub raised_at: i64,
    /// When the customer marked it as seen, 0 for not yet.
    pub seen_at: i64,
    /// When its cause was gone, 0 while it is open.
    pub ended_at: i64,
}

const COLUMNS: &str =
    "id, account_id, kind, subject, amount, beside, level, raised_at, seen_at, ended_at";

impl Store {
    /// The rules of an account.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn alert_rules(&self, account: AccountId) -> Result<AlertRules, StoreError> {
        let sql = "select kind, level from alert_rules where account_id = $1";
        let mut rules = AlertRules::default();
        for row in self.rows(sql, args![account.0]).await? {
            *rules.level_mut(AlertKind::read(&row, 0)?) = row.int(1)?;
        }
        Ok(rules)
    }

    /// Sets the rules of an account.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_alert_rules(
        &self,
        account: AccountId,
        rules: &AlertRules,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for &kind in AlertKind::ALL {
            tx.run_one(
                "setting a rule",
                "insert into alert_rules (account_id, kind, level) values ($1, $2, $3)
                 on conflict (account_id, kind) do update set level = $3",
                args![account.0, kind.name(), rules.level(kind)],
            )
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// The alerts of an account below an id, the latest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn alerts(
        &self,
        account: AccountId,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Alert>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "select {COLUMNS} from alerts where account_id = $1 and id < $2 order by id desc limit $3"
        ));
        let rows = self.rows(sql, args![account.0, before, limit]).await?;
        rows.iter().map(read).collect()
    }

    /// One alert.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn alert(&self, id: i64) -> Result<Option<Alert>, StoreError> {
        let sql = AssertSqlSafe(format!("select {COLUMNS} from alerts where id = $1"));
        let row = self.row(sql, args![id]).await?;
        row.as_ref().map(read).transpose()
    }

    /// The alerts of an account whose cause is still there, the latest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_alerts(&self, account: AccountId) -> Result<Vec<Alert>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "select {COLUMNS} from alerts where account_id = $1 and ended_at = 0 order by id desc"
        ));
        let rows = self.rows(sql, args![account.0]).await?;
        rows.iter().map(read).collect()
    }

    /// How many open alerts of an account were not seen yet.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn unseen_alerts(&self, account: AccountId) -> Result<i64, StoreError> {
        let sql = "select count(*) from alerts
                   where account_id = $1 and ended_at = 0 and seen_at = 0";
        let row = self.row(sql, args![account.0]).await?;
        row.ok_or(sqlx::Error::RowNotFound)?.int(0)
    }

    /// Marks the alerts of an account up to an id as seen; how many were not before.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn see_alerts(
        &self,
        account: AccountId,
        last: i64,
        at: i64,
    ) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update alerts set seen_at = $3
                   where account_id = $1 and id <= $2 and seen_at = 0";
        let seen = tx.run(sql, args![account.0, last, at]).await?;
        tx.commit().await?;
        Ok(seen)
    }
}

fn read(row: &Row) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: row.int(0)?,
        account: AccountId(row.int(1)?),
        kind: AlertKind::read(row, 2)?,
        subject: row.int(3)?,
        amount: row.int(4)?,
        beside: row.int(5)?,
        level: row.int(6)?,
        raised_at: row.int(7)?,
        seen_at: row.int(8)?,
        ended_at: row.int(9)?,
    })
}
