//! A request with a key, from its first byte to its answer: read it, find out who asks and whether
//! that may be, let one of the interfaces answer, count what was refused.

use crate::account;
use crate::base_url;
use crate::car;
use crate::code::Code;
use crate::cors;
use crate::dialect::Dialect;
use crate::envelope::{self, Failure, Reply};
use crate::form::{self, Pair};
use crate::interface::Interface;
use crate::param::Params;
use crate::question;
use crate::raw::{self, Raw};
use crate::router::App;
use crate::vin_batch;
use crate::vin_get;
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt as _;
use hyper::http::request::Parts;
use hyper::{Method, Uri, header};
use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use vin_core::Lang;
use vin_service::{Caller, Networks, Proof, Refusal, Visit};

/// Who sent a request, as the socket says. A request that came in without a socket came from here.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A vehicle, which costs a call.
    Vehicle,
    /// Vehicles, each of which costs a call.
    Vehicles,
    /// What the account has left.
    Balance,
    /// What the account has used.
    Usage,
    /// The catalogue, which is free.
    Catalogue(Interface),
}

/// Answers a request.
pub async fn handle(app: &App, request: Request, what: What) -> Response {
    let (head, body) = request.into_parts();
    let dialect = Dialect::of(head.uri.path());
    match head.method {
        Method::GET | Method::POST => {}
        Method::OPTIONS => return cors::preflight(),
        // HEAD too: it would have to be charged, and would show nothing.
        _ => return envelope::failed(dialect, &Failure::NoPath, query_lang(&head.uri)),
    }
    match raw::receive(&head.uri, body).await {
        Ok(body) => {
            let raw = Raw { head, body };
            // Pinned where it is: what is handed over by value is there twice.
            let answering = pin!(answer(app, &raw, what));
            guarded(answering, &raw.head.uri).await
        }
        Err(fault) => envelope::failed(dialect, &fault.into(), query_lang(&head.uri)),
    }
}

/// Turns a panic into code 500.
async fn guarded(answering: impl Future<Output = Response>, uri: &Uri) -> Response {
    // After a panic only the answer that is being written is lost, and nobody else has it.
    let answered = AssertUnwindSafe(answering).catch_unwind().await;
    answered.unwrap_or_else(|_| {
        let dialect = Dialect::of(uri.path());
        envelope::failed(dialect, &Failure::Panic, query_lang(uri))
    })
}

async fn answer(app: &App, raw: &Raw, what: What) -> Response {
    let (params, body_read) = raw.params();
    let lang = question::lang(&params).unwrap_or_default();
    let dialect = Dialect::of(raw.head.uri.path());
    let callback = match question::callback(&params) {
        Ok(callback) => callback,
        Err(fault) => return envelope::failed(dialect, &fault.into(), lang),
    };
    let mut reply = Reply::new(dialect, callback, base(app, raw));
    let answered = match body_read {
        Ok(()) => ask_as(app, raw, &params, what, &mut reply).await,
        Err(fault) => Err(fault.into()),
    };
    if let Err(failure) = answered {
        if let Failure::Refusal(Refusal::TooFast(pace)) = &failure {
            reply.pace(*pace);
        }
        reply.failed(&failure, lang);
    }
    reply.send()
}

/// Finds out who asks, asks, and counts what was refused.
async fn ask_as(
    app: &App,
    raw: &Raw,
    params: &Params<'_>,
    what: What,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let caller = authenticate(app, params, what).await?;
    let answered = ask(app, raw, params, &caller, what, reply).await;
    if let Err(failure) = &answered {
        count(app, &caller, failure);
    }
    answered
}

async fn authenticate(app: &App, params: &Params<'_>, what: What) -> Result<Arc<Caller>, Failure> {
    let key = match what {
        What::Vehicle => question::key(params)?,
        What::Vehicles | What::Balance | What::Usage | What::Catalogue(_) => {
            question::key_alone(params)?
        }
    };
    let key = key.ok_or(Refusal::UnknownKey)?;
    Ok(app.service.authenticate(&key).await?)
}

async fn ask(
    app: &App,
    raw: &Raw,
    params: &Params<'_>,
    caller: &Caller,
    what: What,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let pairs = match caller.must_sign() {
        true => form::pairs(raw.signed()).collect(),
        false => Vec::new(),
    };
    let visit = visit(app, raw, &pairs);
    match what {
        What::Vehicle => {
            app.service.admit(caller, &visit).await?;
            vin_get::ask(app, params, caller, reply).await
        }
        What::Vehicles => {
            app.service.admit(caller, &visit).await?;
            Box::pin(vin_batch::ask(app, params, caller, reply)).await
        }
        What::Balance => {
            app.service.admit_owner(caller, &visit).await?;
            Box::pin(account::balance(app, params, caller, reply)).await
        }
        What::Usage => {
            app.service.admit_owner(caller, &visit).await?;
            Box::pin(account::usage(app, raw, params, caller, reply)).await
        }
        What::Catalogue(interface) => {
            app.service.admit(caller, &visit).await?;
            Box::pin(car::ask(app, raw, params, interface, caller, reply)).await
        }
    }
}

fn visit<'r>(app: &App, raw: &'r Raw, pairs: &'r [Pair<'r>]) -> Visit<'r> {
    let proof = Proof {
        raw: raw.signed(),
        pairs,
        sign: raw.header("sign"),
        sign_v2: raw.header("sign-v2"),
        timestamp: raw.header("timestamp"),
        nonce: raw.header("nonce"),
        method: raw.head.method.as_str(),
        path: raw.head.uri.path(),
    };
    Visit {
        address: address(&raw.head, &app.trusted_proxies),
        referer: raw.header(header::REFERER.as_str()),
        proof,
    }
}

/// What comes before the path of an address of this server.
fn base(app: &App, raw: &Raw) -> String {
    let trusted = || app.trusted_proxies.contain(peer(&raw.head));
    let told = || base_url::of_request(&raw.head, trusted());
    app.public_url.clone().unwrap_or_else(told)
}

/// Who sent a request, as the socket says.
fn peer(head: &Parts) -> IpAddr {
    let here = Peer(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let Peer(address) = *head.extensions.get().unwrap_or(&here);
    address
}

/// Whether the client sees this server over TLS, as a proxy that the operator trusts says.
pub fn is_secure(head: &Parts, trusted: &Networks) -> bool {
    base_url::of_request(head, trusted.contain(peer(head))).starts_with("https://")
}

/// The address of the client. What `X-Forwarded-For` says is believed from right to left, as long
/// as it was written by a proxy that the operator trusts.
pub fn address(head: &Parts, trusted: &Networks) -> IpAddr {
    let mut address = peer(head);
    let chain = head.headers.get_all("x-forwarded-for").into_iter();
    let hops: Vec<_> = chain.filter_map(|value| value.to_str().ok()).collect();
    let hops = hops.iter().flat_map(|value| value.split(','));
    for hop in hops.collect::<Vec<_>>().into_iter().rev() {
        if !trusted.contain(address) {
            break;
        }
        match hop.trim().parse() {
            Ok(next) => address = next,
            Err(_) => break,
        }
    }
    address
}

/// Counts a refusal. What nobody knows, or nobody answered, was asked: it stands in the log of calls.
pub fn count(app: &App, caller: &Caller, failure: &Failure) {
    let asked = [Code::Unknown, Code::NoAnswer, Code::NoRight];
    if !asked.contains(&failure.code()) {
        app.service.refused(caller, failure.code().spec().number);
    }
}

/// The language that the query asks for, when the rest of the request cannot be read.
pub fn query_lang(uri: &Uri) -> Lang {
    let mut params = Params::default();
    form::read(uri.query().unwrap_or_default().as_bytes(), &mut params);
    question::lang(&params).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    /// What a query waits in is made, moved and kept for each of them.
    #[test]
    fn what_a_query_waits_in_is_small() {
        fn bytes<F: Future>(_: impl FnOnce(&'static App, Request, What) -> F) -> usize {
            size_of::<F>()
        }
        let bytes = bytes(handle);
        assert!(bytes <= 8_192, "{bytes} bytes");
    }

    #[tokio::test]
    async fn a_panic_becomes_code_500_without_a_word_about_its_cause() {
        let uri = Uri::from_static("/api/vin/get?lang=en");
        let response = guarded(async { panic!("the cause") }, &uri).await;
        assert_eq!(response.status(), 200);
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        assert_eq!(
            &body[..],
            br#"{"code":500,"msg":"internal error","data":null}"#
        );
    }
}
