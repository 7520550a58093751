//! The way of one question from channel to channel.
//!
//! Whoever drives it calls [`Walk::next`] until it says wait or finish, tells it what came of each
//! attempt with [`Walk::ended`], and calls [`Walk::give_up`] when nobody wants the answer any more.

use crate::route::{
    Admission, Attempt, Board, Draw, End, Kind, Lineup, Passed, Seat, State, Ticket, Verdict, Why,
};
use crate::{Billed, ChannelName, Cost, FaultKind, Outcome};
use std::sync::Arc;
use std::time::Duration;

/// With less time left nobody is asked any more.
const LEAST: Duration = Duration::from_millis(100);
/// How long after the deadline an attempt may still say itself that its time was over.
const GRACE: Duration = Duration::from_millis(100);
/// How long to wait before the same channel is asked again.
const PAUSE: Duration = Duration::from_millis(100);

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Ask, and come back at once for more.
    Ask(Ask),
    /// Come back when an attempt has ended, or at that moment.
    Wait(Duration),
    /// Nothing more.
    Finish,
}

/// A question to put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// By what [`Walk::ended`] knows it.
    pub attempt: u32,
    /// Whom, by its place in the line-up.
    pub seat: usize,
    /// Why.
    pub kind: Kind,
    /// How long it may take.
    pub timeout: Duration,
}

/// An attempt that has not ended.
#[derive(Debug)]
struct Flight {
    attempt: u32,
    seat: usize,
    kind: Kind,
    ticket: Ticket,
    began: Duration,
}

/// The way of one question.
#[derive(Debug)]
pub struct Walk {
    lineup: Arc<Lineup>,
    /// Who is left, in the order of the plan.
    left: Vec<usize>,
    began: Duration,
    until: Duration,
    flights: Vec<Flight>,
    log: Vec<Attempt>,
    passed: Vec<Passed>,
    enough: bool,
    may_hedge: bool,
    attempts: u32,
}

impl Walk {
    /// Begins at `now`; all of it takes no longer than `total`, and at most `most` channels are asked
    /// in their turn.
    pub fn new(
        lineup: Arc<Lineup>,
        draw: &mut Draw,
        now: Duration,
        total: Duration,
        most: usize,
    ) -> Self {
        let mut left = lineup.order(draw);
        left.truncate(most);
        Self {
            lineup,
            left,
            began: now,
            until: now + total,
            flights: Vec::new(),
            log: Vec::new(),
            passed: Vec::new(),
            enough: false,
            may_hedge: true,
            attempts: 0,
        }
    }

    /// Who could be asked when it began.
    pub fn lineup(&self) -> &Arc<Lineup> {
        &self.lineup
    }

    /// When it began.
    pub const fn began(&self) -> Duration {
        self.began
    }

    /// The attempts that have ended, in that order.
    pub fn log(&self) -> &[Attempt] {
        &self.log
    }

    /// The channels that were passed over, each once.
    pub fn passed(&self) -> &[Passed] {
        &self.passed
    }

    /// What is to be done at `now`.
    pub fn next(&mut self, board: &mut Board, now: Duration) -> Decision {
        if self.enough || now >= self.until + GRACE {
            self.overdue(board, now);
            return Decision::Finish;
        }
        if !self.flights.is_empty() {
            return self.hedge(board, now);
        }
        if now + LEAST > self.until {
            return Decision::Finish;
        }
        let mut free_at: Option<Duration> = None;
        for at in 0..self.left.len() {
            let seat = self.left[at];
            let why = match board.admit(&self.lineup.seats[seat], now) {
                Admission::Yes(ticket) => return self.ask(board, seat, Kind::Turn, ticket, now),
                Admission::Rests(_) => Why::Rests,
                Admission::Disabled => Why::Disabled,
                Admission::Paced(until) => {
                    free_at = Some(free_at.map_or(until, |free| free.min(until)));
                    Why::Paced
                }
            };
            self.pass(seat, why, now);
        }
        self.last_resort(board, now, free_at)
    }

    /// Nobody in the plan may be asked as usual.
    fn last_resort(
        &mut self,
        board: &mut Board,
        now: Duration,
        free_at: Option<Duration>,
    ) -> Decision {
        let answered = self.log.iter().any(|attempt| attempt.end.is_answer());
        let in_time = |at: &Duration| *at + LEAST <= self.until;
        if let Some(at) = free_at.filter(|at| in_time(at) && !answered) {
            return Decision::Wait(at.max(now + Duration::from_millis(1)));
        }
        if !answered && free_at.is_none() {
            // The last usable channel is never left out, however it has been doing.
            let until = |seat: &usize| match board.state(self.lineup.seats[*seat].facts.name) {
                State::Open(until) => until,
                State::Closed | State::HalfOpen => now,
            };
            let mut resting = self.left.clone();
            resting.sort_by_key(until);
            for seat in resting {
                if let Admission::Yes(ticket) = board.force(&self.lineup.seats[seat], now) {
                    return self.ask(board, seat, Kind::Turn, ticket, now);
                }
            }
        }
        if !answered && let Some(decision) = self.repeat(board, now) {
            return decision;
        }
        Decision::Finish
    }

    /// Asks a channel again whose failure bought nothing, once.
    fn repeat(&mut self, board: &mut Board, now: Duration) -> Option<Decision> {
        let repeated = |seat| {
            let again = |a: &&Attempt| a.seat == seat && a.kind != Kind::Turn;
            self.log.iter().any(|attempt| again(&attempt))
        };
        let (seat, since) = self.log.iter().find_map(|attempt| match attempt.end {
            End::Fault(kind)
                if self.lineup.seats[attempt.seat].facts.may_repeat(kind)
                    && !self.bought(attempt.seat)
                    && !repeated(attempt.seat) =>
            {
                Some((attempt.seat, attempt.began + attempt.took))
            }
            _ => None,
        })?;
        let at = since + PAUSE;
        if at + LEAST > self.until {
            return None;
        }
        if now < at {
            return Some(Decision::Wait(at));
        }
        let Admission::Yes(ticket) = board.admit(&self.lineup.seats[seat], now) else {
            return None;
        };
        if !board.may_repeat() {
            let name = self.lineup.seats[seat].facts.name;
            board.report(name, ticket, None, now);
            return None;
        }
        Some(self.ask(board, seat, Kind::Repeat, ticket, now))
    }

    /// Whether something was or may have been bought of a channel that asks money for each question.
    fn bought(&self, seat: usize) -> bool {
        let paid = !self.lineup.seats[seat].facts.may_hedge();
        let bought = |a: &Attempt| a.seat == seat && a.cost.billed != Billed::No;
        paid && self.log.iter().any(bought)
    }

    /// Asks a second time while the first attempt is slower than usual, where that costs nothing.
    fn hedge(&mut self, board: &mut Board, now: Duration) -> Decision {
        let wait = Decision::Wait(self.until + GRACE);
        let [flight] = &self.flights[..] else {
            return wait;
        };
        if flight.kind != Kind::Turn {
            return wait;
        }
        let (seat, began) = (flight.seat, flight.began);
        let facts = &self.lineup.seats[seat].facts;
        let usual = board.usual(facts.name).filter(|_| facts.may_hedge());
        let Some(at) = usual.map(|usual| began + usual).filter(|_| self.may_hedge) else {
            return wait;
        };
        // Whoever is served late may find that it is too late.
        if at.max(now) + LEAST > self.until {
            return wait;
        }
        if now < at {
            return Decision::Wait(at);
        }
        self.may_hedge = false;
        if !board.may_hedge() {
            return wait;
        }
        let is_free = |seat: &usize| self.lineup.seats[*seat].facts.is_free();
        let other = self.left.iter().copied().find(is_free);
        for seat in other.into_iter().chain([seat]) {
            if let Admission::Yes(ticket) = board.admit(&self.lineup.seats[seat], now) {
                return self.ask(board, seat, Kind::Hedge, ticket, now);
            }
        }
        wait
    }

    fn ask(
        &mut self,
        board: &mut Board,
        seat: usize,
        kind: Kind,
        ticket: Ticket,
        now: Duration,
    ) -> Decision {
        self.left.retain(|left| *left != seat);
        if kind == Kind::Turn {
            board.earn();
        }
        let left = self.until.saturating_sub(now);
        // Whoever hangs leaves the others time enough.
        let share = if self.left.is_empty() {
            left
        } else {
            left * 3 / 5
        };
        let attempt = self.attempts;
        self.attempts += 1;
        self.flights.push(Flight {
            attempt,
            seat,
            kind,
            ticket,
            began: now,
        });
        Decision::Ask(Ask {
            attempt,
            seat,
            kind,
            timeout: share.min(self.lineup.seats[seat].facts.timeout),
        })
    }

    fn pass(&mut self, seat: usize, why: Why, at: Duration) {
        if !self.passed.iter().any(|passed| passed.seat == seat) {
            self.passed.push(Passed { seat, why, at });
        }
    }

    /// Says what came of an attempt; `enough` when nothing more is wanted.
    pub fn ended(
        &mut self,
        board: &mut Board,
        attempt: u32,
        outcome: &Outcome,
        enough: bool,
        now: Duration,
    ) {
        let Some(at) = self.flights.iter().position(|f| f.attempt == attempt) else {
            return;
        };
        let flight = self.flights.remove(at);
        self.enough |= enough;
        let (end, detail) = End::of(outcome);
        let cost = self.seat(&flight).facts.cost(outcome);
        self.close(board, &flight, end, cost, detail, now);
    }

    /// Ends what is under way: nobody waits for the answer any more.
    pub fn give_up(&mut self, board: &mut Board, now: Duration) {
        while let Some(flight) = self.flights.pop() {
            let cost = self.lost(&flight);
            self.close(board, &flight, End::Abandoned, cost, String::new(), now);
        }
    }

    /// Ends what is under way when it is over: an attempt that has overrun its time has failed, any
    /// other is not needed.
    fn overdue(&mut self, board: &mut Board, now: Duration) {
        if self.enough {
            return self.give_up(board, now);
        }
        while let Some(flight) = self.flights.pop() {
            let cost = self.lost(&flight);
            let end = End::Fault(FaultKind::AnswerTimeout);
            let detail = "it did not keep its own time".to_owned();
            self.close(board, &flight, end, cost, detail, now);
        }
    }

    fn close(
        &mut self,
        board: &mut Board,
        flight: &Flight,
        end: End,
        cost: Cost,
        detail: String,
        now: Duration,
    ) {
        let name = self.seat(flight).facts.name;
        let good = match end {
            End::Hit | End::NoRecord => Some(true),
            // Of the channel this tells nothing.
            End::Fault(FaultKind::Unrecorded) | End::Abandoned => None,
            End::Fault(kind) => Some(!kind.counts_for_breaker()),
        };
        board.report(name, flight.ticket, good, now);
        let took = now.saturating_sub(flight.began);
        board.tally(name).count(end, took, cost.amount);
        self.log.push(Attempt {
            number: flight.attempt,
            seat: flight.seat,
            kind: flight.kind,
            probe: flight.ticket.probe || flight.ticket.forced,
            began: flight.began,
            took,
            end,
            cost,
            detail,
        });
    }

    fn seat(&self, flight: &Flight) -> &Seat {
        &self.lineup.seats[flight.seat]
    }

    /// What an attempt cost of which nothing was heard.
    fn lost(&self, flight: &Flight) -> Cost {
        self.seat(flight).facts.lost()
    }

    /// The names of the channels that were asked, in that order.
    pub fn asked(&self) -> impl Iterator<Item = ChannelName> {
        let seats = self.log.iter().map(|attempt| attempt.seat);
        seats.map(|seat| self.lineup.seats[seat].facts.name)
    }

    /// What the channels have said.
    pub fn verdict(&self) -> Verdict {
        let any = |wanted: fn(End) -> bool| self.log.iter().any(|attempt| wanted(attempt.end));
        let barred = |end| matches!(end, End::Fault(FaultKind::NoRight | FaultKind::Quota));
        if any(|end| end == End::Hit) {
            Verdict::Hit
        } else if any(End::is_answer) {
            Verdict::NoRecord
        } else if !self.log.is_empty() && self.log.iter().all(|attempt| barred(attempt.end)) {
            Verdict::NoRight
        } else if self.log.is_empty() && self.passed.iter().all(|p| p.why == Why::Disabled) {
            Verdict::Nobody
        } else {
            Verdict::Failed
        }
    }
}
