//! A request as it was received, byte for byte: what parameters are read from and signatures cover.

use crate::body;
use crate::fault::Fault;
use crate::form;
use crate::limits::{BODY_BYTES, BODY_TIME, QUERY_BYTES};
use crate::param::Params;
use axum::body::{Body, HttpBody as _};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::Uri;
use hyper::header::CONTENT_TYPE;
use hyper::http::request::Parts;
use serde_json::Value as Json;

/// The parts of a request that carry parameters.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The head, with the query string and the headers.
    pub head: Parts,
    /// The body.
    pub body: Bytes,
}

/// Waits for the body of a request.
///
/// # Errors
/// [`Fault`] when query or body are over their limits, or the body does not arrive.
pub async fn receive(uri: &Uri, body: Body) -> Result<Bytes, Fault> {
    if uri.query().is_some_and(|q| q.len() > QUERY_BYTES) {
        return Err(Fault::QueryBytes);
    }
    match body.is_end_stream() {
        true => Ok(Bytes::new()),
        false => collect(body).await,
    }
}

impl Raw {
    /// The query string, without its question mark.
    pub fn query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// What a signature covers: the body, or the query string when there is no body.
    pub fn signed(&self) -> &[u8] {
        match self.body.is_empty() {
            true => self.query().as_bytes(),
            false => &self.body,
        }
    }

    /// A header, when it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// The value of a parameter that only one interface has, from the body or the query.
    pub fn value(&self, name: &str) -> Option<String> {
        if let Ok(Json::Object(members)) = serde_json::from_slice(&self.body)
            && let Some(Json::String(value)) = members.get(name)
        {
            return Some(value.clone());
        }
        let all = form::pairs(&self.body).chain(form::pairs(self.query().as_bytes()));
        let named = all.filter(|(found, value)| found == name && !value.is_empty());
        named.map(|(_, value)| value.into_owned()).next()
    }

    /// The parameters: those of the query, and over them those of the body. What the query
    /// says is returned even when the body cannot be read.
    pub fn params(&self) -> (Params<'_>, Result<(), Fault>) {
        let mut params = Params::default();
        form::read(self.query().as_bytes(), &mut params);
        if self.body.is_empty() {
            return (params, Ok(()));
        }
        let content_type = self.head.headers.get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let read = body::read(content_type.unwrap_or_default(), &self.body, &mut params);
        (params, read)
    }
}

async fn collect(body: Body) -> Result<Bytes, Fault> {
    if body.size_hint().lower() > BODY_BYTES as u64 {
        return Err(Fault::BodyBytes);
    }
    let collecting = Limited::new(body, BODY_BYTES).collect();
    match tokio::time::timeout(BODY_TIME, collecting).await {
        Err(_) => Err(Fault::BodyTime),
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Fault::BodyBytes),
        Ok(Err(_)) => Err(Fault::BodyBroken),
    }
}
