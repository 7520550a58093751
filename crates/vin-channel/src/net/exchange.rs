//! One question and its answer over one connection, with limits on time and size.

use super::{Connection, Network, connect};
use crate::answer::Reply;
use crate::config::Definition;
use crate::{Fault, FaultKind};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::{Request, Response};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// Asks once, on `idle` if it is still open, else on a new connection. Gives the answer, and the
/// connection if it can be used again.
///
/// # Errors
/// Every fault of the network, and too large an answer.
pub(crate) async fn exchange(
    network: &Network,
    definition: &Definition,
    request: Request<Full<Bytes>>,
    idle: Option<Connection>,
    deadline: Duration,
) -> Result<(Reply, Option<SendRequest<Full<Bytes>>>), Fault> {
    let sent = AtomicBool::new(false);
    let asked = ask(network, definition, request, idle, &sent);
    match timeout(deadline, asked).await {
        Ok(done) => done,
        Err(_) => Err(too_late(sent.load(Ordering::Relaxed), deadline)),
    }
}

pub(super) fn too_late(sent: bool, after: Duration) -> Fault {
    let (kind, what) = match sent {
        true => (FaultKind::AnswerTimeout, "no whole answer"),
        false => (FaultKind::ConnectTimeout, "no connection"),
    };
    Fault::new(kind, format!("{what} within {} ms", after.as_millis()))
}

async fn ask(
    network: &Network,
    definition: &Definition,
    request: Request<Full<Bytes>>,
    idle: Option<Connection>,
    sent: &AtomicBool,
) -> Result<(Reply, Option<SendRequest<Full<Bytes>>>), Fault> {
    let mut request = request;
    let (most, read) = (
        definition.answers.limits.most_bytes,
        definition.read_timeout,
    );
    if let Some(Connection { mut sender, .. }) = idle
        && sender.ready().await.is_ok()
    {
        sent.store(true, Ordering::Relaxed);
        match sender.try_send_request(request).await {
            Ok(response) => return receive(most, read, response, sender).await,
            Err(mut error) => match error.take_message() {
                // The other side had closed it; not a byte of the question left this machine.
                Some(unsent) => request = unsent,
                None => return Err(lost(&error.into_error())),
            },
        }
        sent.store(false, Ordering::Relaxed);
    }
    let limit = definition.connect_timeout;
    let opened = connect::open(network, &definition.ask.origin, &definition.networks, limit);
    let opened = timeout(limit, opened).await;
    let mut sender = opened.map_err(|_| too_late(false, limit))??;
    sent.store(true, Ordering::Relaxed);
    match sender.try_send_request(request).await {
        Ok(response) => receive(most, read, response, sender).await,
        Err(error) => Err(lost(&error.into_error())),
    }
}

/// A connection that ended, or spoke no HTTP, after the question was sent.
pub(super) fn lost(error: &hyper::Error) -> Fault {
    let kind = match error.is_parse() {
        true => FaultKind::Garbage,
        false => FaultKind::Cut,
    };
    Fault::new(kind, error.to_string())
}

/// Reads an answer of at most so many bytes, waiting so long for each part of it.
pub(super) async fn receive(
    most: usize,
    limit: Duration,
    response: Response<Incoming>,
    sender: SendRequest<Full<Bytes>>,
) -> Result<(Reply, Option<SendRequest<Full<Bytes>>>), Fault> {
    let (head, mut stream) = response.into_parts();
    let mut body = Vec::new();
    loop {
        let frame = timeout(limit, stream.frame()).await;
        let frame = match frame.map_err(|_| too_late(true, limit))? {
            None => break,
            Some(frame) => frame.map_err(|error| lost(&error))?,
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if body.len() + data.len() > most {
            let what = format!("the answer is larger than {most} bytes");
            return Err(Fault::new(FaultKind::TooLarge, what));
        }
        body.extend_from_slice(&data);
    }
    let text =
        |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value)));
    let reply = Reply {
        status: head.status.as_u16(),
        headers: headers.collect(),
        body,
    };
    Ok((reply, (!sender.is_closed()).then_some(sender)))
}
