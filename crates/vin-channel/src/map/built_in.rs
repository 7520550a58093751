//! The names of the built-in tables of words: one table, which messages and the reference page walk.

use vin_core::Bilingual;

const fn row(name: &'static str, zh: &'static str, en: &'static str) -> (&'static str, Bilingual) {
    (name, Bilingual { zh, en })
}

/// The built-in tables, and what is looked up in them; `N` is an element of vPIC.
pub(crate) const BUILT_IN: [(&str, Bilingual); 5] = [
    row(
        "vpic/make",
        "品牌（make）的 ID → 品牌",
        "a make's id: the brand",
    ),
    row(
        "vpic/manufacturer",
        "厂家的 ID → 厂家名称",
        "a manufacturer's id: the maker",
    ),
    row(
        "vpic/series",
        "车型（model）的 ID，或 ID|年款 → 车系",
        "a model's id, or id|year: the series",
    ),
    row(
        "vpic/fuel",
        "主燃料|次燃料|电气化 的 ID → 燃油类型",
        "ids of primary fuel|secondary fuel|electrification: the fuel",
    ),
    row(
        "vpic/N",
        "元素 N 的取值原文 → 该字段的说法",
        "the text of a value of element N: the word for the field",
    ),
];
