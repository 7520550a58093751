//! Cross-origin access: every site may call the interface, with the headers that signing needs.

use axum::body::Body;
use axum::response::Response;
use hyper::StatusCode;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ALLOW, HeaderMap, HeaderValue,
};

/// The methods of a look-up.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");

/// The request headers that a script may set.
const HEADERS: HeaderValue =
    HeaderValue::from_static("content-type, sign, sign-v2, timestamp, nonce");

/// How long a browser may remember the above, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// Lets every site read the answer.
pub fn open(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

/// The answer to a browser that asks before it calls.
pub fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    open(headers);
    headers.insert(ALLOW, METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    response
}
