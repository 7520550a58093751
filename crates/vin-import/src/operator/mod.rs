//! Operators' own data: one input file to canonical tables, with an exact report.
//!
//! The caller prepares a folder laid out like `data/` (the built-in tables and what the operator
//! imported before), lets [`import`] write into it, makes a pack of it with [`compile`], and puts
//! both in force only when all of it went well. Nothing outside that folder is written, and
//! nothing here knows generations, downloads or terminals.
//!
//! | in the folder | written by |
//! |---|---|
//! | `operator/cars.tsv`, `operator/rules.tsv` | cars of the template and of notices |
//! | `vpic/*.tsv.zst`, `vpic/later.tsv` | NHTSA's dump |
//! | `catalogue/epa/*.tsv.zst` | EPA's files |
//! | `operator/ids.tsv` | every import: the ids of what is new |

mod cars;
mod cell;
mod epa;
mod input;
mod notices;
mod pattern;
mod rows;
mod store;
mod vpic;

pub use crate::report::{Kind, Progress, Refusal, Refused, Report, Step};
pub use cars::template::write as write_template;

use crate::ImportError;
use crate::compile::compile_with;
use crate::report::Judge;
use std::path::Path;

/// What there is to say about a kind.
#[derive(Clone, Copy, Debug)]
pub struct KindSpec {
    /// The kind.
    pub kind: Kind,
    /// What commands call it.
    pub name: &'static str,
    /// For people: Chinese.
    pub zh: &'static str,
    /// For people: English.
    pub en: &'static str,
    /// Who publishes it.
    pub publisher: &'static str,
    /// Under what terms; empty where the operator must know.
    pub licence: &'static str,
    read: Read,
}

/// Reads an input of one kind into the folder of tables.
type Read = fn(&Path, &Path, &dyn Fn(Progress)) -> Result<Report, ImportError>;

/// Every kind, in the order in which detection tries them.
pub const KINDS: &[KindSpec] = &[
    KindSpec {
        kind: Kind::Vpic,
        name: "vpic",
        zh: "NHTSA vPIC 月度数据",
        en: "NHTSA's monthly dump of vPIC",
        publisher: "NHTSA",
        licence: "US public domain",
        read: vpic::read,
    },
    KindSpec {
        kind: Kind::Epa,
        name: "epa",
        zh: "EPA 油耗与排放数据",
        en: "EPA's fuel economy and emissions",
        publisher: "EPA",
        licence: "US public domain",
        read: epa::read,
    },
    KindSpec {
        kind: Kind::Notices,
        name: "notices",
        zh: "车辆产品公告",
        en: "the ministry's records of approved products",
        publisher: "工业和信息化部",
        licence: "",
        read: notices::read,
    },
    KindSpec {
        kind: Kind::Cars,
        name: "cars",
        zh: "车型与 VIN 规则模板",
        en: "the template of cars and rules of VINs",
        publisher: "",
        licence: "",
        read: cars::read,
    },
];

/// An error about how a file is built.
fn form(path: &Path, line: u64, reason: impl Into<String>) -> ImportError {
    ImportError::Form {
        path: path.to_owned(),
        line,
        reason: reason.into(),
    }
}

impl Kind {
    /// What there is to say about it.
    pub fn spec(self) -> &'static KindSpec {
        let spec = KINDS.iter().find(|spec| spec.kind == self);
        spec.expect("every kind has its row")
    }

    /// The kind that commands call `name`.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|spec| spec.name == name).map(|s| s.kind)
    }

    /// The kind of a file, by what it holds and never by its name.
    ///
    /// # Errors
    /// When the file cannot be read or holds nothing that is known; it says what was found.
    pub fn detect(input: &Path) -> Result<Self, ImportError> {
        let head = input::head_within(input)?;
        if input::is_dump(&head) {
            return Ok(Self::Vpic);
        }
        if epa::file_of(&head).is_some() {
            return Ok(Self::Epa);
        }
        let any = |text: &str| cars::is_label(text) || notices::is_label(text);
        let sheets = input::sheets(input, &any)?;
        if sheets
            .iter()
            .any(|sheet| cars::holds(&sheet.header).is_some())
        {
            return Ok(Self::Cars);
        }
        match sheets.iter().any(|sheet| notices::holds(&sheet.header)) {
            true => Ok(Self::Notices),
            false => {
                let found: Vec<_> = sheets.iter().map(|sheet| sheet.header.join(", ")).collect();
                let reason = format!(
                    "holds nothing that is known; found the columns {}",
                    found.join("; ")
                );
                Err(form(input, 0, reason))
            }
        }
    }
}

/// Reads `input` into the folder `tables`.
///
/// Rows that cannot be right are refused one by one and told in the report; the others are taken.
///
/// # Errors
/// When the input is not of this kind, exceeds a limit of [`crate::limits`], holds no row that can be
/// taken ([`ImportError::Nothing`] carries the report), or a file cannot be read or written. The
/// folder may then hold a part of the import and must be thrown away.
pub fn import(
    kind: Kind,
    input: &Path,
    tables: &Path,
    progress: &dyn Fn(Progress),
) -> Result<Report, ImportError> {
    let report = (kind.spec().read)(input, tables, progress)?;
    if report.rows_taken == 0 {
        return Err(ImportError::Nothing(Box::new(report)));
    }
    Ok(report)
}

/// A pack made of an operator's tables.
#[derive(Debug)]
pub struct Compiled {
    /// The bytes of the pack.
    pub pack: Vec<u8>,
    /// Rows of the tables that were left out, because something that they name is not there or
    /// means something else by now.
    pub left_out: Refused,
}

/// Makes a pack of the folder `tables`; gives ids to what has none yet, in `operator/ids.tsv`.
///
/// Unlike [`crate::compile::compile`], which the build uses, it leaves out rows about values,
/// words and models that the tables do not know (a refresh may bring new ones) and tells them.
///
/// # Errors
/// When a table cannot be read, a row cannot be right, or there is more than a pack can hold.
pub fn compile(tables: &Path) -> Result<Compiled, ImportError> {
    let mut judge = Judge::lenient();
    Ok(Compiled {
        pack: compile_with(tables, &mut judge)?,
        left_out: judge.left_out(tables),
    })
}
