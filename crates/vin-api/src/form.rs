//! Parameters written `name=value&…`, as a query string or a form, decoded with tolerance.

use crate::param::{Params, by_name};
use std::borrow::Cow;

/// Takes the parameters of a form; what it does not know it leaves aside.
pub fn read<'r>(form: &'r [u8], params: &mut Params<'r>) {
    for (name, value) in split(form) {
        if let Some(param) = by_name(&decode(name)) {
            params.set(param, decode(value));
        }
    }
}

/// A name and its value, both decoded.
pub type Pair<'r> = (Cow<'r, str>, Cow<'r, str>);

/// Every name of a form with its value, in the order in which they came.
pub fn pairs(form: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let named = split(form).filter(|(name, _)| !name.is_empty());
    named.map(|(name, value)| (decode(name), decode(value)))
}

fn split(form: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    form.split(|&b| b == b'&').map(|pair| {
        let end = pair.iter().position(|&b| b == b'=').unwrap_or(pair.len());
        (&pair[..end], pair.get(end + 1..).unwrap_or_default())
    })
}

/// Decodes `+` and `%XX`. A `%` without two hexadecimal digits stands for itself, and what is
/// no UTF-8 becomes U+FFFD, so that every input has a reading.
pub fn decode(text: &[u8]) -> Cow<'_, str> {
    if !text.iter().any(|&b| matches!(b, b'+' | b'%')) {
        return String::from_utf8_lossy(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        bytes.push(match (first, tail) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            _ => *first,
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

fn digit(c: u8) -> Option<u8> {
    char::from(c).to_digit(16).map(|d| d as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::param::Param;

    #[track_caller]
    fn check(form: &str, key: &str, vin: &str) {
        let mut params = Params::default();
        read(form.as_bytes(), &mut params);
        assert_eq!(
            (params.get(Param::Key), params.get(Param::Vin)),
            (key, vin),
            "{form}"
        );
    }

    #[test]
    fn forms_are_read_as_clients_write_them() {
        check("key=k&vin=v", "k", "v");
        check("vin=v&other=x&key=k&", "k", "v");
        check("key=k&key=k&vin=v", "k", "v");
        check("key=a&key=b", "b", "");
        check("key=a&key=", "a", "");
        check("%6Bey=k&vin=a%20b+c", "k", "a b c");
        check("vin=%EF%BC%B7", "", "Ｗ");
        check("vin=a=b", "", "a=b");
        check("key&vin", "", "");
    }

    #[test]
    fn bad_sequences_stand_for_themselves() {
        check("vin=%", "", "%");
        check("vin=%4", "", "%4");
        check("vin=%zz%41", "", "%zzA");
        check("vin=%ff", "", "\u{fffd}");
    }
}
