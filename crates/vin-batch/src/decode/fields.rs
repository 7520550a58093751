//! The fields of the result, as a server answers them.

use super::cells::Cells;
use super::{Outcome, Worker};
use crate::choice::{Choice, Column, Own};
use vin_core::field::Kind;
use vin_core::{Answer, FieldId, Value, Vin};
use vin_engine::Ask;
use vin_json::{json, record};

/// A row that is being filled.
struct Row<'r> {
    choice: &'r Choice,
    cells: &'r mut [Cells],
    number: usize,
    room: &'r mut Vec<u8>,
}

impl Worker<'_> {
    pub(super) fn fields(&mut self, vin: &str) -> Outcome {
        let wanted = &self.choice.wanted;
        let mut row = Row {
            choice: self.choice,
            cells: &mut self.cells,
            number: self.rows,
            room: &mut self.room,
        };
        let parsed = match Vin::parse(vin) {
            Ok(parsed) => parsed,
            Err(error) => {
                if !wanted.only_hits {
                    row.own(Own::Status, "refused");
                    row.own(Own::Error, &error.text(wanted.lang));
                }
                return Outcome::Refused;
            }
        };
        let ask = Ask {
            year: None,
            lang: wanted.lang,
            explain: wanted.explain,
            today: wanted.today,
        };
        match self.decoder.answer(&parsed, &ask) {
            Some(answer) => {
                row.answer(&answer);
                Outcome::Found
            }
            None => {
                if !wanted.only_hits {
                    row.own(Own::Status, "unknown");
                    row.field(FieldId::Vin, parsed.vin.as_str());
                }
                Outcome::Unknown
            }
        }
    }
}

impl Row<'_> {
    fn place(&self, column: Column) -> Option<usize> {
        self.choice.columns.iter().position(|one| *one == column)
    }

    fn own(&mut self, own: Own, text: &str) {
        if let Some(at) = self.place(Column::Own(own)) {
            self.cells[at].text(self.number, text);
        }
    }

    fn field(&mut self, field: FieldId, text: &str) {
        if let Some(at) = self.place(Column::Field(field)) {
            self.cells[at].text(self.number, text);
        }
    }

    fn answer(&mut self, answer: &Answer<'_>) {
        let choice = self.choice;
        for (at, column) in choice.columns.iter().enumerate() {
            let number = self.number;
            match column {
                Column::Field(id) => match (answer.vehicle.get(*id), id.spec().kind) {
                    (Value::Text(text), _) => self.cells[at].text(number, text),
                    (Value::Int(int), _) => self.cells[at].int(number, *int),
                    (Value::Texts(texts), _) if !texts.is_empty() => self.json(at, |out| {
                        json::array(out, texts, |out, text| json::string(out, text));
                    }),
                    (_, Kind::Candidates) if !answer.vehicle.candidates.is_empty() => {
                        self.json(at, |out| {
                            record::candidates(out, &answer.vehicle.candidates)
                        });
                    }
                    _ => {}
                },
                Column::Own(own) => self.match_of(at, *own, answer),
                Column::Variable { .. } => {}
            }
        }
    }

    fn match_of(&mut self, at: usize, own: Own, answer: &Answer<'_>) {
        let (matched, number) = (&answer.matched, self.number);
        match own {
            Own::Status => self.cells[at].text(number, "found"),
            Own::Level => self.cells[at].text(number, matched.level.name()),
            Own::Confidence => {
                // As it is written in JSON: at most three decimals.
                let share = f64::from(matched.confidence.clamp(0.0, 1.0));
                self.cells[at].number(number, (share * 1000.0).round() / 1000.0);
            }
            Own::Year => {
                if let Some(year) = matched.year.from_vin {
                    self.cells[at].int(number, year.into());
                }
            }
            Own::Years if !matched.year.candidates.is_empty() => self.json(at, |out| {
                json::array(out, &matched.year.candidates, |out, year| {
                    json::int(out, (*year).into());
                });
            }),
            Own::Notes if !matched.notes.is_empty() => self.json(at, |out| {
                json::array(out, &matched.notes, |out, note| {
                    json::string(out, note.code)
                });
            }),
            Own::Explain => self.json(at, |out| record::explain(out, answer)),
            _ => {}
        }
    }

    fn json(&mut self, at: usize, write: impl FnOnce(&mut Vec<u8>)) {
        self.room.clear();
        write(self.room);
        // What writes JSON writes UTF-8.
        let text = std::str::from_utf8(self.room).unwrap_or_default();
        self.cells[at].text(self.number, text);
    }
}
