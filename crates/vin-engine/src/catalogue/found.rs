//! What a search left: the candidates, and the fields that they agree on.

use super::list::{List, middle};
use super::view::Catalogue;
use std::borrow::Cow;
use vin_core::{FieldId, Lang};
use vin_index::catalogue::{
    Body, CHARGER_KNOWN, Car, DRIVE_WORDS, FUEL_WORDS, GEARBOX_WORDS, Group, SUPERCHARGED, TURBO,
    Type, electric, source,
};

/// 1 mechanical horsepower is 0.7457 kW and 1.01387 Ps: 0.1 kW in Ps, as a fraction.
const PS_PER_TENTH: (u64, u64) = (101_387, 745_700);

/// The cars and bodies that remain, all equally good.
#[derive(Clone, Copy)]
pub struct Found<'p> {
    catalogue: Catalogue<'p>,
    /// The series.
    pub kind: Option<&'p Type>,
    pub(super) cars: List,
    pub(super) bodies: List,
}

/// A combined consumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consumption {
    /// In 0.01 L/100 km.
    pub value: u16,
    /// Whether candidates differ, so that the value is their median.
    pub median: bool,
    /// Whether it is electricity, counted as the petrol that holds the same energy.
    pub equivalent: bool,
}

/// A value of a field and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'p> {
    /// The field.
    pub field: FieldId,
    /// The text, in the language that was asked for.
    pub text: Cow<'p, str>,
    /// The number of the source, see [`vin_index::catalogue::SOURCE_NAMES`].
    pub source: u8,
}

/// How a field is read from a car: a number that is 0 when unknown, its source.
type OfCar = fn(&Car) -> (u32, u8);
/// How a field is read from a body.
type OfBody = fn(&Body) -> (u32, u8);

/// The fields of cars, as one table: field, number, text of the number.
const OF_CARS: &[(FieldId, OfCar)] = &[
    (FieldId::Displacement, displacement),
    (FieldId::DisplacementMl, |car| match car.source {
        // EPA rounds to 0.1 L, which is no exact volume.
        source::EPA => (0, 0),
        other => (u32::from(car.displacement.get()), other),
    }),
    (FieldId::CylinderNum, |car| {
        (car.cylinders.into(), car.source)
    }),
    (FieldId::FuelType, |car| (fuel(car), car.source)),
    (FieldId::EnvironmentalStandards, |car| {
        (car.standard.get().into(), car.standard_source)
    }),
    (FieldId::SizeType, |car| {
        (car.class.get().into(), car.source)
    }),
    (FieldId::MaxPower, |car| {
        (car.power.get().into(), car.power_source)
    }),
    (FieldId::MaxHorsepower, |car| {
        (car.power.get().into(), car.power_source)
    }),
    (FieldId::GearNum, |car| (car.gears.into(), car.source)),
    (FieldId::GearType, |car| (car.gearbox.into(), car.source)),
    (FieldId::DriveMode, |car| (drive(car), car.source)),
    (FieldId::SeatNum, |car| (car.seats.into(), car.seats_source)),
    (FieldId::Weight, |car| {
        (car.weight.get().into(), car.weight_source)
    }),
];

/// The fields of bodies.
const OF_BODIES: &[(FieldId, OfBody)] = &[
    (FieldId::DoorNum, |body| (body.doors.into(), body.source)),
    (FieldId::Len, |body| (body.length.get().into(), body.source)),
    (FieldId::Width, |body| {
        (body.width.get().into(), body.source)
    }),
    (FieldId::Height, |body| {
        (body.height.get().into(), body.source)
    }),
    (FieldId::Wheelbase, |body| {
        (body.wheelbase.get().into(), body.source)
    }),
];

fn displacement(car: &Car) -> (u32, u8) {
    let tenths = (u32::from(car.displacement.get()) + 50) / 100;
    let charged = car.charger & (TURBO | SUPERCHARGED) != 0;
    (tenths << 1 | u32::from(charged && tenths > 0), car.source)
}

/// `3.6L` or `3.0T`; empty for a car without an engine.
pub(super) fn displacement_text(car: &Car) -> String {
    match displacement(car).0 {
        0 => String::new(),
        number => tenths_text(number),
    }
}

fn tenths_text(number: u32) -> String {
    let tenths = number >> 1;
    let mut text = (tenths / 10).to_string();
    text.push('.');
    push_digit(&mut text, tenths);
    text.push(if number & 1 == 1 { 'T' } else { 'L' });
    text
}

/// Adds the last digit of a number.
fn push_digit(text: &mut String, number: u32) {
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// `number * of.0 / of.1`, rounded.
fn scaled(number: u32, (of, by): (u64, u64)) -> String {
    ((u64::from(number) * of * 2 + by) / (by * 2)).to_string()
}

/// The number of the fuel; a petrol hybrid has a word of its own, other hybrids have none.
fn fuel(car: &Car) -> u32 {
    match (car.electric, car.fuel) {
        (electric::NONE | electric::MILD | electric::BATTERY | electric::FUEL_CELL, fuel) => {
            fuel.into()
        }
        (electric::HYBRID | electric::SOME, 1) => 8,
        _ => 0,
    }
}

/// The number of the drive; 4WD and AWD are one, for sources use the words as they like.
fn drive(car: &Car) -> u32 {
    match car.drive {
        4 => 3,
        drive => drive.into(),
    }
}

/// How far sizes of one body may be apart in mm and still be shown as one: an inch or a
/// hundredth, for sources round, and trims differ by bumpers and roof rails. The shown one is
/// the median.
fn same_size(size: u32) -> u32 {
    (size / 100).max(26)
}

/// How far weights may be apart in kg and still be shown as one: a fiftieth.
fn same_weight(weight: u32) -> u32 {
    weight / 50
}

impl<'p> Found<'p> {
    pub(super) fn new(catalogue: Catalogue<'p>) -> Self {
        Self {
            catalogue,
            kind: None,
            cars: List::default(),
            bodies: List::default(),
        }
    }

    /// The catalogue that was searched.
    pub fn catalogue(&self) -> Catalogue<'p> {
        self.catalogue
    }

    /// Whether the engine is turbocharged, where all remaining cars that know it agree.
    pub fn turbocharged(&self) -> Option<bool> {
        let mut known = self.cars().filter(|car| car.charger & CHARGER_KNOWN != 0);
        let first = known.next()?.charger & TURBO;
        known
            .all(|car| car.charger & TURBO == first)
            .then_some(first != 0)
    }

    /// The cars that remain, in the order of their ids.
    pub fn cars(&self) -> impl Iterator<Item = &'p Car> + Clone {
        let cars = self.catalogue.cars;
        self.cars
            .as_slice()
            .iter()
            .filter_map(move |&at| cars.get(at as usize))
    }

    /// The bodies that remain.
    pub fn bodies(&self) -> impl Iterator<Item = &'p Body> + Clone {
        let bodies = self.catalogue.bodies;
        self.bodies
            .as_slice()
            .iter()
            .filter_map(move |&at| bodies.get(at as usize))
    }

    /// The only car that remains.
    pub fn car(&self) -> Option<&'p Car> {
        let mut cars = self.cars();
        cars.next().filter(|_| cars.next().is_none())
    }

    /// The group that all remaining cars are of.
    pub fn group(&self) -> Option<&'p Group> {
        let mut groups = self.cars().map(|car| car.group);
        let first = groups.next()?;
        groups
            .all(|other| other == first)
            .then(|| self.catalogue.group(first))
            .flatten()
    }

    /// The consumption of the remaining cars.
    pub fn consumption(&self) -> Option<Consumption> {
        let mut known = List::default();
        for car in self.cars().filter(|car| car.consumption.get() > 0) {
            known.push(car.consumption.get().into());
        }
        let equivalent = self.cars().all(|car| car.electric == electric::BATTERY);
        let (low, high) = middle(known.as_slice())?;
        Some(Consumption {
            value: ((low + high) / 2) as u16,
            median: known.as_slice().iter().any(|other| *other != low),
            equivalent,
        })
    }

    /// Gives `take` every field that the remaining candidates agree on, and its source.
    pub fn each(&self, lang: Lang, mut take: impl FnMut(Value<'p>)) {
        if let Some(consumption) = self.consumption() {
            take(Value {
                field: FieldId::ComFuelConsumption,
                text: hundredths(consumption.value).into(),
                source: self.cars().next().map_or(0, |car| car.source),
            });
        }
        for (field, number) in OF_CARS {
            let numbers = self.cars().map(number);
            let value = match field {
                // Sources give the mean of a name's trims.
                FieldId::Weight => near(numbers, same_weight),
                _ => agreed(numbers),
            };
            if value.is_none()
                && *field == FieldId::EnvironmentalStandards
                && let Some(tier) = self.tier(lang)
            {
                take(tier);
            }
            if let Some((value, source)) = value {
                let text = self.show(*field, value, lang);
                take(Value {
                    field: *field,
                    text,
                    source,
                });
            }
        }
        for (field, number) in OF_BODIES {
            let numbers = self.bodies().map(number);
            let value = match field {
                FieldId::DoorNum => agreed(numbers),
                _ => near(numbers, same_size),
            };
            let value = value.or_else(|| match field {
                FieldId::DoorNum => agreed(self.cars().map(|car| (car.doors.into(), car.source))),
                _ => None,
            });
            if let Some((value, source)) = value {
                take(Value {
                    field: *field,
                    text: value.to_string().into(),
                    source,
                });
            }
        }
    }

    /// The tier of the emission standards, where the remaining cars differ by no more than the bin.
    fn tier(&self, lang: Lang) -> Option<Value<'p>> {
        let mut tier = None;
        let mut source = 0;
        for car in self.cars().filter(|car| car.standard.get() > 0) {
            let text = self.catalogue.word(car.standard.get().into(), lang);
            // Cars of one row may be certified to several.
            for part in text.split('/') {
                let (of_part, _) = part.split_once(" Bin ").unwrap_or((part, ""));
                if *tier.get_or_insert(of_part) != of_part {
                    return None;
                }
            }
            source = car.standard_source;
        }
        Some(Value {
            field: FieldId::EnvironmentalStandards,
            text: tier?.into(),
            source,
        })
    }

    /// The different values that the remaining candidates have for a field, in the order of the
    /// candidates; one or none when they agree.
    pub fn alternatives(&self, field: FieldId, lang: Lang) -> Vec<Cow<'p, str>> {
        let mut texts: Vec<Cow<'p, str>> = Vec::new();
        let mut add = |text: Cow<'p, str>| {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        };
        if field == FieldId::ComFuelConsumption {
            let known = self
                .cars()
                .map(|car| car.consumption.get())
                .filter(|value| *value > 0);
            known.for_each(|value| add(hundredths(value).into()));
        }
        if let Some((_, number)) = OF_CARS.iter().find(|(of, _)| *of == field) {
            let known = self
                .cars()
                .map(|car| number(car).0)
                .filter(|number| *number > 0);
            known.for_each(|number| add(self.show(field, number, lang)));
        }
        if let Some((_, number)) = OF_BODIES.iter().find(|(of, _)| *of == field) {
            let known = self
                .bodies()
                .map(|body| number(body).0)
                .filter(|number| *number > 0);
            known.for_each(|number| add(number.to_string().into()));
        }
        texts
    }

    fn show(&self, field: FieldId, number: u32, lang: Lang) -> Cow<'p, str> {
        let word = |base: usize| Cow::Borrowed(self.catalogue.word(base + number as usize, lang));
        match field {
            FieldId::Displacement => tenths_text(number).into(),
            FieldId::FuelType => word(FUEL_WORDS),
            FieldId::GearType => word(GEARBOX_WORDS),
            FieldId::DriveMode => word(DRIVE_WORDS),
            FieldId::EnvironmentalStandards | FieldId::SizeType => word(0),
            FieldId::MaxPower => scaled(number, (1, 10)).into(),
            FieldId::MaxHorsepower => scaled(number, PS_PER_TENTH).into(),
            _ => number.to_string().into(),
        }
    }
}

fn hundredths(value: u16) -> String {
    let mut text = (value / 100).to_string();
    text.push('.');
    push_digit(&mut text, u32::from(value) / 10);
    push_digit(&mut text, value.into());
    text
}

/// The one number that all who know it have, and its source.
fn agreed(numbers: impl Iterator<Item = (u32, u8)>) -> Option<(u32, u8)> {
    let mut known = numbers.filter(|(number, _)| *number > 0);
    let first = known.next()?;
    known.all(|(number, _)| number == first.0).then_some(first)
}

/// The median, when all known numbers are apart by no more than `within` gives for the least.
fn near(
    numbers: impl Iterator<Item = (u32, u8)> + Clone,
    within: fn(u32) -> u32,
) -> Option<(u32, u8)> {
    let mut of = numbers.clone().filter(|(number, _)| *number > 0);
    let (first, source) = of.next()?;
    let (mut low, mut high) = (first, first);
    for (number, _) in of {
        low = low.min(number);
        high = high.max(number);
    }
    if low == high {
        return Some((low, source));
    }
    if high - low > within(low) {
        return None;
    }
    let mut known = List::default();
    numbers
        .filter(|(number, _)| *number > 0)
        .for_each(|(number, _)| known.push(number));
    let (median, _) = middle(known.as_slice())?;
    Some((median, source))
}
