//! The questions about an account in the description for programs.

use super::{both, envelope, enveloped, object};
use crate::limits::USAGE_DAYS;
use crate::param::{PARAMS, Param};
use serde_json::{Map, Value as Json, json};

/// Their paths.
pub fn paths() -> Map<String, Json> {
    let int = json!({ "type": "integer" });
    let text = json!({ "type": "string" });
    let day = json!({ "type": "string", "format": "date" });
    let package = object(
        json!({
            "id": int, "name": text, "total": int, "remaining": int,
            "expires_at": { "type": ["string", "null"], "format": "date-time" },
        }),
        &[],
    );
    let balance = object(
        json!({ "remaining": int, "packages": { "type": "array", "items": package } }),
        &[],
    );
    let one_day = object(
        json!({ "day": day, "calls": int, "found": int, "charged": int }),
        &[],
    );
    let usage = object(
        json!({ "from": day, "to": day, "days": { "type": "array", "items": one_day } }),
        &[],
    );
    let left = json!({
        "remaining": 949,
        "packages": [{ "id": 1, "name": "1000 次", "total": 1000, "remaining": 949, "expires_at": null }],
    });
    let used = json!({
        "from": "2026-11-02", "to": "2026-12-01",
        "days": [{ "day": "2026-12-01", "calls": 137, "found": 72, "charged": 51 }],
    });
    let span = format!("YYYY-MM-DD，最多 {USAGE_DAYS} 天 / at most {USAGE_DAYS} days");
    let of =
        |name: &str| json!({ "name": name, "in": "query", "schema": day, "description": span });
    let days = [of("from"), of("to")];
    [
        (
            "/api/account/balance",
            item(
                "Balance",
                "剩余次数与次数包，免费 / Calls left and packages, free",
                &[],
                &balance,
                &left,
            ),
        ),
        (
            "/api/account/usage",
            item(
                "Usage",
                "按日用量，免费 / Usage by day, free",
                &days,
                &usage,
                &used,
            ),
        ),
    ]
    .map(|(path, item)| (path.to_owned(), item))
    .into_iter()
    .collect()
}

fn item(id: &str, summary: &str, own: &[Json], data: &Json, example: &Json) -> Json {
    let common = [
        (Param::Key, true),
        (Param::Lang, false),
        (Param::Callback, false),
    ];
    let common = common.map(|(param, required)| {
        let spec = &PARAMS[param as usize];
        json!({
            "name": spec.name, "in": "query", "required": required,
            "schema": { "type": "string" }, "description": both(spec.text),
        })
    });
    let parameters: Vec<_> = common.iter().chain(own).collect();
    let property = |of: &&Json| {
        let name = of["name"].as_str().unwrap_or_default().to_owned();
        (
            name,
            json!({ "type": "string", "description": of["description"] }),
        )
    };
    let properties: Map<_, _> = parameters.iter().map(property).collect();
    let form = json!({ "type": "object", "properties": properties });
    let answers = json!({ "200": enveloped(&envelope(data), example) });
    json!({
        "get": {
            "operationId": format!("get{id}"),
            "summary": summary,
            "parameters": parameters,
            "responses": answers,
        },
        "post": {
            "operationId": format!("post{id}"),
            "summary": summary,
            "requestBody": {
                "content": {
                    "application/x-www-form-urlencoded": { "schema": form },
                    "application/json": { "schema": form },
                },
            },
            "responses": answers,
        },
    })
}
