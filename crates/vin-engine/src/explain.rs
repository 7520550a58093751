//! Where each fact of an answer comes from: the rule, its key, the positions, the table.

use crate::decode::Decoder;
use crate::pass::{Item, Rule};
use crate::subject::KEY_PLACES;
use std::borrow::Cow;
use std::fmt::Write;
use vin_core::{Fact, FieldId, Origin};
use vin_index::vpic::{ANY, CLASS, KEY_FORMULA, Key};

/// Positions 1–3, or 1–3 and 12–14, as a bit set.
const WMI_POSITIONS: u32 = 0b111;
const YEAR_POSITIONS: u32 = 1 << 9 | 1 << 6;

impl<'p> Decoder<'p> {
    /// The facts behind the answer, in the order of the variables; defaults are none.
    pub(crate) fn facts(&self, uses: &[(u8, FieldId)]) -> Vec<Fact<'p>> {
        let mut facts = Vec::new();
        for element in self.best.shown(&self.view) {
            let Some(item) = self.item(element).filter(|item| item.rule != Rule::Default) else {
                continue;
            };
            let name = self.view.elements[usize::from(element)].name.get();
            let mut fields: Vec<_> = uses
                .iter()
                .filter(|(e, _)| *e == element)
                .map(|(_, field)| *field)
                .collect();
            fields.dedup();
            facts.push(Fact {
                variable: self.view.strings.get(name),
                value: Cow::Borrowed(self.text(item.value)),
                fields,
                origin: self.origin(item),
            });
        }
        facts
    }

    fn origin(&self, item: &Item) -> Origin<'p> {
        let key = self.view.keys.get(item.key as usize);
        let keyed = matches!(item.rule, Rule::Pattern | Rule::Formula);
        let (key, positions) = match key.filter(|_| keyed) {
            Some(key) => (self.key_text(key), positions(key)),
            None => (String::new(), 0),
        };
        let (rule, source, positions) = match item.rule {
            Rule::Pattern => ("pattern", format!("vpic/schema/{}", item.schema), positions),
            Rule::Formula => ("formula", format!("vpic/schema/{}", item.schema), positions),
            Rule::EngineModel => ("engine-model", "vpic/engine-model".to_owned(), 0),
            Rule::Wmi | Rule::MakeOfWmi => ("wmi", "vpic/wmi".to_owned(), WMI_POSITIONS),
            Rule::ModelYear => ("model-year", "49 CFR 565".to_owned(), YEAR_POSITIONS),
            Rule::MakeOfModel => ("make-of-model", "vpic/model".to_owned(), 0),
            Rule::Conversion => ("conversion", "vpic/conversion".to_owned(), 0),
            Rule::Spec => ("vehicle-spec", format!("vpic/spec/{}", item.schema), 0),
            Rule::Default => ("default", "vpic/default".to_owned(), 0),
        };
        Origin {
            rule,
            key: Cow::Owned(key),
            positions,
            source: Cow::Owned(source),
        }
    }

    /// The key in the source's notation, classes written out.
    fn key_text(&self, key: &Key) -> String {
        let mut text = String::new();
        let set = self
            .view
            .class_sets
            .get(usize::from(key.classes.get() & !KEY_FORMULA));
        for (at, &c) in key.chars.iter().enumerate().take(key.reach()) {
            if at == 5 {
                text.push('|');
            }
            match c {
                ANY => text.push('*'),
                CLASS => {
                    let chars = set.map_or(0, |set| set.chars[at].get());
                    text.push('[');
                    text.extend(crate::verdict::characters(chars).map(char::from));
                    let _ = write!(text, "]");
                }
                c => text.push(char::from(c)),
            }
        }
        text
    }
}

/// The positions (1–17) that a key looks at, as a bit set.
fn positions(key: &Key) -> u32 {
    let looked = key.chars.iter().zip(KEY_PLACES).filter(|(c, _)| **c != ANY);
    looked.fold(0, |set, (_, place)| set | 1 << place)
}
