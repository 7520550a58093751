//! What the cells of a column hold, beside their Arrow type: plain text, or the text of JSON.

use crate::BatchError;
use arrow_array::cast::AsArray as _;
use arrow_array::{Array, ArrayRef};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, Field};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The key in a field's metadata that marks a column of JSON.
const MARK: &str = "chejia.content";
const JSON: &str = "json";

/// A column of texts.
pub fn text(name: impl Into<String>) -> Field {
    Field::new(name, DataType::Utf8, true)
}

/// A column of texts that are JSON.
pub fn json(name: impl Into<String>) -> Field {
    let mark = HashMap::from([(MARK.to_owned(), JSON.to_owned())]);
    text(name).with_metadata(mark)
}

/// A column of whole numbers.
pub fn int(name: impl Into<String>) -> Field {
    Field::new(name, DataType::Int64, true)
}

/// A column of numbers.
pub fn number(name: impl Into<String>) -> Field {
    Field::new(name, DataType::Float64, true)
}

/// Whether a column holds JSON.
pub fn is_json(field: &Field) -> bool {
    field.metadata().get(MARK).is_some_and(|mark| mark == JSON)
}

/// What a JSON text is as a cell: a string without its quotes, `null` as nothing.
pub fn plain(json: &str) -> Cow<'_, str> {
    match json.as_bytes() {
        b"null" => Cow::Borrowed(""),
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => {
            Cow::Borrowed(&json[1..json.len() - 1])
        }
        [b'"', ..] => serde_json::from_str(json).map_or(Cow::Borrowed(json), Cow::Owned),
        _ => Cow::Borrowed(json),
    }
}

/// A column whose cells are read as texts, whatever its type.
pub enum Cells<'a> {
    /// Texts as they are.
    Text(&'a arrow_array::StringArray),
    /// Texts that are JSON.
    Json(&'a arrow_array::StringArray),
    /// Whole numbers.
    Int(&'a arrow_array::Int64Array),
    /// Anything else, printed.
    Other(ArrayFormatter<'a>, &'a ArrayRef),
}

impl<'a> Cells<'a> {
    /// The cells of a column.
    ///
    /// # Errors
    /// When a column has a type that cannot be printed.
    pub fn of(field: &Field, column: &'a ArrayRef) -> Result<Self, ArrowError> {
        Ok(match column.data_type() {
            DataType::Utf8 if is_json(field) => Self::Json(column.as_string()),
            DataType::Utf8 => Self::Text(column.as_string()),
            DataType::Int64 => Self::Int(column.as_primitive()),
            _ => Self::Other(
                ArrayFormatter::try_new(column, &FormatOptions::new())?,
                column,
            ),
        })
    }

    /// The JSON of a cell, in a column that holds JSON.
    pub fn json(&self, row: usize) -> Option<&str> {
        match self {
            Self::Json(cells) => cells.is_valid(row).then(|| cells.value(row)),
            _ => None,
        }
    }

    /// Whether what is printed is a number or a truth, and in JSON needs no quotes.
    pub fn is_literal(&self) -> bool {
        match self {
            Self::Text(_) | Self::Json(_) => false,
            Self::Int(_) => true,
            Self::Other(_, column) => {
                let kind = column.data_type();
                kind.is_integer() || kind.is_floating() || *kind == DataType::Boolean
            }
        }
    }

    /// A cell as text; `None` for one that is empty. `room` is where a text that must be made is put.
    pub fn get<'t>(&'t self, row: usize, room: &'t mut String) -> Option<Cow<'t, str>> {
        match self {
            Self::Text(cells) => cells.is_valid(row).then(|| Cow::Borrowed(cells.value(row))),
            Self::Json(cells) => cells
                .is_valid(row)
                .then(|| plain(cells.value(row)))
                .filter(|text| !text.is_empty() || cells.value(row) != "null"),
            Self::Int(cells) => cells.is_valid(row).then(|| {
                room.clear();
                let mut digits = itoa::Buffer::new();
                room.push_str(digits.format(cells.value(row)));
                Cow::Borrowed(room.as_str())
            }),
            Self::Other(formatter, column) => column.is_valid(row).then(|| {
                room.clear();
                // A value that cannot be printed is printed as the reason.
                let _ = write!(room, "{}", formatter.value(row));
                Cow::Borrowed(room.as_str())
            }),
        }
    }
}

/// An error of Arrow: a column that cannot be printed, or a piece of more than a gigabyte.
pub(crate) fn table(error: ArrowError) -> BatchError {
    BatchError::broken("the table", error)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_json_string_is_its_text_and_all_else_stays_as_it_is() {
        for (json, cell) in [
            (r#""a""#, "a"),
            (r#""a\"b\u8f66""#, "a\"b车"),
            ("1.50", "1.50"),
            ("[1,2]", "[1,2]"),
            ("null", ""),
            ("true", "true"),
        ] {
            assert_eq!(plain(json), cell);
        }
    }
}
