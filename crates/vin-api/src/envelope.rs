//! The envelope `{"code":…,"msg":…,"data":…}`, plain or as a JSONP call; always HTTP 200.

use crate::code::Code;
use crate::fault::Fault;
use crate::line::LOCAL;
use crate::{cors, json, record};
use axum::body::Body;
use axum::response::Response;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use vin_core::{Answer, Lang};
use vin_service::{Charge, OrderNumber, Refusal};

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
            Self::Refusal(Refusal::UnknownKey) => Code::Key,
            Self::Refusal(Refusal::NoVehicle) => Code::Unknown,
            Self::Refusal(Refusal::Broken) | Self::Panic => Code::Fault,
            Self::NoPath => Code::Path,
        }
    }

    fn msg(&self, lang: Lang) -> String {
        let msg = self.code().spec().msg.get(lang);
        match (self, lang) {
            (Self::Fault(fault), Lang::Zh) => format!("{msg}：{}", fault.text(lang)),
            (Self::Fault(fault), Lang::En) => format!("{msg}: {}", fault.text(lang)),
            _ => msg.to_owned(),
        }
    }
}

/// An answer that is being written.
pub struct Reply {
    out: Vec<u8>,
    /// Where the envelope begins, after what makes it a call.
    start: usize,
}

impl Reply {
    /// An empty answer; with `callback`, one that will call that function.
    pub fn new(callback: Option<&str>) -> Self {
        let mut out = Vec::with_capacity(USUAL_BYTES);
        if let Some(name) = callback {
            // The comment keeps the first bytes out of the caller's hands.
            out.extend_from_slice(b"/**/");
            out.extend_from_slice(name.as_bytes());
            out.push(b'(');
        }
        let start = out.len();
        Self { out, start }
    }

    /// Writes a found vehicle up to, and without, what it cost.
    pub fn found(&mut self, order: &OrderNumber, answer: &Answer<'_>, explain: bool) {
        let out = &mut self.out;
        let row = Code::Found.spec();
        begin(out, row.number, row.msg.get(answer.lang));
        out.extend_from_slice(b"{\"order_no\":\"");
        out.extend_from_slice(order.as_str().as_bytes());
        out.extend_from_slice(b"\",\"result\":");
        record::result(out, &answer.vehicle);
        out.extend_from_slice(b",\"match\":");
        record::matched(out, &answer.matched, LOCAL, answer.lang);
        if explain {
            out.extend_from_slice(b",\"explain\":");
            record::explain(out, answer);
        }
    }

    /// Writes what a found vehicle cost; the envelope is then complete.
    pub fn charge(&mut self, charge: &Charge) {
        let out = &mut self.out;
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
        begin(
            &mut self.out,
            failure.code().spec().number,
            &failure.msg(lang),
        );
        self.out.extend_from_slice(b"null}");
    }

    /// The answer as it is sent.
    pub fn send(mut self) -> Response {
        let is_call = self.start > 0;
        if is_call {
            self.out.extend_from_slice(b");");
        }
        let mut response = Response::new(Body::from(self.out));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, if is_call { JAVASCRIPT } else { JSON });
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        cors::open(headers);
        response
    }
}

/// A failure on its own.
pub fn failed(failure: &Failure, lang: Lang) -> Response {
    let mut reply = Reply::new(None);
    reply.failed(failure, lang);
    reply.send()
}

fn begin(out: &mut Vec<u8>, number: u16, msg: &str) {
    out.extend_from_slice(b"{\"code\":");
    json::int(out, number.into());
    out.extend_from_slice(b",\"msg\":");
    json::string(out, msg);
    out.extend_from_slice(b",\"data\":");
}
