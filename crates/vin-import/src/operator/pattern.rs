//! Patterns of VINs as people write them (`LSVNY6A2×××××××××`), to WMI and key.

use crate::limits;

/// A pattern in the notation of our rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern {
    /// Three characters, or six of a small maker.
    pub wmi: String,
    /// Positions 4–8 and, after a bar, 10–14; without what is open at its end.
    pub key: String,
}

/// What stands for any character. The Latin X is one too, where it cannot be meant: see [`pattern`].
const WILDCARDS: &[char] = &[
    '*', '?', '_', '\u{d7}', '\u{2715}', '\u{2716}', '\u{2573}', '\u{25a1}', '\u{25a0}',
    '\u{25cb}', '\u{25cf}', '\u{2606}', '\u{2605}', '\u{203b}', '\u{2217}',
];

/// What parts two patterns in a cell.
const SEPARATORS: &[char] = &[',', '\u{3001}', ';', '/', '|', '\u{3002}'];

/// The length of a VIN.
const LENGTH: usize = 17;

/// The patterns of a cell.
///
/// # Errors
/// A pattern that cannot be right, and why.
pub fn patterns(cell: &str) -> Result<Vec<Pattern>, (String, String)> {
    let plain: String = cell.chars().map(narrow).collect();
    let parts = plain.split(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
    let mut found = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let read = pattern(part).map_err(|reason| (part.to_owned(), reason))?;
        if !found.contains(&read) {
            found.push(read);
        }
        if found.len() > limits::PATTERNS {
            return Err((
                part.to_owned(),
                format!("more than {} patterns", limits::PATTERNS),
            ));
        }
    }
    Ok(found)
}

/// A wide letter, digit or sign as the narrow one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// One pattern. Position 9 is the check digit and is passed over.
///
/// An X is a character of VINs and also stands for an open place. The last four places are always
/// digits: where all of them are X and no other sign stands for open places, the X that run up to
/// the end are open places.
fn pattern(text: &str) -> Result<Pattern, String> {
    let mut places: Vec<char> = text.chars().map(|c| c.to_ascii_uppercase()).collect();
    if places.len() > LENGTH {
        return Err(format!("{} characters, a VIN has {LENGTH}", places.len()));
    }
    let signs = places.iter().any(|c| WILDCARDS.contains(c));
    if !signs && places.len() == LENGTH && places.ends_with(&['X'; 4]) {
        let end = places
            .iter()
            .rposition(|c| *c != 'X')
            .map_or(0, |at| at + 1);
        places[end..].fill('*');
    }
    places.resize(LENGTH, '*');
    for (at, place) in places.iter_mut().enumerate() {
        match *place {
            c if WILDCARDS.contains(&c) => *place = '*',
            'I' | 'O' | 'Q' => {
                return Err(format!("{place} in position {} stands in no VIN", at + 1));
            }
            '0'..='9' | 'A'..='Z' => {}
            c => {
                return Err(format!(
                    "{c:?} in position {} is no character of a VIN",
                    at + 1
                ));
            }
        }
    }
    if places[..3].contains(&'*') {
        return Err("the first three characters, the maker's, must be known".to_owned());
    }
    // A small maker, with a 9 in third place, is known by positions 12–14 too.
    let small = places[2] == '9' && !places[11..14].contains(&'*');
    let mut wmi: String = places[..3].iter().collect();
    if small {
        wmi.extend(&places[11..14]);
        places[11..14].fill('*');
    }
    let key: String = places[3..8]
        .iter()
        .chain(['|'].iter())
        .chain(&places[9..14])
        .collect();
    let key = key
        .trim_end_matches('*')
        .trim_end_matches('|')
        .trim_end_matches('*');
    match key.is_empty() {
        true => Err("no character of positions 4–8 and 10–14 is known".to_owned()),
        false => Ok(Pattern {
            wmi,
            key: key.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: &str) {
        let found = patterns(cell).map(|all| {
            let all = all.iter().map(|p| format!("{} {}", p.wmi, p.key));
            all.collect::<Vec<_>>().join("; ")
        });
        assert_eq!(found.as_deref(), Ok(expected), "{cell}");
    }

    #[test]
    fn open_places_are_written_in_many_ways() {
        for open in [
            "×××××××××",
            "*********",
            "?????????",
            "□□□□□□□□□",
            "＊＊＊＊＊＊＊＊＊",
            "✕✕✕✕✕✕✕✕✕",
            "×*?□××*?□",
        ] {
            check(&format!("LSVNY6A2{open}"), "LSV NY6A2");
        }
        for open in ["X", "x", "Ｘ"] {
            check(&format!("LSVNY6A2{}", open.repeat(9)), "LSV NY6A2");
        }
        check("LSVNY6A2", "LSV NY6A2");
        check("lsvny6a2×××××××××", "LSV NY6A2");
        check("ＬＳＶNY6A2×××××××××", "LSV NY6A2");
    }

    #[test]
    fn an_x_that_can_be_meant_is_itself() {
        check(&format!("LSVXY6A2{}", "X".repeat(9)), "LSV XY6A2");
        check("LSVXY6AX×××E×××××", "LSV XY6AX|**E");
        check("LSVNX6A2×CX××××××", "LSV NX6A2|CX");
    }

    #[test]
    fn a_cell_may_hold_several() {
        check(
            "LSVNY6A2×××××××××,LSVNY6A4×××××××××",
            "LSV NY6A2; LSV NY6A4",
        );
        check(
            "LSVNY6A2×××××××××、LSVNY6A2×××××××××\nLSVNZ6A4×××××××××，LSVNZ6A5×××××××××；",
            "LSV NY6A2; LSV NZ6A4; LSV NZ6A5",
        );
        check("", "");
    }

    #[test]
    fn position_nine_is_passed_over_and_positions_up_to_fourteen_are_kept() {
        check("LSVN*6A25D2******", "LSV N*6A2|D2");
        check("LSVN****×××××1×××", "LSV N****|****1");
        // With a 9 in third place positions 12–14 are the maker's.
        check("LA9GC6A2××B12××××", "LA9 GC6A2|*B12");
        check("LA9GC6A2×××AB1×××", "LA9AB1 GC6A2");
    }

    #[track_caller]
    fn refuse(cell: &str, part: &str, reason: &str) {
        let (found, said) = patterns(cell).expect_err(cell);
        assert_eq!(found, part, "{cell}");
        assert!(said.contains(reason), "{said}");
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        refuse("LSVNY6A2××××××××××", "LSVNY6A2××××××××××", "18 characters");
        refuse("×SVNY6A2×××××××××", "×SVNY6A2×××××××××", "first three");
        refuse(
            "LSV××××××××××××××",
            "LSV××××××××××××××",
            "no character of positions",
        );
        refuse("LSVOY6A2×××××××××", "LSVOY6A2×××××××××", "O in position 4");
        refuse("LSVNY6А2×××××××××", "LSVNY6А2×××××××××", "position 7"); // a Cyrillic А
        refuse("LSVNY6A2×××××××××,见附件", "见附件", "position 1");
        let many: Vec<_> = (0..=limits::PATTERNS)
            .map(|n| format!("LSV{n:05}"))
            .collect();
        refuse(&many.join(","), "LSV00200", "more than 200");
    }
}
