//! Cars given field by field, to the sections of the records.
//!
//! The first columns of a table are [`IDS`], the last one is `source`; between them stand paths
//! of result fields, and for the English value such a path with [`ENGLISH`] behind it. An empty
//! cell is an unknown value; where there is no English one, the other is shown in its place.

use super::overlay::{self, text_of_cell};
use crate::ImportError;
use crate::catalogue::Placed;
use crate::report::Judge;
use crate::table::{Row, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use vin_core::FieldId;
use vin_core::field::{FIELDS, Field, Kind};
use vin_index::records::{RECORD_FIELDS, RECORDS, Record, RecordField};
use vin_index::zerocopy::little_endian::{U16, U32};
use vin_index::{StringPool, Writer};

/// The columns of ids, which come first.
pub const IDS: [&str; 3] = ["carid", "typeid", "groupid"];
/// The last column.
pub const SOURCE: &str = "source";
/// What follows the path of a field in the name of the column of its English value.
pub const ENGLISH: &str = "@en";

/// Whether a record may give `field`; what the VIN or the server tells is not given.
pub fn may_give(field: &Field) -> bool {
    let told = matches!(field.id, FieldId::Vin | FieldId::Logo | FieldId::GroupId);
    matches!(field.kind, Kind::Text | Kind::NullableText | Kind::Texts) && !told
}

/// A column between the ids and the source.
struct Column {
    field: &'static Field,
    english: bool,
}

/// The records of all tables.
pub struct Records {
    /// By id.
    drafts: BTreeMap<u32, Draft>,
    /// The ids of all cars.
    taken: BTreeSet<u32>,
    /// Ids of series by the Chinese names of brand and series.
    series: BTreeMap<(String, String), u32>,
}

struct Draft {
    type_id: u32,
    group_id: u32,
    source: u32,
    /// By field: the Chinese and the English value.
    fields: BTreeMap<u8, (u32, u32)>,
}

impl Records {
    /// None yet, beside what the catalogue holds.
    pub fn new(catalogue: Placed) -> Self {
        Self {
            drafts: BTreeMap::new(),
            taken: catalogue.cars,
            series: catalogue.series,
        }
    }

    /// Adds the records of every table in `folder`; one that is not there holds none.
    ///
    /// # Errors
    /// When a table cannot be read or a row cannot be right.
    pub fn read_folder(
        &mut self,
        folder: &Path,
        pool: &mut StringPool,
        judge: &mut Judge,
    ) -> Result<(), ImportError> {
        for path in overlay::tables(folder)? {
            self.read(&path, pool, judge)?;
        }
        Ok(())
    }

    /// Adds the records of a table.
    ///
    /// # Errors
    /// When it cannot be read or a row cannot be right.
    pub fn read(
        &mut self,
        path: &Path,
        pool: &mut StringPool,
        judge: &mut Judge,
    ) -> Result<(), ImportError> {
        let table = Table::read_any(path)?;
        let columns = columns(&table)?;
        for row in table.rows() {
            let added = self.add(row, &columns, pool);
            judge.rule(added)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        row: Row<'_>,
        columns: &[Column],
        pool: &mut StringPool,
    ) -> Result<(), ImportError> {
        let cells = row.all_cells()?;
        let (ids, rest) = cells.split_at(IDS.len());
        let id: u32 = row.number(IDS[0], ids[0])?;
        let optional = |at: usize| match ids[at] {
            "" => Ok(0),
            text => row.number(IDS[at], text),
        };
        let mut draft = Draft {
            type_id: optional(1)?,
            group_id: optional(2)?,
            source: pool.add(text_of_cell(row, SOURCE, rest[columns.len()])?),
            fields: BTreeMap::new(),
        };
        for (column, text) in columns
            .iter()
            .zip(rest)
            .filter(|(_, text)| !text.is_empty())
        {
            let text = pool.add(text_of_cell(row, column.field.path, text)?);
            let both = draft.fields.entry(column.field.id as u8).or_default();
            match column.english {
                true => both.1 = text,
                false => both.0 = text,
            }
        }
        if draft.type_id == 0 {
            let of = |id: FieldId| columns.iter().position(|c| c.field.id == id && !c.english);
            let text = |id| of(id).map_or(String::new(), |at| rest[at].to_owned());
            let name = (text(FieldId::Brand), text(FieldId::TypeName));
            draft.type_id = self.series.get(&name).copied().unwrap_or(0);
        }
        if let Some((field, _)) = draft.fields.iter().find(|(_, (zh, _))| *zh == 0) {
            let column = FIELDS[usize::from(*field)].path;
            return Err(row.wrong(column, "", "an English value without a Chinese one"));
        }
        if id == 0 || !self.taken.insert(id) {
            return Err(row.wrong(IDS[0], ids[0], "0, or the id of another car"));
        }
        self.drafts.insert(id, draft);
        Ok(())
    }

    /// Writes the sections, and gives the ids of all cars.
    pub fn write(self, writer: &mut Writer) -> BTreeSet<u32> {
        let (mut records, mut fields) = (Vec::new(), Vec::new());
        for (id, draft) in &self.drafts {
            records.push(Record {
                id: U32::new(*id),
                type_id: U32::new(draft.type_id),
                group_id: U32::new(draft.group_id),
                source: U32::new(draft.source),
                fields_at: U32::new(fields.len() as u32),
                // No more than the registry has.
                fields: U16::new(draft.fields.len() as u16),
                reserved: [0; 2],
            });
            for (field, (zh, en)) in &draft.fields {
                fields.push(RecordField {
                    zh: U32::new(*zh),
                    en: U32::new(if *en == 0 { *zh } else { *en }),
                    field: *field,
                    reserved: [0; 3],
                });
            }
        }
        writer.table(RECORDS, &records);
        writer.table(RECORD_FIELDS, &fields);
        self.taken
    }
}

fn columns(table: &Table) -> Result<Vec<Column>, ImportError> {
    let names: Vec<_> = table.columns().collect();
    let wrong = || {
        let fields: Vec<_> = FIELDS
            .iter()
            .filter(|f| may_give(f))
            .map(|f| f.path)
            .collect();
        let (ids, fields) = (IDS.join(", "), fields.join(", "));
        table.wrong_columns(&format!(
            "{ids}, any of {fields} (each once, {ENGLISH} behind it for English), {SOURCE}"
        ))
    };
    let middle = names
        .strip_prefix(&IDS[..])
        .and_then(|rest| rest.strip_suffix(&[SOURCE]))
        .ok_or_else(wrong)?;
    let mut seen = BTreeSet::new();
    let column = |name: &&str| {
        let path = name.strip_suffix(ENGLISH).unwrap_or(name);
        let field = FIELDS.iter().find(|field| field.path == path)?;
        let fits = may_give(field) && seen.insert((field.id, path == *name));
        fits.then_some(Column {
            field,
            english: path != *name,
        })
    };
    let columns: Option<Vec<_>> = middle.iter().map(column).collect();
    columns.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vin_index::{Pack, Strings, vpic};

    fn compile(text: &str) -> Result<Pack, String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("cars.tsv"), text).expect("a file");
        let (mut pool, mut writer) = (StringPool::default(), Writer::default());
        let mut records = Records::new(Placed {
            cars: BTreeSet::from([5]),
            series: BTreeMap::from([(("大众".to_owned(), "朗逸".to_owned()), 77)]),
        });
        records
            .read_folder(folder.path(), &mut pool, &mut Judge::strict())
            .map_err(|error| error.to_string())?;
        records.write(&mut writer);
        writer.section(vpic::STRINGS, pool.finish());
        Ok(Pack::from_vec(writer.finish()).expect("a whole pack"))
    }

    #[test]
    fn a_record_holds_its_ids_and_its_known_fields() {
        let pack = compile(
            "# remark\ncarid\ttypeid\tgroupid\tbrand\tbrand@en\tversion\tsource\n\
             9\t530\t\t保时捷\tPorsche\t\tpage\n7\t\t\t大众\t\t1.4T\tpage\n",
        )
        .expect("good rows");
        let records: &[Record] = pack.table(RECORDS);
        let fields: &[RecordField] = pack.table(RECORD_FIELDS);
        let strings = Strings::new(pack.section(vpic::STRINGS));
        let shown: Vec<_> = records
            .iter()
            .map(|record| {
                let at = record.fields_at.get() as usize;
                let of = &fields[at..at + usize::from(record.fields.get())];
                let texts = of
                    .iter()
                    .map(|f| (strings.get(f.zh.get()), strings.get(f.en.get())));
                (
                    record.id.get(),
                    record.type_id.get(),
                    texts.collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (7, 0, vec![("大众", "大众"), ("1.4T", "1.4T")]),
                (9, 530, vec![("保时捷", "Porsche")]),
            ]
        );
    }

    #[test]
    fn a_record_without_a_series_id_gets_that_of_its_names() {
        let pack = compile(
            "carid\ttypeid\tgroupid\tbrand\ttypename\tsource\n\
             7\t\t\t大众\t朗逸\tpage\n8\t530\t\t大众\t朗逸\tpage\n9\t\t\t大众\t宝来\tpage\n",
        )
        .expect("good rows");
        let records: &[Record] = pack.table(RECORDS);
        let types: Vec<_> = records.iter().map(|record| record.type_id.get()).collect();
        assert_eq!(types, [77, 530, 0]);
    }

    #[track_caller]
    fn refuse(text: &str, reason: &str) {
        let error = compile(text).map(drop).expect_err(text);
        assert!(
            error.contains("cars.tsv") && error.contains(reason),
            "{error}"
        );
    }

    #[test]
    fn a_wrong_table_is_refused_with_its_place() {
        refuse(
            "carid\ttypeid\tbrand\tsource\n",
            "expected the columns carid",
        );
        refuse(
            "carid\ttypeid\tgroupid\tvin\tsource\n",
            "expected the columns",
        );
        refuse(
            "carid\ttypeid\tgroupid\tbrand\tbrand\tsource\n",
            "expected the columns",
        );
        let head = "carid\ttypeid\tgroupid\tbrand\tbrand@en\tsource\n";
        refuse(&format!("{head}x\t\t\t大众\t\tpage\n"), "not a number");
        refuse(&format!("{head}0\t\t\t大众\t\tpage\n"), "id of another car");
        refuse(&format!("{head}5\t\t\t大众\t\tpage\n"), "id of another car");
        refuse(
            &format!("{head}1\t\t\t大众\t\tp\n1\t\t\t大众\t\tp\n"),
            "line 3",
        );
        refuse(
            &format!("{head}1\t\t\t\tVW\tpage\n"),
            "without a Chinese one",
        );
        refuse(&format!("{head}1\t\t\t大众\t\t\n"), "empty");
        refuse(
            &format!("{head}1\t\t\t大众\t\n"),
            "another number of columns",
        );
    }
}
