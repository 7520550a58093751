//! Years in which no source lists the bodies of a series, between two that list the same one.

use super::build::Build;
use super::draft::Body;
use std::collections::BTreeMap;
use vin_index::catalogue::Body as Values;

/// How many years may be missing.
const YEARS: u16 = 3;

/// Lets a body hold through the missing years when the same one is listed after them.
pub fn close(build: &mut Build) {
    let mut years: BTreeMap<usize, (u16, u16)> = BTreeMap::new();
    for body in &build.bodies {
        let (from, to) = (body.values.from.get(), body.values.to.get());
        let span = years.entry(body.series).or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    }
    let listed = |series: usize, year: u16, bodies: &[Body]| {
        bodies
            .iter()
            .any(|body| body.series == series && holds(&body.values, year))
    };
    let mut by_series: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, body) in build.bodies.iter().enumerate() {
        by_series.entry(body.series).or_default().push(at);
    }
    let mut longer = Vec::new();
    for (&series, &(from, to)) in &years {
        let of_series = &by_series[&series];
        let own: Vec<_> = of_series
            .iter()
            .map(|&at| build.bodies[at].clone())
            .collect();
        let free = |year: &u16| !listed(series, *year, &own);
        let mut year = from;
        while year <= to {
            let gap = (year..=to).take_while(free).count() as u16;
            if gap == 0 || gap > YEARS {
                year += gap.max(1);
                continue;
            }
            for &at in of_series {
                let body = &build.bodies[at].values;
                let after = own.iter().any(|other| {
                    other.values.from.get() == year + gap && same(body, &other.values)
                });
                if body.to.get() + 1 == year && after {
                    longer.push((at, year + gap - 1));
                }
            }
            year += gap;
        }
    }
    for (at, to) in longer {
        build.bodies[at].values.to = to.into();
    }
}

fn holds(body: &Values, year: u16) -> bool {
    (body.from.get()..=body.to.get()).contains(&year)
}

/// Whether two rows are of one body: the wheelbase equal, the other sizes within an inch.
fn same(a: &Values, b: &Values) -> bool {
    let near = |a: u16, b: u16| a.abs_diff(b) <= 26;
    let wheelbase = a.wheelbase.get().abs_diff(b.wheelbase.get()) <= 6;
    wheelbase
        && a.model == b.model
        && near(a.length.get(), b.length.get())
        && near(a.width.get(), b.width.get())
        && near(a.height.get(), b.height.get())
}
