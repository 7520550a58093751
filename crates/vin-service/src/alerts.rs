//! Alerts, looked for in the background: those of customers, and what operators are told of channels.

use crate::Service;
use crate::sending::KEEP_DAYS;
use vin_channel::route::{Mode, State};
use vin_store::{Found, StoreError};

impl Service {
    /// Raises and ends alerts of all accounts and channels, when it is this node's turn; with several
    /// nodes it is that of one in each minute. What became of those of accounts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_alerts(&self) -> Result<Found, StoreError> {
        let (store, now) = (self.accounts().store(), self.accounts().now());
        if !store.take_alert_turn(now).await? {
            return Ok(Found::default());
        }
        let found = store.find_alerts(None, now).await?;
        let out = self.outgoing();
        let operators = out.operators();
        store
            .find_channel_alerts(out.channel_patience, &operators, now)
            .await?;
        store.forget_messages(now - KEEP_DAYS * 86_400).await?;
        Ok(found)
    }

    /// Tells the other nodes how this one finds its channels. A channel that was not closed again is
    /// one that does not work, also while it is being tried.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn report_channels(&self) -> Result<(), StoreError> {
        let (store, now) = (self.accounts().store(), self.accounts().now());
        let mut channels = self.channels();
        channels.retain(|channel| channel.mode != Mode::Disabled);
        let rows: Vec<_> = {
            let mut down = self.channels.down();
            let is_down = |name| {
                let mut all = channels.iter();
                all.any(|c| c.facts.name == name && c.breaker != State::Closed)
            };
            down.retain(|name, _| is_down(*name));
            let since = |channel: &crate::ChannelState| match channel.breaker {
                State::Closed => 0,
                _ => *down.entry(channel.facts.name).or_insert(now),
            };
            channels.iter().map(since).collect()
        };
        let names = channels.iter().map(|channel| channel.facts.name.as_str());
        let rows: Vec<_> = names.zip(rows).collect();
        match rows.is_empty() {
            true => Ok(()),
            false => {
                store
                    .report_channels(self.meter.instance(), &rows, now)
                    .await
            }
        }
    }
}
