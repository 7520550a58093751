//! The fields of the result, as dictionaries of the shapes that a server answers in.

use crate::texts::{Lent, Texts};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString};
use vin_core::field::{FIELDS, FieldId, Kind};
use vin_core::{Answer, Candidate, Fact, Match, Value, Vehicle, VinError};
use vin_engine::Ask;

/// An object of the result: its members with nothing known, and their names.
struct Object {
    empty: Py<PyDict>,
    members: Vec<Member>,
}

struct Member {
    id: FieldId,
    kind: Kind,
    name: Py<PyString>,
    /// The members of an object.
    object: Option<Object>,
}

struct Made {
    result: Object,
    texts: Texts,
}

static MADE: PyOnceLock<Made> = PyOnceLock::new();

fn object(py: Python<'_>, parent: Option<&str>) -> PyResult<Object> {
    let (empty, mut members) = (PyDict::new(py), Vec::new());
    for field in FIELDS.iter().filter(|field| field.parent() == parent) {
        let name = PyString::intern(py, field.name());
        match field.kind {
            Kind::Int => empty.set_item(&name, 0)?,
            Kind::Text => empty.set_item(&name, "")?,
            // Lists are made for each answer: whoever has one may change it.
            _ => empty.set_item(&name, py.None())?,
        }
        let is_object = field.kind == Kind::Object;
        let object = is_object
            .then(|| object(py, Some(field.path)))
            .transpose()?;
        members.push(Member {
            id: field.id,
            kind: field.kind,
            name: name.unbind(),
            object,
        });
    }
    Ok(Object {
        empty: empty.unbind(),
        members,
    })
}

/// What answers of one call are made with.
pub struct Answers<'m>(&'m Made);

impl Answers<'static> {
    pub fn of(py: Python<'_>) -> PyResult<Self> {
        let made = MADE.get_or_try_init(py, || {
            let texts = Texts::default();
            let result = object(py, None)?;
            Ok::<_, PyErr>(Made { result, texts })
        })?;
        Ok(Self(made))
    }
}

impl Answers<'_> {
    /// `{"status", "result", "match"}`, or `{"status", "error"}` of a text that is no VIN.
    pub fn dict<'py>(
        &self,
        py: Python<'py>,
        answer: Result<Option<Answer<'static>>, &VinError>,
        ask: &Ask,
    ) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let status = intern!(py, "status");
        let answer = match answer {
            Err(error) => {
                dict.set_item(status, intern!(py, "refused"))?;
                dict.set_item(intern!(py, "error"), error.text(ask.lang))?;
                return Ok(dict);
            }
            Ok(None) => {
                dict.set_item(status, intern!(py, "unknown"))?;
                return Ok(dict);
            }
            Ok(Some(answer)) => answer,
        };
        let mut texts = self.0.texts.lend();
        dict.set_item(status, intern!(py, "found"))?;
        let result = self.0.result.dict(py, &answer.vehicle, &mut texts)?;
        dict.set_item(intern!(py, "result"), result)?;
        dict.set_item(intern!(py, "match"), matched(py, &answer.matched, ask)?)?;
        if ask.explain {
            let facts = answer.facts.iter().map(|fact| self::fact(py, fact));
            let facts = facts.collect::<PyResult<Vec<_>>>()?;
            dict.set_item(intern!(py, "explain"), PyList::new(py, facts)?)?;
        }
        Ok(dict)
    }
}

impl Object {
    fn dict<'py>(
        &self,
        py: Python<'py>,
        vehicle: &Vehicle<'static>,
        texts: &mut Lent<'_>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let dict = self.empty.bind(py).copy()?;
        for member in &self.members {
            let name = member.name.bind(py);
            match (member.kind, vehicle.get(member.id)) {
                (_, Value::Text(text)) => dict.set_item(name, texts.get(py, text))?,
                (_, Value::Int(number)) => dict.set_item(name, *number)?,
                (Kind::Texts, value) => {
                    let list = PyList::empty(py);
                    if let Value::Texts(all) = value {
                        for text in all {
                            list.append(texts.get(py, text))?;
                        }
                    }
                    dict.set_item(name, list)?;
                }
                (Kind::Candidates, _) => {
                    let cars = vehicle
                        .candidates
                        .iter()
                        .map(|car| candidate(py, car, texts));
                    let cars = cars.collect::<PyResult<Vec<_>>>()?;
                    dict.set_item(name, PyList::new(py, cars)?)?;
                }
                _ => {
                    if let Some(object) = &member.object
                        && object.members.iter().any(|member| vehicle.knows(member.id))
                    {
                        dict.set_item(name, object.dict(py, vehicle, texts)?)?;
                    }
                }
            }
        }
        Ok(dict)
    }
}

fn candidate<'py>(
    py: Python<'py>,
    car: &Candidate<'static>,
    texts: &mut Lent<'_>,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item(intern!(py, "carid"), car.carid)?;
    dict.set_item(intern!(py, "name"), texts.get(py, &car.name))?;
    dict.set_item(intern!(py, "typeid"), car.typeid)?;
    dict.set_item(intern!(py, "typename"), texts.get(py, &car.typename))?;
    dict.set_item(intern!(py, "model"), texts.get(py, &car.model))?;
    Ok(dict)
}

fn matched<'py>(py: Python<'py>, matched: &Match, ask: &Ask) -> PyResult<Bound<'py, PyDict>> {
    let year = PyDict::new(py);
    year.set_item(intern!(py, "from_vin"), matched.year.from_vin)?;
    year.set_item(
        intern!(py, "candidates"),
        PyList::new(py, &matched.year.candidates)?,
    )?;
    let notes = PyList::empty(py);
    for note in &matched.notes {
        let dict = PyDict::new(py);
        dict.set_item(intern!(py, "code"), note.code)?;
        dict.set_item(intern!(py, "text"), note.text.get(ask.lang))?;
        notes.append(dict)?;
    }
    let dict = PyDict::new(py);
    dict.set_item(intern!(py, "level"), matched.level.name())?;
    // As it is written in JSON: at most three decimals.
    let share = f64::from(matched.confidence.clamp(0.0, 1.0));
    dict.set_item(intern!(py, "confidence"), (share * 1000.0).round() / 1000.0)?;
    dict.set_item(intern!(py, "channel"), intern!(py, "local"))?;
    dict.set_item(intern!(py, "year"), year)?;
    dict.set_item(intern!(py, "notes"), notes)?;
    Ok(dict)
}

fn fact<'py>(py: Python<'py>, fact: &Fact<'_>) -> PyResult<Bound<'py, PyDict>> {
    let origin = &fact.origin;
    let fields: Vec<_> = fact.fields.iter().map(|id| id.spec().path).collect();
    let positions = (0..17).filter(|bit| origin.positions & 1 << bit != 0);
    let positions: Vec<_> = positions.map(|bit: u32| bit + 1).collect();
    let dict = PyDict::new(py);
    dict.set_item("variable", fact.variable)?;
    dict.set_item("value", &*fact.value)?;
    dict.set_item("fields", fields)?;
    dict.set_item("rule", origin.rule)?;
    dict.set_item("key", &*origin.key)?;
    dict.set_item("positions", positions)?;
    dict.set_item("source", &*origin.source)?;
    Ok(dict)
}
