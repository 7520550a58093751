//! Who may be asked: the channels of a server with their tiers and weights, as of one moment.

use crate::route::Draw;
use crate::{ChannelName, Facts};

/// What the operator wants of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is asked.
    Enabled,
    /// No new question goes there; those under way may still.
    Draining,
    /// It is not asked any more, not even by questions under way.
    Disabled,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Enabled, Self::Draining, Self::Disabled];

    /// The name in the database and in commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Draining => "draining",
            Self::Disabled => "disabled",
        }
    }

    /// The mode of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// A channel among others.
#[derive(Clone, Debug)]
pub struct Seat {
    /// What is known of it.
    pub facts: Facts,
    /// What the operator wants.
    pub mode: Mode,
    /// Lower tiers are asked first.
    pub tier: u32,
    /// How often it comes first within its tier, beside the others; 0: only after all others.
    pub weight: u32,
}

/// The channels of a server; a question keeps the one that it began with.
#[derive(Clone, Debug, Default)]
pub struct Lineup {
    /// In the order of their names.
    pub seats: Vec<Seat>,
}

impl Lineup {
    /// Whether nobody can be asked.
    pub fn is_empty(&self) -> bool {
        !self.seats.iter().any(|seat| seat.mode == Mode::Enabled)
    }

    /// The place of a channel.
    pub fn place(&self, name: ChannelName) -> Option<usize> {
        self.seats.iter().position(|seat| seat.facts.name == name)
    }

    /// The order in which one question would ask: by tier, and within one by drawing lots of the
    /// size of the weights.
    pub fn order(&self, draw: &mut Draw) -> Vec<usize> {
        let enabled = |place: &usize| self.seats[*place].mode == Mode::Enabled;
        let mut left: Vec<_> = (0..self.seats.len()).filter(enabled).collect();
        let mut order = Vec::with_capacity(left.len());
        while let Some(tier) = left.iter().map(|place| self.seats[*place].tier).min() {
            let of_tier = |place: &&usize| self.seats[**place].tier == tier;
            let weight = |place: &usize| u64::from(self.seats[*place].weight);
            let total: u64 = left.iter().filter(of_tier).map(weight).sum();
            let mut lot = draw.below(total);
            let drawn = left.iter().filter(of_tier).find(|place| {
                let weight = weight(place);
                let is_it = total == 0 || lot < weight;
                lot = lot.saturating_sub(weight);
                is_it
            });
            let Some(&drawn) = drawn else { break };
            left.retain(|place| *place != drawn);
            order.push(drawn);
        }
        order
    }
}
