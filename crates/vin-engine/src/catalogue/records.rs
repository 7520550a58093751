//! Cars given field by field, beside those of the sources.

use super::view::Catalogue;
use crate::view::part;
use std::borrow::Cow;
use vin_core::field::{FIELDS, Kind};
use vin_core::{Candidate, FieldId, Lang, Value};
use vin_index::records::{LIST_SEPARATOR, Record, RecordField};

impl<'p> Catalogue<'p> {
    /// Every record, by id.
    pub fn records(&self) -> &'p [Record] {
        self.records
    }

    /// The record with this `carid`.
    pub fn record_by_id(&self, id: u32) -> Option<&'p Record> {
        let at = self.records.binary_search_by_key(&id, |r| r.id.get());
        self.records.get(at.ok()?)
    }

    /// The fields that a record gives, and their values.
    pub fn record_fields(
        &self,
        record: &Record,
        lang: Lang,
    ) -> impl Iterator<Item = (FieldId, Value<'p>)> {
        let catalogue = *self;
        let of = part(
            self.record_fields,
            record.fields_at,
            usize::from(record.fields.get()),
        );
        of.iter()
            .filter_map(move |value| catalogue.record_value(value, lang))
    }

    fn record_value(&self, value: &RecordField, lang: Lang) -> Option<(FieldId, Value<'p>)> {
        let field = FIELDS.get(usize::from(value.field))?;
        let text = self.text(match lang {
            Lang::Zh => value.zh,
            Lang::En => value.en,
        });
        let value = match field.kind {
            Kind::Text | Kind::NullableText => Value::Text(Cow::Borrowed(text)),
            Kind::Texts => Value::Texts(text.split(LIST_SEPARATOR).map(Cow::Borrowed).collect()),
            Kind::Int | Kind::Object | Kind::Candidates => return None,
        };
        Some((field.id, value))
    }

    /// The text of one field of a record, empty when it gives none.
    pub fn record_text(&self, record: &Record, field: FieldId, lang: Lang) -> &'p str {
        let mut fields = self.record_fields(record, lang);
        match fields.find(|(id, _)| *id == field) {
            Some((_, Value::Text(Cow::Borrowed(text)))) => text,
            _ => "",
        }
    }

    /// A record as `carlist` shows it.
    pub fn record_candidate(&self, record: &Record, lang: Lang) -> Candidate<'p> {
        let text = |field| self.record_text(record, field, lang).into();
        Candidate {
            carid: record.id.get().into(),
            name: text(FieldId::Name),
            typeid: record.type_id.get().into(),
            typename: text(FieldId::TypeName),
            model: text(FieldId::Model),
        }
    }
}
