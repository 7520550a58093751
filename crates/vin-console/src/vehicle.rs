//! A vehicle as a card: its name, how sure that is, what each position of the VIN means, every field
//! by group with its unit and its source.

use serde_json::Value as Json;
use std::collections::HashMap;
use vin_core::field::{FIELDS, Group, Kind};
use vin_core::{Lang, Vin};

/// A vehicle to be shown.
pub struct Card {
    pub vin: String,
    pub name: String,
    pub logo: String,
    /// The first characters of the brand, where there is no mark.
    pub monogram: String,
    pub level_text: &'static str,
    pub sure: i64,
    pub sure_text: &'static str,
    pub channel: String,
    pub notes: Vec<String>,
    pub anatomy: Vec<Part>,
    pub groups: Vec<Fields>,
    pub candidates: Vec<Candidate>,
    pub known: usize,
    /// Where values come from; a row names its place in this list.
    pub sources: Vec<String>,
}

/// Positions of the VIN that have one meaning.
pub struct Part {
    pub kind: &'static str,
    pub characters: String,
    pub positions: &'static str,
    pub title: &'static str,
    pub text: String,
}

/// The fields of one group.
pub struct Fields {
    pub title: &'static str,
    pub rows: Vec<Row>,
}

/// One field.
pub struct Row {
    pub label: &'static str,
    pub path: &'static str,
    pub value: String,
    pub unit: &'static str,
    /// The place of its source in the card's list, from 1; 0 for none.
    pub source: usize,
}

/// A car that it may be.
pub struct Candidate {
    pub carid: i64,
    pub name: String,
    pub series: String,
    pub model: String,
}

impl Card {
    /// The card of an answer with `result`, `match` and `explain`.
    pub fn new(told: &Json, lang: Lang) -> Self {
        let result = &told["result"];
        let text = |path: &str| value(result, path);
        let (sources, places) = sources(told);
        let groups: Vec<_> = Group::ALL
            .into_iter()
            .map(|group| Fields {
                title: group.label().get(lang),
                rows: rows(result, group, lang, &places),
            })
            .filter(|fields| !fields.rows.is_empty())
            .collect();
        let matched = &told["match"];
        let sure = matched["confidence"].as_f64().unwrap_or(0.0);
        let level = matched["level"].as_str().unwrap_or_default();
        let (zh, en) = match level {
            "car" => ("精确到车型", "Known to the car"),
            "group" => ("精确到车组", "Known to the group of cars"),
            "type" => ("精确到车系", "Known to the series"),
            _ => ("仅知品牌或厂家", "Known to the brand only"),
        };
        let vin = text("vin");
        let brand = text("brand");
        let name = [
            text("name"),
            brand.clone(),
            text("manufacturer"),
            vin.clone(),
        ];
        let notes = matched["notes"].as_array().into_iter().flatten();
        Self {
            anatomy: anatomy(&vin, told, lang),
            known: groups.iter().map(|group| group.rows.len()).sum(),
            monogram: brand.chars().take(2).collect(),
            name: name.into_iter().find(|n| !n.is_empty()).unwrap_or_default(),
            logo: text("logo"),
            vin,
            level_text: pick(lang, zh, en),
            sure: (sure * 100.0).round() as i64,
            sure_text: sure_text(sure, lang),
            channel: matched["channel"].as_str().unwrap_or_default().to_owned(),
            notes: notes
                .filter_map(|note| note["text"].as_str().map(str::to_owned))
                .collect(),
            groups,
            sources,
            candidates: candidates(result),
        }
    }
}

fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// How sure an answer is, in words.
fn sure_text(sure: f64, lang: Lang) -> &'static str {
    match sure {
        sure if sure >= 0.95 => pick(lang, "几乎确定", "almost certain"),
        sure if sure >= 0.9 => pick(lang, "很有把握", "very likely"),
        sure if sure >= 0.75 => pick(lang, "较有把握，请核对", "likely; check it"),
        sure if sure >= 0.5 => pick(lang, "存疑，务必核对", "in doubt; check it before use"),
        _ => pick(lang, "仅供参考", "a guess only"),
    }
}

fn value(result: &Json, path: &str) -> String {
    let mut at = result;
    for part in path.split('.') {
        at = &at[part];
    }
    match at {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Array(items) => {
            let texts = items.iter().filter_map(Json::as_str);
            texts.collect::<Vec<_>>().join("、")
        }
        _ => String::new(),
    }
}

/// The sources of an answer, each once, and for each field the place of its own, from 1.
fn sources(told: &Json) -> (Vec<String>, HashMap<String, usize>) {
    let (mut sources, mut places) = (Vec::<String>::new(), HashMap::new());
    for fact in told["explain"].as_array().into_iter().flatten() {
        let source = fact["source"].as_str().unwrap_or_default();
        if source.is_empty() {
            continue;
        }
        let known = sources.iter().position(|known| known == source);
        let place = known.unwrap_or_else(|| {
            sources.push(source.to_owned());
            sources.len() - 1
        });
        for field in fact["fields"].as_array().into_iter().flatten() {
            if let Some(field) = field.as_str() {
                places.entry(field.to_owned()).or_insert(place + 1);
            }
        }
    }
    (sources, places)
}

fn rows(result: &Json, group: Group, lang: Lang, places: &HashMap<String, usize>) -> Vec<Row> {
    let of_group = FIELDS.iter().filter(|field| field.group == group);
    let shown = of_group.filter(|field| !matches!(field.kind, Kind::Object | Kind::Candidates));
    let row = |field: &'static vin_core::field::Field| {
        let raw = value(result, field.path);
        let value = match (field.path, raw.as_str()) {
            (_, "") | ("typeid" | "carid", "0") | ("logo", _) => return None,
            ("isimport" | "iscorrect", "1") => pick(lang, "是", "yes").to_owned(),
            ("isimport" | "iscorrect", _) => pick(lang, "否", "no").to_owned(),
            _ => raw,
        };
        Some(Row {
            label: field.label.get(lang),
            path: field.path,
            value,
            unit: if field.unit == "yyyy-MM-dd" {
                ""
            } else {
                field.unit
            },
            source: places.get(field.path).copied().unwrap_or(0),
        })
    };
    shown.filter_map(row).collect()
}

fn candidates(result: &Json) -> Vec<Candidate> {
    let list = result["carlist"].as_array().into_iter().flatten();
    let text = |car: &Json, name: &str| car[name].as_str().unwrap_or_default().to_owned();
    list.map(|car| Candidate {
        carid: car["carid"].as_i64().unwrap_or(0),
        name: text(car, "name"),
        series: text(car, "typename"),
        model: text(car, "model"),
    })
    .collect()
}

/// What facts were read from exactly these positions.
fn read_from(told: &Json, from: i64, to: i64) -> String {
    let facts = told["explain"].as_array().into_iter().flatten();
    let within = facts.filter(|fact| {
        let mut positions = fact["positions"].as_array().into_iter().flatten();
        positions.any(|p| p.as_i64().is_some_and(|p| (from..=to).contains(&p)))
    });
    let mut texts: Vec<String> = Vec::new();
    for fact in within {
        let fields = fact["fields"].as_array().into_iter().flatten();
        let labels = fields.filter_map(|f| {
            let path = f.as_str()?;
            FIELDS.iter().find(|field| field.path == path)
        });
        let named =
            labels.filter(|field| field.group != Group::Identity || field.path == "typename");
        let value = fact["value"].as_str().unwrap_or_default();
        if named.count() > 0 && !texts.iter().any(|text| text == value) {
            texts.push(value.to_owned());
        }
    }
    texts.truncate(6);
    texts.join(" · ")
}

fn anatomy(vin: &str, told: &Json, lang: Lang) -> Vec<Part> {
    let Ok(parsed) = Vin::parse(vin) else {
        return Vec::new();
    };
    let vin = parsed.vin;
    let text = vin.as_str();
    let result = &told["result"];
    let right = vin.check_digit_is_right();
    let check = match right {
        true => pick(lang, "校验通过", "it is right"),
        false => pick(
            lang,
            "与其余字符不符：部分市场不使用校验位",
            "it does not fit the others; some markets do not use it",
        ),
    };
    let year = value(result, "yeartype");
    let year = match year.as_str() {
        "" => pick(lang, "年款不明", "year unknown").to_owned(),
        year => format!("{year}{}", pick(lang, " 年款", " model year")),
    };
    let maker = [value(result, "manufacturer"), value(result, "brand")];
    let maker = maker
        .into_iter()
        .find(|m| !m.is_empty())
        .unwrap_or_default();
    let part = |kind, range: std::ops::Range<usize>, positions, title, text_of: String| Part {
        kind,
        characters: text[range].to_owned(),
        positions,
        title,
        text: text_of,
    };
    vec![
        part(
            "wmi",
            0..3,
            "1–3",
            pick(lang, "世界制造厂识别代号", "World manufacturer identifier"),
            maker,
        ),
        part(
            "vds",
            3..8,
            "4–8",
            pick(lang, "车辆说明部分", "Vehicle descriptor section"),
            read_from(told, 4, 8),
        ),
        part(
            "check",
            8..9,
            "9",
            pick(lang, "校验位", "Check digit"),
            check.to_owned(),
        ),
        part("year", 9..10, "10", pick(lang, "年款", "Model year"), year),
        part(
            "plant",
            10..11,
            "11",
            pick(lang, "装配厂", "Plant"),
            read_from(told, 11, 11),
        ),
        part(
            "serial",
            11..17,
            "12–17",
            pick(lang, "生产顺序号", "Serial number"),
            String::new(),
        ),
    ]
}
