//! The first rows of a table of cells: which of them is the header, and what the columns are called.

use crate::{BatchError, Remark, find, kind, limits};
use arrow_schema::{Schema, SchemaRef};
use std::collections::HashSet;
use std::sync::Arc;

/// So many rows are looked at; a title may stand above the header.
pub const ROWS: usize = 10;

/// What the first rows say.
pub struct Head {
    /// The columns.
    pub schema: SchemaRef,
    /// How many of the first rows are no data.
    pub skip: usize,
    /// What is worth saying.
    pub remarks: Vec<Remark>,
}

impl Head {
    /// Looks at the first rows, which are at most [`ROWS`].
    ///
    /// # Errors
    /// When there is none, or it has too many columns.
    pub fn of(rows: &[Vec<String>]) -> Result<Self, BatchError> {
        let named = |row: &Vec<String>| row.iter().any(|cell| find::is_vin_name(cell));
        let vin = |row: &Vec<String>| row.iter().any(|cell| find::is_vin(cell));
        let data = rows.iter().position(vin).unwrap_or(rows.len());
        // A header stands above the first VIN.
        let header = rows[..data].iter().position(named);
        let header = header.or_else(|| (data > 0).then_some(0));
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if rows.is_empty() || width == 0 {
            return Err(BatchError::Empty);
        }
        if width > limits::COLUMNS {
            let most = limits::COLUMNS as u64;
            return Err(BatchError::limit("the header", "columns", most));
        }
        let mut remarks = Vec::new();
        let cells = header.map_or(&[][..], |at| &rows[at]);
        let (names, made) = names(cells, width);
        match header {
            None => remarks.push(Remark::NoHeader),
            Some(at) => {
                if at > 0 {
                    remarks.push(Remark::Above(at));
                }
                if !made.is_empty() {
                    remarks.push(Remark::Named(made.join(", ")));
                }
            }
        }
        let fields: Vec<_> = names.into_iter().map(kind::text).collect();
        Ok(Self {
            schema: Arc::new(Schema::new(fields)),
            skip: header.map_or(0, |at| at + 1),
            remarks,
        })
    }
}

/// A name of its own for each column, and those that had to be made.
fn names(cells: &[String], width: usize) -> (Vec<String>, Vec<String>) {
    let mut taken = HashSet::new();
    let (mut names, mut made) = (Vec::new(), Vec::new());
    for at in 0..width {
        let wanted = cells.get(at).map_or("", |cell| cell.trim()).to_owned();
        let base = match wanted.is_empty() {
            true => format!("column{}", at + 1),
            false => wanted.clone(),
        };
        let mut name = base.clone();
        for n in 2.. {
            if taken.insert(name.clone()) {
                break;
            }
            name = format!("{base}_{n}");
        }
        if name != wanted {
            made.push(name.clone());
        }
        names.push(name);
    }
    (names, made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[&str], columns: &str, skip: usize, remarks: &[Remark]) {
        let split = |row: &&str| row.split(',').map(str::to_owned).collect::<Vec<_>>();
        let rows: Vec<_> = rows.iter().map(split).collect();
        let head = Head::of(&rows).expect("a head");
        let names: Vec<_> = head
            .schema
            .fields()
            .iter()
            .map(|f| f.name().as_str())
            .collect();
        assert_eq!(names.join(","), columns);
        assert_eq!(head.skip, skip);
        assert_eq!(head.remarks, remarks);
    }

    #[test]
    fn the_header_is_found_and_every_column_has_a_name() {
        let vin = "WP0AA2978BL012976,a";
        check(&["vin,note", vin], "vin,note", 1, &[]);
        check(
            &["registrationplate,note", "x,y"],
            "registrationplate,note",
            1,
            &[],
        );
        check(&[vin], "column1,column2", 0, &[Remark::NoHeader]);
        check(&["Cars", "No,VIN", vin], "No,VIN", 2, &[Remark::Above(1)]);
        let made = Remark::Named("column2, vin_2".into());
        check(&["vin,,vin", vin], "vin,column2,vin_2", 1, &[made]);
        let wider = Remark::Named("column2".into());
        check(&["vin", vin], "vin,column2", 1, &[wider]);
        assert!(matches!(Head::of(&[]), Err(BatchError::Empty)));
    }
}
