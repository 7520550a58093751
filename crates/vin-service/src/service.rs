//! The service that a server runs: who asks, what is asked, what is found.

use crate::channels::Channels;
use crate::keys::{CHECK_EVERY, Keys};
use crate::meter::Meter;
use crate::nonces::Nonces;
use crate::once::Requests;
use crate::order::Orders;
use crate::purchases::{Counter, Trial};
use crate::sending::Outgoing;
use crate::{
    Accounts, ApiKey, Caller, DEMO_KEY, Node, OrderNumber, Refusal, Routing, ServiceError,
    Upstreams,
};
use arc_swap::{ArcSwap, Guard};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::sync::Notify;
use vin_channel::Verifier;
use vin_core::{Date, Lang, Level, Parsed};
use vin_engine::Engine;
use vin_store::StoreError;

/// How often purchases that wait are looked at.
const SETTLE_EVERY: Duration = Duration::from_secs(20);

/// How often a node asks whether it is its turn to look for alerts.
const ALERTS_EVERY: Duration = Duration::from_secs(20);

/// What a service is made of.
pub struct ServiceParts {
    /// The accounts, with the store, the master key, the clock and the randomness.
    pub accounts: Accounts,
    /// The decoder.
    pub engine: Engine,
    /// The node in the order numbers.
    pub node: Node,
    /// Whether the demo key works.
    pub demo: bool,
    /// What the operator has decided.
    pub policy: Policy,
    /// Who reads the files of upstreams; `None` where there are none.
    pub upstreams: Option<Arc<dyn Upstreams>>,
}

/// What the operator has decided.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The vaguest answer that costs something.
    pub charge_min_level: Level,
    /// The paths of the interfaces that are switched off.
    pub off: Vec<String>,
    /// For how many months calls are logged, beside the current one.
    pub keep_months: u32,
    /// How far questions are taken.
    pub routing: Routing,
    /// What an account can have for nothing.
    pub trial: Trial,
    /// Who takes money in.
    pub counter: Counter,
    /// How messages leave.
    pub outgoing: Outgoing,
    /// Who says whether names and numbers belong together; without one, operators do.
    pub verifier: Option<Verifier>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            charge_min_level: Level::Type,
            off: Vec::new(),
            keep_months: 13,
            routing: Routing::default(),
            trial: Trial::default(),
            counter: Counter::default(),
            outgoing: Outgoing::default(),
            verifier: None,
        }
    }
}

/// A question about one vehicle.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The VIN.
    pub vin: Parsed,
    /// The model year that the caller believes in.
    pub year: Option<u16>,
    /// The language of the values.
    pub lang: Lang,
    /// Whether to tell where each value comes from.
    pub explain: bool,
    /// The date in China when it was asked.
    pub today: Date,
}

/// The running service; share it behind an [`Arc`].
pub struct Service {
    accounts: Accounts,
    pub(crate) keys: Keys,
    pub(crate) orders: Orders,
    engine: ArcSwap<Engine>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) channels: Channels,
    pub(crate) policy: Policy,
    pub(crate) nonces: Nonces,
    pub(crate) requests: Requests,
    /// How many calls were limited by this node alone while Redis was away.
    pub(crate) alone: AtomicU64,
    /// Told when a real name is handed in.
    pub(crate) submitted: Notify,
    /// When it was started, by the steady clock.
    began: Duration,
}

impl Service {
    /// Loads the keys and reserves the first order numbers.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub async fn start(parts: ServiceParts) -> Result<Arc<Self>, ServiceError> {
        let ServiceParts {
            accounts,
            engine,
            node,
            demo,
            policy,
            upstreams,
        } = parts;
        let demo_key = ApiKey::parse(DEMO_KEY).map(|key| accounts.vault().lookup(&key));
        let barred = demo_key.filter(|_| !demo);
        let clock = accounts.clock().clone();
        let (store, vault) = (accounts.store().clone(), accounts.vault().clone());
        let meter = Meter::start(store.clone(), clock.clone(), node.number()).await?;
        let keys = Keys::load(store.clone(), vault, meter.clone(), &*clock, barred).await?;
        let channels = Channels::new(upstreams, policy.routing.clone(), policy.charge_min_level);
        channels.look(&store, &*clock, meter.nodes()).await?;
        let orders = Orders::new(node, store);
        orders.top_up(&*clock).await?;
        Ok(Arc::new(Self {
            began: clock.steady(),
            accounts,
            keys,
            orders,
            engine: ArcSwap::from_pointee(engine),
            meter,
            channels,
            policy,
            nonces: Nonces::default(),
            requests: Requests::default(),
            alone: AtomicU64::new(0),
            submitted: Notify::new(),
        }))
    }

    /// The use cases around accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// For how long it has been running.
    pub fn uptime(&self) -> Duration {
        self.accounts.clock().steady().saturating_sub(self.began)
    }

    /// The date in China, which is the one that questions are answered for.
    pub fn today(&self) -> Date {
        self.accounts.clock().china_date()
    }

    /// Replaces the decoder; questions under way finish with the old one.
    pub fn swap_engine(&self, engine: Engine) {
        self.engine.store(Arc::new(engine));
    }

    /// Becomes ready with the reason when the money is not certain any more: the process must stop.
    pub async fn stopped(&self) -> String {
        self.meter.stopped().await
    }

    /// Whose key it is. A known key needs memory only.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`], [`Refusal::ExpiredKey`], or [`Refusal::Broken`] when the store has not answered for
    /// longer than a snapshot of the keys may be believed.
    pub async fn authenticate(&self, key: &ApiKey) -> Result<Arc<Caller>, Refusal> {
        let clock = self.accounts.clock();
        let lookup = self.accounts.vault().lookup(key);
        let found = self.keys.find(&lookup, &**clock).await.map_err(broken)?;
        match found {
            Some(caller) if caller.expires_at > clock.unix() => Ok(caller),
            Some(_) => Err(Refusal::ExpiredKey),
            None => Err(Refusal::UnknownKey),
        }
    }

    /// A number for an order that began on that day in China.
    ///
    /// # Errors
    /// [`Refusal::Broken`] when no number can be reserved.
    pub async fn order_number(&self, today: Date) -> Result<OrderNumber, Refusal> {
        self.orders.next(today).await.map_err(broken)
    }

    /// The decoder in force.
    pub(crate) fn engine(&self) -> Arc<Engine> {
        self.engine.load_full()
    }

    /// The same for as long as a question is answered without waiting.
    pub(crate) fn engine_now(&self) -> Guard<Arc<Engine>> {
        self.engine.load()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// The store's reason.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.accounts.store().ping().await
    }

    /// Keeps keys, order numbers and leases fresh until it is dropped; a server runs it beside itself.
    pub async fn keep_fresh(&self) {
        tokio::join!(
            self.refresh(),
            self.listen(),
            self.look_at_purchases(),
            self.look_for_alerts(),
            self.send_messages(),
            self.look_at_submissions()
        );
    }

    /// Takes over changes of keys as soon as another node announces them.
    async fn listen(&self) {
        let Some(redis) = self.accounts.redis() else {
            return;
        };
        let mut news = redis.news();
        while news.changed().await.is_ok() {
            // A store that does not answer is told of by the refreshing beside this.
            if let Err(error) = self.keys.look(&**self.accounts.clock()).await {
                tracing::debug!(%error, "an announced change cannot be read yet");
            }
        }
    }

    /// Looks at purchases now and then, apart from what must be fresh: a provider may be slow.
    async fn look_at_purchases(&self) {
        loop {
            tokio::time::sleep(SETTLE_EVERY).await;
            if let Err(error) = self.settle_purchases().await {
                tracing::error!(%error, "purchases could not be looked at");
            }
        }
    }

    /// Looks for alerts, apart from what must be fresh.
    async fn look_for_alerts(&self) {
        loop {
            tokio::time::sleep(ALERTS_EVERY).await;
            let reported = self.report_channels().await;
            if let Err(error) = reported.and(self.find_alerts().await) {
                tracing::error!(%error, "alerts could not be looked for");
            }
        }
    }

    async fn refresh(&self) {
        let clock = &**self.accounts.clock();
        let mut failing = false;
        loop {
            tokio::select! {
                () = tokio::time::sleep(CHECK_EVERY) => {}
                () = self.orders.low.notified() => {}
            }
            let looked = self.keys.look(clock).await;
            let topped = self.orders.top_up(clock).await;
            let beaten = self.meter.pulse(self.policy.keep_months).await;
            let store = self.accounts.store();
            let channels = self.channels.look(store, clock, self.meter.nodes()).await;
            match looked.and(topped).and(beaten).and(channels) {
                Ok(()) if failing => {
                    failing = false;
                    tracing::info!("the store answers again");
                }
                // Said once, not every second.
                Err(error) if !failing => {
                    failing = true;
                    tracing::error!(%error, "keys, order numbers and leases cannot be refreshed");
                }
                _ => {}
            }
        }
    }

    /// Gives back what was not spent, and closes the database.
    pub async fn close(&self) {
        self.meter.end().await;
        self.accounts.store().close().await;
    }
}

pub(crate) fn broken(error: StoreError) -> Refusal {
    tracing::error!(%error, "a question could not be answered");
    Refusal::Broken
}
