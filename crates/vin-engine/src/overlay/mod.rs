//! The overlay: hand-made rules about cars that the vPIC tables do not know.
//!
//! [`Overlay::of`] finds the rules of a VIN's maker, [`Rules::year`] settles the model year,
//! [`Rules::facts`] tells what the car is. Nothing here changes what the pure procedure says;
//! the answer takes the overlay's word first, since each of its rules was written for that maker.

mod year;

#[cfg(test)]
pub(crate) use year::Evidence;
#[cfg(test)]
mod tests;

use crate::keys::literals_fit;
use crate::subject::KEY_PLACES;
use std::borrow::Cow;
use vin_core::field::{FIELDS, Field, Kind};
use vin_core::{FieldId, Lang, Vin};
use vin_index::overlay::{CARS, CLASS_SETS, FACTS, Fact, MAKERS, Maker, PLANT, RULES, Rule};
use vin_index::vpic::{ANY, CLASS, ClassSet, STRINGS, symbol};
use vin_index::{Pack, Strings};

/// The kind of rule that a told value comes from, for callers who ask.
const RULE: &str = "overlay";
/// The same where other values hold equally.
const CANDIDATE: &str = "overlay-candidate";

/// The overlay of one pack. Whatever a damaged pack says, an index outside gives nothing.
#[derive(Clone, Copy)]
pub(crate) struct Overlay<'p> {
    strings: Strings<'p>,
    makers: &'p [Maker],
    rules: &'p [Rule],
    facts: &'p [Fact],
    class_sets: &'p [ClassSet],
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A field of the result.
    Field(FieldId),
    /// The plant where the car was built.
    Plant,
    /// The cars that it is one of.
    Cars,
}

/// One value that the overlay gives to a field.
#[derive(Clone, Copy)]
pub(crate) struct Told<'p> {
    /// What it is about.
    pub about: About,
    fact: &'p Fact,
    rule: &'p Rule,
    /// Other values of the same field hold equally: none of them is the car's.
    pub several: bool,
    strings: Strings<'p>,
}

/// So many rules may fit one VIN; the least specific ones beyond are left out.
const MOST_FITTING: usize = 32;

/// The rules of the maker of one VIN that fit its characters.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'p, 'v> {
    overlay: Overlay<'p>,
    vin: &'v Vin,
    maker: Option<&'p Maker>,
    fitting: [Option<&'p Rule>; MOST_FITTING],
}

impl<'p> Overlay<'p> {
    pub fn new(pack: &'p Pack) -> Self {
        Self {
            strings: Strings::new(pack.section(STRINGS)),
            makers: pack.table(MAKERS),
            rules: pack.table(RULES),
            facts: pack.table(FACTS),
            class_sets: pack.table(CLASS_SETS),
        }
    }

    /// The rules of the maker of `vin`, of whom there may be none.
    pub fn of<'v>(&self, vin: &'v Vin) -> Rules<'p, 'v> {
        let wmi = vin.wmi();
        let code = wmi.as_bytes();
        let maker = self.maker(code).or_else(|| self.maker(code.get(..3)?));
        let mut fitting = [None; MOST_FITTING];
        let mut slots = fitting.iter_mut();
        let key = key_of(vin.as_bytes());
        for rule in maker.map_or(&[][..], |maker| self.rules_of(maker)) {
            if literals_fit(&rule.chars, &key) && self.classes_fit(rule, &key) {
                let Some(slot) = slots.next() else { break };
                *slot = Some(rule);
            }
        }
        Rules {
            overlay: *self,
            vin,
            maker,
            fitting,
        }
    }

    fn rules_of(&self, maker: &Maker) -> &'p [Rule] {
        let at = maker.rules_at.get() as usize;
        let rules = self.rules.get(at..at + usize::from(maker.rules.get()));
        rules.unwrap_or_default()
    }

    fn maker(&self, code: &[u8]) -> Option<&'p Maker> {
        let mut padded = [0; 6];
        padded[..code.len()].copy_from_slice(code);
        let at = self.makers.binary_search_by_key(&padded, |m| m.code);
        self.makers.get(at.ok()?)
    }

    fn facts_of(&self, rule: &Rule) -> &'p [Fact] {
        let at = rule.facts_at.get() as usize;
        let facts = self.facts.get(at..at + usize::from(rule.facts.get()));
        facts.unwrap_or_default()
    }

    fn classes_fit(&self, rule: &Rule, key: &[u8; 16]) -> bool {
        let number = usize::from(rule.classes.get());
        if number == 0 {
            return true;
        }
        let Some(set) = self.class_sets.get(number) else {
            return false;
        };
        let within =
            |at: usize| symbol(key[at]).is_some_and(|bit| set.chars[at].get() >> bit & 1 == 1);
        (0..10).all(|at| rule.chars[at] != CLASS || within(at))
    }
}

/// The characters that keys speak of.
fn key_of(vin: &[u8; 17]) -> [u8; 16] {
    let mut key = [0; 16];
    for (slot, place) in key.iter_mut().zip(KEY_PLACES) {
        *slot = vin[place];
    }
    key
}

impl<'p> Rules<'p, '_> {
    /// Whether the overlay knows the maker at all.
    pub fn know_the_maker(&self) -> bool {
        self.maker.is_some()
    }

    /// The rules that fit, the most specific ones first.
    fn fitting(&self) -> impl Iterator<Item = &'p Rule> {
        self.fitting.into_iter().map_while(|rule| rule)
    }

    /// What is told about a car of `year`, by field; of several values the best comes first.
    ///
    /// Per field the rules that look at the most positions win, and of those the ones with the
    /// most literal characters, an operator's before a built-in one. Where several such rules
    /// disagree, every value is told, and each is marked as one of [`Told::several`].
    pub fn facts(&self, year: Option<u16>, told: &mut Vec<Told<'p>>) {
        told.clear();
        for rule in self.fitting().filter(|rule| rule.holds_in(year)) {
            self.offer_all(told, rule);
        }
        // A maker stays who it is in a year that its row does not reach.
        let of_maker = |rule: &&Rule| rule.specificity() == (0, 0) && !rule.holds_in(year);
        let mut others = Vec::new();
        for rule in self.fitting().filter(of_maker) {
            self.offer_all(&mut others, rule);
        }
        others.retain(|other| told.iter().all(|one| one.about != other.about));
        told.append(&mut others);
        // Stable, so that equally sure values stay in the order of the pack.
        told.sort_by_key(|one| {
            let field = match one.about {
                About::Field(field) => field as u8,
                About::Plant => PLANT,
                About::Cars => CARS,
            };
            (field, std::cmp::Reverse(one.fact.confidence))
        });
    }

    fn offer_all(&self, told: &mut Vec<Told<'p>>, rule: &'p Rule) {
        for fact in self.overlay.facts_of(rule) {
            let text = |field: &&Field| matches!(field.kind, Kind::Text | Kind::NullableText);
            let field = FIELDS.get(usize::from(fact.field)).filter(text);
            let about = match (fact.field, field) {
                (PLANT, _) => About::Plant,
                (CARS, _) => About::Cars,
                (_, Some(field)) => About::Field(field.id),
                _ => continue,
            };
            self.offer(told, about, rule, fact);
        }
    }

    /// Takes a fact unless a more specific rule spoke about the same, or another said the same.
    fn offer(&self, told: &mut Vec<Told<'p>>, about: About, rule: &'p Rule, fact: &'p Fact) {
        let mut several = false;
        for other in told.iter_mut().filter(|other| other.about == about) {
            // Rules come the most specific ones first.
            if other.rule.precedence() > rule.precedence() {
                return;
            }
            if other.fact.zh == fact.zh {
                return;
            }
            other.several = true;
            several = true;
        }
        let strings = self.overlay.strings;
        told.push(Told {
            about,
            fact,
            rule,
            several,
            strings,
        });
    }
}

impl<'p> Told<'p> {
    /// The value in `lang`.
    pub fn text(&self, lang: Lang) -> &'p str {
        let text = match lang {
            Lang::Zh => self.fact.zh,
            Lang::En => self.fact.en,
        };
        self.strings.get(text.get())
    }

    /// Whether this is the value in one of the languages.
    pub fn text_is(&self, text: &str) -> bool {
        [Lang::Zh, Lang::En]
            .into_iter()
            .any(|lang| self.text(lang).eq_ignore_ascii_case(text))
    }

    /// The share of such cars that the value is right for, 0 … 1.
    pub fn confidence(&self) -> f32 {
        f32::from(self.fact.confidence.min(100)) / 100.0
    }

    /// The ids of the cars that it leads to, best first; none when it is about something else.
    pub fn cars(&self) -> impl Iterator<Item = u32> + use<'p> {
        let ids = match self.about {
            About::Cars => self.strings.get(self.fact.zh.get()),
            About::Field(_) | About::Plant => "",
        };
        ids.split(' ').filter_map(|id| id.parse().ok())
    }

    /// Where the rule is from.
    pub fn source(&self) -> &'p str {
        self.strings.get(self.fact.source.get())
    }

    /// The fact for callers who ask where a value comes from.
    pub fn fact(&self, lang: Lang) -> vin_core::Fact<'p> {
        let (variable, fields) = match self.about {
            About::Field(field) => (field.spec().path, vec![field]),
            About::Plant => ("plant", Vec::new()),
            About::Cars => ("cars", Vec::new()),
        };
        vin_core::Fact {
            variable,
            value: Cow::Borrowed(self.text(lang)),
            fields,
            origin: vin_core::Origin {
                rule: if self.several { CANDIDATE } else { RULE },
                key: Cow::Owned(self.key()),
                positions: self.positions(),
                source: Cow::Borrowed(self.source()),
            },
        }
    }

    /// The positions (1–17) that the rule looks at, as a bit set; the WMI always is among them.
    pub fn positions(&self) -> u32 {
        let looked = self.rule.chars.iter().zip(KEY_PLACES);
        let looked = looked.filter(|(c, _)| **c != ANY);
        looked.fold(0b111, |set, (_, place)| set | 1 << place)
    }

    /// The key of the rule, a class as `[]`; empty when the rule is about the WMI as such.
    pub fn key(&self) -> String {
        let reach = self.rule.chars.iter().rposition(|&c| c != ANY);
        let mut text = String::new();
        for (at, &c) in self.rule.chars[..reach.map_or(0, |last| last + 1)]
            .iter()
            .enumerate()
        {
            if at == 5 {
                text.push('|');
            }
            match c {
                ANY => text.push('*'),
                CLASS => text.push_str("[]"),
                c => text.push(char::from(c)),
            }
        }
        text
    }
}
