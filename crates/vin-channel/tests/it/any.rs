//! Any answer at all: nothing panics, and what is taken fits its field.

use crate::{query, read};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::sync::LazyLock;
use vin_channel::{Definition, Outcome, PRESETS, Reply, level};
use vin_core::field::FIELDS;
use vin_core::{Kind, Value};

const VIN: &str = "WP0AA2978BL012976";

static CHANNELS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let file = |preset: &str| format!("name = \"up\"\npreset = \"{preset}\"\n");
    let presets = PRESETS.iter().map(|preset| read(&file(preset.name)));
    presets
        .map(|read| read.expect("a preset is whole"))
        .collect()
});

/// What an upstream may well send where a value should be.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "\\PC{0,12}".prop_map(Json::from),
        "[0-9]{4}(-[0-9]{2}-[0-9]{2})?".prop_map(Json::from),
        "[0-9]{1,6}(\\.[0-9]{1,2})?(mm|kg|万|L)?".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-z]{1,5}", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Json>()),
        ]
    })
}

/// A vehicle whose members are named as ours are, or as vPIC's.
fn any_vehicle() -> impl Strategy<Value = Json> {
    let mut names: Vec<_> = FIELDS.iter().map(|field| field.name()).collect();
    names.extend([
        "MakeID",
        "Make",
        "ModelID",
        "DisplacementL",
        "EngineHP",
        "Turbo",
        "DriveType",
    ]);
    let members = (prop::sample::select(names), any_json());
    prop::collection::vec(members, 0..30).prop_map(|members| {
        let members = members.into_iter();
        members
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

fn check(status: u16, body: Vec<u8>) -> Result<(), TestCaseError> {
    for channel in &*CHANNELS {
        let reply = Reply {
            status,
            headers: Vec::new(),
            body: body.clone(),
        };
        let Outcome::Hit(found) = channel.understand(&reply, &query(VIN)) else {
            continue;
        };
        prop_assert_eq!(level(&found.vehicle), Some(found.level));
        for field in FIELDS {
            let value = found.vehicle.get(field.id);
            let fits = match field.kind {
                Kind::Int => matches!(value, Value::Unknown | Value::Int(_)),
                Kind::Text | Kind::NullableText => {
                    matches!(value, Value::Unknown | Value::Text(_))
                }
                Kind::Texts => matches!(value, Value::Unknown | Value::Texts(_)),
                Kind::Object | Kind::Candidates => *value == Value::Unknown,
            };
            prop_assert!(fits, "{}: {value:?}", field.path);
            let misfit = found.misfits.contains(&field.id);
            prop_assert!(!misfit || *value == Value::Unknown, "{}", field.path);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_vehicle_of_any_values_is_taken_field_by_field(vehicle in any_vehicle()) {
        // One document that each preset finds its code and its vehicle in.
        let mut data = vehicle.clone();
        data["result"] = vehicle.clone();
        let all = json!({
            "code": 200, "status": 0, "data": data, "result": vehicle, "Results": [vehicle],
        });
        check(200, all.to_string().into_bytes())?;
    }

    #[test]
    fn any_document_and_any_bytes_are_some_outcome(
        document in any_json(),
        bytes in prop::collection::vec(any::<u8>(), 0..64),
        status in 100_u16..600,
    ) {
        check(status, document.to_string().into_bytes())?;
        check(status, bytes)?;
    }

    #[test]
    fn any_text_is_a_file_or_a_mistake_with_a_place(text in "\\PC{0,80}", more in "[a-z.={}\"\\[\\] \n0-9]{0,80}") {
        for text in [text, format!("name = \"up\"\npreset = \"vpic\"\n{more}\n")] {
            if let Err(error) = read(&text) {
                prop_assert!(error.line >= 1 && error.column >= 1);
            }
        }
    }
}
