//! Tables of words: what an upstream's value is called here, in both languages.
//!
//! What vPIC's values are called stands in `data/mapping/` and is read from there, not written
//! down a second time.

use std::collections::HashMap;
use vin_core::{FieldId, Lang};

/// The same word in both languages; an empty English one is the Chinese one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub zh: String,
    pub en: String,
}

/// A table of words.
#[derive(Clone, Debug)]
pub(crate) enum Words {
    /// By the upstream's value.
    Exact(HashMap<String, Word>),
    /// Three values joined by `|`; the first row that fits counts, `None` fits anything.
    Three(Vec<([Option<String>; 3], Word)>),
}

impl Words {
    /// The word for a value.
    pub fn get(&self, value: &str, lang: Lang) -> Option<&str> {
        let word = match self {
            Self::Exact(rows) => rows.get(value),
            Self::Three(rows) => {
                let parts: Vec<_> = value.split('|').collect();
                let fits = |(rule, part): (&Option<String>, &&str)| {
                    rule.as_ref().is_none_or(|rule| rule == part)
                };
                let mut rows = rows.iter();
                let row = rows.find(|(rule, _)| {
                    // Nothing known is nothing said, whatever a row of wildcards fits.
                    parts.len() == 3 && value != "||" && rule.iter().zip(&parts).all(fits)
                });
                row.map(|(_, word)| word)
            }
        }?;
        Some(match lang {
            Lang::En if !word.en.is_empty() => &word.en,
            Lang::Zh if word.zh.is_empty() => &word.en,
            Lang::En | Lang::Zh => &word.zh,
        })
    }
}

const VALUES: &str = include_str!("../../../../data/mapping/values.tsv");
const BRANDS: &str = include_str!("../../../../data/mapping/brands.tsv");
const MAKERS: &str = include_str!("../../../../data/mapping/makers.tsv");
const SERIES: &str = include_str!("../../../../data/mapping/series.tsv");
const SERIES_YEARS: &str = include_str!("../../../../data/mapping/series_years.tsv");
const FUEL: &str = include_str!("../../../../data/mapping/fuel.tsv");

/// The built-in table of a name, as it speaks about `field`.
pub(crate) fn built_in(name: &str, field: Option<FieldId>) -> Option<Words> {
    let words = match name.strip_prefix("vpic/")? {
        "make" => exact(BRANDS, |row| row.cell("make").to_owned()),
        "manufacturer" => exact(MAKERS, |row| row.cell("manufacturer").to_owned()),
        "series" => {
            let mut words = exact(SERIES, |row| row.cell("model").to_owned());
            for row in rows(SERIES_YEARS) {
                let year = |column| row.cell(column).parse::<u16>().unwrap_or_default();
                for year in year("from")..=year("to") {
                    words.insert(format!("{}|{year}", row.cell("model")), row.word());
                }
            }
            words
        }
        "fuel" => {
            let part = |text: &str| (text != "*").then(|| text.to_owned());
            let row = |row: Row<'_>| {
                let columns = ["primary", "secondary", "electrification"];
                (columns.map(|column| part(row.cell(column))), row.word())
            };
            return Some(Words::Three(rows(FUEL).map(row).collect()));
        }
        element => {
            let path = field.map(|field| field.spec().path)?;
            let of = |row: &Row<'_>| row.cell("element") == element && row.cell("field") == path;
            let rows = rows(VALUES).filter(of);
            rows.map(|row| (row.cell("vpic").to_owned(), row.word()))
                .collect()
        }
    };
    (!words.is_empty()).then_some(Words::Exact(words))
}

fn exact(table: &str, key: fn(&Row<'_>) -> String) -> HashMap<String, Word> {
    rows(table).map(|row| (key(&row), row.word())).collect()
}

/// A row of a table under its header.
struct Row<'t> {
    header: &'t str,
    line: &'t str,
}

impl<'t> Row<'t> {
    fn cell(&self, column: &str) -> &'t str {
        let at = self.header.split('\t').position(|name| name == column);
        at.and_then(|at| self.line.split('\t').nth(at))
            .unwrap_or_default()
    }

    fn word(&self) -> Word {
        Word {
            zh: self.cell("zh").to_owned(),
            en: self.cell("en").to_owned(),
        }
    }
}

fn rows(table: &str) -> impl Iterator<Item = Row<'_>> {
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let header = lines.next().unwrap_or_default();
    lines.map(move |line| Row { header, line })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &str, field: FieldId, value: &str, word: Option<&str>) {
        let words = built_in(table, Some(field)).expect(table);
        assert_eq!(words.get(value, Lang::Zh), word, "{table} {value}");
    }

    #[test]
    fn the_words_of_vpic_are_those_of_the_mapping() {
        check("vpic/make", FieldId::Brand, "441", Some("特斯拉"));
        check("vpic/make", FieldId::Brand, "446", Some("EBR"));
        check(
            "vpic/manufacturer",
            FieldId::Manufacturer,
            "966",
            Some("宝马"),
        );
        check("vpic/series", FieldId::TypeName, "1699", Some("总裁"));
        check("vpic/series", FieldId::TypeName, "2208|2005", Some("花冠"));
        check("vpic/series", FieldId::TypeName, "2208|1999", None);
        check(
            "vpic/15",
            FieldId::DriveMode,
            "AWD/All-Wheel Drive",
            Some("四驱"),
        );
        check("vpic/5", FieldId::BodyType, "Coupe", Some("轿跑"));
        check("vpic/5", FieldId::CarBody, "Coupe", Some("轿跑车"));
        check("vpic/fuel", FieldId::FuelType, "4||", Some("汽油"));
        check(
            "vpic/fuel",
            FieldId::FuelType,
            "4|2|3",
            Some("插电式混合动力"),
        );
        check("vpic/fuel", FieldId::FuelType, "||", None);
        let drive = built_in("vpic/15", Some(FieldId::DriveMode)).expect("it");
        assert_eq!(drive.get("AWD/All-Wheel Drive", Lang::En), Some("AWD"));
    }

    #[test]
    fn a_table_without_words_for_the_field_is_none() {
        for (name, field) in [
            ("vpic/15", Some(FieldId::Brand)),
            ("vpic/15", None),
            ("vpic/999", Some(FieldId::Brand)),
            ("drive", Some(FieldId::DriveMode)),
        ] {
            assert!(built_in(name, field).is_none(), "{name}");
        }
    }
}
