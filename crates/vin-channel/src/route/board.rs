//! How every channel has been doing, as this process knows it: shared by all questions.

use crate::route::{Breaker, Budget, Lineup, Mode, Pace, Seat, State, Tally, Ticket};
use crate::{ChannelName, Rate};
use std::collections::BTreeMap;
use std::time::Duration;

/// Of a hundred calls, so many may be repeated on the same channel: 20.
const REPEATS: (u32, u32) = (200, 10);
/// Of a hundred calls, so many may be doubled because the first is slow: 5.
const HEDGES: (u32, u32) = (50, 3);

/// How a channel has been doing.
#[derive(Clone, Debug, Default)]
struct Health {
    breaker: Breaker,
    pace: Pace,
    tally: Tally,
    disabled: bool,
}

/// Whether a channel may be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may.
    Yes(Ticket),
    /// It rests until then, or another question is trying it.
    Rests(Duration),
    /// The upstream allows no more questions until then.
    Paced(Duration),
    /// The operator has switched it off.
    Disabled,
}

/// What happened to a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Duration,
    /// Whose it is.
    pub channel: ChannelName,
    /// The right to ask that was given or came back.
    pub ticket: Ticket,
    /// What it came back with; `None` when it was given.
    pub came: Option<Came>,
    /// The state afterwards.
    pub state: State,
}

/// With what a right to ask came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// The channel did its work.
    Good,
    /// It did not.
    Bad,
    /// Nothing is known of it.
    Lost,
}

/// How every channel has been doing.
#[derive(Clone, Debug)]
pub struct Board {
    channels: BTreeMap<ChannelName, Health>,
    repeats: Budget,
    hedges: Budget,
    /// What happened, where somebody wants to know.
    journal: Option<Vec<Entry>>,
    /// How many nodes share what the upstreams allow.
    nodes: u32,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            channels: BTreeMap::new(),
            repeats: Budget::new(REPEATS.0, REPEATS.1),
            hedges: Budget::new(HEDGES.0, HEDGES.1),
            journal: None,
            nodes: 1,
        }
    }
}

impl Board {
    /// Takes over what the operator wants now; what is known of the channels stays.
    pub fn seat(&mut self, lineup: &Lineup) {
        for health in self.channels.values_mut() {
            health.disabled = true;
        }
        for seat in &lineup.seats {
            let health = self.channels.entry(seat.facts.name).or_default();
            health.disabled = seat.mode == Mode::Disabled;
        }
    }

    /// Says how many nodes ask the upstreams beside each other.
    pub fn share(&mut self, nodes: u32) {
        self.nodes = nodes.max(1);
    }

    /// Begins to write down what happens to breakers, without an end: for tests.
    pub fn keep_journal(&mut self) {
        self.journal = Some(Vec::new());
    }

    /// What was written down.
    pub fn journal(&self) -> &[Entry] {
        self.journal.as_deref().unwrap_or_default()
    }

    fn note(&mut self, channel: ChannelName, ticket: Ticket, came: Option<Came>, at: Duration) {
        let state = self.state(channel);
        if let Some(journal) = &mut self.journal {
            journal.push(Entry {
                at,
                channel,
                ticket,
                came,
                state,
            });
        }
    }

    /// The state of a channel's breaker.
    pub fn state(&self, name: ChannelName) -> State {
        let health = self.channels.get(&name);
        health.map_or(State::Closed, |health| health.breaker.state())
    }

    /// What was counted of each channel, by name.
    pub fn tallies(&self) -> impl Iterator<Item = (ChannelName, State, &Tally)> {
        let channels = self.channels.iter();
        channels.map(|(name, health)| (*name, health.breaker.state(), &health.tally))
    }

    /// How long an answer of a channel usually takes at most.
    pub(super) fn usual(&self, name: ChannelName) -> Option<Duration> {
        self.channels.get(&name)?.tally.usual()
    }

    /// Whether a channel may be asked at `now`; if so, its place in the pace is taken.
    pub fn admit(&mut self, seat: &Seat, now: Duration) -> Admission {
        let nodes = self.nodes;
        let health = self.channels.entry(seat.facts.name).or_default();
        if health.disabled {
            return Admission::Disabled;
        }
        if let Some(until) = health.breaker.rests(now) {
            return Admission::Rests(until);
        }
        // Before the breaker, so that whoever may not ask takes no probe's place.
        if let Err(until) = health.pace_at(seat.facts.rate, nodes, now) {
            return Admission::Paced(until);
        }
        match health.breaker.admit(now) {
            Some(ticket) => {
                self.note(seat.facts.name, ticket, None, now);
                Admission::Yes(ticket)
            }
            None => Admission::Rests(now),
        }
    }

    /// The same for a channel that rests, when there is no other.
    pub(super) fn force(&mut self, seat: &Seat, now: Duration) -> Admission {
        let nodes = self.nodes;
        let health = self.channels.entry(seat.facts.name).or_default();
        if health.disabled {
            return Admission::Disabled;
        }
        match health.pace_at(seat.facts.rate, nodes, now) {
            Ok(()) => {
                let ticket = health.breaker.force();
                self.note(seat.facts.name, ticket, None, now);
                Admission::Yes(ticket)
            }
            Err(until) => Admission::Paced(until),
        }
    }

    /// Counts a question that had to be put.
    pub(super) fn earn(&mut self) {
        self.repeats.earn();
        self.hedges.earn();
    }

    pub(super) fn may_repeat(&mut self) -> bool {
        self.repeats.spend()
    }

    pub(super) fn may_hedge(&mut self) -> bool {
        self.hedges.spend()
    }

    /// Says what came of a question; `None` when nothing is known of it.
    pub(super) fn report(
        &mut self,
        name: ChannelName,
        ticket: Ticket,
        good: Option<bool>,
        now: Duration,
    ) {
        let health = self.channels.entry(name).or_default();
        match good {
            Some(good) => health.breaker.report(ticket, good, now),
            None => health.breaker.release(ticket, now),
        }
        let came = match good {
            Some(true) => Came::Good,
            Some(false) => Came::Bad,
            None => Came::Lost,
        };
        self.note(name, ticket, Some(came), now);
    }

    pub(super) fn tally(&mut self, name: ChannelName) -> &mut Tally {
        &mut self.channels.entry(name).or_default().tally
    }
}

impl Health {
    fn pace_at(&mut self, rate: Option<Rate>, nodes: u32, now: Duration) -> Result<(), Duration> {
        match rate {
            None => Ok(()),
            Some(rate) => self.pace.take(rate, nodes, now),
        }
    }
}
