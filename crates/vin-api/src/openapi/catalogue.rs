//! The interfaces of the catalogue in the description for programs.

use super::{both, envelope, enveloped, object};
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
    let (data, example) = (data(row.interface), example(row.interface));
    let mut found = enveloped(&envelope(&data), &example);
    found["headers"] = json!({ "ETag": { "schema": { "type": "string" } } });
    let answers = json!({
        "200": found,
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

/// What the data of an answer are.
fn data(interface: Interface) -> Json {
    let one = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    match interface {
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
    }
}

/// Data that an answer may have.
fn example(interface: Interface) -> Json {
    let logo = "https://vin.example.com/logo/brand/1000299.svg";
    let brand = json!({
        "id": 1_000_299, "name": "保时捷", "enname": "Porsche", "fullname": "保时捷", "initial": "B",
        "parentid": 0, "logo": logo, "depth": 1, "typenum": 17,
    });
    let page = |entry: Json| json!({ "total": 1, "page": 1, "pagesize": 20, "result": [entry] });
    let of_car = |name: &str, value: Json| {
        let car = "保时捷 Panamera 2010款 Panamera 4 3.6L";
        json!({ "result": { "carid": 7131, "name": car, name: value } })
    };
    match interface {
        Interface::Brands => page(brand),
        Interface::Types => page(json!({
            "id": 530, "name": "Panamera", "enname": "Panamera", "fullname": "保时捷 Panamera", "initial": "P",
            "parentid": 1_000_299, "logo": logo, "depth": 2, "carnum": 188,
        })),
        Interface::Cars => page(json!({
            "id": 7131, "carid": 7131, "name": "保时捷 Panamera 2010款 Panamera 4 3.6L",
            "version": "Panamera 4 3.6L", "yeartype": "2010", "brand": "保时捷", "typeid": 530,
            "typename": "Panamera", "groupid": "7528", "groupname": "", "model": "", "price": "",
            "listdate": "", "sizetype": "大型车", "displacement": "3.6L", "fueltype": "汽油",
            "geartype": "双离合(DCT)", "drivemode": "全时四驱", "parentid": 530, "logo": logo, "depth": 3,
        })),
        Interface::Search => {
            let mut found = brand;
            found["kind"] = json!("brand");
            page(found)
        }
        Interface::Detail => json!({ "level": "type", "result": super::example_result() }),
        Interface::Oil => of_car(
            "machineoil",
            json!({
                "volume": "8.5L", "viscosity": "0W-40", "grade": "全合成", "level": "SP",
            }),
        ),
        Interface::Gearbox => of_car(
            "gearboxinfo",
            json!({
                "gearboxbrand": "采埃孚", "gearboxmodel": "7DT75", "joint": "A83", "gravityoil": "8L",
                "mechanicaloil": "12L-14L", "jointpiclist": [], "positionpiclist": [], "checkfillpiclist": [],
            }),
        ),
    }
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
