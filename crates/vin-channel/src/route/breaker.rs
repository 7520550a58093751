//! A breaker: lets a channel rest that fails, and tries it again with one real question.

use std::collections::VecDeque;
use std::time::Duration;

/// How long a channel rests the first time; twice as long each further time in a row.
pub const REST: Duration = Duration::from_secs(30);
/// It never rests longer.
pub const MOST_REST: Duration = Duration::from_secs(600);
/// For how many seconds its outcomes count.
pub const WINDOW: u64 = 30;

/// So many failures in a row are enough.
const IN_A_ROW: u32 = 5;
/// Of so many outcomes, half may not be failures.
const MANY: u32 = 20;
/// A probe of which nothing was heard for so long is lost.
const PROBE_LOST: Duration = Duration::from_secs(10);

/// Whether a channel may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It may.
    Closed,
    /// It rests until then.
    Open(Duration),
    /// It rested, and one question tries it.
    HalfOpen,
}

impl State {
    /// The name in metrics and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open(_) => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// The right to ask once; what came of it is reported with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Unlike that of any other of its breaker.
    pub number: u64,
    /// Outcomes of questions that were put before the state changed do not count.
    generation: u64,
    /// Whether it is the one question that tries a channel which rested.
    pub probe: bool,
    /// Whether it is asked only because nobody else is left.
    pub forced: bool,
}

/// The breaker of one channel.
#[derive(Clone, Debug)]
pub struct Breaker {
    state: State,
    generation: u64,
    /// How many rights were given.
    given: u64,
    probing_since: Duration,
    /// How often it has opened in a row.
    opened: u32,
    failed_in_a_row: u32,
    /// Outcomes by second: the second, how many, how many of them failures.
    recent: VecDeque<(u64, u32, u32)>,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            state: State::Closed,
            generation: 0,
            given: 0,
            probing_since: Duration::ZERO,
            opened: 0,
            failed_in_a_row: 0,
            recent: VecDeque::new(),
        }
    }
}

impl Breaker {
    /// The state.
    pub const fn state(&self) -> State {
        self.state
    }

    /// How often it has opened in a row.
    pub const fn opened(&self) -> u32 {
        self.opened
    }

    /// Until when nobody may ask; `None` when somebody may.
    pub fn rests(&self, now: Duration) -> Option<Duration> {
        let until = match self.state {
            State::Closed => return None,
            State::Open(until) => until,
            State::HalfOpen => self.probing_since + PROBE_LOST,
        };
        (now < until).then_some(until)
    }

    /// Whether the channel may be asked at `now`, and if so the right to. After its rest one
    /// question gets it, and no other until that one has ended.
    pub fn admit(&mut self, now: Duration) -> Option<Ticket> {
        if self.rests(now).is_some() {
            return None;
        }
        if self.state != State::Closed {
            self.enter(State::HalfOpen);
            self.probing_since = now;
        }
        Some(self.ticket(false))
    }

    /// The right to ask a channel that rests, because there is no other.
    pub fn force(&mut self) -> Ticket {
        self.ticket(true)
    }

    fn ticket(&mut self, forced: bool) -> Ticket {
        self.given += 1;
        Ticket {
            number: self.given,
            generation: self.generation,
            probe: !forced && self.state == State::HalfOpen,
            forced,
        }
    }

    /// Says what came of a question.
    pub fn report(&mut self, ticket: Ticket, good: bool, now: Duration) {
        if ticket.generation != self.generation {
            return;
        }
        match (self.state, good) {
            (State::Closed, _) => self.count(good, now),
            (State::Open(_) | State::HalfOpen, true) => {
                self.opened = 0;
                self.enter(State::Closed);
            }
            (State::HalfOpen, false) if ticket.probe => self.open(now),
            (State::Open(_) | State::HalfOpen, false) => {}
        }
    }

    /// Gives a right back of which nothing is known.
    pub fn release(&mut self, ticket: Ticket, now: Duration) {
        if ticket.probe && ticket.generation == self.generation && self.state == State::HalfOpen {
            self.enter(State::Open(now));
        }
    }

    fn count(&mut self, good: bool, now: Duration) {
        let second = now.as_secs();
        while self
            .recent
            .front()
            .is_some_and(|(old, ..)| old + WINDOW <= second)
        {
            self.recent.pop_front();
        }
        match self.recent.back_mut() {
            Some((last, all, failed)) if *last == second => {
                *all += 1;
                *failed += u32::from(!good);
            }
            _ => self.recent.push_back((second, 1, u32::from(!good))),
        }
        self.failed_in_a_row = if good { 0 } else { self.failed_in_a_row + 1 };
        let all: u32 = self.recent.iter().map(|(_, all, _)| all).sum();
        let failed: u32 = self.recent.iter().map(|(.., failed)| failed).sum();
        let half = all >= MANY && failed * 2 >= all;
        if !good && (self.failed_in_a_row >= IN_A_ROW || half) {
            self.open(now);
        }
    }

    fn open(&mut self, now: Duration) {
        let rest = REST.saturating_mul(1 << self.opened.min(8)).min(MOST_REST);
        self.opened += 1;
        self.enter(State::Open(now + rest));
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.generation += 1;
        self.failed_in_a_row = 0;
        self.recent.clear();
    }
}
