//! Cookies: read from a request, written into an answer.

use http::HeaderMap;
use http::header::COOKIE;
use std::fmt::Write as _;

/// Who is signed in.
pub const SESSION: &str = "chejia_session";
/// Which visitor it is who is not signed in, so that forms are that visitor's own.
pub const VISIT: &str = "chejia_visit";
/// The language of the pages.
pub const LANG: &str = "chejia_lang";
/// Light or dark.
pub const THEME: &str = "chejia_theme";

/// For how many seconds what is no secret is kept.
const YEAR: u32 = 365 * 86_400;

/// The value of a cookie in a request.
pub fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(COOKIE).into_iter();
    let pairs = all.filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A cookie for as long as the browser is open or, with `keep`, for a year; scripts do not see it.
pub fn set(name: &str, value: &str, secure: bool, keep: bool) -> String {
    let mut text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
    if keep {
        // Writing to a string cannot fail.
        let _ = write!(text, "; Max-Age={YEAR}");
    }
    if secure {
        text.push_str("; Secure");
    }
    text
}

/// Takes a cookie back.
pub fn clear(name: &str) -> String {
    format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}
