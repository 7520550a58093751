//! The columns of the template that are no result fields.

use crate::operator::cell;
use vin_core::field::Field;

/// What a column of the sheet of cars means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CarColumn {
    /// The operator's own key of the car.
    Key,
    /// Patterns of its VINs.
    Patterns,
    /// The first model year of these.
    From,
    /// The last model year of these.
    To,
    /// How surely such a VIN is this car.
    Confidence,
    /// Where the row is from.
    Source,
    /// A result field, or its English value.
    Field(&'static Field, bool),
}

/// What a column of the sheet of rules means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RuleColumn {
    /// The maker's identifier.
    Wmi,
    /// A key over positions 4–8 and 10–14.
    Key,
    /// A pattern, in place of identifier and key.
    Pattern,
    /// The first model year.
    From,
    /// The last model year.
    To,
    /// Keys of cars, best first.
    Cars,
    /// The field that is told.
    Field,
    /// Its value.
    Value,
    /// Its English value.
    English,
    /// How surely.
    Confidence,
    /// Where the row is from.
    Source,
}

/// A column: what it means, its Chinese and English label, and a word about it for the template.
pub struct Column<C> {
    /// What it means.
    pub means: C,
    /// The Chinese label.
    pub zh: &'static str,
    /// The English label.
    pub en: &'static str,
    /// What stands in it, Chinese and English.
    pub about: (&'static str, &'static str),
}

/// The columns of the sheet of cars beside result fields.
pub const CAR_COLUMNS: &[Column<CarColumn>] = &[
    Column {
        means: CarColumn::Key,
        zh: "车型编号",
        en: "car",
        about: (
            "您自己的编号，必填，再次导入时按它替换",
            "your own key, required; a row with the same key takes the place of the former one",
        ),
    },
    Column {
        means: CarColumn::Patterns,
        zh: "VIN 模式",
        en: "vin_pattern",
        about: (
            "17 位，未知位写 × 或 *，多个用逗号分开",
            "17 places, open ones as × or *, several parted by commas",
        ),
    },
    Column {
        means: CarColumn::From,
        zh: "起始年款",
        en: "from",
        about: (
            "模式适用的首个年款，可空",
            "first model year of the pattern, or empty",
        ),
    },
    Column {
        means: CarColumn::To,
        zh: "截止年款",
        en: "to",
        about: (
            "模式适用的最后年款，可空",
            "last model year of the pattern, or empty",
        ),
    },
    Column {
        means: CarColumn::Confidence,
        zh: "可信度",
        en: "confidence",
        about: ("0 到 1，默认 0.9", "0 to 1, 0.9 when empty"),
    },
    Column {
        means: CarColumn::Source,
        zh: "来源",
        en: "source",
        about: (
            "资料出处，默认为文件名",
            "where the row is from; the name of the file when empty",
        ),
    },
];

/// The columns of the sheet of rules.
pub const RULE_COLUMNS: &[Column<RuleColumn>] = &[
    Column {
        means: RuleColumn::Wmi,
        zh: "WMI",
        en: "wmi",
        about: (
            "VIN 前三位；小批量厂家六位",
            "the first three characters; six for small makers",
        ),
    },
    Column {
        means: RuleColumn::Key,
        zh: "键",
        en: "key",
        about: (
            "第 4–8 位，竖线后第 10–14 位；* 任意，[AB] 其一",
            "positions 4–8 and, after a bar, 10–14; * any, [AB] one of them",
        ),
    },
    Column {
        means: RuleColumn::Pattern,
        zh: "VIN 模式",
        en: "vin_pattern",
        about: ("可代替 WMI 和键", "in place of WMI and key"),
    },
    Column {
        means: RuleColumn::From,
        zh: "起始年款",
        en: "from",
        about: ("可空", "or empty"),
    },
    Column {
        means: RuleColumn::To,
        zh: "截止年款",
        en: "to",
        about: ("可空", "or empty"),
    },
    Column {
        means: RuleColumn::Cars,
        zh: "候选车型",
        en: "cars",
        about: (
            "车型编号，用空格分开，最可能的在前",
            "keys of cars, blanks between, the likeliest first",
        ),
    },
    Column {
        means: RuleColumn::Field,
        zh: "字段",
        en: "field",
        about: (
            "或只说明一个字段：字段名或路径",
            "or one field alone: its label or path",
        ),
    },
    Column {
        means: RuleColumn::Value,
        zh: "值",
        en: "value",
        about: ("该字段的值", "the value of that field"),
    },
    Column {
        means: RuleColumn::English,
        zh: "英文值",
        en: "value_en",
        about: ("可空", "its English value, or empty"),
    },
    Column {
        means: RuleColumn::Confidence,
        zh: "可信度",
        en: "confidence",
        about: ("0 到 1，默认 0.9", "0 to 1, 0.9 when empty"),
    },
    Column {
        means: RuleColumn::Source,
        zh: "来源",
        en: "source",
        about: (
            "资料出处，默认为文件名",
            "where the row is from; the name of the file when empty",
        ),
    },
];

fn named<C: Copy>(columns: &[Column<C>], text: &str) -> Option<C> {
    let text = cell::plain(text);
    let found = columns
        .iter()
        .find(|c| cell::plain(c.zh) == text || c.en == text);
    found.map(|column| column.means)
}

/// What a label in the sheet of cars means.
pub fn of_cars(text: &str) -> Option<CarColumn> {
    let field = || cell::field(text).map(|(field, english)| CarColumn::Field(field, english));
    named(CAR_COLUMNS, text).or_else(field)
}

/// What a label in the sheet of rules means.
pub fn of_rules(text: &str) -> Option<RuleColumn> {
    named(RULE_COLUMNS, text)
}
