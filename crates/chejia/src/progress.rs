//! What a long command tells on standard error while it works: a bar on a terminal, else lines.

use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};

/// The bar of a step whose end is known, and the sign of one whose end is not.
const BAR: &str = "{msg} {wide_bar} {binary_bytes}/{binary_total_bytes}";
const COUNT: &str = "{msg} {wide_bar} {human_pos}/{human_len}";
const SIGN: &str = "{spinner} {msg} {elapsed}";

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of a file.
    Bytes,
    /// Rows of a table.
    Rows,
}

/// Who is told how far something is.
pub trait Steps {
    /// A step begins.
    fn step(&self, what: &str);

    /// So much of the step is done, of so much; 0 when that is not known.
    fn at(&self, done: u64, total: u64, unit: Unit);
}

impl Steps for Progress {
    fn step(&self, what: &str) {
        self.begin(what);
    }

    fn at(&self, done: u64, total: u64, unit: Unit) {
        self.reach(done, total, unit);
    }
}

/// Tells how far a command is.
pub struct Progress {
    /// On a terminal, the bar.
    bar: Option<ProgressBar>,
    /// Whether the bar shows a step whose end is known.
    measured: Cell<bool>,
    /// Whether steps are told where there is no terminal.
    lines: bool,
}

impl Progress {
    /// Tells on standard error, in the way that suits it.
    pub fn new() -> Self {
        let bar = io::stderr().is_terminal().then(ProgressBar::new_spinner);
        Self {
            bar,
            measured: Cell::new(false),
            lines: true,
        }
    }

    /// Tells on a terminal only, for commands that others run many times.
    pub fn on_terminal() -> Self {
        let mut progress = Self::new();
        progress.lines = false;
        progress
    }

    /// Tells something that is worth knowing, anywhere.
    pub fn say(&self, what: &str) {
        // There is nobody to tell when standard error is closed.
        let line = || drop(writeln!(io::stderr(), "chejia: {what}"));
        match &self.bar {
            Some(bar) => bar.suspend(line),
            None => line(),
        }
    }

    fn begin(&self, what: &str) {
        match &self.bar {
            Some(bar) => {
                self.measured.set(false);
                bar.set_style(style(SIGN));
                bar.set_message(what.to_owned());
                bar.enable_steady_tick(std::time::Duration::from_millis(120));
            }
            None if !self.lines => {}
            None => {
                // There is nobody to tell when standard error is closed.
                let _ = writeln!(io::stderr(), "chejia: {what}");
            }
        }
    }

    fn reach(&self, done: u64, total: u64, unit: Unit) {
        let Some(bar) = &self.bar else { return };
        if total > 0 && !self.measured.replace(true) {
            bar.disable_steady_tick();
            bar.set_style(style(match unit {
                Unit::Bytes => BAR,
                Unit::Rows => COUNT,
            }));
        }
        if total > 0 {
            bar.set_length(total);
            bar.set_position(done);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &'static str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_templates() {
        for template in [BAR, COUNT, SIGN] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
