//! The envelope `{"code":…,"msg":…,"data":…}`, plain or as a JSONP call; always HTTP 200.

use crate::code::Code;
use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::{cors, json, logo, record};
use axum::body::Body;
use axum::response::Response;
use hyper::StatusCode;
use hyper::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};
use vin_core::{Bilingual, FieldId, Lang};
use vin_service::{Charge, OrderNumber, Pace, Refusal, Shown};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const JAVASCRIPT: HeaderValue = HeaderValue::from_static("application/javascript; charset=utf-8");

/// Room for an answer of usual length, so that writing it never moves it.
const USUAL_BYTES: usize = 4096;

/// Why a request gets no vehicle.
#[derive(Debug)]
pub enum Failure {
    /// The request is at fault.
    Fault(Fault),
    /// The service refuses.
    Refusal(Refusal),
    /// There is no such path or method.
    NoPath,
    /// A handler panicked; already logged.
    Panic,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl Failure {
    /// Its code: the one translation from what went wrong to a number.
    pub fn code(&self) -> Code {
        match self {
            Self::Fault(_) => Code::Request,
            Self::Refusal(refusal) => match refusal {
                Refusal::Unverified | Refusal::NeverServed => Code::Account,
                Refusal::UnknownKey | Refusal::ExpiredKey => Code::Key,
                Refusal::BadSignature => Code::Signature,
                Refusal::OtherRequest => Code::Request,
                Refusal::NotFromHere => Code::Place,
                Refusal::TooFast(_) => Code::Pace,
                Refusal::Broken => Code::Fault,
                Refusal::Suspended => Code::Suspended,
                Refusal::UsedUp => Code::UsedUp,
                Refusal::SwitchedOff => Code::SwitchedOff,
                Refusal::NoAnswer => Code::NoAnswer,
                Refusal::NoRight => Code::NoRight,
                Refusal::NoVehicle => Code::Unknown,
            },
            Self::Panic => Code::Fault,
            Self::NoPath => Code::Path,
        }
    }

    /// Its text, with what tells its sender what to do.
    pub(crate) fn msg(&self, lang: Lang) -> String {
        let msg = self.code().spec().msg.get(lang);
        let colon = match lang {
            Lang::Zh => "：",
            Lang::En => ": ",
        };
        match self.detail(lang) {
            Some(detail) => format!("{msg}{colon}{detail}"),
            None => msg.to_owned(),
        }
    }

    /// Which of the causes of its code it was.
    fn detail(&self, lang: Lang) -> Option<String> {
        let text = match self {
            Self::Fault(fault) => return Some(fault.text(lang)),
            Self::Refusal(Refusal::Unverified) => Bilingual {
                zh: "未实名认证",
                en: "the real name is not verified",
            },
            Self::Refusal(Refusal::ExpiredKey) => Bilingual {
                zh: "密钥已过期",
                en: "it is past its end",
            },
            Self::Refusal(Refusal::NeverServed) => Bilingual {
                zh: "从未开通套餐",
                en: "it never held a package",
            },
            Self::Refusal(Refusal::OtherRequest) => Bilingual {
                zh: "reqid 已用于其他请求",
                en: "reqid stands for another request",
            },
            _ => return None,
        };
        Some(text.get(lang).to_owned())
    }
}

/// An answer that is being written.
pub struct Reply {
    out: Vec<u8>,
    /// Where the envelope begins, after what makes it a call.
    start: usize,
    dialect: Dialect,
    /// What the vehicle cost.
    charge: Charge,
    /// Where the key stands in its limits.
    pace: Pace,
    /// What comes before the path of an address of this server.
    base: String,
    /// The tag of the answer, where it has one.
    tag: Option<HeaderValue>,
    /// Whether the client holds this answer already.
    held: bool,
}

impl Reply {
    /// An empty answer; with `callback`, one that will call that function. `base` comes before the
    /// path of an address of this server.
    pub fn new(dialect: Dialect, callback: Option<&str>, base: String) -> Self {
        let mut out = Vec::with_capacity(USUAL_BYTES);
        if let Some(name) = callback {
            // The comment keeps the first bytes out of the caller's hands.
            out.extend_from_slice(b"/**/");
            out.extend_from_slice(name.as_bytes());
            out.push(b'(');
        }
        let start = out.len();
        Self {
            out,
            start,
            dialect,
            charge: Charge::default(),
            pace: Pace::default(),
            base,
            tag: None,
            held: false,
        }
    }

    /// What comes before the path of an address of this server.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The envelope that it is in.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What the vehicle cost this time.
    pub fn charged(&self) -> Charge {
        self.charge
    }

    /// Where the key stands, as the answer tells.
    pub fn standing(&self) -> Pace {
        self.pace
    }

    /// Gives the answer a tag; it may then be kept, and must be asked about before it is used.
    pub fn tag(&mut self, tag: HeaderValue) {
        self.tag = Some(tag);
    }

    /// Says that the client holds the answer with this tag already.
    pub fn not_modified(&mut self) {
        self.held = true;
    }

    /// Tells where the key stands in its limits.
    pub fn pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// Writes an answer that was given before.
    pub fn again(&mut self, answer: &[u8]) {
        self.out.truncate(self.start);
        self.out.extend_from_slice(answer);
        // Whatever was about to be charged was not.
        self.charge = Charge::default();
    }

    /// The answer so far, without what makes it a call.
    pub fn written(&self) -> &[u8] {
        &self.out[self.start..]
    }

    /// Writes an answer whose data is an object that `data` writes.
    pub fn object(&mut self, lang: Lang, data: impl FnOnce(&mut Vec<u8>)) {
        Dialect::Own.found(&mut self.out, lang);
        data(&mut self.out);
        self.out.push(b'}');
    }

    /// Writes a found vehicle up to, and without, what it cost.
    pub fn found(&mut self, order: &OrderNumber, shown: Shown<'_, '_>, explain: bool) {
        let Shown {
            answer,
            brand,
            channel,
        } = shown;
        if let Some(brand) = brand {
            let address = logo::address(&self.base, brand);
            answer.vehicle.set(FieldId::Logo, address);
        }
        let out = &mut self.out;
        self.dialect.found(out, answer.lang);
        if self.dialect == Dialect::Jisuapi {
            return record::result(out, &answer.vehicle);
        }
        out.extend_from_slice(b"{\"order_no\":\"");
        out.extend_from_slice(order.as_str().as_bytes());
        out.extend_from_slice(b"\",\"result\":");
        record::result(out, &answer.vehicle);
        if self.dialect == Dialect::Apistd {
            return;
        }
        out.extend_from_slice(b",\"match\":");
        record::matched(out, &answer.matched, &channel, answer.lang);
        if explain {
            out.extend_from_slice(b",\"explain\":");
            record::explain(out, answer);
        }
    }

    /// Writes what a found vehicle cost; the envelope is then complete.
    pub fn charge(&mut self, charge: &Charge) {
        self.charge = *charge;
        let out = &mut self.out;
        match self.dialect {
            Dialect::Jisuapi => return out.push(b'}'),
            Dialect::Apistd => return out.extend_from_slice(b"}}"),
            Dialect::Own => {}
        }
        out.extend_from_slice(b",\"charge\":{\"charged\":");
        json::bool(out, charge.charged);
        out.extend_from_slice(b",\"count\":");
        json::int(out, charge.count.into());
        out.extend_from_slice(b",\"remaining\":");
        json::int(out, i64::try_from(charge.remaining).unwrap_or(i64::MAX));
        out.extend_from_slice(b"}}}");
    }

    /// Writes a failure in place of whatever was written.
    pub fn failed(&mut self, failure: &Failure, lang: Lang) {
        self.out.truncate(self.start);
        (self.tag, self.held, self.charge) = (None, false, Charge::default());
        self.dialect.failed(&mut self.out, failure, lang);
    }

    /// The answer as it is sent.
    pub fn send(mut self) -> Response {
        let is_call = self.start > 0;
        if is_call {
            self.out.extend_from_slice(b");");
        }
        let mut response = Response::new(match self.held {
            true => Body::empty(),
            false => Body::from(self.out),
        });
        if self.held {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, if is_call { JAVASCRIPT } else { JSON });
        let keep = match self.tag {
            None => "no-store",
            Some(tag) => {
                headers.insert(ETAG, tag);
                "private, no-cache"
            }
        };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        cors::open(headers);
        limits(headers, &self.pace);
        response
    }
}

/// The headers of a limit, of the rate and of the day: the limit, what is left of it, and in how
/// many seconds all of it is there again.
const RATE: [HeaderName; 3] = [
    HeaderName::from_static("x-ratelimit-limit"),
    HeaderName::from_static("x-ratelimit-remaining"),
    HeaderName::from_static("x-ratelimit-reset"),
];
const DAY: [HeaderName; 3] = [
    HeaderName::from_static("x-ratelimit-day-limit"),
    HeaderName::from_static("x-ratelimit-day-remaining"),
    HeaderName::from_static("x-ratelimit-day-reset"),
];

fn limits(headers: &mut HeaderMap, pace: &Pace) {
    for (names, standing) in [(RATE, pace.rate), (DAY, pace.day)] {
        let Some(standing) = standing else { continue };
        let values = [
            standing.limit.into(),
            standing.remaining.into(),
            standing.reset,
        ];
        for (name, value) in names.into_iter().zip(values) {
            headers.insert(name, HeaderValue::from(value));
        }
    }
    if pace.retry_after > 0 {
        headers.insert(RETRY_AFTER, HeaderValue::from(pace.retry_after));
    }
}

/// A failure on its own.
pub fn failed(dialect: Dialect, failure: &Failure, lang: Lang) -> Response {
    let mut reply = Reply::new(dialect, None, String::new());
    reply.failed(failure, lang);
    reply.send()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_again_or_fails_costs_nothing() {
        let charged = Charge {
            charged: true,
            count: 1,
            remaining: 9,
        };
        let of = |change: fn(&mut Reply)| {
            let mut reply = Reply::new(Dialect::Own, None, String::new());
            reply.charge(&charged);
            change(&mut reply);
            reply.charged().count
        };
        assert_eq!(of(|_| {}), 1);
        assert_eq!(of(|reply| reply.again(b"{}")), 0);
        assert_eq!(of(|reply| reply.failed(&Failure::Panic, Lang::Zh)), 0);
    }
}
