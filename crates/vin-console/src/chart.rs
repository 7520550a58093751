//! Bars as SVG, made here: one bar a day, two parts each. Colours come from the style sheet, so that
//! both themes are readable; the same numbers stand in a table beside.

use std::fmt::Write as _;

/// One bar: its name, the whole, and the part of it that is painted stronger.
pub struct Bar {
    pub name: String,
    pub whole: i64,
    pub part: i64,
}

const WIDTH: i64 = 960;
const HEIGHT: i64 = 200;
const FOOT: i64 = 24;
const SIDE: i64 = 56;

/// The chart of bars, with a scale at its left.
pub fn svg(bars: &[Bar], title: &str) -> String {
    let top = ceiling(bars.iter().map(|bar| bar.whole).max().unwrap_or(0));
    let height = |value: i64| value * HEIGHT / top;
    let step = (WIDTH - SIDE) / (bars.len() as i64).max(1);
    let mut out = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{}\">",
        HEIGHT + FOOT,
        escaped(title)
    );
    // Writing to a string cannot fail.
    for quarter in 0..=2 {
        let y = HEIGHT - quarter * HEIGHT / 2;
        let value = crate::format::count(top * quarter / 2);
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{SIDE}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{value}</text>",
            SIDE - 8,
            (y + 4).max(12)
        );
    }
    let every = (bars.len() / 8).max(1);
    for (at, bar) in bars.iter().enumerate() {
        let x = SIDE + at as i64 * step;
        let wide = (step - 2).max(1);
        for (kind, value) in [("whole", bar.whole), ("part", bar.part)] {
            let tall = height(value);
            let _ = write!(
                out,
                "<rect class=\"{kind}\" x=\"{x}\" y=\"{}\" width=\"{wide}\" height=\"{tall}\"/>",
                HEIGHT - tall
            );
        }
        if at % every == 0 {
            let name = escaped(&bar.name);
            let _ = write!(out, "<text x=\"{x}\" y=\"{}\">{name}</text>", HEIGHT + 18);
        }
    }
    out.push_str("</svg>");
    out
}

/// The next of 2, 4, 10, 20, 40, 100, … that is not below a value.
fn ceiling(most: i64) -> i64 {
    let mut unit = 1;
    loop {
        for step in [2, 4, 10] {
            if unit * step >= most {
                return unit * step;
            }
        }
        unit *= 10;
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_round_and_not_below_the_bars() {
        for (most, wanted) in [
            (0, 2),
            (2, 2),
            (3, 4),
            (5, 10),
            (11, 20),
            (99, 100),
            (1_001, 2_000),
        ] {
            assert_eq!(ceiling(most), wanted);
        }
    }

    #[test]
    fn each_bar_has_its_height_and_no_text_is_markup() {
        let bar = |whole, part| Bar {
            name: "<a>".to_owned(),
            whole,
            part,
        };
        let svg = svg(&[bar(10, 5), bar(0, 0)], "a \"b\"");
        assert!(svg.contains("height=\"200\"") && svg.contains("height=\"100\""));
        assert!(svg.contains("&lt;a>") && svg.contains("a &quot;b&quot;"));
    }
}
