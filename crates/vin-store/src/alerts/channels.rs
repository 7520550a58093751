//! What operators are told of channels: one that does not work for a while on some node, and one that
//! is being drained. Each node says how it finds the channels, and one looks at what all say.

use super::Found;
use crate::db::sql::args;
use crate::named::named;
use crate::outbox::{self, NewMessage, SendWay};
use crate::{InstanceId, Store, StoreError};
use serde_json::json;
use std::collections::BTreeMap;

/// For how many seconds the word of a node counts.
const LATELY: i64 = 120;
/// After how many seconds it is forgotten.
const FORGET: i64 = 3_600;

named! {
    /// Why operators are told of a channel.
    ChannelReason {
        /// It does not work.
        Down = "down"
        /// The operator lets it be asked no more.
        Draining = "draining"
    }
}

/// What operators are told of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelAlert {
    /// Its id; later ones are greater.
    pub id: i64,
    /// The channel.
    pub name: String,
    /// Why.
    pub reason: ChannelReason,
    /// Since when, in seconds since 1970-01-01 UTC.
    pub since: i64,
    /// When it was raised.
    pub raised_at: i64,
    /// When its cause was gone, 0 while it is open.
    pub ended_at: i64,
}

impl Store {
    /// Says how a node finds its channels: since when each does not work, 0 for one that does.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn report_channels(
        &self,
        instance: InstanceId,
        channels: &[(&str, i64)],
        now: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for (name, down_since) in channels {
            tx.run_one(
                "saying how a channel does",
                "insert into channel_health (instance_id, name, down_since, seen_at)
                 values ($1, $2, $3, $4)
                 on conflict (instance_id, name) do update set down_since = $3, seen_at = $4",
                args![instance.0, *name, *down_since, now],
            )
            .await?;
        }
        let sql = "delete from channel_health where seen_at < $2
                   or (instance_id = $1 and seen_at < $3)";
        tx.run(sql, args![instance.0, now - FORGET, now]).await?;
        Ok(tx.commit().await?)
    }

    /// Raises and ends what operators are told of channels; one that does not work is told of after
    /// `patience` seconds.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn find_channel_alerts(
        &self,
        patience: i64,
        recipients: &[(SendWay, &str)],
        now: i64,
    ) -> Result<Found, StoreError> {
        let mut causes: BTreeMap<String, (ChannelReason, i64)> = BTreeMap::new();
        let sql = "select name, min(down_since) from channel_health
                   where seen_at > $1 and down_since > 0 and down_since <= $2 group by name";
        for row in self.rows(sql, args![now - LATELY, now - patience]).await? {
            causes.insert(row.text(0)?, (ChannelReason::Down, row.int(1)?));
        }
        let sql = "select name, changed_at from channels where state = 'draining'
                   and exists (select 1 from channel_health h
                       where h.name = channels.name and h.seen_at > $1)";
        for row in self.rows(sql, args![now - LATELY]).await? {
            causes.insert(row.text(0)?, (ChannelReason::Draining, row.int(1)?));
        }
        let mut gone = Vec::new();
        for alert in self.channel_alerts(true, u32::MAX).await? {
            match causes.get(&alert.name) {
                Some((reason, _)) if *reason == alert.reason => {
                    causes.remove(&alert.name);
                }
                _ => gone.push(alert.id),
            }
        }
        let mut found = Found::default();
        if gone.is_empty() && causes.is_empty() {
            return Ok(found);
        }
        let mut tx = self.write().await?;
        for id in gone {
            let sql = "update channel_alerts set ended_at = $2 where id = $1 and ended_at = 0";
            found.ended += tx.run(sql, args![id, now]).await?;
        }
        for (name, (reason, since)) in causes {
            let sql = "insert into channel_alerts (name, reason, since, raised_at)
                       values ($1, $2, $3, $4)
                       on conflict (name) where ended_at = 0 do nothing returning id";
            let args = args![&*name, reason.name(), since, now];
            let Some(row) = tx.row(sql, args).await? else {
                continue;
            };
            found.raised += 1;
            let cause = format!("channel alert {}", row.int(0)?);
            let kind = format!("channel.{}", reason.name());
            let payload = json!({ "channel": name, "since": since }).to_string();
            for &(way, recipient) in recipients {
                let new = NewMessage {
                    account: None,
                    cause: &cause,
                    kind: &kind,
                    way,
                    recipient,
                    payload: &payload,
                    at: now,
                };
                outbox::put(&mut tx, &new).await?;
            }
        }
        tx.commit().await?;
        Ok(found)
    }

    /// What operators are told of channels, the latest first; only what is still so, or all.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn channel_alerts(
        &self,
        open: bool,
        limit: u32,
    ) -> Result<Vec<ChannelAlert>, StoreError> {
        let sql = "select id, name, reason, since, raised_at, ended_at from channel_alerts
                   where $1 = 0 or ended_at = 0 order by id desc limit $2";
        let rows = self.rows(sql, args![open, limit]).await?;
        let read = |row: &crate::db::sql::Row| {
            Ok(ChannelAlert {
                id: row.int(0)?,
                name: row.text(1)?,
                reason: ChannelReason::read(row, 2)?,
                since: row.int(3)?,
                raised_at: row.int(4)?,
                ended_at: row.int(5)?,
            })
        };
        rows.iter().map(read).collect()
    }
}
