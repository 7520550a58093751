//! A question to a place that is no channel: a provider of payments, an address of a customer.
//!
//! What holds for upstreams holds here: the address that is connected to is the one that was checked,
//! certificates are verified, time and size are limited, and no redirect is followed.

use super::exchange::{lost, receive, too_late};
use super::{Network, connect};
use crate::answer::Reply;
use crate::request::Origin;
use crate::{Fault, FaultKind};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use ipnet::IpNet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// What is asked, and of whom.
#[derive(Clone, Debug)]
pub struct Fetch<'a> {
    /// The method.
    pub method: &'a str,
    /// The address, `https://…` or `http://…`.
    pub url: &'a str,
    /// The headers, beside `Host`.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: Vec<u8>,
    /// Networks that are allowed beside the public internet.
    pub allowed: &'a [IpNet],
    /// How long all of it may take.
    pub timeout: Duration,
    /// The most bytes of the answer.
    pub most_bytes: usize,
}

/// Asks once, over a connection of its own.
///
/// # Errors
/// Every fault of the network; [`FaultKind::Unreachable`], too, when the address or a header is none.
pub async fn fetch(network: &Network, fetch: Fetch<'_>) -> Result<Reply, Fault> {
    let (origin, request) =
        prepared(&fetch).map_err(|why| Fault::new(FaultKind::Unreachable, why))?;
    let (limit, most) = (fetch.timeout, fetch.most_bytes);
    once(network, &origin, fetch.allowed, request, limit, most).await
}

/// Asks once, over a connection of its own; all of it may take `limit`.
///
/// # Errors
/// Every fault of the network, and too large an answer.
pub(crate) async fn once(
    network: &Network,
    origin: &Origin,
    allowed: &[IpNet],
    request: Request<Full<Bytes>>,
    limit: Duration,
    most: usize,
) -> Result<Reply, Fault> {
    let sent = AtomicBool::new(false);
    let asked = async {
        let mut sender = connect::open(network, origin, allowed, limit).await?;
        sent.store(true, Ordering::Relaxed);
        match sender.try_send_request(request).await {
            Ok(response) => receive(most, limit, response, sender).await,
            Err(error) => Err(lost(&error.into_error())),
        }
    };
    match timeout(limit, asked).await {
        Ok(done) => done.map(|(reply, _)| reply),
        Err(_) => Err(too_late(sent.load(Ordering::Relaxed), limit)),
    }
}

fn prepared(fetch: &Fetch<'_>) -> Result<(Origin, Request<Full<Bytes>>), String> {
    let wrong = |why: String| format!("{}: {why}", fetch.url);
    let url = Url::parse(fetch.url).map_err(|error| wrong(error.to_string()))?;
    let tls = match url.scheme() {
        "https" => true,
        "http" => false,
        other => return Err(wrong(format!("{other} is not spoken"))),
    };
    let shown = url.host_str().ok_or_else(|| wrong("no host".to_owned()))?;
    let authority = match url.port() {
        Some(port) => format!("{shown}:{port}"),
        None => shown.to_owned(),
    };
    let origin = Origin {
        tls,
        host: shown.trim_matches(['[', ']']).to_owned(),
        port: url.port_or_known_default().unwrap_or(443),
        authority,
    };
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let mut request = Request::builder().method(fetch.method).uri(target);
    request = request.header("host", &origin.authority);
    for (name, value) in fetch.headers {
        request = request.header(*name, *value);
    }
    let body = Full::new(Bytes::from(fetch.body.clone()));
    let request = request
        .body(body)
        .map_err(|error| wrong(error.to_string()))?;
    Ok((origin, request))
}
