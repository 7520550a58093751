//! Vehicle specs: what the model's tables add when their conditions are among the decoded items.

use crate::element_set::ElementSet;
use crate::pass::{AFTER_ENGINES, Item, NO_ITEM, Pass, Rule, element, is_multi};
use crate::view::{View, part};
use vin_index::vpic::{Row, SpecPattern, Wmi};

impl<'p> Pass<'p> {
    /// Adds what the specs of the model say of elements that nothing else decides.
    pub(crate) fn add_specs(&mut self, view: &View<'p>, wmi: &Wmi, year: Option<u16>) {
        let model = self.value(element::MODEL);
        if model == 0 {
            return;
        }
        let known = self.present;

        for spec in view.specs_of_model(model) {
            let bit = year
                .and_then(|year| year.checked_sub(1980))
                .filter(|&bit| bit < 64);
            let year_fits =
                spec.years.get() == 0 || bit.is_some_and(|bit| spec.years.get() >> bit & 1 == 1);
            if !year_fits
                || spec.vehicle_type.get() != u32::from(wmi.vehicle_type)
                || !view.makes_of_wmi(wmi).contains(&spec.make)
            {
                continue;
            }
            for pattern in view.spec_patterns(spec) {
                if self.spec_fits(view, pattern, known) {
                    let rows = part(
                        view.spec_rows,
                        pattern.rows_at,
                        usize::from(pattern.rows.get()),
                    );
                    for row in rows {
                        self.offer_spec(view, row, known, spec.schema.get());
                    }
                }
            }
        }
    }

    fn spec_fits(&self, view: &View<'p>, pattern: &SpecPattern, known: ElementSet) -> bool {
        let keys = part(
            view.spec_keys,
            pattern.keys_at,
            usize::from(pattern.keys.get()),
        );
        // A pattern without a condition is unfinished, not always true.
        !keys.is_empty()
            && keys.iter().all(|key| {
                known.has(key.element)
                    && self.value(key.element).wrapping_sub(key.value.get()) < u32::from(key.count)
            })
    }

    /// Takes what a spec says of an element that nothing else decides; the newest wins.
    fn offer_spec(&mut self, view: &View<'p>, row: &Row, known: ElementSet, schema: u32) {
        let element = row.element();
        let item = Item {
            order: row.rank(),
            value: row.value.get(),
            schema,
            rule: Rule::Spec,
            ..NO_ITEM
        };
        if is_multi(view, element) {
            let former = |(e, item): &&mut (u8, Item)| *e == element && item.rule == Rule::Spec;
            let order = AFTER_ENGINES | item.order;
            match self.multi.iter_mut().find(former) {
                Some((_, former)) if former.order >= order => {}
                Some((_, former)) => *former = Item { order, ..item },
                None => self.multi.push((element, Item { order, ..item })),
            }
        }
        if known.has(element) {
            return;
        }
        let slot = &mut self.items[usize::from(element)];
        if !self.present.has(element) || item.order > slot.order {
            *slot = item;
            self.present.add(element);
        }
    }
}
