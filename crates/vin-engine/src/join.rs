//! What the catalogue and the records know of the decoded car, laid into its fields.
//!
//! Where a rule of the overlay names the cars, they come first and are believed; else the
//! catalogue is searched with what the tables told. The catalogue only fills what is not known.

use crate::catalogue::{Catalogue, Found};
use crate::decode::Decoder;
use crate::fields::Filler;
use crate::overlay::Told;
use std::borrow::Cow;
use vin_core::field::FIELDS;
use vin_core::{Candidate, Fact, FieldId, Lang, Level, Origin, Value};
use vin_index::catalogue::{Car, SOURCE_NAMES};
use vin_index::records::Record;

/// How many cars `carlist` holds at most.
pub(crate) const MOST_CANDIDATES: usize = 20;

/// A car that a rule names.
#[derive(Clone, Copy)]
enum Named<'p> {
    Record(&'p Record),
    Car(&'p Car),
}

/// The cars that the rules for a VIN name.
pub(crate) struct Given<'p> {
    catalogue: Catalogue<'p>,
    lang: Lang,
    cars: Vec<Named<'p>>,
    /// The first one is the car; else several rules hold, and each may be.
    one: bool,
    /// The fields that all possible cars agree on.
    agreed: Vec<(FieldId, Value<'p>)>,
    /// The share of such cars that the rule is right for.
    pub confidence: f32,
}

impl<'p> Given<'p> {
    /// The cars of the rules in `told`, if they name some.
    pub fn of(catalogue: Catalogue<'p>, told: &[Told<'p>], lang: Lang) -> Option<Self> {
        let mut rules = told.iter().filter(|one| one.cars().next().is_some());
        let first = rules.clone().next()?;
        let named = |id| {
            let record = catalogue.record_by_id(id).map(Named::Record);
            record.or_else(|| catalogue.car_by_id(id).map(Named::Car))
        };
        let cars: Vec<_> = rules
            .clone()
            .flat_map(Told::cars)
            .filter_map(named)
            .collect();
        if cars.is_empty() {
            return None;
        }
        let mut given = Self {
            catalogue,
            lang,
            cars,
            one: rules.all(|rule| !rule.several),
            agreed: Vec::new(),
            confidence: first.confidence(),
        };
        given.agreed = given.agree();
        Some(given)
    }

    /// The cars that may be this one; the first alone where the rule says so.
    fn possible(&self) -> &[Named<'p>] {
        if self.one {
            &self.cars[..1]
        } else {
            &self.cars
        }
    }

    fn agree(&self) -> Vec<(FieldId, Value<'p>)> {
        let mut possible = self.possible().iter();
        let mut fields = possible
            .next()
            .map(|car| self.fields(car))
            .unwrap_or_default();
        for other in possible {
            let other = self.fields(other);
            fields.retain(|field| other.contains(field));
        }
        fields
    }

    fn fields(&self, car: &Named<'p>) -> Vec<(FieldId, Value<'p>)> {
        match car {
            Named::Record(record) => self.catalogue.record_fields(record, self.lang).collect(),
            Named::Car(car) => {
                let mut fields = Vec::new();
                self.catalogue.only(car).each(self.lang, |value| {
                    fields.push((value.field, Value::Text(value.text)));
                });
                for (field, text) in self.catalogue.identity(car, self.lang) {
                    fields.push((field, Value::Text(text)));
                }
                fields
            }
        }
    }

    /// Car, series and group; 0 where the possible cars differ.
    fn ids(&self) -> [u32; 3] {
        let of = |car: &Named<'p>| match car {
            Named::Record(record) => {
                [record.id, record.type_id, record.group_id].map(|id| id.get())
            }
            Named::Car(car) => [
                car.id.get(),
                self.catalogue
                    .kind(car.kind)
                    .map_or(0, |kind| kind.id.get()),
                self.catalogue
                    .group(car.group)
                    .map_or(0, |group| group.id.get()),
            ],
        };
        let mut all = self.possible().iter().map(of);
        let mut ids = all.next().unwrap_or_default();
        for other in all {
            for (id, other) in ids.iter_mut().zip(other) {
                if *id != other {
                    *id = 0;
                }
            }
        }
        ids
    }

    fn candidates(&self) -> Vec<Candidate<'p>> {
        let candidate = |car: &Named<'p>| match car {
            Named::Record(record) => self.catalogue.record_candidate(record, self.lang),
            Named::Car(car) => self.catalogue.candidate(car, self.lang),
        };
        let cars = self.cars.iter().take(MOST_CANDIDATES);
        cars.map(candidate).collect()
    }

    /// Whether the cars may be of a series of that name.
    pub fn may_be_of(&self, series: &str) -> bool {
        let agreed = self.agreed.iter();
        let mut named = agreed.filter(|(field, _)| *field == FieldId::TypeName);
        named.all(|(_, value)| *value == Value::Text(series.into()))
    }
}

/// How precisely the car is known after the join.
#[derive(Clone, Copy, Default)]
pub(crate) struct Joined {
    /// The finest level that is settled, if the series is.
    pub level: Option<Level>,
    /// The consumption is the median of several.
    pub median: bool,
    /// The consumption is of electricity, counted as petrol.
    pub equivalent: bool,
}

impl<'p> Filler<'_, 'p> {
    /// Lays the cars that a rule names over all that was known.
    pub fn lay_given(&mut self, given: &Given<'p>) -> Joined {
        let ids = given.ids();
        let [car, _, group] = ids;
        for (field, value) in &given.agreed {
            self.give(*field, value.clone());
        }
        self.ids(ids);
        self.vehicle.candidates = given.candidates();
        Joined {
            level: match (car, group) {
                (0, 0) => None,
                (0, _) => Some(Level::Group),
                _ => Some(Level::Car),
            },
            ..Joined::default()
        }
    }

    fn ids(&mut self, [car, kind, group]: [u32; 3]) {
        if car != 0 {
            self.vehicle.set_int(FieldId::CarId, car.into());
        }
        if kind != 0 {
            self.vehicle.set_int(FieldId::TypeId, kind.into());
        }
        if group != 0 {
            self.vehicle.set(FieldId::GroupId, group.to_string());
        }
    }

    /// Fills what is not known from the cars that a search left.
    pub fn fill_found(&mut self, found: &Found<'p>, facts: &mut Vec<Fact<'p>>) -> Joined {
        let consumption = found.consumption();
        let explain = self.uses.is_some();
        found.each(self.lang, |value| {
            if !self.vehicle.knows(value.field) {
                if explain {
                    facts.push(fact(found, value.field, &value.text, value.source, RULE));
                }
                self.vehicle.set(value.field, value.text);
            }
        });
        if explain {
            self.alternatives(found, facts);
        }
        let catalogue = found.catalogue();
        let (car, group) = (found.car(), found.group());
        let id = |id: Option<u32>| id.unwrap_or(0);
        self.ids([
            id(car.map(|car| car.id.get())),
            id(found.kind.map(|kind| kind.id.get())),
            id(group.map(|group| group.id.get())),
        ]);
        if let Some(group) = group {
            let name = catalogue.group_name(group, self.lang);
            self.vehicle.set(FieldId::GroupName, name);
        }
        if explain {
            facts.extend(self.known(IDENTITY).map(|(field, text)| {
                let source = car.map_or(0, |car| car.source);
                fact(found, field, &text.into(), source, RULE)
            }));
        }
        if self.vehicle.candidates.is_empty() {
            self.vehicle.candidates = found.candidates(self.lang, MOST_CANDIDATES);
        }
        Joined {
            level: match (car, group) {
                (Some(_), _) => Some(Level::Car),
                (None, Some(_)) => Some(Level::Group),
                (None, None) => None,
            },
            median: consumption.is_some_and(|one| one.median),
            equivalent: consumption.is_some_and(|one| one.equivalent),
        }
    }

    /// The known ones of these fields, as texts.
    fn known(&self, fields: [FieldId; 4]) -> impl Iterator<Item = (FieldId, String)> {
        let shown = |field| match self.vehicle.get(field) {
            Value::Int(number) => Some((field, number.to_string())),
            Value::Text(text) => Some((field, text.to_string())),
            Value::Texts(_) | Value::Unknown => None,
        };
        fields.into_iter().filter_map(shown)
    }

    /// What the remaining cars say about fields on which they do not agree.
    fn alternatives(&self, found: &Found<'p>, facts: &mut Vec<Fact<'p>>) {
        for field in FIELDS.iter().filter(|field| !self.vehicle.knows(field.id)) {
            let texts = found.alternatives(field.id, self.lang);
            for text in texts.iter().filter(|_| texts.len() > 1) {
                let source = found.cars().next().map_or(0, |car| car.source);
                facts.push(fact(found, field.id, text, source, CANDIDATE));
            }
        }
    }
}

/// The fields that say which series, group and car it is.
const IDENTITY: [FieldId; 4] = [
    FieldId::TypeId,
    FieldId::CarId,
    FieldId::GroupId,
    FieldId::GroupName,
];

/// The kind of rule of a value that the catalogue gave.
const RULE: &str = "catalogue";
/// The same where other values hold equally.
const CANDIDATE: &str = "catalogue-candidate";
/// The same of a record.
const RECORD: &str = "record";

fn fact<'p>(
    found: &Found<'p>,
    field: FieldId,
    text: &Cow<'p, str>,
    source: u8,
    rule: &'static str,
) -> Fact<'p> {
    let row = found.car().map(|car| found.catalogue().row(car));
    let source = SOURCE_NAMES.get(usize::from(source)).unwrap_or(&"");
    Fact {
        variable: field.spec().path,
        value: text.clone(),
        fields: if rule == RULE {
            vec![field]
        } else {
            Vec::new()
        },
        origin: Origin {
            rule,
            key: row.unwrap_or_default().into(),
            positions: 0,
            source: format!("catalogue/{source}").into(),
        },
    }
}

impl<'p> Given<'p> {
    /// Where the values come from, for callers who ask.
    pub fn facts(&self) -> Vec<Fact<'p>> {
        let Some(first) = self.cars.first() else {
            return Vec::new();
        };
        let (rule, key, source) = match first {
            Named::Record(record) => {
                let source = self.catalogue.text(record.source);
                (RECORD, record.id.get().to_string(), Cow::Borrowed(source))
            }
            Named::Car(car) => {
                let source = SOURCE_NAMES.get(usize::from(car.source)).unwrap_or(&"");
                (
                    RULE,
                    self.catalogue.row(car),
                    format!("catalogue/{source}").into(),
                )
            }
        };
        let fact = |(field, value): (FieldId, Value<'p>)| Fact {
            variable: field.spec().path,
            value: match value {
                Value::Text(text) => text,
                Value::Texts(texts) => texts.join(", ").into(),
                Value::Int(number) => number.to_string().into(),
                Value::Unknown => Cow::Borrowed(""),
            },
            fields: vec![field],
            origin: Origin {
                rule,
                key: key.clone().into(),
                positions: 0,
                source: source.clone(),
            },
        };
        let ids = [FieldId::CarId, FieldId::TypeId, FieldId::GroupId];
        let ids = ids.into_iter().zip(self.ids()).filter(|(_, id)| *id != 0);
        let ids = ids.map(|(field, id)| (field, Value::Int(id.into())));
        self.agreed.iter().cloned().chain(ids).map(fact).collect()
    }
}

impl<'p> Decoder<'p> {
    /// The cars of the catalogue that the tables' word leaves.
    pub(crate) fn found(&self, year: Option<u16>) -> Option<Found<'p>> {
        let found = self.catalogue.search(&self.catalogue_facts(year));
        found.kind.is_some().then_some(found)
    }
}
