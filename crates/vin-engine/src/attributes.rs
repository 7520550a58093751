//! The pure procedure's answer value by value, for tables with a column per variable.

use crate::Engine;
use crate::decode::Decoder;
use crate::pass::is_multi;
use crate::view::View;
use vin_core::Date;
use vin_index::vpic::ELEMENT_PUBLIC;

/// A variable of the procedure that callers may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'p> {
    /// Its number, by which [`Decoder::attributes`] names it.
    pub number: u8,
    /// Its name, such as `Displacement (L)`.
    pub name: &'p str,
    /// Whether it may have several values at once.
    pub repeats: bool,
}

impl Engine {
    /// Every variable, in the order of their numbers.
    pub fn variables(&self) -> Vec<Variable<'_>> {
        let view = View::new(self.pack(), self.multi);
        let public = (0..=255_u8).filter_map(|number| {
            let element = view.elements.get(usize::from(number))?;
            let name = view.strings.get(element.name.get());
            let shown = element.flags & ELEMENT_PUBLIC != 0 && !name.is_empty();
            shown.then(|| Variable {
                number,
                name,
                repeats: is_multi(&view, number),
            })
        });
        public.collect()
    }
}

impl<'p> Decoder<'p> {
    /// The day that it decodes for.
    pub fn today(&self) -> Date {
        self.today
    }

    /// Hands each known variable of the answer to `each`, with the number of its value; of one that
    /// repeats the first.
    pub fn attributes(&self, mut each: impl FnMut(u8, u32)) {
        for element in self.best.shown(&self.view) {
            if let Some(item) = self.item(element) {
                each(element, item.value);
            }
        }
    }

    /// The texts of a variable that repeats, in the order of their rows.
    pub fn repeated(&self, variable: u8) -> Vec<&'p str> {
        let numbers = self.all_values(variable).into_iter();
        numbers.map(|number| self.text(number)).collect()
    }

    /// The text of a value by its number; a number that is none has none.
    pub fn value_text(&self, number: u32) -> &'p str {
        self.text(number)
    }
}
