//! Cells of the ministry's records, which list alternatives: only what is single is known.

/// What parts alternatives.
const SEPARATORS: [char; 9] = [
    ',', '\u{ff0c}', '/', '\u{3001}', ';', '\u{ff1b}', '|', '\n', ' ',
];
/// The same where a slash is part of the value.
const LISTS: [char; 6] = [',', '\u{ff0c}', '\u{3001}', ';', '\u{ff1b}', '\n'];
/// Units that people write behind a number all the same.
const UNITS: [&str; 8] = ["mm", "kg", "ml", "mL", "kW", "kw", "KW", "人"];
/// Between the ends of a range, or the distances of several axles.
const SPANS: [char; 5] = ['-', '+', '~', '\u{ff5e}', '\u{2014}'];

/// The fuels, as the records write them, and in our words.
const FUELS: &[(&str, &str, &str)] = &[
    ("汽油", "汽油", "Petrol"),
    ("柴油", "柴油", "Diesel"),
    ("电", "纯电动", "Electric"),
    ("纯电", "纯电动", "Electric"),
    ("纯电动", "纯电动", "Electric"),
    ("天然气", "天然气", "Natural gas"),
    ("CNG", "天然气", "Natural gas"),
    ("LNG", "天然气", "Natural gas"),
    ("NG", "天然气", "Natural gas"),
    ("甲醇", "甲醇", "Methanol"),
    ("氢", "氢燃料", "Hydrogen"),
    ("氢气", "氢燃料", "Hydrogen"),
];

/// The one text of a cell, `None` when there are several or none.
pub fn single(text: &str) -> Option<String> {
    let mut parts = text
        .split(LISTS)
        .map(super::cell::line)
        .filter(|part| is_value(part));
    let first = parts.next()?;
    parts.all(|part| part == first).then_some(first)
}

/// Whether a cell says something: `-`, `/` and `无` do not.
fn is_value(text: &str) -> bool {
    !matches!(
        text,
        "" | "-"
            | "--"
            | "/"
            | "\u{2014}"
            | "\u{2014}\u{2014}"
            | "无"
            | "暂无"
            | "不适用"
            | "见附件"
    )
}

/// The one number of a cell, in the column's unit; `None` when there are several or none.
///
/// # Errors
/// When something that should be a number is none.
pub fn number(text: &str) -> Result<Option<String>, String> {
    let mut found: Vec<f64> = Vec::new();
    let mut several = false;
    for part in text
        .split(SEPARATORS)
        .map(str::trim)
        .filter(|part| is_value(part))
    {
        let bare = UNITS
            .iter()
            .find_map(|unit| part.strip_suffix(unit))
            .unwrap_or(part)
            .trim();
        match bare.parse::<f64>() {
            Ok(number) if number.is_finite() && number > 0.0 => found.push(number),
            Ok(0.0) => {}
            _ if !bare.chars().any(|c| c.is_ascii_digit()) => {}
            _ if is_span(bare) => several = true,
            _ => return Err(format!("{bare:?} is not a number")),
        }
    }
    let first = found.first().copied();
    let same = !several && found.iter().all(|number| Some(*number) == first);
    Ok(first.filter(|_| same).map(|number| number.to_string()))
}

fn is_span(text: &str) -> bool {
    let parts: Vec<_> = text.split(SPANS).collect();
    parts.len() > 1 && parts.iter().all(|part| part.trim().parse::<f64>().is_ok())
}

/// Length, width and height of one cell: `4671×1806×1474`, `长:4671 宽:1806 高:1474`; each may have
/// alternatives.
///
/// # Errors
/// When it is no such cell.
pub fn size(text: &str) -> Result<[Option<String>; 3], String> {
    let wrong = || "not length, width and height".to_owned();
    let labels = ['长', '宽', '高'];
    let parts: Vec<String> = if labels.iter().all(|label| text.contains(*label)) {
        let values = labels.map(|label| {
            let rest = text.split(label).nth(1).unwrap_or_default();
            let rest = rest.split(labels).next().unwrap_or_default();
            rest.trim_matches(|c: char| !c.is_ascii_digit()).to_owned()
        });
        values.into()
    } else {
        let times = text.split(['\u{d7}', 'x', 'X', '*', '\u{2715}']);
        times.map(|part| part.trim().to_owned()).collect()
    };
    match <[String; 3]>::try_from(parts) {
        Ok([length, width, height]) => Ok([number(&length)?, number(&width)?, number(&height)?]),
        Err(parts) if parts.iter().all(|part| !is_value(part)) => Ok([None, None, None]),
        Err(_) => Err(wrong()),
    }
}

/// The tyres of the front and of the rear axle.
///
/// A cell with one size tells both; with `前` and `后` it tells each; with several sizes it does not
/// say which of them a car has, so that none is known.
pub fn tyres(text: &str) -> [Option<String>; 2] {
    let parts: Vec<_> = text
        .split(LISTS)
        .map(super::cell::line)
        .filter(|part| is_value(part))
        .collect();
    let of = |axle: char| {
        let sizes = parts.iter().filter_map(|part| part.strip_prefix(axle));
        let sizes: Vec<_> = sizes
            .map(|rest| rest.trim_start_matches(['轮', ':', '\u{ff1a}', ' ']))
            .collect();
        match sizes[..] {
            [size] => Some(size.to_owned()),
            _ => None,
        }
    };
    if parts.iter().any(|part| part.starts_with(['前', '后'])) {
        return [of('前'), of('后')];
    }
    let one = single(text);
    [one.clone(), one]
}

/// Displacement in mL and power in kW of a cell such as `1395/110`; each engine is such a pair.
///
/// # Errors
/// When one is no number.
pub fn volume_power(text: &str) -> Result<[Option<String>; 2], String> {
    let mut found: Vec<[Option<String>; 2]> = Vec::new();
    for pair in text
        .split(LISTS)
        .map(str::trim)
        .filter(|part| is_value(part))
    {
        let (volume, power) = pair.split_once(['/', ' ']).unwrap_or((pair, ""));
        let read = [number(volume)?, number(power)?];
        if !found.contains(&read) {
            found.push(read);
        }
    }
    match &mut found[..] {
        [one] => Ok(std::mem::take(one)),
        _ => Ok([None, None]),
    }
}

/// The fuel of a cell in Chinese and, where it is a known one, in English.
pub fn fuel(text: &str) -> Option<(String, Option<&'static str>)> {
    let one = single(text)?;
    let known = FUELS.iter().find(|(written, _, _)| *written == one);
    Some(match known {
        Some((_, zh, en)) => ((*zh).to_owned(), Some(en)),
        None => (one, None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_number(text: &str, expected: Result<Option<&str>, &str>) {
        let found = number(text);
        assert_eq!(
            found.as_ref().map(Option::as_deref).map_err(String::as_str),
            expected,
            "{text}"
        );
    }

    #[test]
    fn only_a_single_number_is_known() {
        check_number("2700", Ok(Some("2700")));
        check_number("2700mm", Ok(Some("2700")));
        check_number("1395.0", Ok(Some("1395")));
        check_number("2700,2700", Ok(Some("2700")));
        check_number("2700,2800", Ok(None));
        check_number("1530/1547", Ok(None));
        check_number("1800+3200", Ok(None));
        check_number("1500-1600", Ok(None));
        check_number("-", Ok(None));
        check_number("无", Ok(None));
        check_number("0", Ok(None));
        check_number("12O0", Err("\"12O0\" is not a number"));
        check_number("2,7OO", Err("\"7OO\" is not a number"));
    }

    #[test]
    fn sizes_stand_in_one_cell_or_behind_labels() {
        let of = |text| size(text).map(|all| all.map(Option::unwrap_or_default).join(" "));
        assert_eq!(of("4671×1806×1474").as_deref(), Ok("4671 1806 1474"));
        assert_eq!(of("4671*1806*1474,1480").as_deref(), Ok("4671 1806 "));
        assert_eq!(
            of("长:4671 宽:1806 高:1474").as_deref(),
            Ok("4671 1806 1474")
        );
        assert_eq!(of("-").as_deref(), Ok("  "));
        assert!(of("4671×1806").is_err());
    }

    #[test]
    fn several_tyres_are_no_tyre() {
        let of = |text| tyres(text).map(Option::unwrap_or_default).join(" | ");
        assert_eq!(of("225/60R16"), "225/60R16 | 225/60R16");
        assert_eq!(of("225/60R16,225/55R17"), " | ");
        assert_eq!(
            of("前轮:245/50 R18，后轮:275/45 R18"),
            "245/50 R18 | 275/45 R18"
        );
        assert_eq!(of("前:245/50R18,前:255/50R18,后:275/45R18"), " | 275/45R18");
    }

    #[test]
    fn an_engine_is_known_where_there_is_one() {
        let of = |text| volume_power(text).map(|all| all.map(Option::unwrap_or_default).join(" "));
        assert_eq!(of("1395/110").as_deref(), Ok("1395 110"));
        assert_eq!(of("1395/110\n1395/110").as_deref(), Ok("1395 110"));
        assert_eq!(of("1395/110,1984/137").as_deref(), Ok(" "));
        assert_eq!(fuel("汽油"), Some(("汽油".to_owned(), Some("Petrol"))));
        assert_eq!(fuel("电"), Some(("纯电动".to_owned(), Some("Electric"))));
        assert_eq!(fuel("汽油、柴油"), None);
        assert_eq!(fuel("汽油/电混合"), Some(("汽油/电混合".to_owned(), None)));
    }
}
