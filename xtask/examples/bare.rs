//! A bare axum handler that returns the bytes of a file: the yardstick of `cargo xtask bench http`.
//!
//! `bare ADDRESS FILE [HEADER: VALUE]...` It decodes nothing, checks nothing, and does not end by itself.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::serve::ListenerExt as _;
use std::error::Error;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "a program reads its arguments")]
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("the address is missing")?;
    let file = arguments.next().ok_or("the file is missing")?;
    let body: &'static [u8] = std::fs::read(file)?.leak();
    let mut headers = HeaderMap::new();
    for header in arguments {
        let (name, value) = header.split_once(": ").ok_or("a header is `NAME: VALUE`")?;
        headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    let handler = move || {
        let headers = headers.clone();
        async move { (headers, Body::from(body)) }
    };
    let listener = TcpListener::bind(address).await?.tap_io(|stream| {
        // Without it the figures would tell of delays in the kernel, not of the handler.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, Router::new().fallback(handler)).await?;
    Ok(())
}
