//! A decoded vehicle as JSON: `result`, `match` and `explain`, written by walking the registry.

use crate::json;
use std::sync::LazyLock;
use vin_core::field::{FIELDS, FieldId, Kind};
use vin_core::{Answer, Candidate, Fact, Lang, Match, Value, Vehicle};

/// Writes the object `result`: every field of the registry, in its order.
pub fn result(out: &mut Vec<u8>, vehicle: &Vehicle<'_>) {
    PLAN.write(out, vehicle);
}

/// Writes one object of a vehicle, `null` when nothing in it is known.
pub fn object(out: &mut Vec<u8>, vehicle: &Vehicle<'_>, object: FieldId) {
    match PLAN.steps.iter().find(|step| step.id == object) {
        Some(step) if step.is_known(vehicle) => step.members.write(out, vehicle),
        _ => out.extend_from_slice(b"null"),
    }
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

/// How the fields of one object are written; worked out once, so that writing is mostly copying.
struct Plan {
    steps: Vec<Step>,
    /// Every field as it stands when it is unknown, one after the other: most fields of most
    /// vehicles are, so that whole runs of them are copied at once.
    unknown: Vec<u8>,
}

/// How one field is written.
struct Step {
    id: FieldId,
    kind: Kind,
    /// `,"brand":`, without the comma for the first of an object.
    name: Box<[u8]>,
    /// Where in [`Plan::unknown`] it ends; it begins where the one before it ends.
    end: usize,
    /// The members of an object.
    members: Plan,
}

static PLAN: LazyLock<Plan> = LazyLock::new(|| plan(None));

fn plan(parent: Option<&str>) -> Plan {
    let mut plan = Plan {
        steps: Vec::new(),
        unknown: Vec::new(),
    };
    for field in FIELDS.iter().filter(|field| field.parent() == parent) {
        let comma = if plan.steps.is_empty() { "" } else { "," };
        let name = format!("{comma}\"{}\":", field.name());
        let value = match field.kind {
            Kind::Int => "0",
            Kind::Text => "\"\"",
            Kind::NullableText | Kind::Object => "null",
            Kind::Texts | Kind::Candidates => "[]",
        };
        plan.unknown.extend_from_slice(name.as_bytes());
        plan.unknown.extend_from_slice(value.as_bytes());
        plan.steps.push(Step {
            id: field.id,
            kind: field.kind,
            name: name.into_bytes().into(),
            end: plan.unknown.len(),
            // A field that is no object is nobody's parent.
            members: self::plan(Some(field.path)),
        });
    }
    plan
}

impl Plan {
    fn write(&self, out: &mut Vec<u8>, vehicle: &Vehicle<'_>) {
        out.push(b'{');
        let mut unknown_from = 0;
        let mut last_end = 0;
        for step in &self.steps {
            if step.is_known(vehicle) {
                out.extend_from_slice(&self.unknown[unknown_from..last_end]);
                unknown_from = step.end;
                step.write(out, vehicle);
            }
            last_end = step.end;
        }
        out.extend_from_slice(&self.unknown[unknown_from..]);
        out.push(b'}');
    }
}

impl Step {
    fn is_known(&self, vehicle: &Vehicle<'_>) -> bool {
        match self.kind {
            Kind::Object => self
                .members
                .steps
                .iter()
                .any(|member| vehicle.knows(member.id)),
            Kind::Candidates => !vehicle.candidates.is_empty(),
            _ => vehicle.knows(self.id),
        }
    }

    fn write(&self, out: &mut Vec<u8>, vehicle: &Vehicle<'_>) {
        out.extend_from_slice(&self.name);
        match (self.kind, vehicle.get(self.id)) {
            (Kind::Object, _) => self.members.write(out, vehicle),
            (Kind::Candidates, _) => candidates(out, &vehicle.candidates),
            (Kind::Int, Value::Int(number)) => json::int(out, *number),
            (Kind::Text | Kind::NullableText, Value::Text(text)) => json::string(out, text),
            (Kind::Texts, Value::Texts(texts)) => {
                json::array(out, texts, |out, text| json::string(out, text));
            }
            // Of another kind than the registry says, which a vehicle refuses to hold.
            (Kind::Int, _) => json::int(out, 0),
            (Kind::Text | Kind::NullableText, _) => json::string(out, ""),
            (Kind::Texts, _) => out.extend_from_slice(b"[]"),
        }
    }
}

/// Writes the array `carlist`.
pub fn candidates(out: &mut Vec<u8>, cars: &[Candidate<'_>]) {
    json::array(out, cars, candidate);
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
