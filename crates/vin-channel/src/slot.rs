//! The placeholders of a channel's file: one table, which templates and the reference page walk.

use vin_core::Bilingual;

/// What stands for a placeholder of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Vin,
    Year,
    Lang,
    Today,
    Timestamp,
    TimestampMs,
    Nonce,
    Name,
    IdNumber,
    Company,
    Code,
    Raw,
    Sorted,
    Joined,
    Method,
    Path,
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Vehicle,
    Person,
    Company,
}

impl About {
    /// The placeholders without which a question is none.
    pub const fn needs(self) -> &'static [Slot] {
        match self {
            Self::Vehicle => &[Slot::Vin],
            Self::Person => &[Slot::Name, Slot::IdNumber],
            Self::Company => &[Slot::Company, Slot::Code],
        }
    }
}

/// Where a placeholder is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// In every question.
    Always,
    /// In questions about this.
    About(About),
    /// In the text and the key of a signature.
    Signing,
}

impl Known {
    /// Whether it is known in a template.
    pub fn fits(self, about: About, signing: bool) -> bool {
        match self {
            Self::Always => true,
            Self::About(own) => own == about,
            Self::Signing => signing,
        }
    }
}

const VEHICLE: Known = Known::About(About::Vehicle);
const PERSON: Known = Known::About(About::Person);
const COMPANY: Known = Known::About(About::Company);

const fn row(
    name: &'static str,
    slot: Slot,
    known: Known,
    zh: &'static str,
    en: &'static str,
) -> (&'static str, Slot, Known, Bilingual) {
    (name, slot, known, Bilingual { zh, en })
}

/// Every placeholder but the secrets: its name, what it is, where it is known, and what stands for it.
pub(crate) const SLOTS: [(&str, Slot, Known, Bilingual); 16] = [
    row(
        "vin",
        Slot::Vin,
        VEHICLE,
        "车架号，17 位",
        "the VIN, 17 characters",
    ),
    row(
        "year",
        Slot::Year,
        VEHICLE,
        "调用者给出的年款，没有则为空",
        "the model year that the caller gave, or nothing",
    ),
    row("lang", Slot::Lang, VEHICLE, "zh 或 en", "zh or en"),
    row(
        "today",
        Slot::Today,
        Known::Always,
        "中国日期 yyyy-MM-dd",
        "the date in China, yyyy-MM-dd",
    ),
    row(
        "timestamp",
        Slot::Timestamp,
        Known::Always,
        "1970 年以来的秒数",
        "seconds since 1970",
    ),
    row(
        "timestamp_ms",
        Slot::TimestampMs,
        Known::Always,
        "1970 年以来的毫秒数",
        "milliseconds since 1970",
    ),
    row(
        "nonce",
        Slot::Nonce,
        Known::Always,
        "每次不同的 32 位十六进制数",
        "32 hexadecimal digits that are new for every question",
    ),
    row("name", Slot::Name, PERSON, "姓名", "the name of a person"),
    row(
        "id_number",
        Slot::IdNumber,
        PERSON,
        "身份证号，18 位",
        "the number of a person, 18 characters",
    ),
    row(
        "company",
        Slot::Company,
        COMPANY,
        "企业名称",
        "the name of a company",
    ),
    row(
        "code",
        Slot::Code,
        COMPANY,
        "统一社会信用代码，18 位",
        "the unified social credit code, 18 characters",
    ),
    row(
        "raw",
        Slot::Raw,
        Known::Signing,
        "请求体；没有请求体时为查询串，与发送的逐字节相同",
        "the body, or without one the query, byte for byte as sent",
    ),
    row(
        "sorted",
        Slot::Sorted,
        Known::Signing,
        "全部参数按名称排序的 name=value，以 & 连接，不编码",
        "name=value of all parameters by name, joined by &, not encoded",
    ),
    row(
        "joined",
        Slot::Joined,
        Known::Signing,
        "全部参数按名称排序，名称与值直接相连",
        "name and value of all parameters by name, joined by nothing",
    ),
    row(
        "method",
        Slot::Method,
        Known::Signing,
        "GET 或 POST",
        "GET or POST",
    ),
    row(
        "path",
        Slot::Path,
        Known::Signing,
        "地址中的路径",
        "the path of the URL",
    ),
];
