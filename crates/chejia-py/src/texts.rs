//! Texts of the pack as Python's strings, each made once.

use pyo3::prelude::*;
use pyo3::types::PyString;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many are kept; the pack has not many more that come up again and again.
const MOST: usize = 200_000;

/// Where a text stands in the pack, which stays where it is, and how long it is.
type Place = (usize, usize);

/// The strings that were made.
#[derive(Default)]
pub struct Texts(Mutex<HashMap<Place, Py<PyString>>>);

/// The strings, for as many as one call needs.
pub struct Lent<'t>(MutexGuard<'t, HashMap<Place, Py<PyString>>>);

impl Texts {
    /// Lends them to this call. The interpreter runs one at a time, and none waits here.
    pub fn lend(&self) -> Lent<'_> {
        Lent(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Lent<'_> {
    /// A text that stands in the pack.
    pub fn of_pack<'py>(&mut self, py: Python<'py>, text: &'static str) -> Bound<'py, PyString> {
        let place = (text.as_ptr() as usize, text.len());
        if let Some(string) = self.0.get(&place) {
            return string.bind(py).clone();
        }
        let string = PyString::new(py, text);
        if self.0.len() < MOST {
            self.0.insert(place, string.clone().unbind());
        }
        string
    }

    /// A text that stands in the pack or was made for one answer.
    #[expect(
        clippy::ptr_arg,
        reason = "the texts of the pack are told from those that were made"
    )]
    pub fn get<'py>(&mut self, py: Python<'py>, text: &Cow<'static, str>) -> Bound<'py, PyString> {
        match text {
            Cow::Borrowed(text) => self.of_pack(py, text),
            Cow::Owned(text) => PyString::new(py, text),
        }
    }
}
