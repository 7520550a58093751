//! One pass of the procedure: a VIN read as one model year.

use crate::element_set::ElementSet;
use crate::keys::{classes_fit, digits, literals_fit, looked_at};
use crate::subject::Subject;
use crate::view::{Plan, View, part};
use vin_index::vpic::{ELEMENT_PUBLIC, KEY_FORMULA, Row, ValidSet, Wmi};

/// Elements by what the procedure calls them.
pub(crate) mod element {
    pub const BODY_CLASS: u8 = 5;
    pub const ENGINE_MODEL: u8 = 18;
    pub const MAKE: u8 = 26;
    pub const MANUFACTURER: u8 = 27;
    pub const MODEL: u8 = 28;
    pub const MODEL_YEAR: u8 = 29;
    pub const VEHICLE_TYPE: u8 = 39;
    pub const DISPLACEMENTS: [u8; 3] = [11, 12, 13];
}

/// The kind of rule that an item comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Pattern,
    Formula,
    EngineModel,
    Wmi,
    ModelYear,
    MakeOfModel,
    MakeOfWmi,
    Conversion,
    Spec,
    Default,
}

/// What is known of one element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    /// Decides between candidates: priority, then rank.
    pub order: u32,
    /// The value's number.
    pub value: u32,
    /// The key's index for patterns and formulas, the schema for specs.
    pub key: u32,
    /// The schema of the key.
    pub schema: u32,
    /// The key places that the key looks at.
    pub places: u16,
    pub rule: Rule,
}

pub(crate) const NO_ITEM: Item = Item {
    order: 0,
    value: 0,
    key: 0,
    schema: 0,
    places: 0,
    rule: Rule::Default,
};

/// The priority of formula patterns in an order; schemas' first years are all above it.
const FORMULA_PRIORITY: u32 = 1;

/// Of an element that keeps all its values, those of the engine model follow those of patterns.
const AFTER_PATTERNS: u32 = 1 << 24;
/// Those of the vehicle specs come last.
pub(crate) const AFTER_ENGINES: u32 = 2 << 24;

/// The state of a pass; made once and used again for every VIN.
#[derive(Clone)]
pub(crate) struct Pass<'p> {
    pub wmi: Option<&'p Wmi>,
    pub year: Option<u16>,
    pub present: ElementSet,
    pub(crate) items: Box<[Item; 256]>,
    /// The items of the elements that keep all values.
    pub multi: Vec<(u8, Item)>,
    /// Every engine model that a pattern names.
    engines: Vec<Item>,
    pub valid: Option<&'p ValidSet>,
    /// The positions (bit 0 = position 4, then 5–8, 10–14) that a key in use looks at.
    pub used: u16,
    /// Whether any pattern said anything.
    pub matched: bool,
}

impl Default for Pass<'_> {
    fn default() -> Self {
        Self {
            wmi: None,
            year: None,
            present: ElementSet::default(),
            items: Box::new([NO_ITEM; 256]),
            multi: Vec::new(),
            engines: Vec::new(),
            valid: None,
            used: 0,
            matched: false,
        }
    }
}

impl<'p> Pass<'p> {
    pub fn item(&self, element: u8) -> Option<&Item> {
        self.present
            .has(element)
            .then(|| &self.items[usize::from(element)])
    }

    /// The number of an element's value, 0 when it is unknown.
    pub fn value(&self, element: u8) -> u32 {
        self.item(element).map_or(0, |item| item.value)
    }

    /// Decodes `subject` as `year`.
    pub fn run(
        &mut self,
        view: &View<'p>,
        subject: &Subject,
        wmi: Option<&'p Wmi>,
        year: Option<u16>,
    ) {
        self.wmi = wmi;
        self.year = year;
        self.present = ElementSet::default();
        self.multi.clear();
        self.engines.clear();
        self.valid = None;
        self.used = 0;
        self.matched = false;

        let Some(wmi) = wmi else { return };
        if let Some(plan) = view.plan(wmi, year) {
            self.valid = plan.valid;
            self.match_patterns(view, subject, &plan);
        }
        for element in self.present.iter() {
            self.matched = true;
            self.used |= self.items[usize::from(element)].places;
        }
        for (_, item) in &self.multi {
            self.used |= item.places;
        }
        self.expand_engine(view);
        self.add_known(view, wmi, year);
        self.convert(view);
        self.add_specs(view, wmi, year);
        self.add_defaults(view, wmi.vehicle_type);
    }

    fn match_patterns(&mut self, view: &View<'p>, subject: &Subject, plan: &Plan<'p>) {
        for entry in plan.entries {
            // One key more than the schema has: it ends the last row range.
            let keys = part(view.keys, entry.key, usize::from(entry.count.get()) + 1);
            let priority = u32::from(entry.priority) << 24;
            for (at, key) in keys.iter().take(keys.len().saturating_sub(1)).enumerate() {
                if !literals_fit(&key.chars, &subject.key) {
                    continue;
                }
                if key.reach() > usize::from(subject.reach) || !classes_fit(view, key, subject) {
                    continue;
                }
                let rows = view.rows.get(key.first_row()..keys[at + 1].first_row());
                let number = entry.key.get().wrapping_add(at as u32);
                let mut item = Item {
                    order: 0,
                    value: 0,
                    key: number,
                    schema: entry.schema.get(),
                    places: looked_at(key, subject),
                    rule: Rule::Pattern,
                };
                let formula = key.classes.get() & KEY_FORMULA != 0;
                for row in rows.unwrap_or_default() {
                    item.order = priority | row.rank();
                    item.value = row.value.get();
                    if formula {
                        item.rule = Rule::Formula;
                        item.order = FORMULA_PRIORITY << 24 | row.rank();
                        item.value = view.formula(item.value, digits(view, key, subject));
                    }
                    self.offer(view, row.element(), item);
                }
            }
        }
    }

    /// Takes an item when it beats what is there.
    #[inline]
    fn offer(&mut self, view: &View<'p>, element: u8, item: Item) {
        if element == element::ENGINE_MODEL {
            self.engines.push(item);
        }
        if is_multi(view, element) {
            let order = item.order & 0x00ff_ffff;
            self.multi.push((element, Item { order, ..item }));
        }
        let slot = &mut self.items[usize::from(element)];
        if !self.present.has(element) || item.order > slot.order {
            *slot = item;
            self.present.add(element);
        }
    }

    /// Takes an item when nothing is there.
    fn fill(&mut self, element: u8, value: u32, rule: Rule, schema: u32) {
        if value != 0 && !self.present.has(element) {
            self.items[usize::from(element)] = Item {
                value,
                schema,
                rule,
                ..NO_ITEM
            };
            self.present.add(element);
        }
    }

    fn expand_engine(&mut self, view: &View<'p>) {
        let Some(best) = self.item(element::ENGINE_MODEL).copied() else {
            return;
        };
        // Where the best model has no rows, another of the same priority and date may have.
        let age = |item: &Item| (item.order >> 24, view.date_number(item.order & 0x00ff_ffff));
        let has_rows = |item: &&Item| !view.engine_rows(item.value).is_empty();
        let equal = |item: &&Item| age(item) == age(&best);
        let others = self.engines.iter().filter(has_rows).filter(equal);
        let own = Some(&best).filter(has_rows);
        let Some(engine) = own.or_else(|| others.max_by_key(|item| item.order)) else {
            return;
        };
        let rows = view.engine_rows(engine.value);
        for row in rows {
            let element = row.element();
            if !self.present.has(element) {
                let best = newest(rows, element);
                self.fill(element, best.value.get(), Rule::EngineModel, 0);
                self.items[usize::from(element)].order = best.rank();
            }
            if is_multi(view, element) {
                let order = AFTER_PATTERNS | row.rank();
                let value = row.value.get();
                let item = Item {
                    order,
                    value,
                    rule: Rule::EngineModel,
                    ..NO_ITEM
                };
                self.multi.push((element, item));
            }
        }
    }

    /// What the WMI, the model and the year say without a pattern.
    fn add_known(&mut self, view: &View<'p>, wmi: &'p Wmi, year: Option<u16>) {
        let model = self.value(element::MODEL);
        if let Some(make) = view.makes_of_model(model).first() {
            self.fill(element::MAKE, make.get(), Rule::MakeOfModel, 0);
        } else if let (0, [make]) = (model, view.makes_of_wmi(wmi)) {
            self.fill(element::MAKE, make.get(), Rule::MakeOfWmi, 0);
        }
        self.fill(element::MANUFACTURER, wmi.manufacturer.get(), Rule::Wmi, 0);
        self.fill(
            element::VEHICLE_TYPE,
            wmi.vehicle_type_value.get(),
            Rule::Wmi,
            0,
        );
        let year = year.map_or(0, |year| view.year_value(year));
        self.fill(element::MODEL_YEAR, year, Rule::ModelYear, 0);
    }

    fn convert(&mut self, view: &View<'p>) {
        let known = element::DISPLACEMENTS.map(|e| self.item(e).copied());
        let sources = match known {
            [None, None, None] | [Some(_), Some(_), Some(_)] => return,
            [Some(first), Some(second), None]
            | [Some(first), None, Some(second)]
            | [None, Some(first), Some(second)] => match is_newer(view, &second, &first) {
                true => [Some(second), Some(first)],
                false => [Some(first), Some(second)],
            },
            [one, other, third] => [one.or(other).or(third), None],
        };
        // The better source comes first; the other serves where the first converts to nothing.
        for item in sources.into_iter().flatten() {
            let conversion = match item.rule {
                Rule::Formula => view.conversion_of_digits(),
                _ => view.conversion(item.value),
            };
            let Some(conversion) = conversion else {
                continue;
            };
            for (target, value) in element::DISPLACEMENTS.into_iter().zip(conversion.to) {
                self.fill(target, value.get(), Rule::Conversion, item.schema);
            }
        }
    }

    fn add_defaults(&mut self, view: &View<'p>, vehicle_type: u8) {
        let Some(defaults) = view.defaults(vehicle_type) else {
            return;
        };
        for word in 0..4 {
            let mut missing = defaults.mask[word].get() & !self.present.0[word];
            self.present.0[word] |= missing;
            while missing != 0 {
                let element = word * 64 + missing.trailing_zeros() as usize;
                missing &= missing - 1;
                let value = defaults.values[element].get();
                self.items[element] = Item {
                    value,
                    rule: Rule::Default,
                    ..NO_ITEM
                };
            }
        }
    }

    /// The weights of the public elements that are known.
    pub fn weight(&self, view: &View<'p>) -> u32 {
        let weight = |e: u8| {
            view.elements
                .get(usize::from(e))
                .map_or(0, |e| u32::from(e.weight.get()))
        };
        self.present.iter().map(weight).sum()
    }

    /// How many values come from patterns and engine models, each value of a repeating element
    /// for itself.
    pub fn table_values(&self, view: &View<'p>) -> u32 {
        let counts = |rule| matches!(rule, Rule::Pattern | Rule::Formula | Rule::EngineModel);
        let single = |&e: &u8| !is_multi(view, e) && counts(self.items[usize::from(e)].rule);
        let multi = self
            .multi
            .iter()
            .filter(|(_, item)| counts(item.rule))
            .count();
        (self.present.iter().filter(single).count() + multi) as u32
    }

    /// The known elements that callers may see.
    pub fn shown(&self, view: &View<'p>) -> impl Iterator<Item = u8> {
        let elements = view.elements;
        self.present.iter().filter(move |&e| {
            elements
                .get(usize::from(e))
                .is_some_and(|e| e.flags & ELEMENT_PUBLIC != 0)
        })
    }
}

/// Whether `element` keeps all its values.
pub(crate) fn is_multi(view: &View<'_>, element: u8) -> bool {
    view.multi.has(element)
}

/// Whether `second` is a newer source than `first`; of equally new ones the first stays first.
fn is_newer(view: &View<'_>, second: &Item, first: &Item) -> bool {
    let part = |item: &Item| match item.rule {
        // Ranks of engine rows already prefer the smaller element at equal dates.
        Rule::EngineModel => (0, item.order),
        _ => (item.order >> 24, item.order & 0x00ff_ffff),
    };
    let ((priority, rank), (other_priority, other_rank)) = (part(second), part(first));
    if priority != other_priority || second.rule == Rule::EngineModel {
        return (priority, rank) > (other_priority, other_rank);
    }
    // A greater rank is newer only when a later date begins between the two.
    rank > other_rank && view.date_number(rank) > view.date_number(other_rank)
}

fn newest(rows: &[Row], element: u8) -> Row {
    let of_element = rows.iter().filter(|row| row.element() == element);
    of_element
        .max_by_key(|row| row.rank())
        .copied()
        .unwrap_or(Row::new(element, 0, 0))
}
