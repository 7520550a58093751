//! Lists and cars of the catalogue as JSON.

use super::ask::Page;
use crate::logo;
use crate::{json, record};
use vin_core::{FieldId, Lang, Value as Known, Vehicle};
use vin_service::{Find, Listed, Part, Shelf};

/// A member of an object.
enum Value<'v> {
    Int(i64),
    Text(&'v str),
}

/// Writes with the addresses of one request.
pub struct Writer<'w> {
    /// What comes before the path of an address.
    pub base: &'w str,
    /// Where the brand of a vehicle is looked up.
    pub shelf: &'w Shelf,
}

fn members(out: &mut Vec<u8>, members: &[(&str, Value<'_>)]) {
    for (at, (name, value)) in members.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        json::string(out, name);
        out.push(b':');
        match value {
            Value::Int(number) => json::int(out, *number),
            Value::Text(text) => json::string(out, text),
        }
    }
}

fn int(vehicle: &Vehicle<'_>, field: FieldId) -> i64 {
    match vehicle.get(field) {
        Known::Int(number) => *number,
        _ => 0,
    }
}

impl Writer<'_> {
    /// `{"total":…,"page":…,"pagesize":…,"result":[{…},…]}`; `item` writes the members of one.
    pub fn list<T>(
        &self,
        out: &mut Vec<u8>,
        page: &Page,
        part: &Part<T>,
        item: impl Fn(&mut Vec<u8>, &T),
    ) {
        out.push(b'{');
        let number = |n: usize| Value::Int(n as i64);
        members(
            out,
            &[
                ("total", number(part.total)),
                ("page", number(page.number)),
                ("pagesize", number(page.size)),
            ],
        );
        out.extend_from_slice(b",\"result\":");
        json::array(out, &part.items, |out, one| {
            out.push(b'{');
            item(out, one);
            out.push(b'}');
        });
        out.push(b'}');
    }

    /// A page of what a keyword finds.
    pub fn search(&self, out: &mut Vec<u8>, keyword: &str, lang: Lang, page: &Page) {
        let part = self.shelf.search(keyword, lang, &page.range());
        self.list(out, page, &part, |out, find| match find {
            Find::Brand(brand) => self.found(out, "brand", |out| self.brand(out, brand)),
            Find::Type(kind) => self.found(out, "type", |out| self.kind(out, kind)),
            Find::Car(car) => self.found(out, "car", |out| self.car(out, car)),
        });
    }

    /// The members of a find, after which kind it is.
    fn found(&self, out: &mut Vec<u8>, kind: &str, rest: impl FnOnce(&mut Vec<u8>)) {
        members(out, &[("kind", Value::Text(kind))]);
        out.push(b',');
        rest(out);
    }

    /// The members of a brand.
    pub fn brand(&self, out: &mut Vec<u8>, brand: &Listed) {
        self.listed(out, brand, 0, 1, "typenum");
    }

    /// The members of a series.
    pub fn kind(&self, out: &mut Vec<u8>, kind: &Listed) {
        self.listed(out, kind, kind.brand, 2, "carnum");
    }

    fn listed(&self, out: &mut Vec<u8>, listed: &Listed, parent: u32, depth: i64, count: &str) {
        let initial = listed.initial.to_string();
        let logo = logo::address(self.base, listed.brand);
        members(
            out,
            &[
                ("id", Value::Int(listed.id.into())),
                ("name", Value::Text(&listed.name)),
                ("enname", Value::Text(&listed.english)),
                ("fullname", Value::Text(&listed.full_name)),
                ("initial", Value::Text(&initial)),
                ("parentid", Value::Int(parent.into())),
                ("logo", Value::Text(&logo)),
                ("depth", Value::Int(depth)),
                (count, Value::Int(listed.count as i64)),
            ],
        );
    }

    /// The members of a car of a list.
    pub fn car(&self, out: &mut Vec<u8>, car: &Vehicle<'_>) {
        let logo = self.logo(car);
        let text = |field| Value::Text(car.text(field));
        let (id, kind) = (int(car, FieldId::CarId), int(car, FieldId::TypeId));
        members(
            out,
            &[
                ("id", Value::Int(id)),
                ("carid", Value::Int(id)),
                ("name", text(FieldId::Name)),
                ("version", text(FieldId::Version)),
                ("yeartype", text(FieldId::YearType)),
                ("brand", text(FieldId::Brand)),
                ("typeid", Value::Int(kind)),
                ("typename", text(FieldId::TypeName)),
                ("groupid", text(FieldId::GroupId)),
                ("groupname", text(FieldId::GroupName)),
                ("model", text(FieldId::Model)),
                ("price", text(FieldId::Price)),
                ("listdate", text(FieldId::ListDate)),
                ("sizetype", text(FieldId::SizeType)),
                ("displacement", text(FieldId::Displacement)),
                ("fueltype", text(FieldId::FuelType)),
                ("geartype", text(FieldId::GearType)),
                ("drivemode", text(FieldId::DriveMode)),
                ("parentid", Value::Int(kind)),
                ("logo", Value::Text(&logo)),
                ("depth", Value::Int(3)),
            ],
        );
    }

    /// `{"level":…,"result":{…}}` with every field of the registry.
    pub fn detail(&self, out: &mut Vec<u8>, level: &str, vehicle: &mut Vehicle<'_>) {
        vehicle.set(FieldId::Logo, self.logo(vehicle));
        out.push(b'{');
        members(out, &[("level", Value::Text(level))]);
        out.extend_from_slice(b",\"result\":");
        record::result(out, vehicle);
        out.push(b'}');
    }

    /// `{"result":{"carid":…,"name":…,"machineoil":…}}` with one object of the car.
    pub fn member(&self, out: &mut Vec<u8>, car: &Vehicle<'_>, object: FieldId) {
        out.extend_from_slice(b"{\"result\":{");
        members(
            out,
            &[
                ("carid", Value::Int(int(car, FieldId::CarId))),
                ("name", Value::Text(car.text(FieldId::Name))),
            ],
        );
        out.push(b',');
        json::string(out, object.spec().path);
        out.push(b':');
        record::object(out, car, object);
        out.extend_from_slice(b"}}");
    }

    fn logo(&self, vehicle: &Vehicle<'_>) -> String {
        let brand = self.shelf.brand_of(vehicle);
        brand.map_or_else(String::new, |brand| logo::address(self.base, brand))
    }
}
