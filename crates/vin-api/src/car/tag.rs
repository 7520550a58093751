//! The tag of an answer of the catalogue: a digest of all that its bytes depend on.

use crate::interface::{COMMON, Interface};
use crate::param::{PARAMS, Param, Params};
use hyper::header::HeaderValue;
use sha2::{Digest as _, Sha256};
use vin_core::Lang;
use vin_service::Shelf;

/// The tag of the answer to these parameters.
pub fn of(
    shelf: &Shelf,
    interface: Interface,
    lang: Lang,
    params: &Params<'_>,
    base: &str,
) -> HeaderValue {
    let mut digest = Sha256::new();
    let mut take = |text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    };
    take(env!("CARGO_PKG_VERSION"));
    take(&shelf.digest());
    take(interface.spec().path);
    take(base);
    take(match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    });
    let own = interface.spec().params.iter().chain(&COMMON);
    for (param, _) in own.filter(|(param, _)| !matches!(param, Param::Key | Param::Lang)) {
        take(PARAMS[*param as usize].name);
        take(params.get(*param));
    }
    let digest = digest.finalize();
    let hex: String = digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // Hexadecimal digits in quotes are a header value.
    HeaderValue::try_from(format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether a list of tags names this one (RFC 9110, 13.1.2: a weak one counts too).
pub fn names(list: &HeaderValue, tag: &HeaderValue) -> bool {
    let list = list.to_str().unwrap_or_default();
    let tag = tag.to_str().unwrap_or_default();
    let mut tags = list.split(',').map(str::trim);
    tags.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_a_tag_in_any_place_weak_or_strong() {
        let tag = HeaderValue::from_static("\"ab\"");
        for (list, named) in [
            ("\"ab\"", true),
            ("W/\"ab\"", true),
            ("\"x\", \"ab\"", true),
            ("*", true),
            ("\"abc\"", false),
            ("ab", false),
            ("", false),
        ] {
            let list = HeaderValue::from_static(list);
            assert_eq!(names(&list, &tag), named, "{list:?}");
        }
    }
}
