//! One JSON object a line. A cell is the JSON text of a member, so that nothing of it is lost.
//!
//! The columns are the names of all members: a file is read twice for them. A stream is not; there
//! the first lines name all columns, and a name that comes later is refused.

use super::gather::Gather;
use super::lines::Lines;
use super::{Counted, Origin, Place, Source};
use crate::{BatchError, Remark, kind, limits};
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The members of one object, in its order.
struct Members<'l>(Vec<(Name<'l>, &'l RawValue)>);

#[derive(serde::Deserialize)]
struct Name<'l>(#[serde(borrow)] Cow<'l, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

fn members(number: u64, line: &str) -> Result<Members<'_>, BatchError> {
    serde_json::from_str(line).map_err(|error| {
        let place = format!("line {number}");
        BatchError::broken(place, format!("no JSON object: {error}"))
    })
}

/// The names of members, in the order in which they come first.
#[derive(Default)]
struct Names {
    places: HashMap<String, usize>,
    list: Vec<String>,
}

impl Names {
    fn see(&mut self, number: u64, line: &str) -> Result<(), BatchError> {
        for (name, _) in members(number, line)?.0 {
            if !self.places.contains_key(&*name.0) {
                if self.list.len() == limits::COLUMNS {
                    let place = format!("line {number}");
                    let most = limits::COLUMNS as u64;
                    return Err(BatchError::limit(place, "members of different names", most));
                }
                self.places.insert(name.0.to_string(), self.list.len());
                self.list.push(name.0.into_owned());
            }
        }
        Ok(())
    }
}

/// A file of JSON lines.
pub struct Objects {
    lines: Lines,
    names: Names,
    schema: SchemaRef,
    gather: Gather,
    /// The first lines of a stream.
    first: std::vec::IntoIter<(u64, String)>,
}

impl Objects {
    pub fn of_file(path: &Path) -> Result<Self, BatchError> {
        let open = || Origin::File(path.to_owned()).counted().map(Lines::new);
        let mut names = Names::default();
        let mut lines = open()?;
        while let Some((number, line)) = lines.next()? {
            names.see(number, line)?;
        }
        Self::new(open()?, names, Vec::new())
    }

    pub fn of_stream(read: Box<dyn Read + Send>) -> Result<Self, BatchError> {
        let input: Counted = Origin::Stream(read).counted()?;
        let mut lines = Lines::new(input);
        let mut names = Names::default();
        let mut first = Vec::new();
        let mut bytes = 0;
        while first.len() < limits::SAMPLE_ROWS && bytes < limits::PIECE_BYTES {
            let Some((number, line)) = lines.next()? else {
                break;
            };
            names.see(number, line)?;
            bytes += line.len();
            first.push((number, line.to_owned()));
        }
        Self::new(lines, names, first)
    }

    fn new(lines: Lines, names: Names, first: Vec<(u64, String)>) -> Result<Self, BatchError> {
        if names.list.is_empty() {
            return Err(BatchError::Empty);
        }
        let fields: Vec<_> = names.list.iter().map(kind::json).collect();
        let schema = Arc::new(Schema::new(fields));
        Ok(Self {
            lines,
            names,
            gather: Gather::new(schema.clone()),
            schema,
            first: first.into_iter(),
        })
    }
}

fn add(gather: &mut Gather, names: &Names, number: u64, line: &str) -> Result<(), BatchError> {
    let mut cells = vec![None; names.list.len()];
    for (name, value) in members(number, line)?.0 {
        match names.places.get(&*name.0) {
            Some(at) => cells[*at] = Some(value.get()),
            None => {
                let rows = limits::SAMPLE_ROWS;
                let reason = format!(
                    "the member {:?} is in none of the first {rows} lines; of a file, not of a stream, all lines are looked at first",
                    name.0
                );
                return Err(BatchError::broken(format!("line {number}"), reason));
            }
        }
    }
    gather.row(cells.into_iter(), String::new)
}

impl Source for Objects {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, BatchError> {
        while !self.gather.is_full() {
            if let Some((number, line)) = self.first.next() {
                add(&mut self.gather, &self.names, number, &line)?;
                continue;
            }
            match self.lines.next()? {
                None => break,
                Some((number, line)) => add(&mut self.gather, &self.names, number, line)?,
            }
        }
        self.gather.take()
    }

    fn place(&self) -> Place {
        self.lines.count().place()
    }

    fn remarks(&mut self) -> Vec<Remark> {
        self.lines.remark().into_iter().collect()
    }
}
