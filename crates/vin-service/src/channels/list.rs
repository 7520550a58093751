//! How the channels are doing, for commands, metrics and a console.

use crate::Service;
use vin_channel::route::{Board, Mode, State, Tally};
use vin_channel::{ChannelName, Facts};

/// A channel as this process knows it.
#[derive(Clone, Debug)]
pub struct ChannelState {
    /// What its file says.
    pub facts: Facts,
    /// What the operator wants of it.
    pub mode: Mode,
    /// Lower tiers are asked first.
    pub tier: u32,
    /// How often it comes first within its tier.
    pub weight: u32,
    /// The state of its breaker in this process.
    pub breaker: State,
    /// What this process counted since it began.
    pub tally: Tally,
}

impl Service {
    /// How the channels have been doing, for tests that compare it.
    pub fn with_board<R>(&self, look: impl FnOnce(&mut Board) -> R) -> R {
        look(&mut self.channels.board())
    }

    /// How many channels are enabled and not resting.
    pub fn working_channels(&self) -> usize {
        let works = |channel: &ChannelState| {
            channel.mode == Mode::Enabled && !matches!(channel.breaker, State::Open(_))
        };
        self.channels().into_iter().filter(works).count()
    }

    /// The channels, by name.
    pub fn channels(&self) -> Vec<ChannelState> {
        let roster = self.channels.roster();
        let board = self.channels.board();
        let known = |name: ChannelName| board.tallies().find(|(of, ..)| *of == name);
        let seats = roster.lineup.seats.iter().map(|seat| {
            let known = known(seat.facts.name);
            ChannelState {
                facts: seat.facts.clone(),
                mode: seat.mode,
                tier: seat.tier,
                weight: seat.weight,
                breaker: known.map_or(State::Closed, |(_, state, _)| state),
                tally: known.map(|(.., tally)| tally.clone()).unwrap_or_default(),
            }
        });
        seats.collect()
    }
}
