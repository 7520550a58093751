//! What the pure procedure gives, as a dictionary.

use crate::ENGINE;
use crate::texts::{Lent, Texts};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString};
use vin_engine::Decoder;

/// The names of the variables as Python's strings, by their numbers.
struct Names {
    names: Vec<Option<(Py<PyString>, bool)>>,
    texts: Texts,
}

static NAMES: PyOnceLock<Names> = PyOnceLock::new();

/// What answers of one call are made with.
pub struct Variables<'n>(&'n Names);

impl Variables<'static> {
    pub fn of(py: Python<'_>) -> PyResult<Self> {
        let names = NAMES.get_or_try_init(py, || {
            let mut names: Vec<_> = (0..256).map(|_| None).collect();
            for variable in ENGINE.variables() {
                let name = PyString::intern(py, variable.name).unbind();
                names[usize::from(variable.number)] = Some((name, variable.repeats));
            }
            let texts = Texts::default();
            Ok::<_, PyErr>(Names { names, texts })
        })?;
        Ok(Self(names))
    }
}

impl Variables<'_> {
    /// `{"vin", "model_year", "error_codes", "attributes"}` of what was decoded last.
    pub fn dict<'py>(
        &self,
        py: Python<'py>,
        decoder: &Decoder<'static>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let mut texts = self.0.texts.lend();
        let attributes = PyDict::new(py);
        let own = [
            (intern!(py, "Suggested VIN"), decoder.suggested_vin()),
            (intern!(py, "Error Code"), decoder.error_code()),
            (intern!(py, "Possible Values"), decoder.possible_values()),
            (
                intern!(py, "Additional Error Text"),
                decoder.additional_error_text(),
            ),
            (intern!(py, "Error Text"), decoder.error_text()),
            (intern!(py, "Vehicle Descriptor"), decoder.descriptor()),
        ];
        for (name, text) in own {
            attributes.set_item(name, text)?;
        }
        let mut done = Ok(());
        decoder.attributes(|variable, value| {
            if done.is_ok() {
                done = self.set(py, &attributes, decoder, variable, value, &mut texts);
            }
        });
        done?;
        let codes = PyList::new(py, decoder.codes().iter())?;
        let dict = PyDict::new(py);
        dict.set_item(intern!(py, "vin"), decoder.vin())?;
        dict.set_item(intern!(py, "model_year"), decoder.model_year())?;
        dict.set_item(intern!(py, "error_codes"), codes)?;
        dict.set_item(intern!(py, "attributes"), attributes)?;
        Ok(dict)
    }

    fn set(
        &self,
        py: Python<'_>,
        attributes: &Bound<'_, PyDict>,
        decoder: &Decoder<'static>,
        variable: u8,
        value: u32,
        texts: &mut Lent<'_>,
    ) -> PyResult<()> {
        match &self.0.names[usize::from(variable)] {
            None => Ok(()),
            Some((name, false)) => {
                attributes.set_item(name, texts.of_pack(py, decoder.value_text(value)))
            }
            Some((name, true)) => {
                let all = decoder.repeated(variable);
                let all = all.into_iter().map(|text| texts.of_pack(py, text));
                attributes.set_item(name, PyList::new(py, all.collect::<Vec<_>>())?)
            }
        }
    }
}
