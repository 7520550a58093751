//! A decoded vehicle as JSON: `result`, `match` and `explain`, written by walking the registry.

use crate::json;
use std::sync::LazyLock;
use vin_core::field::{FIELDS, Field, FieldId, Kind};
use vin_core::{Answer, Candidate, Fact, Lang, Match, Value, Vehicle};

/// Writes the object `result`: every field of the registry, in its order.
pub fn result(out: &mut Vec<u8>, vehicle: &Vehicle<'_>) {
    out.push(b'{');
    for step in PLAN.iter() {
        step.write(out, vehicle);
    }
    out.push(b'}');
}

/// Writes the object `match`.
pub fn matched(out: &mut Vec<u8>, matched: &Match, channel: &str, lang: Lang) {
    out.extend_from_slice(b"{\"level\":");
    json::string(out, matched.level.name());
    out.extend_from_slice(b",\"confidence\":");
    json::share(out, matched.confidence);
    out.extend_from_slice(b",\"channel\":");
    json::string(out, channel);
    out.extend_from_slice(b",\"year\":{\"from_vin\":");
    match matched.year.from_vin {
        Some(year) => json::int(out, year.into()),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"candidates\":");
    json::array(out, &matched.year.candidates, |out, &year| {
        json::int(out, year.into())
    });
    out.extend_from_slice(b"},\"notes\":");
    json::array(out, &matched.notes, |out, note| {
        out.extend_from_slice(b"{\"code\":");
        json::string(out, note.code);
        out.extend_from_slice(b",\"text\":");
        json::string(out, note.text.get(lang));
        out.push(b'}');
    });
    out.push(b'}');
}

/// Writes the array `explain`: the facts behind the answer.
pub fn explain(out: &mut Vec<u8>, answer: &Answer<'_>) {
    json::array(out, &answer.facts, fact);
}

fn fact(out: &mut Vec<u8>, fact: &Fact<'_>) {
    let origin = &fact.origin;
    out.extend_from_slice(b"{\"variable\":");
    json::string(out, fact.variable);
    out.extend_from_slice(b",\"value\":");
    json::string(out, &fact.value);
    out.extend_from_slice(b",\"fields\":");
    json::array(out, &fact.fields, |out, id| {
        json::string(out, id.spec().path)
    });
    out.extend_from_slice(b",\"rule\":");
    json::string(out, origin.rule);
    out.extend_from_slice(b",\"key\":");
    json::string(out, &origin.key);
    out.extend_from_slice(b",\"positions\":");
    let positions = (0..17).filter(|bit| origin.positions & 1 << bit != 0);
    json::array(out, positions, |out, bit: i64| json::int(out, bit + 1));
    out.extend_from_slice(b",\"source\":");
    json::string(out, &origin.source);
    out.push(b'}');
}

/// How one field is written; worked out once, so that writing is mostly copying.
struct Step {
    id: FieldId,
    kind: Kind,
    /// `,"brand":`, without the comma for the first of an object.
    name: Box<[u8]>,
    /// The name with the value of an unknown field.
    unknown: Box<[u8]>,
    /// The members of an object.
    members: Vec<Step>,
}

static PLAN: LazyLock<Vec<Step>> = LazyLock::new(|| steps(None));

fn steps(parent: Option<&str>) -> Vec<Step> {
    let of_parent = FIELDS.iter().filter(|field| field.parent() == parent);
    let step = |(i, field): (usize, &Field)| {
        let comma = if i == 0 { "" } else { "," };
        let name = format!("{comma}\"{}\":", field.name());
        let unknown = match field.kind {
            Kind::Int => "0",
            Kind::Text => "\"\"",
            Kind::NullableText | Kind::Object => "null",
            Kind::Texts | Kind::Candidates => "[]",
        };
        Step {
            id: field.id,
            kind: field.kind,
            unknown: (name.clone() + unknown).into_bytes().into(),
            name: name.into_bytes().into(),
            members: match field.kind {
                Kind::Object => steps(Some(field.path)),
                _ => Vec::new(),
            },
        }
    };
    of_parent.enumerate().map(step).collect()
}

impl Step {
    fn write(&self, out: &mut Vec<u8>, vehicle: &Vehicle<'_>) {
        match (self.kind, vehicle.get(self.id)) {
            (Kind::Object, _) => self.write_object(out, vehicle),
            (Kind::Candidates, _) => {
                out.extend_from_slice(&self.name);
                json::array(out, &vehicle.candidates, candidate);
            }
            (Kind::Int, Value::Int(number)) => {
                out.extend_from_slice(&self.name);
                json::int(out, *number);
            }
            (Kind::Text | Kind::NullableText, Value::Text(text)) => {
                out.extend_from_slice(&self.name);
                json::string(out, text);
            }
            (Kind::Texts, Value::Texts(texts)) => {
                out.extend_from_slice(&self.name);
                json::array(out, texts, |out, text| json::string(out, text));
            }
            // Unknown; or of another kind than the registry says, which a vehicle refuses to hold.
            _ => out.extend_from_slice(&self.unknown),
        }
    }

    fn write_object(&self, out: &mut Vec<u8>, vehicle: &Vehicle<'_>) {
        if !self.members.iter().any(|member| vehicle.knows(member.id)) {
            out.extend_from_slice(&self.unknown);
            return;
        }
        out.extend_from_slice(&self.name);
        out.push(b'{');
        for member in &self.members {
            member.write(out, vehicle);
        }
        out.push(b'}');
    }
}

fn candidate(out: &mut Vec<u8>, car: &Candidate<'_>) {
    out.extend_from_slice(b"{\"carid\":");
    json::int(out, car.carid);
    out.extend_from_slice(b",\"name\":");
    json::string(out, &car.name);
    out.extend_from_slice(b",\"typeid\":");
    json::int(out, car.typeid);
    out.extend_from_slice(b",\"typename\":");
    json::string(out, &car.typename);
    out.extend_from_slice(b",\"model\":");
    json::string(out, &car.model);
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    fn written(vehicle: &Vehicle<'_>) -> Json {
        let mut out = Vec::new();
        result(&mut out, vehicle);
        serde_json::from_slice(&out).expect("JSON")
    }

    #[test]
    fn an_unknown_field_has_the_empty_value_of_its_kind() {
        let json = written(&Vehicle::default());
        for field in FIELDS.iter().filter(|field| field.parent().is_none()) {
            let empty = match field.kind {
                Kind::Int => json!(0),
                Kind::Text => json!(""),
                Kind::NullableText | Kind::Object => json!(null),
                Kind::Texts | Kind::Candidates => json!([]),
            };
            assert_eq!(json[field.path], empty, "{}", field.path);
        }
    }

    #[test]
    fn an_object_with_one_known_member_has_them_all() {
        let mut vehicle = Vehicle::default();
        vehicle.set(FieldId::GearboxBrand, "采埃孚");
        vehicle.set_int(FieldId::CarId, 7131);
        vehicle.candidates.push(Candidate {
            carid: 7131,
            ..Candidate::default()
        });
        let json = written(&vehicle);
        assert_eq!(json["machineoil"], Json::Null);
        let gearbox = json["gearboxinfo"].as_object().expect("an object");
        assert_eq!(gearbox.len(), 8);
        assert_eq!(gearbox["gearboxbrand"], "采埃孚");
        assert_eq!(gearbox["joint"], "");
        assert_eq!(gearbox["jointpiclist"], json!([]));
        assert_eq!(json["carid"], 7131);
        let car = json!({"carid": 7131, "name": "", "typeid": 0, "typename": "", "model": ""});
        assert_eq!(json["carlist"], json!([car]));
    }

    #[test]
    fn the_fields_stand_in_the_order_of_the_registry() {
        let mut out = Vec::new();
        result(&mut out, &Vehicle::default());
        let text = String::from_utf8(out).expect("UTF-8");
        let mut last = 0;
        for field in FIELDS.iter().filter(|field| field.parent().is_none()) {
            let at = text
                .find(&format!("\"{}\":", field.path))
                .expect(field.path);
            assert!(last <= at, "{}", field.path);
            last = at;
        }
    }
}
