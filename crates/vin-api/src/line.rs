//! One answer per line, for programs that decode many VINs without a server.

use crate::car;
use crate::code::Code;
use crate::fault::Fault;
use crate::question;
use crate::{json, record};
use vin_core::{Answer, Date, Lang, Vin, VinError};
use vin_service::{Question, Service, Shelf, Way};

/// The channel of an answer that our own decoder gave.
pub const LOCAL: &str = "local";

/// Writes `{"result":…,"match":…}` and, if the answer has facts, `"explain"`; no line break.
pub fn answer(out: &mut Vec<u8>, answer: &Answer<'_>, explain: bool) {
    out.extend_from_slice(b"{\"result\":");
    record::result(out, &answer.vehicle);
    out.extend_from_slice(b",\"match\":");
    record::matched(out, &answer.matched, LOCAL, answer.lang);
    if explain {
        out.extend_from_slice(b",\"explain\":");
        record::explain(out, answer);
    }
    out.push(b'}');
}

/// Writes `{"error":{"code":403,"msg":…}}` for a text that is no VIN.
pub fn refused(out: &mut Vec<u8>, error: VinError, lang: Lang) {
    self::error(out, Code::Request, &Fault::Vin(error).text(lang));
}

/// Writes `{"error":{"code":1003,"msg":…}}` for a VIN that nobody knows.
pub fn unknown(out: &mut Vec<u8>, lang: Lang) {
    error(out, Code::Unknown, Code::Unknown.spec().msg.get(lang));
}

/// Writes `{"error":{"code":403,"msg":…}}` for a model year that is out of reach.
pub fn bad_year(out: &mut Vec<u8>, today: Date, lang: Lang) {
    let latest = today.year + 2;
    error(out, Code::Request, &Fault::Year { latest }.text(lang));
}

/// What our own data say of a VIN, with the source of each value, as one of the lines above. Nobody is
/// asked, charged or logged.
pub fn of_own_data(service: &Service, vin: &str, lang: Lang) -> Vec<u8> {
    let mut out = Vec::new();
    let vin = match Vin::parse(vin) {
        Ok(parsed) => parsed,
        Err(error) => {
            refused(&mut out, error, lang);
            return out;
        }
    };
    let question = Question {
        vin,
        year: None,
        lang,
        explain: true,
        today: service.today(),
    };
    let known = service.look_up(&question, &Way::Local, |shown| {
        answer(&mut out, shown.answer, true);
    });
    if known.is_err() {
        unknown(&mut out, lang);
    }
    out
}

/// A page of what a keyword finds in the catalogue, as `/api/car/search` shows it, or an error as above.
/// Logos have addresses without a host.
pub fn search(out: &mut Vec<u8>, shelf: &Shelf, keyword: &str, page: &str, lang: Lang) {
    if let Err(fault) = car::search(out, shelf, keyword, page, lang) {
        error(out, Code::Request, &fault.text(lang));
    }
}

/// The model year in a text; `None` when it is none in reach on that day.
pub fn year(text: &str, today: Date) -> Option<u16> {
    question::year(text, today).ok().flatten()
}

fn error(out: &mut Vec<u8>, code: Code, msg: &str) {
    out.extend_from_slice(b"{\"error\":{\"code\":");
    json::int(out, code.spec().number.into());
    out.extend_from_slice(b",\"msg\":");
    json::string(out, msg);
    out.extend_from_slice(b"}}");
}
