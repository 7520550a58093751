//! The tables `[fields]`, `[carlist]` and `[tables]` of a channel's file.

use super::ConfigError;
use super::reader::{Reader, join};
use super::tree::{Kind, Node};
use crate::map::built_in::BUILT_IN;
use crate::map::path::Path;
use crate::map::source::{DateForm, Source, Steps};
use crate::map::unit::{UNITS, Unit};
use crate::map::words::{Word, Words, built_in};
use crate::map::{CandidateMap, FieldMap, OURS};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use vin_core::field::FIELDS;
use vin_core::{Field, FieldId, Kind as FieldKind};

/// Texts that mean nothing, unless the file says others.
const EMPTY: [&str; 7] = ["-", "--", "—", "暂无", "未知", "null", "N/A"];

/// The members of a candidate.
const CANDIDATE: [&str; 5] = ["carid", "name", "typeid", "typename", "model"];

type Tables = BTreeMap<String, Arc<Words>>;

/// Reads where each field comes from.
pub(super) fn read(top: &mut Reader<'_>, answer: &mut Reader<'_>) -> Result<FieldMap, ConfigError> {
    let same = answer.truth("same_names")?.unwrap_or(false);
    let empty = match answer.node("empty") {
        None => EMPTY.map(str::to_owned).into(),
        Some(_) => answer.words("empty")?.into_iter().map(|(_, w)| w).collect(),
    };
    let tables = tables(top)?;
    let mut sources = BTreeMap::new();
    if same {
        for field in FIELDS.iter().filter(|field| can_be_read(field)) {
            // The paths of the registry are paths.
            let from = Path::parse(field.path).unwrap_or_default();
            sources.insert(field.id, plain(from));
        }
    }
    if let Some(mut table) = top.table("fields")? {
        for (name, node) in table.all() {
            let path = join("fields", name);
            let wrong = |what: String| Err(ConfigError::at(&node.place, &path, what));
            let Some(field) = FIELDS.iter().find(|field| field.path == name) else {
                return wrong(format!("no such field; allowed: {}", names()));
            };
            if field.kind == FieldKind::Candidates {
                return wrong("the possible cars are read as [carlist] says".to_owned());
            }
            if !can_be_read(field) {
                return wrong(format!("{name} is never taken from outside"));
            }
            if matches!(node.kind, Kind::Bool(false)) {
                sources.remove(&field.id);
                continue;
            }
            let context = Context {
                tables: &tables,
                field: Some(field.id),
            };
            let source = context.source(node, &path)?;
            if field.kind == FieldKind::Texts && source.place().is_none() {
                return wrong("must be the place of a list of texts, and nothing else".to_owned());
            }
            sources.insert(field.id, source);
        }
    }
    let candidates = candidates(top, same, &tables)?;
    if !sources.contains_key(&FieldId::Brand) {
        let what =
            "brand is missing: without it no answer is a vehicle; or say answer.same_names = true";
        return Err(top.wrong("fields", what));
    }
    Ok(FieldMap {
        fields: sources.into_iter().collect(),
        candidates,
        empty,
    })
}

fn can_be_read(field: &Field) -> bool {
    !OURS.contains(&field.id) && !matches!(field.kind, FieldKind::Object | FieldKind::Candidates)
}

fn names() -> String {
    let names = FIELDS.iter().filter(|field| can_be_read(field));
    let names: Vec<_> = names.map(|field| field.path).collect();
    names.join(", ")
}

fn plain(from: Path) -> Source {
    Source::Read {
        from,
        unless: None,
        steps: Steps::default(),
    }
}

fn candidates(
    top: &mut Reader<'_>,
    same: bool,
    tables: &Tables,
) -> Result<Option<CandidateMap>, ConfigError> {
    let own = |name: &str| same.then(|| plain(Path::parse(name).unwrap_or_default()));
    let Some(mut table) = top.table_unless_false("carlist")? else {
        let switched_off = top.node("carlist").is_some();
        return Ok(own("carlist").filter(|_| !switched_off).map(|_| {
            let [carid, name, typeid, typename, model] = CANDIDATE.map(own);
            CandidateMap {
                from: Path::parse("carlist").unwrap_or_default(),
                carid,
                name,
                typeid,
                typename,
                model,
            }
        }));
    };
    let from = table.text("from")?.unwrap_or("carlist");
    let from = Path::parse(from).map_err(|what| table.wrong("from", what))?;
    let context = Context {
        tables,
        field: None,
    };
    let mut member = |key: &'static str| match table.node(key) {
        None => Ok(own(key)),
        Some(node) => context.source(node, &table.path(key)).map(Some),
    };
    let [carid, name, typeid, typename, model] = CANDIDATE.map(&mut member);
    let map = CandidateMap {
        from,
        carid: carid?,
        name: name?,
        typeid: typeid?,
        typename: typename?,
        model: model?,
    };
    table.done()?;
    Ok(Some(map))
}

/// What the sources of one field are read with.
struct Context<'t> {
    tables: &'t Tables,
    field: Option<FieldId>,
}

impl Context<'_> {
    /// A place, a table that says what is done to it, or a list of which the first counts.
    fn source(&self, node: &Node, path: &str) -> Result<Source, ConfigError> {
        match &node.kind {
            Kind::Text(text) => {
                let from = Path::parse(text).map_err(|w| ConfigError::at(&node.place, path, w))?;
                Ok(plain(from))
            }
            Kind::List(list) if !list.is_empty() => Ok(Source::First(self.sources(list, path)?)),
            Kind::Table(_) => self.table(node, path),
            other => {
                let what = format!(
                    "must be a place such as \"data.brand\", a table, or a list of them, not {}",
                    other.name()
                );
                Err(ConfigError::at(&node.place, path, what))
            }
        }
    }

    fn sources(&self, list: &[Node], path: &str) -> Result<Vec<Source>, ConfigError> {
        let numbered = list.iter().enumerate();
        let sources = numbered.map(|(n, node)| self.source(node, &format!("{path}[{n}]")));
        sources.collect()
    }

    fn table(&self, node: &Node, path: &str) -> Result<Source, ConfigError> {
        let mut table = Reader::of(node, path)?;
        let from = table.text("from")?;
        let join = table.node("join");
        let with = table.text("with")?;
        let unless = table.text("unless")?;
        let steps = self.steps(&mut table)?;
        let parse = |table: &Reader<'_>, key, text: &str| {
            Path::parse(text).map_err(|what| table.wrong(key, what))
        };
        let source = match (from, join) {
            (Some(from), None) => {
                if with.is_some() {
                    return Err(table.wrong("with", "stands between the parts of a join only"));
                }
                Source::Read {
                    from: parse(&table, "from", from)?,
                    unless: unless
                        .map(|text| parse(&table, "unless", text))
                        .transpose()?,
                    steps,
                }
            }
            (None, Some(join)) => {
                let Kind::List(list) = &join.kind else {
                    return Err(table.wrong("join", "must be a list of sources"));
                };
                if unless.is_some() {
                    return Err(table.wrong("unless", "belongs to a from, not to a join"));
                }
                Source::Join {
                    parts: self.sources(list, &table.path("join"))?,
                    with: with.unwrap_or_default().to_owned(),
                    steps,
                }
            }
            _ => return Err(table.wrong("from", "say either from or join")),
        };
        table.done()?;
        Ok(source)
    }

    fn steps(&self, table: &mut Reader<'_>) -> Result<Steps, ConfigError> {
        let strip = table.words("strip")?.into_iter().map(|(_, w)| w).collect();
        let unit = table.word("unit", &UNITS)?;
        let digits = table.whole("digits", 0, u64::from(Unit::MOST_DIGITS))?;
        let digits = digits.map(|digits| digits as u32);
        let unit = match (unit, digits) {
            (None, None) => None,
            (unit, digits) => {
                let unit = unit.unwrap_or(Unit::SAME);
                Some((unit, digits.unwrap_or(unit.digits)))
            }
        };
        let date = table.text("date")?.map(DateForm::parse).transpose();
        let date = date.map_err(|what| table.wrong("date", what))?;
        let keep = table.truth("keep")?.unwrap_or(false);
        let own = match table.node("words") {
            None => None,
            Some(node) => Some(Arc::new(words(node, &table.path("words"))?)),
        };
        let words = match (own, table.text("table")?) {
            (Some(_), Some(_)) => return Err(table.wrong("table", "say either words or table")),
            (Some(words), None) => Some(words),
            (None, Some(name)) => Some(self.named(table, name)?),
            (None, None) if keep => {
                return Err(table.wrong("keep", "belongs to words or a table"));
            }
            (None, None) => None,
        };
        Ok(Steps {
            strip,
            unit,
            date,
            words: words.map(|words| (words, keep)),
            prefix: table.text("prefix")?.unwrap_or_default().to_owned(),
            suffix: table.text("suffix")?.unwrap_or_default().to_owned(),
            default: table.text("default")?.map(str::to_owned),
        })
    }

    fn named(&self, table: &Reader<'_>, name: &str) -> Result<Arc<Words>, ConfigError> {
        let built_in = || built_in(name, self.field).map(Arc::new);
        let words = self.tables.get(name).cloned().or_else(built_in);
        words.ok_or_else(|| {
            let own = self.tables.keys().map(String::as_str);
            let names: Vec<_> = own.chain(BUILT_IN.map(|(name, _)| name)).collect();
            let what = format!(
                "no table {name:?} with words for this field; there are: {}",
                names.join(", ")
            );
            table.wrong("table", what)
        })
    }
}

fn tables(top: &mut Reader<'_>) -> Result<Tables, ConfigError> {
    let mut tables = Tables::new();
    if let Some(mut table) = top.table("tables")? {
        for (name, node) in table.all() {
            let words = words(node, &join("tables", name))?;
            tables.insert(name.clone(), Arc::new(words));
        }
    }
    Ok(tables)
}

/// A table of words: `"their word" = "our word"`, or `{ zh = "…", en = "…" }`.
fn words(node: &Node, path: &str) -> Result<Words, ConfigError> {
    let mut rows = HashMap::new();
    for (value, node) in Reader::of(node, path)?.all() {
        let path = join(path, value);
        let word = match &node.kind {
            Kind::Text(zh) | Kind::Number(zh) => Word {
                zh: zh.clone(),
                en: String::new(),
            },
            Kind::Table(_) => {
                let mut table = Reader::of(node, &path)?;
                let word = Word {
                    zh: table.need("zh", "the Chinese word")?.to_owned(),
                    en: table.text("en")?.unwrap_or_default().to_owned(),
                };
                table.done()?;
                word
            }
            other => {
                let what = format!("must be a text or {{ zh, en }}, not {}", other.name());
                return Err(ConfigError::at(&node.place, &path, what));
            }
        };
        rows.insert(value.clone(), word);
    }
    Ok(Words::Exact(rows))
}
