//! Which columns a decoded row gets, and what they are called beside the input's own.

pub use crate::own::{OWN, Own, Type, type_of};
use crate::{BatchError, kind};
use arrow_schema::{Field, Schema, SchemaRef};
use std::sync::Arc;
use vin_core::field::{FIELDS, FieldId};
use vin_core::{Date, Lang};
use vin_engine::Engine;

/// A column that is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A column that is no field of the result.
    Own(Own),
    /// A field of the result.
    Field(FieldId),
    /// A variable of the pure procedure, by its number.
    Variable {
        /// Its number.
        number: u8,
        /// Whether it may have several values.
        repeats: bool,
    },
}

/// What is wanted of a decoded row.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What the pure procedure gives, in place of the fields of the result.
    pub vpic: bool,
    /// The names of the columns; all without any.
    pub columns: Option<Vec<String>>,
    /// Whether to add where each value comes from.
    pub explain: bool,
    /// Whether rows of vehicles that are not known are left out.
    pub only_hits: bool,
    /// The language of the values.
    pub lang: Lang,
    /// The day to decode for.
    pub today: Date,
}

/// The columns that are added, and the whole table with them.
#[derive(Clone, Debug)]
pub struct Choice {
    pub(crate) wanted: Wanted,
    pub(crate) columns: Vec<Column>,
    schema: SchemaRef,
}

/// Puts the names of added columns that the input has already beside its own.
const PREFIX: &str = "decoded_";

impl Choice {
    /// Chooses the columns beside those of `input`.
    ///
    /// # Errors
    /// When a name is none of them.
    pub fn new(engine: &Engine, input: &Schema, wanted: Wanted) -> Result<Self, BatchError> {
        let all = all(engine, &wanted);
        let chosen = match &wanted.columns {
            None => all,
            Some(names) => {
                let find = |name: &String| {
                    let found = all.iter().find(|(_, known, _)| known == name);
                    found.cloned().ok_or_else(|| BatchError::NoSuchChoice {
                        hint: hint(name, &all),
                        name: name.clone(),
                    })
                };
                names.iter().map(find).collect::<Result<_, _>>()?
            }
        };
        let mut fields: Vec<_> = input.fields().iter().map(|f| f.as_ref().clone()).collect();
        for (_, name, kind) in &chosen {
            let mut name = name.clone();
            while fields.iter().any(|field| *field.name() == name) {
                name.insert_str(0, PREFIX);
            }
            fields.push(field(*kind, name));
        }
        Ok(Self {
            columns: chosen.into_iter().map(|(column, ..)| column).collect(),
            schema: Arc::new(Schema::new(fields)),
            wanted,
        })
    }

    /// The columns of the input with those that are added.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The added columns alone.
    pub fn added(&self) -> SchemaRef {
        let fields = self.schema.fields();
        let added = &fields[fields.len() - self.columns.len()..];
        Arc::new(Schema::new(added.to_vec()))
    }

    /// How many rows are decoded at once, so that their texts stay within some megabytes.
    pub fn rows_at_once(&self) -> usize {
        match (self.wanted.vpic, self.wanted.explain) {
            (true, _) => 16_384,
            (false, false) => 8_192,
            (false, true) => 1_024,
        }
    }
}

fn field(of: Type, name: String) -> Field {
    match of {
        Type::Int => kind::int(name),
        Type::Number => kind::number(name),
        Type::Text => kind::text(name),
        Type::Json => kind::json(name),
    }
}

/// Every column that can be chosen, with its name and type.
fn all(engine: &Engine, wanted: &Wanted) -> Vec<(Column, String, Type)> {
    let own = OWN.iter().filter(|(own, _, _, vpic, _)| {
        *vpic == wanted.vpic && (*own != Own::Explain || wanted.explain)
    });
    let own = own.map(|(own, name, kind, ..)| (Column::Own(*own), (*name).to_owned(), *kind));
    if wanted.vpic {
        let variables = engine.variables();
        let variables = variables.iter().map(|variable| {
            let column = Column::Variable {
                number: variable.number,
                repeats: variable.repeats,
            };
            let kind = if variable.repeats {
                Type::Json
            } else {
                Type::Text
            };
            (column, variable.name.to_owned(), kind)
        });
        return own.chain(variables).collect();
    }
    let fields = FIELDS.iter().filter_map(|field| {
        Some((
            Column::Field(field.id),
            field.path.to_owned(),
            type_of(field.kind)?,
        ))
    });
    let own: Vec<_> = own.collect();
    // Whether it was found comes first, where it comes from last.
    let (first, rest) = own.split_at(2);
    first
        .iter()
        .cloned()
        .chain(fields)
        .chain(rest.iter().cloned())
        .collect()
}

/// The names that are like one that is none.
fn hint(name: &str, all: &[(Column, String, Type)]) -> String {
    let wanted = name.trim().to_lowercase();
    let alike = |known: &&str| {
        let known = known.to_lowercase();
        known.contains(&wanted) || wanted.contains(&known)
    };
    let names = all.iter().map(|(_, name, _)| name.as_str());
    let alike: Vec<_> = names.filter(alike).take(5).collect();
    match alike.is_empty() {
        true => String::new(),
        false => format!("; there is {}", alike.join(", ")),
    }
}
