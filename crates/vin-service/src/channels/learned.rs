//! What upstreams' answers have taught: rules about cars of one build, which then cost nothing.
//!
//! A build is positions 1–8, 10 and 11 of a VIN: maker, description, year and plant. A rule holds what
//! all answers agree on, once [`ENOUGH`] different VINs have told it, and is withdrawn by one that
//! contradicts. It belongs to the channel that taught it, and only one whose file says that the contract
//! allows it teaches anything.

use super::compose::{Label, differs, facts, fields, replace};
use super::{Roster, Told};
use crate::{Question, Service};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use tokio::sync::Semaphore;
use vin_channel::ChannelName;
use vin_core::field::{FIELDS, FieldId, Kind};
use vin_core::{Answer, Lang, Level, Value, Vehicle, Vin};
use vin_store::{LearnedRow, Lesson};

/// So many different VINs must have told the same.
pub(crate) const ENOUGH: u32 = 20;

/// A rule that nobody has confirmed for so long, in seconds, counts no more: half a year.
const AGE: i64 = 180 * 86_400;

/// What belongs to one car or one catalogue, and not to a build.
const NEVER: [FieldId; 8] = [
    FieldId::Vin,
    FieldId::IsCorrect,
    FieldId::Logo,
    FieldId::CarId,
    FieldId::TypeId,
    FieldId::GroupId,
    FieldId::CarIdExternal,
    FieldId::CarList,
];

/// Positions 1–8, 10 and 11 as a bit set.
const POSITIONS: u32 = 0b110_1111_1111;

/// Answers that wait to teach. They are written one at a time, so that charges, which are written beside
/// them, never stand behind many; what comes while too many wait teaches nothing.
pub(crate) struct Lessons {
    waiting: Arc<Semaphore>,
    writing: Arc<Semaphore>,
}

/// How many may wait.
const WAITING: usize = 64;

impl Default for Lessons {
    fn default() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(WAITING)),
            writing: Arc::new(Semaphore::new(1)),
        }
    }
}

/// The rules in force.
#[derive(Default)]
pub(crate) struct Learned {
    rules: HashMap<(String, Lang), Rule>,
}

struct Rule {
    teacher: ChannelName,
    trust: u8,
    vehicle: Vehicle<'static>,
}

impl Learned {
    /// The rules of channels that may teach, of which `teacher` knows how much each is trusted. Where
    /// two have a rule for one build, that of the more trusted holds.
    pub(crate) fn new(
        rows: &[LearnedRow],
        now: i64,
        teacher: impl Fn(&str) -> Option<(ChannelName, u8)>,
    ) -> Self {
        let mut rules: HashMap<(String, Lang), Rule> = HashMap::new();
        for row in rows {
            let Some((teacher, trust)) = teacher(&row.channel) else {
                continue;
            };
            if now - row.last_at > AGE {
                continue;
            }
            let lang = if row.lang == "en" { Lang::En } else { Lang::Zh };
            let build = (row.prefix.clone(), lang);
            if rules.get(&build).is_none_or(|known| known.trust < trust) {
                let rule = Rule {
                    teacher,
                    trust,
                    vehicle: read(&row.fields),
                };
                rules.insert(build, rule);
            }
        }
        Self { rules }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Answers from what was learned about this build; who taught it, if anybody did.
    pub(crate) fn answer(
        &self,
        vin: &Vin,
        answer: &mut Answer<'_>,
        explain: bool,
    ) -> Option<ChannelName> {
        let build = (split(vin).0, answer.lang);
        let rule = self.rules.get(&build)?;
        replace(answer, &rule.vehicle, Level::Type, rule.trust);
        if explain {
            let known: Vec<_> = fields(&rule.vehicle).collect();
            let label = Label {
                rule: "learned",
                key: &build.0,
                positions: POSITIONS,
            };
            facts(answer, &known, &format!("learned/{}", rule.teacher), &label);
        }
        Some(rule.teacher)
    }
}

/// Positions 1–8, 10 and 11, and the rest.
pub(super) fn split(vin: &Vin) -> (String, String) {
    let text = vin.as_str();
    let prefix = format!("{}{}", &text[..8], &text[9..11]);
    (prefix, format!("{}{}", &text[8..9], &text[11..]))
}

impl Service {
    /// Lets the answers of channels teach that may, beside the question.
    pub(crate) fn take_lessons(&self, question: &Question, roster: &Roster, told: &[Told]) {
        for one in told {
            let mut seats = roster.lineup.seats.iter();
            let may = seats.any(|seat| seat.facts.name == one.name && seat.facts.learns);
            if may && one.found.level >= Level::Type {
                self.take_lesson(question, one);
            }
        }
    }

    fn take_lesson(&self, question: &Question, told: &Told) {
        let store = self.accounts().store().clone();
        let at = self.accounts().clock().unix();
        let (prefix, rest) = split(&question.vin.vin);
        let lang = question.lang;
        let channel = told.name;
        let vehicle = told.found.vehicle.clone();
        let lessons = &self.channels.lessons;
        let writing = lessons.writing.clone();
        let Ok(waits) = lessons.waiting.clone().try_acquire_owned() else {
            return;
        };
        tokio::spawn(async move {
            let _waits = waits;
            // It is never closed.
            let _alone = writing.acquire().await;
            let lesson = lesson(channel.as_str(), &prefix, &rest, lang, at);
            if let Err(error) = store.learn(&lesson, |known| merge(known, &vehicle)).await {
                tracing::warn!(%error, "an answer taught nothing");
            }
        });
    }
}

pub(super) fn lesson<'a>(
    channel: &'a str,
    prefix: &'a str,
    rest: &'a str,
    lang: Lang,
    at: i64,
) -> Lesson<'a> {
    Lesson {
        channel,
        prefix,
        lang: match lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        },
        rest,
        at,
        enough: ENOUGH,
        age: AGE,
    }
}

/// What a rule and an answer agree on; `None` when they speak of two cars.
pub(super) fn merge(known: Option<&str>, told: &Vehicle<'static>) -> Option<String> {
    let Some(known) = known else {
        return Some(write(told, None));
    };
    let known = read(known);
    let gone = |id| known.knows(id) && !told.knows(id);
    let other = !differs(&known, told).is_empty() || gone(FieldId::TypeName);
    (!other).then(|| write(&known, Some(told)))
}

/// The fields of a vehicle as lines of path and value; with `both`, those that it has too.
fn write(vehicle: &Vehicle<'_>, both: Option<&Vehicle<'_>>) -> String {
    let mut out = String::new();
    for id in fields(vehicle).filter(|id| !NEVER.contains(id)) {
        let value = vehicle.get(id);
        if both.is_some_and(|both| both.get(id) != value) {
            // A name is shown as it was told first, as long as both can mean the same.
            if ![FieldId::Brand, FieldId::TypeName].contains(&id) {
                continue;
            }
        }
        let text = match value {
            Value::Int(number) => number.to_string(),
            Value::Text(text) if !text.contains(char::is_control) => text.to_string(),
            Value::Text(_) | Value::Texts(_) | Value::Unknown => continue,
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}\t{text}", id.spec().path);
    }
    out
}

fn read(text: &str) -> Vehicle<'static> {
    let mut vehicle = Vehicle::default();
    for (path, value) in text.lines().filter_map(|line| line.split_once('\t')) {
        let Some(field) = FIELDS.iter().find(|field| field.path == path) else {
            continue;
        };
        match (field.kind, value.parse()) {
            (Kind::Int, Ok(number)) => vehicle.set_int(field.id, number),
            (Kind::Text | Kind::NullableText, _) => vehicle.set(field.id, value.to_owned()),
            _ => {}
        }
    }
    vehicle
}

#[cfg(test)]
mod tests;
