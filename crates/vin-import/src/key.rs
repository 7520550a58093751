//! Reading a pattern key: what positions 4–8 and, after `|`, 10–14 must hold.

use vin_index::vpic::{ANY, CLASS, symbol};

/// A key, position by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedKey {
    /// Per position the character, [`ANY`] or [`CLASS`].
    pub chars: [u8; 10],
    /// Per position the characters that fit; all ones where any does.
    pub classes: [u64; 10],
    /// The same without the letters `I O Q` where only a range holds them: a VIN with one is
    /// matched, but such a letter is never said to be allowed.
    pub allowed: [u64; 10],
    /// How many positions the key covers, wildcards included.
    pub reach: usize,
    /// The positions that read digits as the value, as a bit set; 0 for an ordinary key.
    pub digits: u16,
}

/// Reads a key.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn parse(text: &str) -> Result<ParsedKey, String> {
    let mut key = ParsedKey {
        chars: [ANY; 10],
        classes: [u64::MAX; 10],
        allowed: [u64::MAX; 10],
        reach: 0,
        digits: 0,
    };
    let mut bytes = text.bytes().peekable();
    let mut barred = false;
    while let Some(c) = bytes.next() {
        if c == b'|' {
            if key.reach != 5 || barred {
                return Err("`|` must stand once, after five positions".into());
            }
            barred = true;
            continue;
        }
        let at = key.reach;
        if at >= 10 || (at >= 5 && !barred) {
            return Err("more positions than 4–8 and 10–14".into());
        }
        match c {
            b'*' => {}
            b'#' => {
                key.chars[at] = CLASS;
                key.classes[at] = (1 << 10) - 1;
                key.allowed[at] = key.classes[at];
                key.digits |= 1 << at;
            }
            b'[' => {
                key.chars[at] = CLASS;
                (key.classes[at], key.allowed[at]) = class(&mut bytes)?;
            }
            _ => {
                let bit = symbol(c).ok_or_else(|| no_symbol(c))?;
                key.chars[at] = c;
                key.classes[at] = 1 << bit;
                key.allowed[at] = 1 << bit;
            }
        }
        key.reach += 1;
    }
    let first = key.digits.trailing_zeros();
    if key.digits != 0 && (key.digits >> first) & ((key.digits >> first) + 1) != 0 {
        return Err("the `#` must follow one another".into());
    }
    Ok(key)
}

fn no_symbol(c: u8) -> String {
    format!("{:?} is no character of a key", char::from(c))
}

/// The letters that no VIN holds, `I O Q`.
const NOT_IN_RANGES: u64 = 1 << 18 | 1 << 24 | 1 << 26;

/// Reads a class up to its `]`: characters, ranges, `^` first for the others.
///
/// Gives what fits and what is said to be allowed.
fn class(bytes: &mut impl Iterator<Item = u8>) -> Result<(u64, u64), String> {
    let (mut set, mut allowed) = (0, 0);
    let mut negated = false;
    let mut first = true;
    // The character that a range could begin with, and whether a `-` came after it.
    let (mut last, mut dash): (Option<u8>, bool) = (None, false);
    for c in bytes.by_ref() {
        match c {
            b']' => {
                if dash {
                    return Err("a range without an end".into());
                }
                return Ok(if negated {
                    (!set, !set)
                } else {
                    (set, allowed)
                });
            }
            b'^' if first => negated = true,
            b'-' if last.is_some() && !dash => dash = true,
            _ => {
                let to = symbol(c).ok_or_else(|| no_symbol(c))?;
                set |= 1 << to;
                allowed |= 1 << to;
                if let (true, Some(from)) = (dash, last) {
                    // A range whose ends are of different kinds or reversed (`1-A`) is its two ends.
                    if from <= to && (from < 10) == (to < 10) {
                        for bit in from..=to {
                            set |= 1 << bit;
                            allowed |= (1 << bit) & !NOT_IN_RANGES;
                        }
                    }
                    (last, dash) = (None, false);
                } else {
                    last = Some(to);
                }
            }
        }
        first = false;
    }
    Err("a class without `]`".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(key: &ParsedKey, at: usize) -> String {
        let all = (b'0'..=b'9').chain(b'A'..=b'Z');
        let fitting = all.filter(|&c| key.classes[at] >> symbol(c).expect("a symbol") & 1 == 1);
        fitting.map(char::from).collect()
    }

    #[track_caller]
    fn check(text: &str, reach: usize, at: usize, expected: &str) {
        let key = parse(text).expect(text);
        assert_eq!(
            (key.reach, fits(&key, at).as_str()),
            (reach, expected),
            "{text}"
        );
    }

    #[test]
    fn a_key_is_read_position_by_position() {
        check("CM82[67]", 5, 4, "67");
        check("*****|*A", 7, 6, "A");
        check("*[FWX][67]*F", 5, 1, "FWX");
        check("*A[9A-F]*L", 5, 2, "9ABCDEF");
        check("8S[GKLMN][X__________]", 4, 3, "X");
        check("F[1-A]", 2, 1, "1A");
        check("[^0-9]", 1, 0, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        check("[H-R]", 1, 0, "HIJKLMNOPQR");
        check("A", 1, 0, "A");
        assert_eq!(parse("**##").expect("a formula").digits, 0b1100);
    }

    #[track_caller]
    fn refuse(text: &str, reason: &str) {
        let error = parse(text).expect_err(text);
        assert!(error.contains(reason), "{text}: {error}");
    }

    #[test]
    fn a_key_that_cannot_be_meant_is_refused() {
        refuse("AB|C", "`|`");
        refuse("ABCDE|F|G", "`|`");
        refuse("ABCDEF", "more positions");
        refuse("ABCDE|FGHJKL", "more positions");
        refuse("A[BC", "without `]`");
        refuse("A[B-]", "without an end");
        refuse("АBC", "is no character"); // a Cyrillic А
        refuse("a", "is no character");
        refuse("#*#", "follow one another");
    }
}
