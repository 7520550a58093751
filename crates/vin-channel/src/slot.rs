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
    Raw,
    Sorted,
    Joined,
    Method,
    Path,
}

const fn row(
    name: &'static str,
    slot: Slot,
    signing: bool,
    zh: &'static str,
    en: &'static str,
) -> (&'static str, Slot, bool, Bilingual) {
    (name, slot, signing, Bilingual { zh, en })
}

/// Every placeholder but the secrets: its name, what it is, whether only the text and the key of a
/// signature know it, and what stands for it.
pub(crate) const SLOTS: [(&str, Slot, bool, Bilingual); 12] = [
    row(
        "vin",
        Slot::Vin,
        false,
        "车架号，17 位",
        "the VIN, 17 characters",
    ),
    row(
        "year",
        Slot::Year,
        false,
        "调用者给出的年款，没有则为空",
        "the model year that the caller gave, or nothing",
    ),
    row("lang", Slot::Lang, false, "zh 或 en", "zh or en"),
    row(
        "today",
        Slot::Today,
        false,
        "中国日期 yyyy-MM-dd",
        "the date in China, yyyy-MM-dd",
    ),
    row(
        "timestamp",
        Slot::Timestamp,
        false,
        "1970 年以来的秒数",
        "seconds since 1970",
    ),
    row(
        "timestamp_ms",
        Slot::TimestampMs,
        false,
        "1970 年以来的毫秒数",
        "milliseconds since 1970",
    ),
    row(
        "nonce",
        Slot::Nonce,
        false,
        "每次不同的 32 位十六进制数",
        "32 hexadecimal digits that are new for every question",
    ),
    row(
        "raw",
        Slot::Raw,
        true,
        "请求体；没有请求体时为查询串，与发送的逐字节相同",
        "the body, or without one the query, byte for byte as sent",
    ),
    row(
        "sorted",
        Slot::Sorted,
        true,
        "全部参数按名称排序的 name=value，以 & 连接，不编码",
        "name=value of all parameters by name, joined by &, not encoded",
    ),
    row(
        "joined",
        Slot::Joined,
        true,
        "全部参数按名称排序，名称与值直接相连",
        "name and value of all parameters by name, joined by nothing",
    ),
    row("method", Slot::Method, true, "GET 或 POST", "GET or POST"),
    row(
        "path",
        Slot::Path,
        true,
        "地址中的路径",
        "the path of the URL",
    ),
];
