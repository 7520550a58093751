//! What the operator wants of each channel; every node sees it, see [`Store::revisions`]. Every change
//! is kept.

use crate::db::sql::{Row, args};
use crate::{Deed, Store, StoreError};

/// What the operator wants of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRow {
    /// The name of the channel.
    pub name: String,
    /// `enabled`, `draining` or `disabled`.
    pub state: String,
    /// Lower tiers are asked first, 0 … 99.
    pub tier: u32,
    /// How often it comes first within its tier, 0 … 10000.
    pub weight: u32,
    /// How often it was changed.
    pub version: i64,
    /// When it was changed last, in seconds since 1970-01-01 UTC.
    pub changed_at: i64,
    /// Why.
    pub reason: String,
    /// By whom.
    pub actor: String,
}

/// A change; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelChange<'a> {
    /// `enabled`, `draining` or `disabled`.
    pub state: Option<&'a str>,
    /// 0 … 99.
    pub tier: Option<u32>,
    /// 0 … 10000.
    pub weight: Option<u32>,
}

impl Store {
    /// The revisions of the channels and of what was learned.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn revisions(&self) -> Result<(i64, i64), StoreError> {
        let sql = "select c.value, l.value from revisions c, revisions l
                   where c.name = 'channels' and l.name = 'learned'";
        let row = self.row(sql, args![]).await?;
        let row = row.ok_or(sqlx::Error::RowNotFound)?;
        Ok((row.int(0)?, row.int(1)?))
    }

    /// The channels that something was said about, by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn channels(&self) -> Result<Vec<ChannelRow>, StoreError> {
        let sql = "select name, state, tier, weight, version, changed_at, reason, actor
                   from channels order by name";
        let rows = self.rows(sql, args![]).await?;
        rows.iter().map(read).collect()
    }

    /// Changes what is wanted of a channel; one that nothing was said about is enabled, in tier 1,
    /// with weight 100.
    ///
    /// # Errors
    /// [`StoreError::Database`] when a value is out of reach.
    pub async fn set_channel(
        &self,
        name: &str,
        change: ChannelChange<'_>,
        deed: Deed<'_>,
    ) -> Result<ChannelRow, StoreError> {
        let mut tx = self.write().await?;
        let sql = "insert into channels
                 (name, state, tier, weight, version, changed_at, reason, actor)
             values ($1, case $2 when '' then 'enabled' else $2 end,
                 case when $3 < 0 then 1 else $3 end, case when $4 < 0 then 100 else $4 end,
                 1, $5, $6, $7)
             on conflict (name) do update set
                 state = case $2 when '' then channels.state else $2 end,
                 tier = case when $3 < 0 then channels.tier else $3 end,
                 weight = case when $4 < 0 then channels.weight else $4 end,
                 version = channels.version + 1, changed_at = $5, reason = $6, actor = $7
             returning name, state, tier, weight, version, changed_at, reason, actor";
        let number = |value: Option<u32>| value.map_or(-1, i64::from);
        let args = args![
            name,
            change.state.unwrap_or_default(),
            number(change.tier),
            number(change.weight),
            deed.at,
            deed.reason,
            deed.actor
        ];
        let row = tx.row(sql, args).await?.ok_or(sqlx::Error::RowNotFound)?;
        let row = read(&row)?;
        let sql = "insert into channel_changes
                 (name, state, tier, weight, version, changed_at, reason, actor)
             values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let args = args![
            name,
            &*row.state,
            row.tier,
            row.weight,
            row.version,
            row.changed_at,
            &*row.reason,
            &*row.actor
        ];
        tx.run_one("keeping a change", sql, args).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The changes of a channel or of all, as the channel was after each, the latest first, at most
    /// `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn channel_changes(
        &self,
        name: Option<&str>,
        limit: u32,
    ) -> Result<Vec<ChannelRow>, StoreError> {
        let sql = "select name, state, tier, weight, version, changed_at, reason, actor
                   from channel_changes where $1 = '' or name = $1
                   order by changed_at desc, name, version desc limit $2";
        let rows = self
            .rows(sql, args![name.unwrap_or_default(), limit])
            .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<ChannelRow, StoreError> {
    Ok(ChannelRow {
        name: row.text(0)?,
        state: row.text(1)?,
        tier: row.number(2)?,
        weight: row.number(3)?,
        version: row.int(4)?,
        changed_at: row.int(5)?,
        reason: row.text(6)?,
        actor: row.text(7)?,
    })
}
