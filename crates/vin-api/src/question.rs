//! From parameters to a question: every value is read once, and then carried as a type.

use crate::fault::Fault;
use crate::limits::{BATCH_VINS, CALLBACK_CHARS};
use crate::param::{Param, Params};
use vin_core::{Date, Lang, Parsed, Vin};
use vin_service::{ApiKey, Question, ReqId};

/// The earliest model year that a VIN of 17 characters can have.
const FIRST_YEAR: u16 = 1980;

/// The key, if both required parameters are there. A key that can be nobody's is `None`.
///
/// # Errors
/// [`Fault::NoKey`], [`Fault::NoVin`].
pub fn key(params: &Params<'_>) -> Result<Option<ApiKey>, Fault> {
    let is_blank = |param| params.get(param).trim().is_empty();
    if is_blank(Param::Key) {
        return Err(Fault::NoKey);
    }
    if is_blank(Param::Vin) {
        return Err(Fault::NoVin);
    }
    Ok(ApiKey::parse(params.get(Param::Key)))
}

/// The question, when every parameter of it can be read.
///
/// # Errors
/// The first [`Fault`], in the order of the table of parameters.
pub fn question(params: &Params<'_>, today: Date) -> Result<Question, Fault> {
    let vin = Vin::parse(params.get(Param::Vin)).map_err(Fault::Vin)?;
    about(vin, params, today)
}

/// The same about a VIN that was read already.
///
/// # Errors
/// The first [`Fault`], in the order of the table of parameters.
pub fn about(vin: Parsed, params: &Params<'_>, today: Date) -> Result<Question, Fault> {
    let question = Question {
        vin,
        year: year(params.get(Param::Year), today)?,
        lang: lang(params)?,
        explain: flag(params.get(Param::Explain)).ok_or(Fault::Explain)?,
        today,
    };
    reqid(params)?;
    Ok(question)
}

/// The VINs of a batch, as they were written.
///
/// # Errors
/// [`Fault::Vins`] for none, or more than [`BATCH_VINS`].
pub fn vins<'p>(params: &'p Params<'_>) -> Result<Vec<&'p str>, Fault> {
    const BETWEEN: &[char] = &[',', ';', '\n', '\r', '\t', '，', '；', '、'];
    let parts = params.get(Param::Vins).split(BETWEEN).map(str::trim);
    let vins: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    match vins.len() {
        1..=BATCH_VINS => Ok(vins),
        found => Err(Fault::Vins { found }),
    }
}

/// The key alone, for questions about its account.
///
/// # Errors
/// [`Fault::NoKey`].
pub fn key_alone(params: &Params<'_>) -> Result<Option<ApiKey>, Fault> {
    match params.get(Param::Key).trim() {
        "" => Err(Fault::NoKey),
        key => Ok(ApiKey::parse(key)),
    }
}

/// The client's own number for the request.
///
/// # Errors
/// [`Fault::ReqId`].
pub fn reqid(params: &Params<'_>) -> Result<Option<ReqId>, Fault> {
    match params.get(Param::ReqId) {
        "" => Ok(None),
        text => ReqId::parse(text).map(Some).ok_or(Fault::ReqId),
    }
}

/// The language that was asked for; also for the answer to a request that is faulty elsewhere.
///
/// # Errors
/// [`Fault::Lang`].
pub fn lang(params: &Params<'_>) -> Result<Lang, Fault> {
    let text = params.get(Param::Lang).trim();
    // `zh-CN` and `en_US` name the same languages as `zh` and `en`.
    match text.split(['-', '_']).next().unwrap_or_default() {
        "" => Ok(Lang::Zh),
        main if main.eq_ignore_ascii_case("zh") => Ok(Lang::Zh),
        main if main.eq_ignore_ascii_case("en") => Ok(Lang::En),
        _ => Err(Fault::Lang),
    }
}

/// The name of the function that a JSONP answer calls.
///
/// # Errors
/// [`Fault::Callback`] for anything that is no dotted name.
pub fn callback<'p>(params: &'p Params<'_>) -> Result<Option<&'p str>, Fault> {
    let name = params.get(Param::Callback);
    let is_identifier = |part: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$');
        part.bytes().all(plain) && part.bytes().next().is_some_and(|b| !b.is_ascii_digit())
    };
    match name {
        "" => Ok(None),
        name if name.len() <= CALLBACK_CHARS && name.split('.').all(is_identifier) => {
            Ok(Some(name))
        }
        _ => Err(Fault::Callback),
    }
}

/// A model year in reach, or none.
///
/// # Errors
/// [`Fault::Year`].
pub fn year(text: &str, today: Date) -> Result<Option<u16>, Fault> {
    let latest = today.year + 2;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let plain = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let year = plain.then(|| text.parse().ok()).flatten();
    match year {
        Some(year) if (FIRST_YEAR..=latest).contains(&year) => Ok(Some(year)),
        _ => Err(Fault::Year { latest }),
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.trim() {
        "" | "0" | "false" => Some(false),
        "1" | "true" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;

    const TODAY: Date = Date {
        year: 2026,
        month: 11,
        day: 24,
    };

    #[track_caller]
    fn refuse(query: &str, fault: &Fault) {
        let mut params = Params::default();
        form::read(b"vin=WP0AA2978BL012976", &mut params);
        form::read(query.as_bytes(), &mut params);
        assert_eq!(question(&params, TODAY).expect_err(query), *fault);
    }

    #[test]
    fn each_parameter_has_its_own_refusal() {
        for year in ["11", "1979", "2029", "+201", "abcd", "２０１１"] {
            refuse(&format!("year={year}"), &Fault::Year { latest: 2028 });
        }
        refuse("lang=fr", &Fault::Lang);
        refuse("explain=2", &Fault::Explain);
        refuse(&format!("reqid={}", "r".repeat(65)), &Fault::ReqId);
        refuse("reqid=a%20b", &Fault::ReqId);
        refuse(
            "vin=WP0",
            &Fault::Vin(vin_core::VinError::Length { found: 3 }),
        );
    }

    #[test]
    fn what_is_sensible_is_understood() {
        let mut params = Params::default();
        form::read(
            b"vin=wpoaa2978bl012976&year=2028&lang=en-US&explain=true&reqid=A-1",
            &mut params,
        );
        let read = question(&params, TODAY).expect("sensible");
        assert_eq!(read.vin.vin.as_str(), "WP0AA2978BL012976");
        assert_eq!(
            (read.year, read.lang, read.explain),
            (Some(2028), Lang::En, true)
        );
    }

    #[test]
    fn a_callback_is_a_dotted_name() {
        let read = |name: &str| {
            let mut params = Params::default();
            params.set(Param::Callback, name.to_owned().into());
            callback(&params).map(|name| name.map(str::to_owned))
        };
        for name in ["cb", "jQuery123_456", "a.b.c", "$"] {
            assert_eq!(read(name), Ok(Some(name.to_owned())));
        }
        for name in [
            "1a",
            "a b",
            "a.",
            ".a",
            "a..b",
            "a(b)",
            "<script>",
            "函数",
            &"c".repeat(129),
        ] {
            assert_eq!(read(name), Err(Fault::Callback), "{name}");
        }
    }
}
