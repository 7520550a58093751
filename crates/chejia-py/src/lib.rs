//! The compiled module of the Python package `chejia`: the engine with the built-in data, its answers as
//! Python's own objects or as Arrow.
//!
//! It reads no clock; `chejia/__init__.py` hands in the day.

mod answers;
mod stream;
mod texts;
mod variables;

use answers::Answers;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use pyo3_arrow::input::{AnyArray, AnyRecordBatch};
use std::borrow::Cow;
use std::sync::LazyLock;
use stream::Decoded;
use variables::Variables;
use vin_batch::choice::Wanted;
use vin_core::{Date, Lang, Vin};
use vin_engine::{Ask, Engine};

static ENGINE: LazyLock<Engine> = LazyLock::new(vin_data::engine);

fn lang(text: &str) -> PyResult<Lang> {
    match text {
        "zh" => Ok(Lang::Zh),
        "en" => Ok(Lang::En),
        _ => Err(PyValueError::new_err("lang is zh or en")),
    }
}

fn day(text: &str) -> PyResult<Date> {
    Date::parse(text).ok_or_else(|| PyValueError::new_err("as_of is a date, YYYY-MM-DD"))
}

#[pyfunction]
fn decode<'py>(
    py: Python<'py>,
    vin: &str,
    year: Option<u16>,
    lang: &str,
    explain: bool,
    vpic: bool,
    today: &str,
) -> PyResult<Bound<'py, PyDict>> {
    let ask = Ask {
        year,
        lang: self::lang(lang)?,
        explain,
        today: day(today)?,
    };
    let mut decoder = ENGINE.decoder(ask.today);
    if vpic {
        decoder.decode(vin, year);
        return Variables::of(py)?.dict(py, &decoder);
    }
    let parsed = Vin::parse(vin);
    let answer = parsed.as_ref().map(|parsed| decoder.answer(parsed, &ask));
    Answers::of(py)?.dict(py, answer, &ask)
}

#[pyfunction]
fn decode_batch<'py>(
    py: Python<'py>,
    vins: Vec<Bound<'py, PyAny>>,
    years: Option<Vec<Option<u16>>>,
    lang: &str,
    vpic: bool,
    today: &str,
) -> PyResult<Bound<'py, PyList>> {
    if years
        .as_ref()
        .is_some_and(|years| years.len() != vins.len())
    {
        return Err(PyValueError::new_err(
            "years and vins have different lengths",
        ));
    }
    let (lang, today) = (self::lang(lang)?, day(today)?);
    let mut decoder = ENGINE.decoder(today);
    let (answers, variables) = (Answers::of(py)?, Variables::of(py)?);
    let list = PyList::empty(py);
    for (at, vin) in vins.iter().enumerate() {
        let vin: Cow<'_, str> = vin.extract()?;
        let year = years.as_ref().and_then(|years| years[at]);
        let ask = Ask {
            year,
            lang,
            explain: false,
            today,
        };
        let dict = if vpic {
            decoder.decode(&vin, year);
            variables.dict(py, &decoder)?
        } else {
            let parsed = Vin::parse(&vin);
            let answer = parsed.as_ref().map(|parsed| decoder.answer(parsed, &ask));
            answers.dict(py, answer, &ask)?
        };
        list.append(dict)?;
    }
    Ok(list)
}

#[pyfunction]
#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the Python function"
)]
fn decode_arrow(
    source: &Bound<'_, PyAny>,
    column: Option<&str>,
    columns: Option<Vec<String>>,
    lang: &str,
    explain: bool,
    only_hits: bool,
    vpic: bool,
    today: &str,
) -> PyResult<Decoded> {
    let wanted = Wanted {
        vpic,
        columns,
        explain,
        only_hits,
        lang: self::lang(lang)?,
        today: day(today)?,
    };
    let reader = match source.extract::<AnyRecordBatch>() {
        Ok(batches) => batches.into_reader()?,
        Err(_) => stream::of_array(source.extract::<AnyArray>()?.into_reader()?),
    };
    stream::decode(&ENGINE, reader, column, wanted)
}

#[pymodule]
fn _chejia(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Decoded>()?;
    module.add_function(wrap_pyfunction!(decode, module)?)?;
    module.add_function(wrap_pyfunction!(decode_batch, module)?)?;
    module.add_function(wrap_pyfunction!(decode_arrow, module)?)
}
