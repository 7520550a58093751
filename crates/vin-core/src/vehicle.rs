//! A vehicle as the answer shows it: a value for every field of the registry.

use crate::field::{FieldId, Kind};
use std::borrow::Cow;

/// The value of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value<'a> {
    /// Not known.
    #[default]
    Unknown,
    /// A whole number, for fields of [`Kind::Int`].
    Int(i64),
    /// A text, for fields of every textual kind.
    Text(Cow<'a, str>),
    /// Several texts, for fields of [`Kind::Texts`].
    Texts(Vec<Cow<'a, str>>),
}

/// A car that the VIN may be (an element of `carlist`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The id of the car in the catalogue.
    pub carid: i64,
    /// Its full name.
    pub name: Cow<'a, str>,
    /// The id of its series.
    pub typeid: i64,
    /// The name of its series.
    pub typename: Cow<'a, str>,
    /// Its 工信部型号, or empty.
    pub model: Cow<'a, str>,
}

/// A value for every field; what nobody set is unknown.
#[derive(Clone, Debug)]
pub struct Vehicle<'a> {
    /// On the heap, so that handing a vehicle on copies no two kilobytes.
    values: Box<[Value<'a>; FieldId::COUNT]>,
    /// The possible cars, best first.
    pub candidates: Vec<Candidate<'a>>,
}

impl Default for Vehicle<'_> {
    fn default() -> Self {
        Self {
            values: Box::new([const { Value::Unknown }; FieldId::COUNT]),
            candidates: Vec::new(),
        }
    }
}

impl<'a> Vehicle<'a> {
    /// The value of `field`.
    pub fn get(&self, field: FieldId) -> &Value<'a> {
        &self.values[field as usize]
    }

    /// The text of `field`, or `""` when it is unknown or no text.
    pub fn text(&self, field: FieldId) -> &str {
        match self.get(field) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// Sets a textual field; an empty text leaves it unknown.
    pub fn set(&mut self, field: FieldId, text: impl Into<Cow<'a, str>>) {
        debug_assert!(
            matches!(field.spec().kind, Kind::Text | Kind::NullableText),
            "{field:?} is no text"
        );
        let text = text.into();
        if !text.is_empty() {
            self.values[field as usize] = Value::Text(text);
        }
    }

    /// Sets a field of [`Kind::Int`].
    pub fn set_int(&mut self, field: FieldId, value: i64) {
        debug_assert_eq!(field.spec().kind, Kind::Int, "{field:?} is no number");
        self.values[field as usize] = Value::Int(value);
    }

    /// Sets a field of [`Kind::Texts`].
    pub fn set_texts(&mut self, field: FieldId, texts: Vec<Cow<'a, str>>) {
        debug_assert_eq!(field.spec().kind, Kind::Texts, "{field:?} is no list");
        self.values[field as usize] = Value::Texts(texts);
    }

    /// Sets a field to a value of its kind.
    pub fn give(&mut self, field: FieldId, value: Value<'a>) {
        debug_assert!(
            matches!(
                (field.spec().kind, &value),
                (Kind::Int, Value::Int(_))
                    | (Kind::Text | Kind::NullableText, Value::Text(_))
                    | (Kind::Texts, Value::Texts(_))
            ),
            "{field:?} is not of that kind"
        );
        self.values[field as usize] = value;
    }

    /// Whether `field` has a value.
    pub fn knows(&self, field: FieldId) -> bool {
        *self.get(field) != Value::Unknown
    }
}
