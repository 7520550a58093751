//! A connection to a host whose address was checked.

use super::Network;
use super::address::is_allowed;
use crate::request::Origin;
use crate::{Fault, FaultKind};
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use rustls::pki_types::ServerName;
use std::net::IpAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// A connection that is open and idle.
pub(crate) struct Connection {
    pub sender: SendRequest<Full<Bytes>>,
    /// When it became idle, in milliseconds since 1970.
    pub since_ms: i64,
}

/// The most bytes of an answer's head.
const MOST_HEAD: usize = 64 << 10;

/// Opens a connection; all addresses together get `limit`. Nothing of the question is sent.
///
/// # Errors
/// [`FaultKind::Unreachable`], [`FaultKind::Address`], [`FaultKind::Tls`].
pub(super) async fn open(
    network: &Network,
    origin: &Origin,
    allowed: &[IpNet],
    limit: Duration,
) -> Result<SendRequest<Full<Bytes>>, Fault> {
    let stream = dial(network, origin, allowed, limit).await?;
    // A question is one small packet; waiting for more would only delay it.
    let _ = stream.set_nodelay(true);
    if !origin.tls {
        return speak(stream).await;
    }
    let tls = |error: String| Fault::new(FaultKind::Tls, format!("{}: {error}", origin.host));
    let name = ServerName::try_from(origin.host.clone());
    let name = name.map_err(|error| tls(error.to_string()))?;
    let connector = TlsConnector::from(network.tls.clone());
    let stream = connector.connect(name, stream).await;
    speak(stream.map_err(|error| tls(error.to_string()))?).await
}

async fn dial(
    network: &Network,
    origin: &Origin,
    allowed: &[IpNet],
    limit: Duration,
) -> Result<TcpStream, Fault> {
    let host = origin.host.as_str();
    let unreachable = |why: String| Fault::new(FaultKind::Unreachable, format!("{host}: {why}"));
    let found = match host.parse::<IpAddr>() {
        Ok(address) => vec![address],
        Err(_) => {
            let found = network.resolver.resolve(host).await;
            found.map_err(|error| unreachable(error.to_string()))?
        }
    };
    if found.is_empty() {
        return Err(unreachable("the name has no address".to_owned()));
    }
    let fit: Vec<_> = found.iter().filter(|a| is_allowed(**a, allowed)).collect();
    if fit.is_empty() {
        let what = format!(
            "{host} leads to {}, which is no public address and not in request.networks",
            found[0]
        );
        return Err(Fault::new(FaultKind::Address, what));
    }
    // Each gets its share of the time, so that a dead one does not use up that of the others.
    let share = limit / u32::try_from(fit.len()).unwrap_or(u32::MAX);
    let mut why = String::new();
    for address in fit {
        match timeout(share, TcpStream::connect((*address, origin.port))).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => why = format!("no connection within {} ms", share.as_millis()),
        }
    }
    Err(unreachable(why))
}

async fn speak<S>(stream: S) -> Result<SendRequest<Full<Bytes>>, Fault>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut http = Builder::new();
    http.max_buf_size(MOST_HEAD);
    let opened = http.handshake(TokioIo::new(stream)).await;
    let (sender, connection) =
        opened.map_err(|error| Fault::new(FaultKind::Unreachable, error.to_string()))?;
    // It ends when the sender is dropped, or the other side closes; its errors reach the sender.
    tokio::spawn(async move {
        let _ = connection.await;
    });
    Ok(sender)
}
