//! The whole procedure for one VIN: its year or years, a pass for each, the better one.

use crate::catalogue::{Catalogue, Facts};
use crate::form::Form;
use crate::line::Names;
use crate::overlay::Overlay;
use crate::pass::{Item, Pass};
use crate::subject::Subject;
use crate::verdict::{self, Case, Codes, Verdict};
use crate::view::View;
use std::cell::OnceCell;
use vin_core::{Date, model_year};
use vin_index::vpic::Wmi;

/// The years that a WMI's schemas are looked up in begin here.
const FIRST_YEAR: u16 = 1980;

/// A decoder over one pack, with the memory that it works in; one per thread.
pub struct Decoder<'p> {
    pub(crate) view: View<'p>,
    pub(crate) today: Date,
    pub(crate) subject: Subject,
    pub(crate) best: Pass<'p>,
    /// The pass of a rival year, made when the first VIN needs one.
    other: Option<Pass<'p>>,
    pub(crate) verdict: Verdict,
    light: bool,
    pub(crate) form: Form,
    /// The VIN is one of those whose check digit is not checked.
    pub(crate) exception: bool,
    /// Made when the first line of JSON is written.
    pub(crate) names: OnceCell<Names>,
    pub(crate) overlay: Overlay<'p>,
    pub(crate) catalogue: Catalogue<'p>,
}

/// What position 10 says, with what else decides the century.
struct Year {
    year: Option<u16>,
    conclusive: bool,
}

impl<'p> Decoder<'p> {
    pub(crate) fn new(
        view: View<'p>,
        overlay: Overlay<'p>,
        catalogue: Catalogue<'p>,
        today: Date,
    ) -> Self {
        Self {
            view,
            today,
            subject: Subject::new(""),
            best: Pass::default(),
            other: None,
            verdict: Verdict::default(),
            light: false,
            form: Form::default(),
            exception: false,
            names: OnceCell::new(),
            overlay,
            catalogue,
        }
    }

    /// Decodes any text as a VIN; the result stays here until the next call.
    pub fn decode(&mut self, text: &str, caller_year: Option<u16>) {
        self.subject = Subject::new(text);
        let wmi = self.view.wmi(&self.subject.wmi(), self.today);
        self.light = wmi.is_some_and(|w| {
            matches!(w.vehicle_type, 2 | 7) || (w.vehicle_type == 3 && w.truck_type == 1)
        });
        let latest = self.today.year + 2;
        let mut found = self.year(latest);
        if let (Some(wmi), Some(year), true) = (wmi, found.year, found.conclusive) {
            found.year = Some(self.year_with_schema(wmi, year, latest));
        }
        let former = found
            .year
            .filter(|_| !found.conclusive)
            .map(|year| year - 30);
        let hint = caller_year.filter(|&year| {
            let new = found.year != Some(year) && former != Some(year);
            new && (FIRST_YEAR..=latest).contains(&year)
        });
        self.form = Form::of(&self.subject, self.light);
        self.exception = self
            .subject
            .whole()
            .is_some_and(|vin| self.view.is_exception(vin));
        let case = Case {
            caller_year,
            hinted: false,
            form: self.form,
            exception: self.exception,
        };
        match (found.year, hint) {
            (None, Some(year)) => self.pass(
                wmi,
                Some(year),
                Case {
                    hinted: true,
                    ..case
                },
            ),
            (year, _) => {
                self.pass(wmi, year, case);
                self.verdict.year_in_doubt = year.is_some() && !found.conclusive;
                if let Some(year) = former {
                    self.rival(wmi, year, case);
                }
                if let Some(year) = hint {
                    self.rival(
                        wmi,
                        year,
                        Case {
                            hinted: true,
                            ..case
                        },
                    );
                }
            }
        }
    }

    fn pass(&mut self, wmi: Option<&'p Wmi>, year: Option<u16>, case: Case) {
        self.best.run(&self.view, &self.subject, wmi, year);
        self.verdict = verdict::judge(&self.view, &self.subject, &self.best, case);
    }

    /// Decodes as `year` too, and keeps the better of both.
    fn rival(&mut self, wmi: Option<&'p Wmi>, year: u16, case: Case) {
        let view = &self.view;
        let other = self.other.get_or_insert_default();
        other.run(view, &self.subject, wmi, Some(year));
        let verdict = verdict::judge(view, &self.subject, other, case);
        // The caller's year is believed unless the tables say nothing about it.
        let believed = case.hinted && !verdict.codes.has(8);
        let year_in_doubt = self.verdict.year_in_doubt && !case.hinted;
        let better = || verdict.score(view, other) > self.verdict.score(view, &self.best);
        if believed || better() {
            self.verdict = Verdict {
                year_in_doubt,
                ..verdict
            };
            std::mem::swap(&mut self.best, other);
        }
    }

    fn year(&self, latest: u16) -> Year {
        let Some(newest) = self.subject.at(10).and_then(model_year::newest) else {
            return Year {
                year: None,
                conclusive: false,
            };
        };
        let mut year = Year {
            year: Some(newest),
            conclusive: false,
        };
        if self.light {
            match self.subject.at(7) {
                Some(b'0'..=b'9') => {
                    year = Year {
                        year: Some(newest - 30),
                        conclusive: true,
                    }
                }
                Some(b'A'..=b'Z') => year.conclusive = true,
                _ => {}
            }
        }
        if year.year.is_some_and(|year| year > latest) {
            year = Year {
                year: Some(newest - 30),
                conclusive: true,
            };
        }
        year
    }

    /// The year, or one 30 years away when only that one has schemas.
    fn year_with_schema(&self, wmi: &Wmi, year: u16, latest: u16) -> u16 {
        let has = |year: u16| self.view.plan(wmi, Some(year)).is_some();
        if has(year) {
            return year;
        }
        let away = [year + 30, year.saturating_sub(30)].into_iter();
        away.filter(|year| (FIRST_YEAR..=latest).contains(year))
            .find(|&y| has(y))
            .unwrap_or(year)
    }

    /// The model year that the decoder settled on.
    pub fn model_year(&self) -> Option<u16> {
        self.best.year
    }

    /// The error codes of the answer.
    pub fn codes(&self) -> Codes {
        self.verdict.codes
    }

    /// The facts of the answer that the catalogue is searched with, for a car of `year`.
    pub fn catalogue_facts(&self, year: Option<u16>) -> Facts {
        Facts::of(self, year)
    }

    pub(crate) fn item(&self, element: u8) -> Option<&Item> {
        self.best.item(element)
    }

    /// The text of an element of the answer, or `""`.
    pub(crate) fn text(&self, value: u32) -> &'p str {
        self.view
            .value(value)
            .map_or("", |value| self.view.strings.get(value.text.get()))
    }
}
