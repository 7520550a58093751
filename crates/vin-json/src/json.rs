//! Writing JSON straight into bytes.

/// Writes a string with its quotes.
pub fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    string_body(out, text);
    out.push(b'"');
}

/// Writes what stands between the quotes of a string.
fn string_body(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    loop {
        let plain = plain_len(rest);
        out.extend_from_slice(&rest[..plain]);
        let Some(&byte) = rest.get(plain) else { return };
        escape(out, byte);
        rest = &rest[plain + 1..];
    }
}

/// How many bytes at the start need no escape; eight are looked at at once.
fn plain_len(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The high bit of a byte is set where it is zero; bytes above the first such may be wrong.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut len = 0;
    for chunk in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*chunk);
        let below_space = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let quotes = zeros(word ^ (ONES * u64::from(b'"')));
        let backslashes = zeros(word ^ (ONES * u64::from(b'\\')));
        let found = below_space | quotes | backslashes;
        if found != 0 {
            return len + found.trailing_zeros() as usize / 8;
        }
        len += 8;
    }
    let rest = &bytes[len..];
    let at = rest
        .iter()
        .position(|&b| b < 0x20 || matches!(b, b'"' | b'\\'));
    len + at.unwrap_or(rest.len())
}

/// Writes a whole number.
pub fn int(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Writes `true` or `false`.
pub fn bool(out: &mut Vec<u8>, yes: bool) {
    out.extend_from_slice(if yes { b"true" } else { b"false" });
}

/// Writes a share of 0 … 1 with at most three decimals.
pub fn share(out: &mut Vec<u8>, share: f32) {
    // A share that is no number becomes 0, as the cast has it.
    let thousandths = (share.clamp(0.0, 1.0) * 1000.0).round() as u16;
    if thousandths == 1000 {
        out.push(b'1');
        return;
    }
    out.push(b'0');
    let digits = [thousandths / 100, thousandths / 10 % 10, thousandths % 10];
    let len = 3 - digits.iter().rev().take_while(|&&d| d == 0).count();
    if len > 0 {
        out.push(b'.');
        out.extend(digits[..len].iter().map(|&d| b'0' + d as u8));
    }
}

/// Writes `items` between brackets, with commas.
pub fn array<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

#[cold]
fn escape(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ => {
            let digit = |n: u8| b"0123456789abcdef"[usize::from(n)];
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    #[test]
    fn shares_have_at_most_three_decimals() {
        for (share_of, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (0.95, "0.95"),
            (0.5, "0.5"),
            (0.0404, "0.04"),
            (0.9996, "1"),
            (0.123_456, "0.123"),
            (7.0, "1"),
            (f32::NAN, "0"),
        ] {
            assert_eq!(written(|out| share(out, share_of)), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in prop_oneof![any::<String>(), "[a-z\"\\\\\n车\u{1f}\u{7f}]{0,40}"]) {
            let json = written(|out| string(out, &text));
            prop_assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
        }
    }
}
