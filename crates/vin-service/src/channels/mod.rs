//! The channels of a service: who can be asked beside our engine, how far, and how each is doing.
//!
//! Which channel comes next is decided by [`vin_channel::route`]; here it is asked, recorded and put
//! into one answer. Without an enabled upstream nothing of this is on the way of a question.

mod compose;
mod drive;
mod learned;
mod list;
mod trial;

pub use drive::bill;
pub use list::ChannelState;
pub use trial::{Trial, try_out};

pub(crate) use compose::compose;
pub(crate) use learned::{Learned, Lessons};

use crate::Clock;
use arc_swap::ArcSwap;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use vin_channel::route::{Board, Lineup, Mode, Policies, Policy, Seat, State, Verdict};
use vin_channel::{Channel, ChannelName, Facts, Found};
use vin_core::{Answer, FieldId, Level};
use vin_store::{ChannelRow, Store, StoreError};

/// How long all channels together may take.
pub const TOTAL: Duration = Duration::from_millis(2_500);

/// How many channels one answer is put together from at most.
pub(crate) const MOST_FUSED: usize = 4;

/// Tier and weight of a channel that nothing was said about.
const UNSAID: (u32, u32) = (1, 100);

/// Who reads the files of channels.
pub trait Upstreams: Send + Sync {
    /// Every channel that there is, connected to nothing yet.
    ///
    /// # Errors
    /// What is wrong, in one line; the channels in force stay.
    fn load(&self) -> Result<Vec<Arc<dyn Channel>>, String>;

    /// A number that is another one once a file has changed; cheap, for it is asked every second.
    fn stamp(&self) -> u64;
}

/// How far questions are taken.
#[derive(Clone, Debug, Default)]
pub struct Routing {
    /// By interface.
    pub policies: Policies,
    /// The fields for whose sake another channel is asked under [`Policy::Fusion`].
    pub wanted: Wanted,
    /// Of so many questions that a learned rule could answer, one is put to the channel that taught
    /// it all the same, so that a rule that has become wrong is found out; 0 for none.
    pub learn_audit: u32,
}

/// The fields that [`Policy::Fusion`] wants.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of interfaces that have none of their own.
    pub otherwise: Arc<[FieldId]>,
    /// By the path of the interface.
    pub by_path: BTreeMap<String, Arc<[FieldId]>>,
}

/// Who may answer a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Our engine alone.
    Local,
    /// The channels, once our engine was not enough.
    Channels(Plan),
}

/// How far a question is taken, and for the sake of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(crate) policy: Policy,
    pub(crate) wanted: Arc<[FieldId]>,
}

/// What the channels are to be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// The fields that need not be asked for.
    pub(crate) known: Vec<FieldId>,
    /// The one channel that is asked, to see whether what it taught still holds.
    pub(crate) only: Option<ChannelName>,
}

/// The channels as of one moment.
#[derive(Default)]
pub(crate) struct Roster {
    pub(crate) lineup: Arc<Lineup>,
    /// In the order of the line-up.
    pub(crate) channels: Vec<Arc<dyn Channel>>,
}

impl Roster {
    /// The same with one channel, or with none when it is gone.
    fn only(&self, name: ChannelName) -> Self {
        let both = self.lineup.seats.iter().zip(&self.channels);
        let found = both.filter(|(seat, _)| seat.facts.name == name);
        let (seats, channels) = found.map(|(seat, one)| (seat.clone(), one.clone())).unzip();
        Self {
            lineup: Arc::new(Lineup { seats }),
            channels,
        }
    }
}

/// What the channels said.
pub struct Routed {
    pub(crate) policy: Policy,
    pub(crate) verdict: Verdict,
    /// The vehicles, in the order in which they came.
    pub(crate) hits: Vec<Told>,
}

/// A vehicle and who told it.
pub(crate) struct Told {
    pub(crate) name: ChannelName,
    pub(crate) trust: u8,
    pub(crate) found: Found,
}

pub(crate) struct Channels {
    upstreams: Option<Arc<dyn Upstreams>>,
    routing: Routing,
    /// The vaguest answer that is good enough.
    good: Level,
    idle: AtomicBool,
    roster: ArcSwap<Roster>,
    board: Mutex<Board>,
    learned: ArcSwap<Learned>,
    lessons: Lessons,
    /// How many questions learned rules could answer.
    learned_answers: AtomicU32,
    seen: tokio::sync::Mutex<Seen>,
    /// Since when channels have not worked, in seconds since 1970-01-01 UTC.
    down: Mutex<BTreeMap<ChannelName, i64>>,
}

/// What is in force: revisions of the database, and the state of the files.
#[derive(Default)]
struct Seen {
    channels: Option<i64>,
    learned: Option<i64>,
    files: Option<u64>,
}

impl Channels {
    pub(crate) fn new(
        upstreams: Option<Arc<dyn Upstreams>>,
        routing: Routing,
        charged: Level,
    ) -> Self {
        Self {
            upstreams,
            routing,
            good: charged.max(Level::Type),
            idle: AtomicBool::new(true),
            roster: ArcSwap::default(),
            board: Mutex::default(),
            learned: ArcSwap::default(),
            lessons: Lessons::default(),
            learned_answers: AtomicU32::new(0),
            seen: tokio::sync::Mutex::default(),
            down: Mutex::default(),
        }
    }

    /// How far a question is taken that a package with this policy pays for.
    pub(crate) fn way(&self, path: &str, bought: &str) -> Way {
        if self.idle.load(Ordering::Relaxed) {
            return Way::Local;
        }
        match self.routing.policies.of(path, Policy::parse(bought)) {
            Policy::LocalOnly => Way::Local,
            policy => {
                let wanted = &self.routing.wanted;
                let own = wanted.by_path.get(path).unwrap_or(&wanted.otherwise);
                let wanted = own.clone();
                Way::Channels(Plan { policy, wanted })
            }
        }
    }

    /// Whether a channel is asked to see whether the rule that it taught still holds. One that does
    /// not work is left alone.
    pub(crate) fn audits(&self, teacher: ChannelName) -> bool {
        let every = self.routing.learn_audit;
        let count = self.learned_answers.fetch_add(1, Ordering::Relaxed);
        every > 0 && count % every == every - 1 && self.board().state(teacher) == State::Closed
    }

    /// Whether nobody else needs to be asked after this answer of our engine.
    pub(crate) fn is_enough(&self, way: &Way, answer: &Answer<'_>) -> bool {
        let Way::Channels(plan) = way else {
            return true;
        };
        let mut wanted = plan.wanted.iter();
        answer.matched.level >= self.good
            && (plan.policy != Policy::Fusion || wanted.all(|field| answer.vehicle.knows(*field)))
    }

    pub(crate) fn board(&self) -> MutexGuard<'_, Board> {
        // No code panics while it holds the lock.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn down(&self) -> MutexGuard<'_, BTreeMap<ChannelName, i64>> {
        self.down.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn roster(&self) -> Arc<Roster> {
        self.roster.load_full()
    }

    pub(crate) fn learned(&self) -> arc_swap::Guard<Arc<Learned>> {
        self.learned.load()
    }

    /// Takes over what has changed in the database; a server without channels asks it nothing.
    pub(crate) async fn look(
        &self,
        store: &Store,
        clock: &dyn Clock,
        nodes: u32,
    ) -> Result<(), StoreError> {
        let Some(upstreams) = &self.upstreams else {
            return Ok(());
        };
        self.board().share(nodes);
        let mut seen = self.seen.lock().await;
        let now = store.revisions().await?;
        // Looked at before they are read: what changes meanwhile is read again.
        let files = upstreams.stamp();
        if seen.channels != Some(now.0) || seen.files != Some(files) {
            let rows = store.channels().await?;
            match upstreams.load() {
                Ok(channels) => {
                    self.take_over(channels, &rows);
                    if seen.files.is_some_and(|before| before != files) {
                        tracing::info!("the files of channels have changed, and are in force");
                    }
                }
                // Said once for each change; what was in force stays.
                Err(error) => tracing::error!(error, "the channels cannot be read"),
            }
            // Who may teach can have changed, too.
            *seen = Seen {
                channels: Some(now.0),
                learned: None,
                files: Some(files),
            };
        }
        if seen.learned != Some(now.1) {
            let rows = store.learned(None, false).await?;
            let roster = self.roster();
            let learned = Learned::new(&rows, clock.unix(), |name| {
                let mut facts = roster.lineup.seats.iter().map(|seat| &seat.facts);
                let teacher = facts.find(|facts| facts.learns && facts.name.as_str() == name);
                teacher.map(|facts| (facts.name, facts.trust))
            });
            self.learned.store(Arc::new(learned));
            seen.learned = Some(now.1);
        }
        Ok(())
    }

    fn take_over(&self, mut channels: Vec<Arc<dyn Channel>>, rows: &[ChannelRow]) {
        channels.sort_by_key(|channel| channel.facts().name);
        let said: HashMap<_, _> = rows.iter().map(|row| (&*row.name, row)).collect();
        let seats = channels.iter().map(|channel| {
            let facts = channel.facts();
            seat(facts, said.get(facts.name.as_str()).copied())
        });
        let lineup = Arc::new(Lineup {
            seats: seats.collect(),
        });
        self.board().seat(&lineup);
        self.idle.store(lineup.is_empty(), Ordering::Relaxed);
        self.roster.store(Arc::new(Roster { lineup, channels }));
    }
}

/// A channel with what the operator wants of it.
fn seat(facts: &Facts, said: Option<&ChannelRow>) -> Seat {
    let mode = said.and_then(|row| Mode::parse(&row.state));
    Seat {
        facts: facts.clone(),
        mode: mode.unwrap_or(Mode::Enabled),
        tier: said.map_or(UNSAID.0, |row| row.tier),
        weight: said.map_or(UNSAID.1, |row| row.weight),
    }
}
