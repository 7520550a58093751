//! One JSON object a line; what is empty is left out, numbers and JSON stay what they are.

use super::Encode;
use crate::BatchError;
use crate::kind::{Cells, table};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use vin_json::json;

/// Rows as objects.
pub struct Objects {
    /// Each column's name with its colon.
    names: Vec<Vec<u8>>,
}

impl Objects {
    pub fn new(schema: &SchemaRef) -> Self {
        let names = schema.fields().iter().map(|field| {
            let mut name = Vec::new();
            json::string(&mut name, field.name());
            name.push(b':');
            name
        });
        Self {
            names: names.collect(),
        }
    }
}

impl Encode for Objects {
    fn encode(&self, rows: &RecordBatch) -> Result<Vec<u8>, BatchError> {
        let schema = rows.schema();
        let columns = schema.fields().iter().zip(rows.columns());
        let columns = columns.map(|(field, column)| Cells::of(field, column));
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(table)?;
        let mut out = Vec::new();
        let mut room = String::new();
        for row in 0..rows.num_rows() {
            out.push(b'{');
            let start = out.len();
            for (name, column) in self.names.iter().zip(&columns) {
                let before = out.len();
                if before > start {
                    out.push(b',');
                }
                out.extend_from_slice(name);
                if !value(&mut out, column, row, &mut room) {
                    out.truncate(before);
                }
            }
            out.extend_from_slice(b"}\n");
        }
        Ok(out)
    }
}

/// Writes a cell; `false` when there is none.
fn value(out: &mut Vec<u8>, column: &Cells<'_>, row: usize, room: &mut String) -> bool {
    if let Some(json) = column.json(row) {
        out.extend_from_slice(json.as_bytes());
        return true;
    }
    let is_literal = column.is_literal();
    let Some(text) = column.get(row, room) else {
        return false;
    };
    // A number that is none, such as NaN, is a text.
    if is_literal
        && text.parse::<f64>().is_ok_and(f64::is_finite) | matches!(&*text, "true" | "false")
    {
        out.extend_from_slice(text.as_bytes());
    } else {
        json::string(out, &text);
    }
    true
}
