//! A monogram as SVG: a rounded square of one neutral colour with the beginning of a name.
//!
//! White on slate has a contrast above 5 : 1, and slate stands out from white and from black.

use std::fmt::Write as _;

/// The colour of the square.
const SLATE: &str = "#5b6675";

/// So many Latin letters fit.
const MOST_LETTERS: usize = 3;

/// The picture for a brand of this name.
pub fn svg(name: &str) -> String {
    let letters = letters(name);
    let size = match letters.chars().count() {
        1 => 54,
        2 => 42,
        _ => 32,
    };
    let (name, letters) = (escaped(name), escaped(&letters));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"96\" height=\"96\" viewBox=\"0 0 96 96\" \
         role=\"img\" aria-label=\"{name}\"><title>{name}</title>\
         <rect width=\"96\" height=\"96\" rx=\"20\" fill=\"{SLATE}\"/>\
         <text x=\"48\" y=\"48\" dy=\".36em\" text-anchor=\"middle\" fill=\"#fff\" font-size=\"{size}\" \
         font-weight=\"600\" font-family=\"'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif\">\
         {letters}</text></svg>\n"
    )
}

/// One Chinese character, a short Latin name whole, or the first letters of its words.
fn letters(name: &str) -> String {
    let Some(first) = name.chars().find(|c| c.is_alphanumeric()) else {
        return "?".to_owned();
    };
    if !first.is_ascii() {
        return first.to_uppercase().collect();
    }
    if name.len() <= MOST_LETTERS && name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return name.to_ascii_uppercase();
    }
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let firsts = words.filter_map(|word| word.chars().next());
    firsts.take(2).map(|c| c.to_ascii_uppercase()).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monogram_is_short() {
        for (name, expected) in [
            ("保时捷", "保"),
            ("AC Schnitzer", "AS"),
            ("MG", "MG"),
            ("GMC", "GMC"),
            ("smart", "S"),
            ("Can-Am", "CA"),
            ("E. One Two", "EO"),
            ("&", "?"),
            ("", "?"),
        ] {
            assert_eq!(letters(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_text() {
        let svg = svg("\"><script>alert('x')</script>&\u{1}");
        assert!(!svg.contains("<script") && !svg.contains('\u{1}'), "{svg}");
        assert!(svg.contains("&#60;script&#62;"), "{svg}");
    }
}
