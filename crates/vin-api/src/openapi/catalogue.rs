//! The interfaces of the catalogue in the description for programs.

use super::{both, object};
use crate::interface::{COMMON, INTERFACES, Interface, InterfaceSpec, Need};
use crate::param::PARAMS;
use serde_json::{Map, Value as Json, json};

/// Every path of the catalogue, and that of the marks of brands.
pub fn paths() -> Map<String, Json> {
    let mut paths: Map<_, _> = INTERFACES
        .iter()
        .map(|row| (row.path.to_owned(), item(row)))
        .collect();
    paths.insert("/logo/brand/{id}.svg".to_owned(), logo());
    paths
}

fn item(row: &InterfaceSpec) -> Json {
    let answers = json!({
        "200": {
            "description": "见 code；免费 / See code; free of charge",
            "headers": { "ETag": { "schema": { "type": "string" } } },
            "content": { "application/json": { "schema": envelope(row.interface) } },
        },
        "304": { "description": "If-None-Match 与 ETag 相同 / If-None-Match names the ETag" },
    });
    let form = form(row);
    json!({
        "get": {
            "operationId": format!("get{}", row.id),
            "summary": both(row.text),
            "parameters": parameters(row),
            "responses": answers,
        },
        "post": {
            "operationId": format!("post{}", row.id),
            "summary": both(row.text),
            "requestBody": {
                "content": {
                    "application/x-www-form-urlencoded": { "schema": form },
                    "application/json": { "schema": form },
                    "multipart/form-data": { "schema": form },
                },
            },
            "responses": { "200": answers["200"] },
        },
    })
}

fn parameters(row: &InterfaceSpec) -> Json {
    let of = COMMON.iter().chain(row.params).map(|(param, need)| {
        let spec = &PARAMS[*param as usize];
        json!({
            "name": spec.name,
            "in": "query",
            "required": *need == Need::Must,
            "description": both(spec.text),
            "schema": { "type": "string" },
            "example": spec.example,
        })
    });
    of.collect()
}

fn form(row: &InterfaceSpec) -> Json {
    let of = COMMON.iter().chain(row.params).map(|(param, _)| {
        let spec = &PARAMS[*param as usize];
        let schema = json!({ "type": "string", "description": both(spec.text) });
        (spec.name.to_owned(), schema)
    });
    json!({ "type": "object", "properties": of.collect::<Map<_, _>>() })
}

fn envelope(interface: Interface) -> Json {
    let one = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let data = match interface {
        Interface::Brands => list(&one("ListedBrand")),
        Interface::Types => list(&one("ListedType")),
        Interface::Cars => list(&one("ListedCar")),
        Interface::Search => list(&json!({
            "type": "object",
            "required": ["kind"],
            "properties": { "kind": { "type": "string", "enum": ["brand", "type", "car"] } },
            "anyOf": [one("ListedBrand"), one("ListedType"), one("ListedCar")],
        })),
        Interface::Detail => object(
            json!({
                "level": { "type": "string", "enum": ["car", "group", "type"] },
                "result": one("Result"),
            }),
            &[],
        ),
        Interface::Oil => member("machineoil"),
        Interface::Gearbox => member("gearboxinfo"),
    };
    let int = json!({ "type": "integer" });
    let text = json!({ "type": "string" });
    let data = json!({ "anyOf": [data, { "type": "null" }] });
    object(json!({ "code": int, "msg": text, "data": data }), &[])
}

fn list(item: &Json) -> Json {
    let int = json!({ "type": "integer" });
    let items = json!({ "type": "array", "items": item });
    let properties = json!({ "total": int, "page": int, "pagesize": int, "result": items });
    object(properties, &[])
}

fn member(name: &str) -> Json {
    let of_result = format!("#/components/schemas/Result/properties/{name}");
    let properties = json!({
        "carid": { "type": "integer" },
        "name": { "type": "string" },
        name: { "$ref": of_result },
    });
    object(json!({ "result": object(properties, &[]) }), &[])
}

/// The schemas of the entries of lists.
pub fn schemas() -> Map<String, Json> {
    let int = json!({ "type": "integer" });
    let text = json!({ "type": "string" });
    let logo = json!({ "type": "string", "description": "品牌标识的地址 / The address of the brand's mark" });
    let listed = |count: &str, what: &str| {
        object(
            json!({
                "id": int,
                "name": text,
                "enname": text,
                "fullname": text,
                "initial": { "type": "string", "pattern": "^[A-Z#]$" },
                "parentid": int,
                "logo": logo,
                "depth": int,
                count: { "type": "integer", "description": what },
            }),
            &[],
        )
    };
    let texts = [
        "name",
        "version",
        "yeartype",
        "brand",
        "typename",
        "groupid",
        "groupname",
        "model",
        "price",
        "listdate",
        "sizetype",
        "displacement",
        "fueltype",
        "geartype",
        "drivemode",
    ];
    let ints = ["id", "carid", "typeid", "parentid", "depth"];
    let mut car: Map<_, _> = texts
        .iter()
        .map(|name| ((*name).to_owned(), text.clone()))
        .collect();
    car.extend(ints.iter().map(|name| ((*name).to_owned(), int.clone())));
    car.insert("logo".to_owned(), logo.clone());
    let brand = listed("typenum", "车系数 / How many series");
    let kind = listed("carnum", "车数 / How many cars");
    [
        ("ListedBrand".to_owned(), brand),
        ("ListedType".to_owned(), kind),
        ("ListedCar".to_owned(), object(Json::Object(car), &[])),
    ]
    .into_iter()
    .collect()
}

fn logo() -> Json {
    let picture = json!({ "schema": { "type": "string", "format": "binary" } });
    json!({
        "get": {
            "operationId": "getBrandLogo",
            "summary": "品牌标识：中性字母图，或运营者放置的图片 / The mark of a brand: a neutral monogram, or the operator's picture",
            "parameters": [{
                "name": "id", "in": "path", "required": true,
                "schema": { "type": "integer" }, "description": "品牌 ID / The id of the brand",
            }],
            "responses": {
                "200": {
                    "description": "ok",
                    "content": { "image/svg+xml": picture, "image/png": picture, "image/webp": picture },
                },
                "304": { "description": "If-None-Match 与 ETag 相同 / If-None-Match names the ETag" },
                "404": { "description": "没有这个品牌 / There is no such brand" },
            },
        },
    })
}
