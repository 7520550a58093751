//! From the variables of the procedure to the result fields; nothing is guessed to fill one.

use crate::catalogue::Catalogue;
use crate::decode::Decoder;
use crate::pass::{Rule, element};
use std::borrow::Cow;
use vin_core::{FieldId, Lang, Vehicle, Vin};
use vin_index::vpic::{ANY_VALUE, VALUE_TURBO, VALUE_WEIGHT_NOTE, Value};
use vin_index::zerocopy::little_endian::U32;

/// The variables that fields are made from.
pub(crate) mod variable {
    pub const BODY_CLASS: u8 = 5;
    pub const CYLINDERS: u8 = 9;
    pub const DISPLACEMENT_CC: u8 = 11;
    pub const DISPLACEMENT_L: u8 = 13;
    pub const DOORS: u8 = 14;
    pub const DRIVE_TYPE: u8 = 15;
    pub const POWER_KW: u8 = 21;
    pub const FUEL_PRIMARY: u8 = 24;
    pub const SEATS: u8 = 33;
    pub const TRANSMISSION: u8 = 37;
    pub const TRIM: u8 = 38;
    pub const CURB_WEIGHT_LB: u8 = 54;
    pub const GEARS: u8 = 63;
    pub const ENGINE_LAYOUT: u8 = 64;
    pub const FUEL_SECONDARY: u8 = 66;
    pub const FUEL_INJECTION: u8 = 67;
    pub const POWER_HP: u8 = 71;
    pub const WHEELBASE_IN: u8 = 111;
    pub const WHEELBASE_TO_IN: u8 = 112;
    pub const NOTE: u8 = 114;
    pub const TRAILER_BODY: u8 = 117;
    pub const POWER_TO_HP: u8 = 125;
    pub const ELECTRIFICATION: u8 = 126;
    pub const TURBO: u8 = 135;
    pub const BUS_TYPE: u8 = 149;
}

/// vPIC's id of the drive type "4x2".
const TWO_WHEELS: &str = "7";

/// Fills a vehicle, and remembers what each field was made from.
pub(crate) struct Filler<'d, 'p> {
    decoder: &'d Decoder<'p>,
    pub lang: Lang,
    pub vehicle: Vehicle<'p>,
    /// Which variable gave which field; only kept for an explanation.
    pub uses: Option<Vec<(u8, FieldId)>>,
    /// The tables speak of this car, not only of its maker.
    pub tables: bool,
    pub turbo: bool,
}

impl<'d, 'p> Filler<'d, 'p> {
    pub fn new(decoder: &'d Decoder<'p>, lang: Lang, explain: bool) -> Self {
        Self {
            decoder,
            lang,
            vehicle: Vehicle::default(),
            uses: explain.then(Vec::new),
            tables: false,
            turbo: false,
        }
    }

    /// Fills every field that the answer of the decoder supports, or without `tables` only those
    /// that the maker and the VIN itself tell. `turbo` is what the catalogue says of the engine.
    /// Fields that others are composed to come last, see [`Filler::compose`].
    pub fn fill(&mut self, vin: &Vin, year: Option<u16>, tables: bool, turbo: Option<bool>) {
        self.identity(vin, year);
        self.tables = tables;
        if tables {
            self.turbo = turbo == Some(true) || self.is_turbo();
            self.car(year);
            self.engine();
            self.drive();
            self.body();
        }
    }

    /// The catalogue of the decoder's pack.
    pub fn catalogue(&self) -> Catalogue<'p> {
        self.decoder.catalogue
    }

    pub fn put(&mut self, variables: &[u8], field: FieldId, text: impl Into<Cow<'p, str>>) {
        let text = text.into();
        if text.is_empty() {
            return;
        }
        if let Some(uses) = &mut self.uses {
            uses.extend(variables.iter().map(|&variable| (variable, field)));
        }
        self.vehicle.set(field, text);
    }

    /// The table's own text, empty when the variable is unknown or does not apply.
    fn plain(&self, variable: u8) -> &'p str {
        self.decoder
            .item(variable)
            .map_or("", |item| match item.rule {
                Rule::Default => "",
                _ => self.decoder.text(item.value).trim(),
            })
    }

    /// The record of a variable's value.
    fn value(&self, variable: u8) -> Option<&'p Value> {
        let item = self.decoder.item(variable)?;
        self.decoder.view.value(item.value)
    }

    /// The mapped text, empty when the table of words has none.
    pub fn mapped(&self, variable: u8) -> &'p str {
        self.value(variable).map_or("", |value| {
            let text = self.pick(value.zh, value.en);
            self.decoder.view.strings.get(text.get())
        })
    }

    /// The mapped texts of the first and of the second field.
    fn words(&self, variable: u8) -> (&'p str, &'p str) {
        let strings = &self.decoder.view.strings;
        self.value(variable).map_or(("", ""), |value| {
            let (first, second) = (
                self.pick(value.zh, value.en),
                self.pick(value.zh2, value.en2),
            );
            (strings.get(first.get()), strings.get(second.get()))
        })
    }

    /// The mapped name, else the English one, else the table's own text.
    fn named(&self, variable: u8) -> &'p str {
        self.value(variable).map_or("", |value| {
            let zh = self.pick(value.zh, U32::ZERO).get();
            let text = [zh, value.en.get(), value.text.get()]
                .into_iter()
                .find(|&text| text != 0);
            self.decoder.view.strings.get(text.unwrap_or(0))
        })
    }

    /// One of two in the language of the answer.
    pub fn pick<T>(&self, zh: T, en: T) -> T {
        if self.lang == Lang::Zh { zh } else { en }
    }

    fn identity(&mut self, vin: &Vin, year: Option<u16>) {
        self.vehicle.set(FieldId::Vin, vin.to_string());
        self.vehicle
            .set_int(FieldId::IsCorrect, i64::from(vin.check_digit_is_right()));
        self.vehicle
            .set_int(FieldId::IsImport, i64::from(!vin.wmi().is_china()));
        self.put(
            &[element::MANUFACTURER],
            FieldId::Manufacturer,
            self.named(element::MANUFACTURER),
        );
        self.put(&[element::MAKE], FieldId::Brand, self.named(element::MAKE));
        if let Some(year) = year {
            self.put(&[element::MODEL_YEAR], FieldId::YearType, year.to_string());
        }
    }

    fn car(&mut self, year: Option<u16>) {
        let series = self.series(year);
        self.put(&[element::MODEL], FieldId::TypeName, series);
        self.put(&[element::MODEL], FieldId::CarType, series);
        self.put(
            &[variable::TRIM],
            FieldId::Version,
            self.plain(variable::TRIM),
        );
    }

    /// The name of the model's series, in `year` where it changed.
    pub fn series(&self, year: Option<u16>) -> &'p str {
        let model = self
            .decoder
            .item(element::MODEL)
            .map_or(0, |item| item.value);
        match self.decoder.view.series_rule(model, year) {
            Some(rule) => {
                let text = self.pick(rule.zh, rule.en);
                self.decoder.view.strings.get(text.get())
            }
            None => self.named(element::MODEL),
        }
    }

    fn engine(&mut self) {
        use variable::{
            CYLINDERS, DISPLACEMENT_CC, DISPLACEMENT_L, FUEL_INJECTION, POWER_HP, POWER_KW, TURBO,
        };
        let (litres, turbo_litres) = self.words(DISPLACEMENT_L);
        let text = if self.turbo { turbo_litres } else { litres };
        self.put(&[DISPLACEMENT_L, TURBO], FieldId::Displacement, text);
        // A volume that was converted from rounded litres or cubic inches is not exact.
        let converted = |item: &crate::pass::Item| item.rule == Rule::Conversion;
        if !self.decoder.item(DISPLACEMENT_CC).is_some_and(converted) {
            let volume = self.mapped(DISPLACEMENT_CC);
            self.put(&[DISPLACEMENT_CC], FieldId::DisplacementMl, volume);
        }
        self.put(&[CYLINDERS], FieldId::CylinderNum, self.mapped(CYLINDERS));
        self.put(
            &[FUEL_INJECTION],
            FieldId::FuelMethod,
            self.mapped(FUEL_INJECTION),
        );
        self.fuel();
        self.put(
            &[element::ENGINE_MODEL],
            FieldId::EngineModel,
            self.plain(element::ENGINE_MODEL),
        );
        let (kw, ps) = self.power();
        self.put(&[POWER_HP, POWER_KW], FieldId::MaxPower, kw);
        self.put(&[POWER_HP, POWER_KW], FieldId::MaxHorsepower, ps);
    }

    fn is_turbo(&self) -> bool {
        let view = &self.decoder.view;
        let item = self
            .decoder
            .item(variable::TURBO)
            .filter(|item| item.rule != Rule::Default);
        let value = item.and_then(|item| view.value(item.value));
        value.is_some_and(|value| value.flags & VALUE_TURBO != 0)
    }

    /// The power in kW and Ps, empty where the table gives a range.
    fn power(&self) -> (&'p str, &'p str) {
        let (hp, to) = (
            self.words(variable::POWER_HP),
            self.words(variable::POWER_TO_HP),
        );
        match (hp.0, to.0) {
            ("", "") => self.words(variable::POWER_KW),
            (_, "") => hp,
            (from, to) if from == to => hp,
            _ => ("", ""),
        }
    }

    fn fuel(&mut self) {
        let all = [
            variable::FUEL_PRIMARY,
            variable::FUEL_SECONDARY,
            variable::ELECTRIFICATION,
        ];
        let known = all.map(|variable| {
            let item = self
                .decoder
                .item(variable)
                .filter(|item| item.rule != Rule::Default);
            item.map_or(0, |item| item.value)
        });
        if known == [0; 3] {
            return;
        }
        let fits = |rule: u32, value: u32| rule == ANY_VALUE || rule == value;
        let rule = self.decoder.view.fuels.iter().find(|rule| {
            let parts = [rule.primary, rule.secondary, rule.electrification];
            parts
                .into_iter()
                .zip(known)
                .all(|(part, value)| fits(part.get(), value))
        });
        if let Some(rule) = rule {
            let text = self.pick(rule.zh, rule.en);
            self.put(
                &all,
                FieldId::FuelType,
                self.decoder.view.strings.get(text.get()),
            );
        }
    }

    fn drive(&mut self) {
        use variable::{DRIVE_TYPE, GEARS, TRANSMISSION};
        self.put(&[GEARS], FieldId::GearNum, self.mapped(GEARS));
        self.put(
            &[TRANSMISSION],
            FieldId::GearType,
            self.mapped(TRANSMISSION),
        );
        if !self
            .value(DRIVE_TYPE)
            .is_some_and(|value| self.is_vague(value))
        {
            self.put(&[DRIVE_TYPE], FieldId::DriveMode, self.mapped(DRIVE_TYPE));
        }
    }

    /// Whether it is a drive of two wheels without a word on which; others may know.
    fn is_vague(&self, drive: &Value) -> bool {
        self.decoder.view.strings.get(drive.raw.get()) == TWO_WHEELS
    }

    fn body(&mut self) {
        use variable::{
            BODY_CLASS, BUS_TYPE, CURB_WEIGHT_LB, DOORS, SEATS, TRAILER_BODY, WHEELBASE_IN,
            WHEELBASE_TO_IN,
        };
        let (kind, form) = self.words(BODY_CLASS);
        self.put(&[BODY_CLASS], FieldId::BodyType, kind);
        let exact = [TRAILER_BODY, BUS_TYPE].map(|v| (v, self.mapped(v)));
        let exact = exact.into_iter().find(|(_, text)| !text.is_empty());
        let (from, form) = exact.unwrap_or((BODY_CLASS, form));
        self.put(&[from], FieldId::CarBody, form);
        self.put(&[DOORS], FieldId::DoorNum, self.mapped(DOORS));
        self.put(&[SEATS], FieldId::SeatNum, self.mapped(SEATS));
        let (from, to) = (self.mapped(WHEELBASE_IN), self.mapped(WHEELBASE_TO_IN));
        if to.is_empty() || to == from {
            self.put(&[WHEELBASE_IN], FieldId::Wheelbase, from);
        }
        if !self.weight_is_a_range() {
            self.put(
                &[CURB_WEIGHT_LB],
                FieldId::Weight,
                self.mapped(CURB_WEIGHT_LB),
            );
        }
    }

    /// Whether a note gives the kerb weight as a range, of which the variable holds one end.
    fn weight_is_a_range(&self) -> bool {
        let view = &self.decoder.view;
        let notes = self
            .decoder
            .best
            .multi
            .iter()
            .filter(|(e, _)| *e == variable::NOTE);
        let mut values = notes.filter_map(|(_, item)| view.value(item.value));
        values.any(|value| value.flags & VALUE_WEIGHT_NOTE != 0)
    }
}
