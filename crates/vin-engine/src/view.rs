//! The tables of a pack, resolved once so that a decode only indexes.

use crate::element_set::ElementSet;
use vin_core::Date;
use vin_core::wmi::Wmi as Code;
use vin_index::vpic::{
    self, ClassSet, Conversion, Defaults, Element, FuelRule, Key, LongWmi, Model, PlanEntry, Row,
    SeriesRule, Span, Spec, SpecKey, SpecPattern, ValidSet, Value, Wmi, wmi3_slot,
};
use vin_index::zerocopy::little_endian::U32;
use vin_index::{Pack, Strings};

/// The tables of one pack. Whatever a damaged pack says, an index outside gives nothing.
#[derive(Clone, Copy)]
pub(crate) struct View<'p> {
    pub strings: Strings<'p>,
    pub elements: &'p [Element],
    pub values: &'p [Value],
    wmi3: &'p [U32],
    long_wmis: &'p [LongWmi],
    wmis: &'p [Wmi],
    years: &'p [U32],
    plans: &'p [PlanEntry],
    pub keys: &'p [Key],
    pub rows: &'p [Row],
    pub class_sets: &'p [ClassSet],
    valid_sets: &'p [ValidSet],
    engines: &'p [Span],
    engine_rows: &'p [Row],
    models: &'p [Model],
    makes: &'p [U32],
    pub specs: &'p [Spec],
    pub spec_patterns: &'p [SpecPattern],
    pub spec_keys: &'p [SpecKey],
    pub spec_rows: &'p [Row],
    conversions: &'p [Conversion],
    formulas: &'p [U32],
    defaults: &'p [Defaults],
    exceptions: &'p [[u8; 17]],
    exception_filter: &'p [u8],
    pub multi: ElementSet,
    year_values: &'p [U32],
    error_texts: &'p [[U32; 2]],
    date_starts: &'p [U32],
    pub fuels: &'p [FuelRule],
    series_rules: &'p [SeriesRule],
}

/// A plan: which schemas are asked, and what they allow per position.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'p> {
    pub entries: &'p [PlanEntry],
    pub valid: Option<&'p ValidSet>,
}

/// The part of `table` from `at` on, `count` long; empty when it does not lie within.
pub(crate) fn part<T>(table: &[T], at: U32, count: usize) -> &[T] {
    let at = at.get() as usize;
    table.get(at..at.saturating_add(count)).unwrap_or_default()
}

fn span<T>(table: &[T], span: Span) -> &[T] {
    part(table, span.at, span.count.get() as usize)
}

impl<'p> View<'p> {
    pub fn new(pack: &'p Pack, multi: ElementSet) -> Self {
        Self {
            strings: Strings::new(pack.section(vpic::STRINGS)),
            elements: pack.table(vpic::ELEMENTS),
            values: pack.table(vpic::VALUES),
            wmi3: pack.table(vpic::WMI3),
            long_wmis: pack.table(vpic::LONG_WMIS),
            wmis: pack.table(vpic::WMIS),
            years: pack.table(vpic::YEARS),
            plans: pack.table(vpic::PLANS),
            keys: pack.table(vpic::KEYS),
            rows: pack.table(vpic::ROWS),
            class_sets: pack.table(vpic::CLASS_SETS),
            valid_sets: pack.table(vpic::VALID_SETS),
            engines: pack.table(vpic::ENGINES),
            engine_rows: pack.table(vpic::ENGINE_ROWS),
            models: pack.table(vpic::MODELS),
            makes: pack.table(vpic::MAKES),
            specs: pack.table(vpic::SPECS),
            spec_patterns: pack.table(vpic::SPEC_PATTERNS),
            spec_keys: pack.table(vpic::SPEC_KEYS),
            spec_rows: pack.table(vpic::SPEC_ROWS),
            conversions: pack.table(vpic::CONVERSIONS),
            formulas: pack.table(vpic::FORMULAS),
            defaults: pack.table(vpic::DEFAULTS),
            exceptions: pack.table(vpic::EXCEPTIONS),
            exception_filter: pack.section(vpic::EXCEPTION_FILTER),
            multi,
            year_values: pack.table(vpic::YEAR_VALUES),
            error_texts: pack.table(vpic::ERROR_TEXTS),
            date_starts: pack.table(vpic::DATE_STARTS),
            fuels: pack.table(vpic::FUELS),
            series_rules: pack.table(vpic::SERIES_RULES),
        }
    }

    /// The first row of a WMI that is public on `today`.
    pub fn wmi(&self, code: &Code, today: Date) -> Option<&'p Wmi> {
        let code = code.as_bytes();
        let mut number = if code.len() == 6 {
            let at = self
                .long_wmis
                .binary_search_by(|wmi| wmi.code.as_slice().cmp(code))
                .ok()?;
            self.long_wmis[at].wmi.get().checked_add(1)?
        } else {
            self.wmi3.get(wmi3_slot(code)?)?.get()
        };
        // The chain only goes forward, so a damaged one ends too.
        loop {
            let wmi = self.wmis.get(number.checked_sub(1)? as usize)?;
            if wmi.public_from.get() <= today.number() {
                return Some(wmi);
            }
            let next = wmi.next.get();
            number = (next > number).then_some(next)?;
        }
    }

    /// The plan of a WMI in a year; without a year that of all its schemas.
    pub fn plan(&self, wmi: &Wmi, year: Option<u16>) -> Option<Plan<'p>> {
        let at = match year {
            Some(year) => {
                let offset = year.checked_sub(wmi.first_year.get())?;
                if offset >= u16::from(wmi.years) {
                    return None;
                }
                self.years
                    .get(wmi.years_at.get() as usize + usize::from(offset))?
                    .get()
            }
            None => wmi.plan_of_all.get(),
        } as usize;
        let head = self.plans.get(at).filter(|_| at > 0)?;
        let entries = self
            .plans
            .get(at + 1..at + 1 + usize::from(head.count.get()))?;
        Some(Plan {
            entries,
            valid: self.valid_sets.get(head.key.get() as usize),
        })
    }

    pub fn value(&self, number: u32) -> Option<&'p Value> {
        self.values.get(number as usize).filter(|_| number > 0)
    }

    /// The id in a lookup table that the value of a number is; 0 when it is none.
    pub fn id(&self, number: u32) -> u32 {
        let raw = self.value(number).map(|value| value.raw.get());
        raw.map_or(0, |raw| digits(self.strings.bytes(raw)))
    }

    fn extra(&self, number: u32) -> usize {
        self.value(number)
            .map_or(0, |value| value.extra.get() as usize)
    }

    /// What an engine model says about the engine.
    pub fn engine_rows(&self, engine: u32) -> &'p [Row] {
        let engine = self.engines.get(self.extra(engine));
        engine.map_or(&[], |&rows| span(self.engine_rows, rows))
    }

    fn model(&self, model: u32) -> Option<&'p Model> {
        self.models.get(self.extra(model))
    }

    /// The name that a model's series has in `year` only.
    pub fn series_rule(&self, model: u32, year: Option<u16>) -> Option<&'p SeriesRule> {
        let at = self
            .series_rules
            .partition_point(|rule| rule.model.get() < model);
        let of_model = self.series_rules[at..]
            .iter()
            .take_while(|rule| rule.model.get() == model);
        let year = year?;
        of_model
            .into_iter()
            .find(|rule| (rule.from.get()..=rule.to.get()).contains(&year))
    }

    pub fn makes_of_model(&self, model: u32) -> &'p [U32] {
        self.model(model)
            .map_or(&[], |model| span(self.makes, model.makes))
    }

    pub fn specs_of_model(&self, model: u32) -> &'p [Spec] {
        self.model(model)
            .map_or(&[], |model| span(self.specs, model.specs))
    }

    pub fn spec_patterns(&self, spec: &Spec) -> &'p [SpecPattern] {
        span(self.spec_patterns, spec.patterns)
    }

    pub fn makes_of_wmi(&self, wmi: &Wmi) -> &'p [U32] {
        part(self.makes, wmi.makes_at, wmi.makes.get() as usize)
    }

    /// The displacement in the other units; `None` for one that is no number.
    pub fn conversion(&self, displacement: u32) -> Option<&'p Conversion> {
        match self.extra(displacement) {
            0 => None,
            number => self.conversions.get(number),
        }
    }

    /// What a displacement read from digits of the VIN converts to.
    pub fn conversion_of_digits(&self) -> Option<&'p Conversion> {
        self.conversions.first()
    }

    pub fn formula(&self, base: u32, digits: u32) -> u32 {
        let at = base.saturating_add(digits) as usize;
        self.formulas.get(at).map_or(0, |value| value.get())
    }

    pub fn defaults(&self, vehicle_type: u8) -> Option<&'p Defaults> {
        self.defaults.get(usize::from(vehicle_type))
    }

    pub fn is_exception(&self, vin: &[u8; 17]) -> bool {
        let bit = vpic::exception_bit(vin);
        let maybe = self
            .exception_filter
            .get(bit / 8)
            .is_some_and(|byte| byte >> (bit % 8) & 1 == 1);
        maybe && self.exceptions.binary_search(vin).is_ok()
    }

    /// Numbers the change dates: equal for rows changed at the same time, greater for later ones.
    pub fn date_number(&self, rank: u32) -> usize {
        self.date_starts
            .partition_point(|start| start.get() <= rank)
    }

    pub fn year_value(&self, year: u16) -> u32 {
        let at = usize::from(year.wrapping_sub(vpic::FIRST_YEAR));
        self.year_values.get(at).map_or(0, |value| value.get())
    }

    pub fn error_text(&self, code: u16) -> &'p str {
        let at = self
            .error_texts
            .binary_search_by_key(&u32::from(code), |[c, _]| c.get());
        at.map_or("", |at| self.strings.get(self.error_texts[at][1].get()))
    }
}

/// The number that ASCII digits make; 0 when there is anything else.
fn digits(text: &[u8]) -> u32 {
    let number = text.iter().try_fold(0_u32, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    });
    number.unwrap_or(0)
}
