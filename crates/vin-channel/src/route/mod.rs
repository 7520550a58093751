//! Which channel is asked when: a machine that is told what happened and says what to do next.
//!
//! [`Walk`] leads one question from channel to channel; [`Board`] knows how every channel has been
//! doing; [`Lineup`] is who may be asked at all. There is no IO here, no clock and no randomness:
//! time is a [`Duration`](std::time::Duration) since some fixed moment, and draws are handed in.

mod attempt;
mod board;
mod breaker;
mod budget;
mod draw;
mod lineup;
mod pace;
mod policy;
mod tally;
mod walk;

pub use attempt::{Attempt, End, Kind, Passed, Verdict, Why};
pub use board::{Admission, Board, Came, Entry};
pub use breaker::{Breaker, MOST_REST, REST, State, Ticket, WINDOW};
pub use budget::Budget;
pub use draw::Draw;
pub use lineup::{Lineup, Mode, Seat};
pub use pace::Pace;
pub use policy::{Policies, Policy};
pub use tally::{BUCKETS, Tally};
pub use walk::{Ask, Decision, Walk};
