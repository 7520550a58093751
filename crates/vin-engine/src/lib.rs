//! Packs, a VIN and a date in; a decoded vehicle out.
//!
//! [`Decoder`] is the pure procedure of the vPIC tables. [`Engine::answer`] makes the result
//! fields from it. Nothing here fails for a well-formed VIN, and nothing reads a clock.

mod answer;
mod attributes;
mod bare;
pub mod catalogue;
mod compose;
mod decode;
mod element_set;
mod explain;
mod fields;
mod form;
mod join;
mod keys;
mod line;
mod merge;
mod notes;
mod overlay;
mod pass;
mod specs;
mod subject;
mod texts;
mod verdict;
mod view;

pub use attributes::Variable;
pub use decode::Decoder;
pub use verdict::Codes;

use element_set::ElementSet;
use vin_core::{Answer, Date, Lang, Parsed};
use vin_index::{Pack, vpic};

/// What a caller may say beside the VIN.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The model year that the caller believes in.
    pub year: Option<u16>,
    /// The language of the values.
    pub lang: Lang,
    /// Whether to list where each value comes from.
    pub explain: bool,
    /// The day of the question; it decides which WMIs are public and which years are possible.
    pub today: Date,
}

/// The decoder over one pack.
pub struct Engine {
    pack: Pack,
    /// The elements that keep all their values, found once.
    multi: ElementSet,
}

impl Engine {
    /// The decoder over `pack`.
    pub fn new(pack: Pack) -> Self {
        let multi = ElementSet::of(pack.table(vpic::ELEMENTS), vpic::ELEMENT_MULTI);
        Self { pack, multi }
    }

    /// The pack.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// A decoder of the pure procedure, for as many VINs as one thread has.
    pub fn decoder(&self, today: Date) -> Decoder<'_> {
        Decoder::new(
            view::View::new(&self.pack, self.multi),
            overlay::Overlay::new(&self.pack),
            catalogue::Catalogue::new(&self.pack),
            today,
        )
    }

    /// The answer, or `None` when not even the brand is known.
    pub fn answer(&self, parsed: &Parsed, ask: &Ask) -> Option<Answer<'_>> {
        self.decoder(ask.today).answer(parsed, ask)
    }

    /// What the VIN itself says, whoever knows its vehicle: an answer of no vehicle to lay one over.
    pub fn bare(&self, parsed: &Parsed, ask: &Ask) -> Answer<'static> {
        bare::answer(parsed, ask)
    }
}
