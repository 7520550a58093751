//! Fields that are composed of other fields: the engine, the gearbox and the name in words.

use crate::fields::{Filler, variable};
use crate::pass::element;
use vin_core::FieldId;

impl Filler<'_, '_> {
    /// `3.0L 243马力 V型6缸`, as far as it is known.
    fn engine_in_words(&self) -> String {
        let mut text = String::with_capacity(64);
        text.push_str(self.vehicle.text(FieldId::Displacement));
        let mut add = |parts: &[&str]| {
            if !text.is_empty() {
                text.push(' ');
            }
            parts.iter().for_each(|part| text.push_str(part));
        };
        let power = self.vehicle.text(FieldId::MaxHorsepower);
        if !power.is_empty() {
            add(&[power, self.pick("马力", " Ps")]);
        }
        let of_tables = |variable| {
            if self.tables {
                self.mapped(variable)
            } else {
                ""
            }
        };
        let cylinders = self.vehicle.text(FieldId::CylinderNum);
        if !cylinders.is_empty() {
            let layout = of_tables(variable::ENGINE_LAYOUT);
            let joint = self.pick("", if layout.is_empty() { "" } else { " " });
            add(&[layout, joint, cylinders, self.pick("缸", "-cylinder")]);
        }
        let turbo = of_tables(variable::TURBO);
        if self.turbo && !turbo.is_empty() {
            add(&[turbo]);
        }
        text
    }

    /// `7挡 双离合(DCT)`, as far as it is known.
    fn gearbox_in_words(&self) -> String {
        let [gears, kind] = [FieldId::GearNum, FieldId::GearType].map(|f| self.vehicle.text(f));
        let blank = if gears.is_empty() || kind.is_empty() {
            ""
        } else {
            " "
        };
        let unit = if gears.is_empty() {
            ""
        } else {
            self.pick("挡", "-speed")
        };
        [gears, unit, blank, kind].concat()
    }

    /// The fields that are composed of others, where nothing said them as a whole; and a vague drive
    /// where nothing said more.
    pub fn compose(&mut self) {
        use variable::{
            CYLINDERS, DISPLACEMENT_L, DRIVE_TYPE, ENGINE_LAYOUT, GEARS, POWER_HP, TRANSMISSION,
            TRIM, TURBO,
        };
        if !self.vehicle.knows(FieldId::CarType) {
            let series = self.vehicle.text(FieldId::TypeName).to_owned();
            self.vehicle.set(FieldId::CarType, series);
        }
        if self.tables && !self.vehicle.knows(FieldId::DriveMode) {
            self.put(&[DRIVE_TYPE], FieldId::DriveMode, self.mapped(DRIVE_TYPE));
        }
        if !self.vehicle.knows(FieldId::Engine) {
            let of = [DISPLACEMENT_L, POWER_HP, ENGINE_LAYOUT, CYLINDERS, TURBO];
            let text = self.engine_in_words();
            self.put(self.used(&of), FieldId::Engine, text);
        }
        if !self.vehicle.knows(FieldId::Gearbox) {
            let text = self.gearbox_in_words();
            self.put(self.used(&[GEARS, TRANSMISSION]), FieldId::Gearbox, text);
        }
        if !self.vehicle.knows(FieldId::Name) {
            let text = self.name_in_words();
            let of = [element::MAKE, element::MODEL, TRIM];
            self.put(self.used(&of), FieldId::Name, text);
        }
    }

    /// These variables, when the tables were asked.
    fn used<'v>(&self, variables: &'v [u8]) -> &'v [u8] {
        if self.tables { variables } else { &[] }
    }

    /// Whether a field is known, or will be once it is composed.
    pub fn will_know(&self, field: FieldId) -> bool {
        use FieldId::{
            CylinderNum, Displacement, Engine, GearNum, GearType, Gearbox, MaxHorsepower,
        };
        let parts: &[FieldId] = match field {
            Engine => &[Displacement, MaxHorsepower, CylinderNum],
            Gearbox => &[GearNum, GearType],
            _ => &[],
        };
        let mut all = parts.iter().chain([&field]);
        all.any(|&field| self.vehicle.knows(field))
    }

    /// `本田 雅阁 2003款 EX-V6 3.0L`: what is known of it, once the series is.
    fn name_in_words(&self) -> String {
        let text = |field| self.vehicle.text(field);
        let mut name = String::with_capacity(80);
        let series = text(FieldId::TypeName);
        if series.is_empty() {
            return name;
        }
        let mut add = |parts: [&str; 2]| {
            if parts[0].is_empty() {
                return;
            }
            if !name.is_empty() {
                name.push(' ');
            }
            parts.iter().for_each(|part| name.push_str(part));
        };
        add([text(FieldId::Brand), ""]);
        add([series, ""]);
        add([text(FieldId::YearType), self.pick("款", "")]);
        add([text(FieldId::Version), ""]);
        add([text(FieldId::Displacement), ""]);
        name
    }
}
