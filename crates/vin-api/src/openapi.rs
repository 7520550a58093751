//! `/openapi.json`: the interface described for programs, derived from the tables.

mod account;
mod catalogue;
mod look_up;

use crate::code::{CODES, Code, CodeSpec};
use crate::param::LOOK_UP;
use crate::record;
use axum::response::{IntoResponse, Response};
use hyper::header::CONTENT_TYPE;
use serde_json::{Map, Value as Json, json};
use std::sync::LazyLock;
use vin_core::field::{FIELDS, Field, FieldId, Kind};
use vin_core::{Bilingual, Vehicle};

static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", document()));

/// The document as an answer.
pub async fn openapi() -> Response {
    let json = [(CONTENT_TYPE, "application/json; charset=utf-8")];
    (json, TEXT.as_str()).into_response()
}

/// The OpenAPI 3.1 document.
pub fn document() -> Json {
    let answers = json!({ "200": answer() });
    let form = params_schema();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "车架 Chejia",
            "summary": "车架号（VIN）查询 / VIN lookup",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": {
            "/api/vin/get": {
                "get": {
                    "operationId": "getVin",
                    "summary": "车架号查询 / Look a VIN up",
                    "parameters": parameters(),
                    "responses": answers,
                },
                "post": {
                    "operationId": "postVin",
                    "summary": "车架号查询：参数可在查询字符串、表单或 JSON 中，请求体优先 / Look a VIN up: parameters in query, form or JSON, the body wins",
                    "requestBody": {
                        "content": {
                            "application/x-www-form-urlencoded": { "schema": form },
                            "application/json": { "schema": form },
                            "multipart/form-data": { "schema": form },
                        },
                    },
                    "responses": answers,
                },
            },
            "/healthz": { "get": plain("getHealth", "进程存活 / The process is alive") },
            "/readyz": { "get": ready() },
        },
        "components": { "schemas": schemas() },
    });
    let parts = [
        ("/paths", catalogue::paths()),
        ("/components/schemas", catalogue::schemas()),
        ("/paths", account::paths()),
        ("/paths", look_up::paths()),
        ("/components/schemas", look_up::schemas()),
    ];
    for (place, members) in parts {
        if let Some(Json::Object(of)) = document.pointer_mut(place) {
            of.extend(members);
        }
    }
    document
}

fn both(text: Bilingual) -> String {
    format!("{} / {}", text.zh, text.en)
}

fn parameters() -> Json {
    let of = LOOK_UP.iter().map(|row| {
        json!({
            "name": row.name,
            "in": "query",
            "required": row.required,
            "description": both(row.text),
            "schema": { "type": "string" },
            "example": row.example,
        })
    });
    of.collect()
}

fn params_schema() -> Json {
    let property = |row: &crate::param::ParamSpec| {
        let schema = json!({ "type": "string", "description": both(row.text) });
        (row.name.to_owned(), schema)
    };
    json!({
        "type": "object",
        "properties": LOOK_UP.iter().map(property).collect::<Map<_, _>>(),
    })
}

/// The answers to a request that is charged.
fn answer() -> Json {
    let data = json!({
        "order_no": "100261124000000042",
        "result": example_result(),
        "match": {
            "level": "type",
            "confidence": 0.95,
            "channel": "local",
            "year": { "from_vin": 2011, "candidates": [1981, 2011] },
            "notes": [],
        },
        "charge": { "charged": true, "count": 1, "remaining": 999 },
    });
    enveloped(&json!({ "$ref": "#/components/schemas/Envelope" }), &data)
}

/// The answers of an interface whose envelope has this schema and, when all is well, this data: an
/// example of each code.
fn enveloped(schema: &Json, data: &Json) -> Json {
    let examples: Map<_, _> = CODES
        .iter()
        .map(|row| {
            let data = if row.code == Code::Found {
                data
            } else {
                &Json::Null
            };
            let value = json!({ "code": row.number, "msg": row.msg.zh, "data": data });
            let example = json!({ "summary": both(row.when), "value": value });
            (row.number.to_string(), example)
        })
        .collect();
    json!({
        "description": "业务结果一律以 HTTP 200 返回，见 code / HTTP 200 for every business result, see code",
        "content": {
            "application/json": { "schema": schema, "examples": examples },
            "application/javascript": jsonp(),
        },
    })
}

/// An answer to a request with `callback`.
fn jsonp() -> Json {
    json!({
        "schema": { "type": "string", "description": "JSONP：callback(…); / with callback" },
    })
}

/// An envelope around data of a schema.
fn envelope(data: &Json) -> Json {
    let codes: Vec<_> = CODES.iter().map(|row| row.number).collect();
    let properties = json!({
        "code": { "type": "integer", "enum": codes },
        "msg": { "type": "string" },
        "data": { "anyOf": [data, { "type": "null" }] },
    });
    object(properties, &[])
}

fn example_result() -> Json {
    let mut vehicle = Vehicle::default();
    vehicle.set(FieldId::Vin, "WP0AA2978BL012976");
    vehicle.set(FieldId::Brand, "保时捷");
    vehicle.set(FieldId::TypeName, "Panamera");
    vehicle.set(FieldId::CarType, "Panamera");
    vehicle.set_int(FieldId::IsCorrect, 1);
    let mut out = Vec::new();
    record::result(&mut out, &vehicle);
    serde_json::from_slice(&out).unwrap_or_default()
}

fn plain(id: &str, summary: &str) -> Json {
    json!({
        "operationId": id,
        "summary": summary,
        "responses": {
            "200": { "description": "ok", "content": { "text/plain": { "schema": { "type": "string" } } } },
        },
    })
}

fn ready() -> Json {
    let content = json!({ "application/json": { "schema": { "type": "object" } } });
    json!({
        "operationId": "getReady",
        "summary": "可以接受请求 / Ready for requests",
        "responses": {
            "200": { "description": "ready", "content": content },
            "503": { "description": "not ready; parts tells why", "content": content },
        },
    })
}

fn schemas() -> Json {
    let codes: Vec<_> = CODES.iter().map(|row| json!(row.number)).collect();
    let meanings: Vec<_> = CODES.iter().map(meaning).collect();
    let int = json!({ "type": "integer" });
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let ints = json!({ "type": "array", "items": int });
    json!({
        "Envelope": object(json!({
            "code": { "type": "integer", "enum": codes, "description": meanings.join("\n") },
            "msg": text,
            "data": { "anyOf": [{ "$ref": "#/components/schemas/Data" }, { "type": "null" }] },
        }), &[]),
        "Data": object(json!({
            "order_no": { "type": "string", "pattern": "^[0-9]{18}$" },
            "result": { "$ref": "#/components/schemas/Result" },
            "match": { "$ref": "#/components/schemas/Match" },
            "explain": { "type": "array", "items": { "$ref": "#/components/schemas/Fact" } },
            "charge": { "$ref": "#/components/schemas/Charge" },
        }), &["explain"]),
        "Result": fields(None),
        "Match": object(json!({
            "level": { "type": "string", "enum": ["car", "group", "type", "brand"] },
            "confidence": { "type": "number", "minimum": 0, "maximum": 1 },
            "channel": text,
            "year": object(json!({ "from_vin": { "type": ["integer", "null"] }, "candidates": ints }), &[]),
            "notes": { "type": "array", "items": object(json!({ "code": text, "text": text }), &[]) },
        }), &[]),
        "Fact": object(json!({
            "variable": text, "value": text, "fields": texts, "rule": text, "key": text,
            "positions": ints, "source": text,
        }), &[]),
        "Charge": object(json!({
            "charged": { "type": "boolean" }, "count": int, "remaining": int,
        }), &[]),
    })
}

fn meaning(row: &CodeSpec) -> String {
    format!("- {}: {}", row.number, both(row.when))
}

/// The schema of the fields below `parent`, all of them always present.
fn fields(parent: Option<&str>) -> Json {
    let of_parent = FIELDS.iter().filter(|field| field.parent() == parent);
    let properties: Map<_, _> = of_parent
        .map(|field| (field.name().to_owned(), field_schema(field)))
        .collect();
    object(Json::Object(properties), &[])
}

fn field_schema(field: &Field) -> Json {
    let mut schema = match field.kind {
        Kind::Int => json!({ "type": "integer" }),
        Kind::Text => json!({ "type": "string" }),
        Kind::NullableText => json!({ "type": ["string", "null"] }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Object => json!({ "anyOf": [fields(Some(field.path)), { "type": "null" }] }),
        Kind::Candidates => json!({ "type": "array", "items": candidate() }),
    };
    let unit = match field.unit {
        "" => String::new(),
        unit => format!(" ({unit})"),
    };
    schema["description"] = json!(both(field.label) + &unit);
    schema
}

fn candidate() -> Json {
    object(
        json!({
            "carid": { "type": "integer" },
            "name": { "type": "string" },
            "typeid": { "type": "integer" },
            "typename": { "type": "string" },
            "model": { "type": "string" },
        }),
        &[],
    )
}

/// An object that has all its properties, save the optional ones.
fn object(properties: Json, optional: &[&str]) -> Json {
    let names = properties.as_object().into_iter().flat_map(Map::keys);
    let required: Vec<_> = names.filter(|n| !optional.contains(&n.as_str())).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_field_is_described() {
        let document = document();
        let examples = &document["paths"]["/api/vin/get"]["get"]["responses"]["200"]["content"]["application/json"]
            ["examples"];
        for row in CODES {
            assert_eq!(
                examples[row.number.to_string()]["value"]["code"],
                row.number
            );
        }
        let result = &document["components"]["schemas"]["Result"];
        for field in FIELDS {
            let schema = match field.parent() {
                None => &result["properties"][field.path],
                Some(parent) => {
                    &result["properties"][parent]["anyOf"][0]["properties"][field.name()]
                }
            };
            assert!(schema["description"].is_string(), "{}", field.path);
        }
    }
}
