//! The tools: one table of names, descriptions and parameters, and what is read from a call.

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use vin_core::Lang;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A vehicle.
    Vin {
        /// As it was typed.
        vin: String,
        /// The model year that the caller believes in.
        year: Option<u32>,
        /// The language of the values.
        lang: Lang,
        /// Whether the source of each value is told.
        explain: bool,
    },
    /// A page of what a keyword finds.
    Search {
        /// The keyword.
        keyword: String,
        /// From 1.
        page: u32,
        /// The language of the names.
        lang: Lang,
    },
    /// The calls that are left.
    Balance,
}

/// A tool.
pub struct Spec {
    /// Its name.
    pub name: &'static str,
    title: &'static str,
    description: &'static str,
    schema: fn() -> Json,
    /// Reads the arguments of a call.
    pub read: fn(Json) -> Result<Asked, serde_json::Error>,
}

/// All of them.
pub const TOOLS: [Spec; 4] = [
    Spec {
        name: "decode_vin",
        title: "车架号查询 · Decode a VIN",
        description: "查询车架号对应的品牌、车系、车型、年款、发动机等。Tells brand, series, car, model year, engine \
                      and more of a vehicle by its VIN.",
        schema: vin_schema,
        read: |arguments| Ok(VinArgs::deserialize(arguments)?.asked(false)),
    },
    Spec {
        name: "explain_vin",
        title: "车架号查询及出处 · Explain a VIN",
        description: "同 decode_vin，并说明每个值的出处。The same as decode_vin, with the source of each value.",
        schema: vin_schema,
        read: |arguments| Ok(VinArgs::deserialize(arguments)?.asked(true)),
    },
    Spec {
        name: "search_catalogue",
        title: "检索车型库 · Search the catalogue",
        description: "按关键词（中文、英文或拼音首字母）查找品牌、车系与车型。Finds brands, series and cars by a keyword: \
                      Chinese, English or the initials of pinyin.",
        schema: search_schema,
        read: |arguments| {
            let SearchArgs {
                keyword,
                page,
                lang,
            } = SearchArgs::deserialize(arguments)?;
            let (page, lang) = (page.unwrap_or(1), lang.into());
            Ok(Asked::Search {
                keyword,
                page,
                lang,
            })
        },
    },
    Spec {
        name: "balance",
        title: "剩余次数 · Balance",
        description: "查询服务器账户的剩余次数。Tells how many calls the account on the server has left.",
        schema: || object(&json!({}), &json!([])),
        read: |arguments| NoArgs::deserialize(arguments).map(|NoArgs {}| Asked::Balance),
    },
];

impl Spec {
    /// As clients see it.
    pub fn shown(&self) -> Tool {
        let schema: JsonObject = match (self.schema)() {
            Json::Object(schema) => schema,
            _ => JsonObject::new(),
        };
        let annotations = ToolAnnotations::with_title(self.title)
            .read_only(true)
            .destructive(false)
            .open_world(false);
        Tool::new(self.name, self.description, Arc::new(schema))
            .with_title(self.title)
            .with_raw_output_schema(Arc::new(JsonObject::from_iter([(
                "type".to_owned(),
                json!("object"),
            )])))
            .with_annotations(annotations)
    }
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LangName {
    #[default]
    Zh,
    En,
}

impl From<LangName> for Lang {
    fn from(name: LangName) -> Self {
        match name {
            LangName::Zh => Self::Zh,
            LangName::En => Self::En,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VinArgs {
    vin: String,
    year: Option<u32>,
    #[serde(default)]
    lang: LangName,
}

impl VinArgs {
    fn asked(self, explain: bool) -> Asked {
        Asked::Vin {
            vin: self.vin,
            year: self.year,
            lang: self.lang.into(),
            explain,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchArgs {
    keyword: String,
    page: Option<u32>,
    #[serde(default)]
    lang: LangName,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoArgs {}

fn object(properties: &Json, required: &Json) -> Json {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn lang_schema() -> Json {
    json!({
        "type": "string",
        "enum": ["zh", "en"],
        "default": "zh",
        "description": "值的语言 · the language of the values",
    })
}

fn vin_schema() -> Json {
    let properties = json!({
        "vin": {"type": "string", "description": "17 位车架号 · the 17 characters of the VIN"},
        "year": {"type": "integer", "description": "已知的年款 · the model year, if you know it"},
        "lang": lang_schema(),
    });
    object(&properties, &json!(["vin"]))
}

fn search_schema() -> Json {
    let properties = json!({
        "keyword": {"type": "string", "description": "关键词 · the keyword"},
        "page": {"type": "integer", "minimum": 1, "default": 1, "description": "页码 · the page"},
        "lang": lang_schema(),
    });
    object(&properties, &json!(["keyword"]))
}

/// One line about an answer: the name of a vehicle, or the number of finds or calls.
pub fn summary(answer: &Json) -> String {
    let text = |name: &str| answer["result"][name].as_str().unwrap_or_default();
    let names = match text("name") {
        "" => ["brand", "typename", "yeartype"].map(text).join(" "),
        name => name.to_owned(),
    };
    match (names.trim(), &answer["total"], &answer["remaining"]) {
        ("", Json::Number(total), _) => format!("共 {total} 条 · {total} found"),
        ("", _, Json::Number(left)) => format!("剩余 {left} 次 · {left} calls left"),
        ("", ..) => "见 JSON · see the JSON".to_owned(),
        (names, ..) => names.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tool: &str, arguments: Json, expected: Result<Asked, &str>) {
        let spec = TOOLS.iter().find(|spec| spec.name == tool).expect("known");
        let read = (spec.read)(arguments).map_err(|error| error.to_string());
        match expected {
            Ok(asked) => assert_eq!(read, Ok(asked)),
            Err(part) => assert!(read.clone().is_err_and(|e| e.contains(part)), "{read:?}"),
        }
    }

    #[test]
    fn arguments_are_read_or_refused_by_name() {
        let search = |page, lang| Asked::Search {
            keyword: "a".to_owned(),
            page,
            lang,
        };
        check(
            "search_catalogue",
            json!({"keyword": "a"}),
            Ok(search(1, Lang::Zh)),
        );
        let second = json!({"keyword": "a", "page": 2, "lang": "en"});
        check("search_catalogue", second, Ok(search(2, Lang::En)));
        check("search_catalogue", json!({}), Err("`keyword`"));
        check("decode_vin", json!({}), Err("`vin`"));
        check("decode_vin", json!({"vin": "x", "vni": 1}), Err("`vni`"));
        check(
            "explain_vin",
            json!({"vin": "x", "lang": "fr"}),
            Err("`fr`"),
        );
        check("balance", json!({}), Ok(Asked::Balance));
        check("balance", json!({"x": 1}), Err("`x`"));
    }

    #[test]
    fn an_answer_has_a_line() {
        let vehicle = json!({"result": {"brand": "保时捷", "typename": "Panamera", "name": ""}});
        assert_eq!(summary(&vehicle), "保时捷 Panamera");
        let named = json!({"result": {"brand": "保时捷", "name": "保时捷 Panamera 4"}});
        assert_eq!(summary(&named), "保时捷 Panamera 4");
        assert_eq!(summary(&json!({"total": 3})), "共 3 条 · 3 found");
        assert_eq!(
            summary(&json!({"remaining": 9})),
            "剩余 9 次 · 9 calls left"
        );
    }
}
