//! The other ways to look vehicles up, in the description for programs: batches, and the envelopes
//! of other services.

use super::{both, envelope, enveloped, jsonp, object, parameters};
use crate::cause::{CAUSES, CauseSpec};
use crate::code::CODES;
use crate::dialect::Dialect;
use crate::limits::BATCH_VINS;
use crate::param::{LOOK_UP, PARAMS, Param};
use crate::vin_batch;
use serde_json::{Map, Value as Json, json};

/// Their paths.
pub fn paths() -> Map<String, Json> {
    let mut paths = Map::new();
    paths.insert(vin_batch::PATH.to_owned(), batch());
    for (dialect, id) in [(Dialect::Jisuapi, "Jisuapi"), (Dialect::Apistd, "Apistd")] {
        let both_ways = json!({
            "get": other(dialect, &format!("get{id}")),
            "post": other(dialect, &format!("post{id}")),
        });
        paths.insert(dialect.path().to_owned(), both_ways);
    }
    paths
}

/// Their schemas.
pub fn schemas() -> Map<String, Json> {
    let result = json!({ "$ref": "#/components/schemas/Result" });
    let text = json!({ "type": "string" });
    let numbers = |of: fn(&CauseSpec) -> u16| {
        let mut all: Vec<_> = CAUSES.iter().map(of).collect();
        all.sort_unstable();
        all.dedup();
        json!({ "type": "integer", "enum": all })
    };
    let codes: Vec<_> = CODES.iter().map(|row| row.number).collect();
    let entry = object(
        json!({
            "vin": text,
            "code": { "type": "integer", "enum": codes },
            "msg": text,
            "data": { "anyOf": [{ "$ref": "#/components/schemas/Data" }, { "type": "null" }] },
            "same_as": {
                "type": "integer",
                "description": "与该序号（从 0 起）的车架号相同，见该项 / The same VIN as that entry, counted from 0",
            },
        }),
        &["code", "msg", "data", "same_as"],
    );
    let data = object(
        json!({
            "total": { "type": "integer" },
            "charged": { "type": "integer" },
            "remaining": { "type": "integer" },
            "results": { "type": "array", "items": entry, "maxItems": BATCH_VINS },
        }),
        &[],
    );
    let jisuapi = json!({
        "status": numbers(|row| row.jisuapi),
        "msg": text,
        "result": { "anyOf": [result, { "type": "string", "maxLength": 0 }] },
    });
    let found = object(json!({ "order_no": text, "result": result }), &[]);
    let apistd = json!({
        "success": { "type": "boolean" },
        "code": numbers(|row| row.apistd),
        "msg": text,
        "data": { "anyOf": [found, { "type": "null" }] },
    });
    let all = [
        ("BatchEnvelope", envelope(&data)),
        ("JisuapiEnvelope", object(jisuapi, &[])),
        ("ApistdEnvelope", object(apistd, &[])),
    ];
    all.map(|(name, schema)| (name.to_owned(), schema))
        .into_iter()
        .collect()
}

fn answer(schema: &str, examples: &Json) -> Json {
    json!({
        "200": {
            "description": "业务结果一律以 HTTP 200 返回 / HTTP 200 for every business result",
            "content": {
                "application/json": {
                    "schema": { "$ref": format!("#/components/schemas/{schema}") },
                    "examples": examples,
                },
                "application/javascript": jsonp(),
            },
        },
    })
}

fn batch() -> Json {
    let vins = &PARAMS[Param::Vins as usize];
    let mut properties: Map<_, _> = LOOK_UP
        .iter()
        .filter(|row| row.param != Param::Vin)
        .map(|row| {
            let schema = json!({ "type": "string", "description": both(row.text) });
            (row.name.to_owned(), schema)
        })
        .collect();
    let listed = json!({
        "anyOf": [
            { "type": "array", "items": { "type": "string" }, "minItems": 1, "maxItems": BATCH_VINS },
            { "type": "string" },
        ],
        "description": both(vins.text),
    });
    properties.insert(vins.name.to_owned(), listed);
    let form = json!({ "type": "object", "properties": properties });
    let unknown = json!({
        "vin": "00000000000000000", "code": 1003, "msg": "未查到相应的车辆", "data": null,
    });
    let given = json!({
        "total": 2, "charged": 0, "remaining": 999,
        "results": [unknown, { "vin": "OOOOOOOOOOOOOOOOO", "same_as": 0 }],
    });
    let schema = json!({ "$ref": "#/components/schemas/BatchEnvelope" });
    let answers = json!({ "200": enveloped(&schema, &given) });
    let summary = format!(
        "批量查询：最多 {BATCH_VINS} 个车架号，逐个计费 / Up to {BATCH_VINS} VINs, each charged on its own"
    );
    let mut listed = parameters();
    for parameter in listed.as_array_mut().into_iter().flatten() {
        if parameter["name"] == "vin" {
            parameter["name"] = json!(vins.name);
            parameter["description"] = json!(both(vins.text));
            parameter["example"] = json!(vins.example);
        }
    }
    json!({
        "get": {
            "operationId": "getVinBatch",
            "summary": summary,
            "parameters": listed,
            "responses": answers,
        },
        "post": {
            "operationId": "postVinBatch",
            "summary": summary,
            "requestBody": {
                "content": {
                    "application/json": { "schema": form },
                    "application/x-www-form-urlencoded": { "schema": form },
                },
            },
            "responses": answers,
        },
    })
}

/// A look-up in the envelope of another service, with an example of every number that it has.
fn other(dialect: Dialect, id: &str) -> Json {
    let schema = match dialect {
        Dialect::Jisuapi => "JisuapiEnvelope",
        Dialect::Own | Dialect::Apistd => "ApistdEnvelope",
    };
    let examples: Map<_, _> = CAUSES
        .iter()
        .filter(|row| dialect.number(row.cause) != dialect.number(CAUSES[0].cause))
        .map(|row| {
            let (number, msg) = (dialect.number(row.cause), row.own.spec().msg.zh);
            let value = match dialect {
                Dialect::Jisuapi => json!({ "status": number, "msg": msg, "result": "" }),
                Dialect::Own | Dialect::Apistd => {
                    json!({ "success": false, "code": number, "msg": msg, "data": null })
                }
            };
            (number.to_string(), json!({ "value": value }))
        })
        .collect();
    json!({
        "operationId": id,
        "summary": "与 /api/vin/get 相同，采用另一服务的返回格式 / The same look-up in the envelope of another service",
        "parameters": parameters(),
        "responses": answer(schema, &Json::Object(examples)),
    })
}
