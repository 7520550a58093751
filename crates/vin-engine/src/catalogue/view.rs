//! The tables of the catalogue, resolved once; an index outside gives nothing.

use crate::view::part;
use vin_core::Lang;
use vin_index::catalogue::{
    self as pack, Body, Brand, Car, Group, Model, Pair, Range, SOURCE_NAMES, Type, Words,
};
use vin_index::names::{self, CatalogueName, Spelling};
use vin_index::records::{RECORD_FIELDS, RECORDS, Record, RecordField};
use vin_index::zerocopy::little_endian::U32;
use vin_index::{Pack, Strings, vpic};

/// The catalogue of a pack; without its sections it is empty.
#[derive(Clone, Copy)]
pub struct Catalogue<'p> {
    strings: Strings<'p>,
    pub(super) brands: &'p [Brand],
    pub(super) types: &'p [Type],
    pub(super) groups: &'p [Group],
    pub(super) cars: &'p [Car],
    pub(super) bodies: &'p [Body],
    models: &'p [Model],
    words: &'p [Words],
    pub(super) car_words: &'p [U32],
    car_ids: &'p [Pair],
    group_ids: &'p [Pair],
    type_ids: &'p [Pair],
    pub(super) records: &'p [Record],
    pub(super) record_fields: &'p [RecordField],
    names: &'p [CatalogueName],
    pub(super) brand_spellings: &'p [Spelling],
    pub(super) type_spellings: &'p [Spelling],
}

pub(super) fn range<T>(table: &[T], range: Range) -> &[T] {
    part(table, range.at, range.count.get() as usize)
}

/// The index of what has `id`.
fn by_id(pairs: &[Pair], id: u32) -> Option<u32> {
    let at = pairs.binary_search_by_key(&id, |pair| pair.id.get()).ok()?;
    Some(pairs[at].at.get())
}

impl<'p> Catalogue<'p> {
    /// The catalogue of `pack`.
    pub fn new(pack: &'p Pack) -> Self {
        Self {
            strings: Strings::new(pack.section(vpic::STRINGS)),
            brands: pack.table(pack::BRANDS),
            types: pack.table(pack::TYPES),
            groups: pack.table(pack::GROUPS),
            cars: pack.table(pack::CARS),
            bodies: pack.table(pack::BODIES),
            models: pack.table(pack::MODELS),
            words: pack.table(pack::WORDS),
            car_words: pack.table(pack::CAR_WORDS),
            car_ids: pack.table(pack::CAR_IDS),
            group_ids: pack.table(pack::GROUP_IDS),
            type_ids: pack.table(pack::TYPE_IDS),
            records: pack.table(RECORDS),
            record_fields: pack.table(RECORD_FIELDS),
            names: pack.table(names::NAMES),
            brand_spellings: pack.table(names::BRAND_SPELLINGS),
            type_spellings: pack.table(names::TYPE_SPELLINGS),
        }
    }

    /// The text at a string offset.
    pub fn text(&self, offset: U32) -> &'p str {
        self.strings.get(offset.get())
    }

    /// A name in a language.
    pub fn name(&self, words: Words, lang: Lang) -> &'p str {
        self.text(match lang {
            Lang::Zh => words.zh,
            Lang::En => words.en,
        })
    }

    /// The words of a number in a language; empty for 0.
    pub fn word(&self, number: usize, lang: Lang) -> &'p str {
        self.words
            .get(number)
            .map_or("", |words| self.name(*words, lang))
    }

    /// Every brand.
    pub fn brands(&self) -> &'p [Brand] {
        self.brands
    }

    /// The series of a brand.
    pub fn types(&self, brand: &Brand) -> &'p [Type] {
        range(self.types, brand.types)
    }

    /// The groups of a series.
    pub fn groups(&self, kind: &Type) -> &'p [Group] {
        range(self.groups, kind.groups)
    }

    /// The cars of a series, by model year.
    pub fn cars(&self, kind: &Type) -> &'p [Car] {
        range(self.cars, kind.cars)
    }

    /// The series at an index that a record names.
    pub fn kind(&self, at: U32) -> Option<&'p Type> {
        self.types.get(at.get() as usize)
    }

    /// The group at an index that a record names.
    pub fn group(&self, at: U32) -> Option<&'p Group> {
        self.groups.get(at.get() as usize)
    }

    /// The brand at an index that a record names.
    pub fn brand(&self, at: U32) -> Option<&'p Brand> {
        self.brands.get(at.get() as usize)
    }

    /// The car with this `carid`.
    pub fn car_by_id(&self, id: u32) -> Option<&'p Car> {
        self.cars.get(by_id(self.car_ids, id)? as usize)
    }

    pub(super) fn car_index(&self, car: &Car) -> Option<u32> {
        by_id(self.car_ids, car.id.get())
    }

    /// The group with this `groupid`.
    pub fn group_by_id(&self, id: u32) -> Option<&'p Group> {
        self.groups.get(by_id(self.group_ids, id)? as usize)
    }

    /// The series with this `typeid`.
    pub fn type_by_id(&self, id: u32) -> Option<&'p Type> {
        self.types.get(by_id(self.type_ids, id)? as usize)
    }

    /// The series that an answer names: the Chinese names of a brand and of its series.
    pub fn type_named(&self, brand: &str, series: &str) -> Option<&'p Type> {
        self.kind(self.named(brand, series)?.at)
    }

    /// The brand that an answer names, in either language.
    pub fn brand_named(&self, brand: &str) -> Option<&'p Brand> {
        self.brand(self.named(brand, "")?.at)
    }

    fn named(&self, brand: &str, series: &str) -> Option<&'p CatalogueName> {
        let hash = names::hash(brand, series);
        let first = self.names.partition_point(|name| name.hash.get() < hash);
        let mut equal = self.names[first..]
            .iter()
            .take_while(|name| name.hash.get() == hash);
        equal.find(|name| {
            let is = |at: U32, text: &str| self.strings.bytes(at.get()) == text.as_bytes();
            is(name.brand, brand) && is(name.series, series)
        })
    }

    /// The series of a vPIC model.
    pub fn type_of_model(&self, model: u32) -> Option<&'p Type> {
        let found = self
            .models
            .binary_search_by_key(&model, |row| row.model.get());
        self.kind(self.models[found.ok()?].kind)
    }

    /// The series that may list cars of `kind` too: the one that it names, then those of its
    /// brand that name it.
    pub(super) fn also(&self, kind: &'p Type) -> impl Iterator<Item = &'p Type> {
        let parent = kind.also.get().checked_sub(1);
        let parent = parent.and_then(|at| self.kind(at.into()));
        let own = self.type_index(kind.id.get());
        let siblings = self
            .brand(kind.brand)
            .map_or(&[][..], |brand| self.types(brand));
        let names_it = move |other: &&Type| own.is_some() && other.also.get().checked_sub(1) == own;
        parent.into_iter().chain(siblings.iter().filter(names_it))
    }

    pub(super) fn type_index(&self, id: u32) -> Option<u32> {
        by_id(self.type_ids, id)
    }

    /// The distinguishing words of a car.
    pub(super) fn words_of(&self, car: &Car) -> &'p [U32] {
        part(self.car_words, car.words_at, usize::from(car.words))
    }

    /// The row of its source that a car is: `epa/40670`.
    pub fn row(&self, car: &Car) -> String {
        let source = SOURCE_NAMES
            .get(usize::from(car.source))
            .copied()
            .unwrap_or_default();
        match car.source {
            pack::source::EPA => format!("{source}/{}", car.key.get()),
            _ => format!("{source}/{}", self.text(car.key)),
        }
    }
}
