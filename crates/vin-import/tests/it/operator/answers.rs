//! From an operator's files to the answers about his cars.

use super::Tables;
use vin_core::{Date, FieldId, Lang, Parsed, Value, Vin};
use vin_engine::{Ask, Engine};
use vin_import::operator;
use vin_index::Pack;

const CARS: &str = "车型编号,VIN 模式,起始年款,品牌,车系,车型全称,年款,机油用量,价格\n\
    Z1,LZZTEST1×××××××××,,示例,小跳,示例 小跳 2022款 标准版,2022,4.0L,\n\
    Z2,LZZTEST2×××××××××,,示例,小跳,示例 小跳 2022款 豪华版,2022,4.5L,\n\
    Z3,LZZTEST2×××××××××,,示例,小跳,示例 小跳 2022款 旗舰版,2022,4.5L,\n";
const NOTICES: &str = "车辆型号,企业名称,商标,产品名称,识别代号,轴距,排量(ml),功率(kw)\n\
    SVW71810BU,上汽大众汽车有限公司,大众牌,轿车,LSVZZ6A2×××××××××,2688,1395,110\n";

/// The VIN with its check digit in place of `_`.
fn vin(text: &str) -> Parsed {
    let mut all = "0123456789X"
        .chars()
        .map(|digit| text.replace('_', &digit.to_string()));
    let parsed = all.find_map(|text| {
        Vin::parse(&text)
            .ok()
            .filter(|p| p.vin.check_digit_is_right())
    });
    parsed.expect("a VIN")
}

fn compile(tables: &Tables) -> Engine {
    let compiled = operator::compile(tables.path()).expect("the tables compile");
    assert_eq!(compiled.left_out.rows, []);
    Engine::new(Pack::from_vec(compiled.pack).expect("a whole pack"))
}

const ASK: Ask = Ask {
    year: None,
    lang: Lang::Zh,
    explain: false,
    today: Date {
        year: 2026,
        month: 11,
        day: 1,
    },
};

/// Fields of the answer, its ids without what is before the last two digits, and its candidates.
fn answer(engine: &Engine, text: &str, fields: &[FieldId]) -> String {
    let parsed = vin(text);
    let answer = engine.answer(&parsed, &ASK).expect("an answer");
    let shown = fields.iter().map(|field| match answer.vehicle.get(*field) {
        Value::Int(0) => "-".to_owned(),
        Value::Int(id) => format!("#{}", id - 1_500_000_000),
        Value::Text(text) => text.to_string(),
        _ => "-".to_owned(),
    });
    let ids: Vec<_> = answer
        .vehicle
        .candidates
        .iter()
        .map(|c| (c.carid - 1_500_000_000).to_string())
        .collect();
    format!(
        "{} [{}]",
        shown.collect::<Vec<_>>().join(", "),
        ids.join(" ")
    )
}

const FIELDS: &[FieldId] = &[
    FieldId::Brand,
    FieldId::TypeName,
    FieldId::Name,
    FieldId::Model,
    FieldId::Wheelbase,
    FieldId::DisplacementMl,
    FieldId::MaxPower,
    FieldId::OilVolume,
    FieldId::CarId,
];

#[test]
fn vins_of_imported_patterns_are_answered_with_the_operators_cars() {
    let tables = Tables::whole();
    tables
        .import("cars.csv", CARS.as_bytes())
        .expect("good rows");
    tables
        .import("notices.csv", NOTICES.as_bytes())
        .expect("good rows");
    let engine = compile(&tables);
    let texts = [
        "LZZTEST1_ND123456",
        "LZZTEST2_ND123456",
        "LSVZZ6A2_ND123456",
    ];
    assert_eq!(
        texts.map(|text| answer(&engine, text, FIELDS)),
        [
            "示例, 小跳, 示例 小跳 2022款 标准版, -, -, -, -, 4.0L, #1 [1]",
            "示例, 小跳, 示例 小跳 2022款, -, -, -, -, 4.5L, - [2 3]",
            "大众, -, 大众牌SVW71810BU轿车, SVW71810BU, 2688, 1395, 110, -, #4 [4]",
        ]
    );
}

#[test]
fn an_operators_rule_beats_a_built_in_one_that_looks_at_as_much() {
    let tables = Tables::whole();
    let text = "LSVNV418_J2123456";
    let engine = compile(&tables);
    assert_eq!(answer(&engine, text, &[FieldId::TypeName]), "朗逸 []");
    tables
        .import(
            "rules.csv",
            "WMI,键,字段,值\nLSV,***18,车系,我的朗逸\n".as_bytes(),
        )
        .expect("good rows");
    let engine = compile(&tables);
    assert_eq!(answer(&engine, text, &[FieldId::TypeName]), "我的朗逸 []");
}
