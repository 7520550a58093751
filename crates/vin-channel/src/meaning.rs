//! What the codes of an upstream can mean: one table, which files and the reference page walk.

use vin_core::Bilingual;

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Hit,
    NoRecord,
    Failed,
    Busy,
    Quota,
    NoRight,
    BadVin,
    Misconfigured,
}

const fn row(
    name: &'static str,
    meaning: Meaning,
    zh: &'static str,
    en: &'static str,
) -> (&'static str, Meaning, Bilingual) {
    (name, meaning, Bilingual { zh, en })
}

/// The meanings, by their names in a channel's file.
pub(crate) const MEANINGS: [(&str, Meaning, Bilingual); 8] = [
    row(
        "hit",
        Meaning::Hit,
        "回答中有车辆",
        "a vehicle is in the answer",
    ),
    row(
        "no_record",
        Meaning::NoRecord,
        "上游查不到此车",
        "the upstream does not know the vehicle",
    ),
    row(
        "failed",
        Meaning::Failed,
        "上游出错；未列出的代码也算",
        "the upstream failed; so does every code that is not listed",
    ),
    row(
        "busy",
        Meaning::Busy,
        "并发或频率超限",
        "too many questions at once",
    ),
    row(
        "quota",
        Meaning::Quota,
        "在上游购买的次数已用完",
        "the calls that we paid for are used up",
    ),
    row(
        "no_right",
        Meaning::NoRight,
        "密钥、签名、IP 或合同不允许",
        "key, signature, network or contract do not let us in",
    ),
    row(
        "bad_vin",
        Meaning::BadVin,
        "上游认为不是车架号",
        "the upstream takes the VIN for none",
    ),
    row(
        "misconfigured",
        Meaning::Misconfigured,
        "请求不合上游的要求",
        "the question is not as the upstream wants it",
    ),
];
