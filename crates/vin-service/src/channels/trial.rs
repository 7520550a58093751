//! A test of one channel: one real question, written down as a test before it is sent, charged to nobody.

use super::drive::bill;
use crate::{Clock, OrderNumber, Service};
use vin_channel::route::End;
use vin_channel::{Channel, ChannelName, Outcome, Query};
use vin_core::{Lang, Parsed};
use vin_store::{ASKED, Attempt, Store, StoreError};

/// What came of a test.
#[derive(Debug)]
pub struct Trial {
    /// The attempt as it stands in the books.
    pub attempt: Attempt,
    /// What the channel said.
    pub outcome: Outcome,
}

/// Asks a channel once. A database that cannot be written costs no call, and no crash loses one.
///
/// # Errors
/// [`StoreError`], before or after the question.
pub async fn try_out(
    store: &Store,
    clock: &dyn Clock,
    order: OrderNumber,
    channel: &dyn Channel,
    query: &Query,
) -> Result<Trial, StoreError> {
    let facts = channel.facts();
    let lost = facts.lost();
    let asked = Attempt {
        order: order.number(),
        place: 1,
        at: clock.unix(),
        lot: None,
        channel: facts.name.as_str().to_owned(),
        kind: "test".into(),
        began_ms: 0,
        took_ms: 0,
        outcome: ASKED.into(),
        billed: bill(lost.billed),
        cost: lost.amount,
        detail: String::new(),
    };
    store.record_attempts(std::slice::from_ref(&asked)).await?;
    let began = clock.steady();
    let outcome = channel.ask(query, facts.timeout).await;
    let took = clock.steady().saturating_sub(began);
    let cost = facts.cost(&outcome);
    let (end, detail) = End::of(&outcome);
    let attempt = Attempt {
        at: clock.unix(),
        took_ms: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
        outcome: end.name().into(),
        billed: bill(cost.billed),
        cost: cost.amount,
        detail,
        ..asked
    };
    store
        .record_attempts(std::slice::from_ref(&attempt))
        .await?;
    Ok(Trial { attempt, outcome })
}

impl Service {
    /// Tests the channel of that name; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn test_channel(&self, name: &str, vin: Parsed) -> Result<Option<Trial>, StoreError> {
        let Ok(name) = ChannelName::parse(name) else {
            return Ok(None);
        };
        let roster = self.channels.roster().only(name);
        let Some(channel) = roster.channels.first() else {
            return Ok(None);
        };
        let query = Query {
            vin,
            year: None,
            lang: Lang::Zh,
            today: self.today(),
        };
        let order = self.orders.next(query.today).await?;
        let (store, clock) = (self.accounts().store(), self.accounts().clock());
        let trial = try_out(store, &**clock, order, &**channel, &query).await?;
        Ok(Some(trial))
    }
}
