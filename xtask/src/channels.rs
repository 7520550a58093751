//! The reference page of channels: presets, placeholders, codes, units, faults, from their tables.

// The tables' own files, compiled here too: the crate around them would bring an HTTP client along.
#[path = "../../crates/vin-channel/src/map/built_in.rs"]
mod built_in;
#[path = "../../crates/vin-channel/src/fault.rs"]
#[expect(dead_code, reason = "the page needs the kinds only")]
mod fault;
#[path = "../../crates/vin-channel/src/hash.rs"]
#[expect(dead_code, reason = "the page needs the names only")]
mod hash;
#[path = "../../crates/vin-channel/src/meaning.rs"]
mod meaning;
#[path = "../../crates/vin-channel/src/slot.rs"]
#[expect(dead_code, reason = "the page needs the table only")]
mod slot;
#[path = "../../crates/vin-channel/src/map/unit.rs"]
#[expect(dead_code, reason = "the page needs the names only")]
mod unit;
#[path = "../../crates/vin-channel/src/identity/verdict.rs"]
mod verdict;

use crate::tidy::Tree;
use built_in::BUILT_IN;
use fault::{Billed, FaultKind, Repeat, Whose};
use hash::{HASHES, SPELLINGS};
use meaning::MEANINGS;
use slot::{About, Known, SLOTS};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use toml::{Table, Value};
use unit::UNITS;
use verdict::VERDICTS;

/// The page, without its first line.
pub fn page(tree: &Tree) -> String {
    let mut page = "# 通道 Channels\n\n\
         写法见 [docs/channels.md](../channels.md)。How a file is written: [docs/channels.md](../channels.md).\n"
        .to_owned();
    presets(&mut page, tree);
    page += "\n## 占位符 Placeholders\n\n| 占位符 | 说明 | meaning | 用于 known in |\n|---|---|---|---|\n";
    for (name, _, known, text) in SLOTS {
        let known = match known {
            Known::Always => "",
            Known::About(About::Vehicle) => "车辆 vehicles",
            Known::About(About::Person) => "个人认证 persons",
            Known::About(About::Company) => "企业认证 companies",
            Known::Signing => "签名 signatures",
        };
        let _ = writeln!(
            page,
            "| `{{{name}}}` | {} | {} | {known} |",
            text.zh, text.en
        );
    }
    page += "| `{secret.NAME}` | 名为 NAME 的密钥 | the secret NAME | |\n";
    page += "\n## 状态含义 Meanings of codes\n\n| 键 key | 说明 | meaning |\n|---|---|---|\n";
    for (name, _, text) in MEANINGS {
        let _ = writeln!(page, "| `{name}` | {} | {} |", text.zh, text.en);
    }
    page += "\n## 认证结论 Verdicts\n\n| 键 key | 说明 | meaning |\n|---|---|---|\n";
    for (name, _, text) in VERDICTS {
        let _ = writeln!(page, "| `{name}` | {} | {} |", text.zh, text.en);
    }
    page += "\n## 签名 Signatures\n\n";
    let _ = writeln!(page, "- `hash`: {}", names(&HASHES));
    let _ = writeln!(page, "- `spelling`: {}", names(&SPELLINGS));
    page += "\n## 单位 Units\n\n";
    let _ = writeln!(page, "{}", names(&UNITS));
    page += "\n## 内置词表 Built-in tables of words\n\n| `table` | 查什么 | what is looked up |\n|---|---|---|\n";
    for (name, text) in BUILT_IN {
        let (zh, en) = (text.zh.replace('|', "\\|"), text.en.replace('|', "\\|"));
        let _ = writeln!(page, "| `{name}` | {zh} | {en} |");
    }
    faults(&mut page);
    page
}

fn names<T>(rows: &[(&str, T)]) -> String {
    let names: Vec<_> = rows.iter().map(|(name, _)| format!("`{name}`")).collect();
    names.join(", ")
}

fn presets(page: &mut String, tree: &Tree) {
    *page += "\n## 预设 Presets\n\n| `preset` | 上游 upstream | 请求 request | 密钥 secrets |\n|---|---|---|---|\n";
    for (file, text) in tree.texts(&["toml"]) {
        let Some(name) = file.path.strip_prefix("data/channels/") else {
            continue;
        };
        let name = name.trim_end_matches(".toml");
        let preset: Table = text.parse().unwrap_or_default();
        let get = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("").to_owned();
        let request = preset.get("request").and_then(Value::as_table);
        let of = |key: &str| get(request.and_then(|request| request.get(key)));
        let secrets: BTreeSet<_> = text
            .split("{secret.")
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let secrets: Vec<_> = secrets.into_iter().collect();
        let _ = writeln!(
            page,
            "| [`{name}`](../../{}) | {} | {} `{}` | {} |",
            file.path,
            get(preset.get("title")),
            of("method"),
            of("url"),
            secrets.join(", ")
        );
    }
}

fn faults(page: &mut String) {
    *page += "\n## 故障 Faults\n\n| 名称 name | 说明 | meaning | 责任 whose | 可能已计费 billed | 可重试 repeat | 计入熔断 breaker |\n|---|---|---|---|---|---|---|\n";
    // An HTTP status is judged by its number.
    let kinds = FaultKind::ALL.into_iter();
    let kinds = kinds.flat_map(|kind| match kind {
        FaultKind::Status(_) => vec![FaultKind::Status(499), FaultKind::Status(500)],
        kind => vec![kind],
    });
    for kind in kinds {
        let name = match kind {
            FaultKind::Status(499) => "http_status` < 500 `",
            FaultKind::Status(_) => "http_status` ≥ 500 `",
            kind => kind.name(),
        };
        let name = format!("`{name}`").replace(" ``", "");
        let whose = match kind.whose() {
            Whose::Theirs => "上游 theirs",
            Whose::Ours => "己方 ours",
            Whose::Ambiguous => "不明 ambiguous",
        };
        let billed = match kind.billed() {
            Billed::No => "否 no",
            Billed::Yes => "是 yes",
            Billed::Unknown => "不明 unknown",
        };
        let repeat = match kind.repeat() {
            Repeat::Never => "否 no",
            Repeat::IfFree => "免费时 if free",
            Repeat::Always => "是 yes",
        };
        let breaker = if kind.counts_for_breaker() {
            "是 yes"
        } else {
            "否 no"
        };
        let text = kind.text();
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {whose} | {billed} | {repeat} | {breaker} |",
            text.zh, text.en
        );
    }
}
