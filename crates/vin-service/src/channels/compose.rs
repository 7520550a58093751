//! One answer from several: which value holds, where each comes from, and what does not agree.
//!
//! The order of trust: every source has a number from 0 to 100. Of an upstream it is `trust` of its
//! file, of our engine the confidence of its answer in hundredths. The higher one holds, and of equals
//! the one that was asked first. Sources that speak of another car are not mixed in.

use super::Told;
use std::borrow::Cow;
use vin_channel::route::Policy;
use vin_core::field::{FIELDS, FieldId, Kind};
use vin_core::{Answer, Bilingual, Fact, Level, Note, Origin, Value, Vehicle};

/// What a disagreement leaves of the confidence.
const IN_DOUBT: f32 = 0.7;

/// The fields by which two answers are about the same car, and what is noted when they are not.
const IDENTITY: [(FieldId, Note); 3] = [
    (
        FieldId::Brand,
        Note {
            code: "channels_differ_brand",
            text: Bilingual {
                zh: "各通道给出的品牌不一致，取可信度较高者",
                en: "the channels differ on the brand: that of the more trusted one is shown",
            },
        },
    ),
    (
        FieldId::TypeName,
        Note {
            code: "channels_differ_series",
            text: Bilingual {
                zh: "各通道给出的车系不一致，取可信度较高者",
                en: "the channels differ on the series: that of the more trusted one is shown",
            },
        },
    ),
    (
        FieldId::YearType,
        Note {
            code: "channels_differ_year",
            text: Bilingual {
                zh: "各通道给出的年款不一致，取可信度较高者",
                en: "the channels differ on the model year: that of the more trusted one is shown",
            },
        },
    ),
];

/// Notes of our engine that speak of its own answer, and not of the VIN.
const OF_THE_ENGINE: [&str; 5] = [
    "unknown_characters",
    "several_series",
    "no_details",
    "consumption_median",
    "consumption_equivalent",
];

/// How an answer from outside is shown in `explain`.
pub(crate) struct Label<'l> {
    pub(crate) rule: &'static str,
    pub(crate) key: &'l str,
    pub(crate) positions: u32,
}

/// An upstream's word, which rests on no position of the VIN that we know.
pub(crate) const UPSTREAM: Label<'static> = Label {
    rule: "upstream",
    key: "",
    positions: 0,
};

/// Puts what was told over the answer of our engine, which is `known` unless it only holds what the
/// VIN itself says; gives the names of those whose values are in it, joined by `+`.
pub(crate) fn compose(
    answer: &mut Answer<'_>,
    known: bool,
    told: &[Told],
    policy: Policy,
    explain: bool,
) -> String {
    let level = known.then_some(answer.matched.level);
    let own_trust = trust(answer.matched.confidence);
    let fusion = policy == Policy::Fusion;
    let rank = |one: &&Told| match fusion {
        // Whoever knows the series comes before who does not, however much he is trusted.
        true => (one.found.level.min(Level::Type), one.trust, one.found.level),
        false => (one.found.level, one.trust, one.found.level),
    };
    // The first of equals, for they stand in the order in which they were asked.
    let best = told.iter().rev().max_by_key(rank);
    let Some(best) = best else {
        return "local".to_owned();
    };
    let local_leads = level.is_some_and(|level| match fusion {
        true => (level.min(Level::Type), own_trust) >= (rank(&best).0, best.trust),
        false => level >= best.found.level,
    });
    let mut differences = Vec::new();
    let mut names = Vec::new();
    let mut same_car = known && !local_leads && fusion;
    if local_leads {
        names.push("local");
    } else {
        if known {
            let found = differs(&answer.vehicle, &best.found.vehicle);
            same_car &= found.is_empty();
            differences.extend(found);
        }
        let local = take_over(answer, best, explain);
        names.push(best.name.as_str());
        if same_car && fill(&mut answer.vehicle, &local.vehicle).next().is_some() {
            names.insert(0, "local");
            keep_facts(answer, local.facts);
        }
    }
    if fusion {
        let mut others: Vec<_> = told.iter().collect();
        others.sort_by_key(|one| std::cmp::Reverse(one.trust));
        let others = others.into_iter();
        for one in others.filter(|one| local_leads || one.name != best.name) {
            let found = differs(&answer.vehicle, &one.found.vehicle);
            if found.is_empty() {
                let filled: Vec<_> = fill(&mut answer.vehicle, &one.found.vehicle).collect();
                if !filled.is_empty() {
                    names.push(one.name.as_str());
                    answer.matched.level = answer.matched.level.max(one.found.level);
                    if explain {
                        facts(answer, &filled, one.name.as_str(), &UPSTREAM);
                    }
                }
            }
            differences.extend(found);
        }
    }
    doubt(answer, &differences);
    names.join("+")
}

/// A confidence in hundredths.
fn trust(confidence: f32) -> u8 {
    // Between 0 and 100, whatever it was.
    (confidence.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// Makes an answer the one that was told; gives back what was there.
fn take_over<'a>(answer: &mut Answer<'a>, told: &Told, explain: bool) -> Answer<'a> {
    let before = answer.clone();
    let label = UPSTREAM;
    replace(answer, &told.found.vehicle, told.found.level, told.trust);
    if explain {
        let filled: Vec<_> = fields(&told.found.vehicle).collect();
        facts(answer, &filled, told.name.as_str(), &label);
    }
    before
}

/// Makes an answer one of another vehicle; what the VIN itself says stays.
pub(crate) fn replace(answer: &mut Answer<'_>, with: &Vehicle<'static>, level: Level, trust: u8) {
    let mut vehicle = with.clone();
    for id in [FieldId::Vin, FieldId::IsCorrect] {
        if let value @ (Value::Text(_) | Value::Int(_)) = answer.vehicle.get(id) {
            vehicle.give(id, owned(value));
        }
    }
    answer.vehicle = vehicle;
    answer.facts.clear();
    answer.matched.level = level;
    answer.matched.confidence = f32::from(trust.min(100)) / 100.0;
    let of_the_vin = |note: &Note| !OF_THE_ENGINE.contains(&note.code);
    answer.matched.notes.retain(of_the_vin);
}

fn owned(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::Unknown => Value::Unknown,
        Value::Int(number) => Value::Int(*number),
        Value::Text(text) => Value::Text(Cow::Owned(text.to_string())),
        Value::Texts(texts) => {
            let owned = |text: &Cow<'_, str>| Cow::Owned(text.to_string());
            Value::Texts(texts.iter().map(owned).collect())
        }
    }
}

/// The fields that a vehicle has.
pub(crate) fn fields(vehicle: &Vehicle<'_>) -> impl Iterator<Item = FieldId> {
    let known = FIELDS.iter().filter(|field| vehicle.knows(field.id));
    known.map(|field| field.id)
}

/// Fills what is empty; gives the fields that it filled.
fn fill<'a>(
    vehicle: &mut Vehicle<'a>,
    from: &Vehicle<'a>,
) -> impl Iterator<Item = FieldId> + use<> {
    let mut filled = Vec::new();
    let open = FIELDS.iter().filter(|field| field.kind != Kind::Object);
    for field in open {
        let value = from.get(field.id);
        let is_empty = match vehicle.get(field.id) {
            Value::Unknown => true,
            // 0 is what an id has that nobody knows.
            Value::Int(number) => *number == 0 && field.id != FieldId::IsImport,
            Value::Text(_) | Value::Texts(_) => false,
        };
        if is_empty && *value != Value::Unknown && field.id != FieldId::IsCorrect {
            vehicle.give(field.id, value.clone());
            filled.push(field.id);
        }
    }
    if vehicle.candidates.is_empty() && !from.candidates.is_empty() {
        vehicle.candidates.clone_from(&from.candidates);
        filled.push(FieldId::CarList);
    }
    filled.into_iter()
}

/// Adds where the values of some fields come from.
pub(crate) fn facts(answer: &mut Answer<'_>, ids: &[FieldId], source: &str, label: &Label<'_>) {
    let hidden = [FieldId::Vin, FieldId::IsCorrect];
    for id in ids.iter().filter(|id| !hidden.contains(id)) {
        let value = match answer.vehicle.get(*id) {
            Value::Unknown => String::new(),
            Value::Int(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Texts(texts) => texts.join(" "),
        };
        answer.facts.push(Fact {
            variable: id.spec().path,
            value: value.into(),
            fields: vec![*id],
            origin: Origin {
                rule: label.rule,
                key: label.key.to_owned().into(),
                positions: label.positions,
                source: source.to_owned().into(),
            },
        });
    }
}

/// Keeps of the facts of our engine those whose fields nobody else has filled.
fn keep_facts<'a>(answer: &mut Answer<'a>, local: Vec<Fact<'a>>) {
    let told: Vec<_> = answer
        .facts
        .iter()
        .flat_map(|fact| fact.fields.clone())
        .collect();
    let kept = local.into_iter().filter_map(|mut fact| {
        fact.fields.retain(|field| !told.contains(field));
        (!fact.fields.is_empty()).then_some(fact)
    });
    answer.facts.extend(kept);
}

/// On what two answers differ that would make them two cars.
pub(crate) fn differs(one: &Vehicle<'_>, other: &Vehicle<'_>) -> Vec<Note> {
    let differs = IDENTITY.iter().filter(|(id, _)| match id {
        FieldId::YearType => {
            let (one, other) = (one.text(*id), other.text(*id));
            !one.is_empty() && !other.is_empty() && one != other
        }
        id => are_different(one.text(*id), other.text(*id)),
    });
    differs.map(|(_, note)| note.clone()).collect()
}

/// Whether two names cannot mean the same. One that is part of the other may; a Chinese and a Latin
/// one cannot be compared.
fn are_different(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect::<String>()
    };
    let (one, other) = (plain(one), plain(other));
    let comparable = one.is_ascii() == other.is_ascii();
    comparable && !one.contains(&other) && !other.contains(&one)
}

fn doubt(answer: &mut Answer<'_>, differences: &[Note]) {
    if differences.is_empty() {
        return;
    }
    answer.matched.confidence *= IN_DOUBT;
    for note in differences {
        if !answer.matched.notes.contains(note) {
            answer.matched.notes.push(note.clone());
        }
    }
}

#[cfg(test)]
mod tests;
