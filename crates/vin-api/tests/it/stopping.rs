//! A server that is told to stop answers what it has begun.

use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

#[tokio::test]
async fn a_request_under_way_is_answered_and_no_other_is_taken() {
    let dir = tempfile::tempdir().expect("a directory");
    let router = vin_api::router(crate::app(dir.path()).await);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(vin_api::serve(listener, router, async {
        stopped.await.expect("told");
    }));
    let mut under_way = TcpStream::connect(address).await.expect("connects");
    let mut idle = TcpStream::connect(address).await.expect("connects");
    let head = b"POST /api/vin/get HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n";
    under_way.write_all(head).await.expect("sent");
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.send(()).expect("heard");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(
        TcpStream::connect(address).await.is_err(),
        "no new connection"
    );
    under_way
        .write_all(b"key=demo&vin=WP0AA2978BL012976")
        .await
        .expect("sent");
    let mut answer = String::new();
    under_way
        .read_to_string(&mut answer)
        .await
        .expect("answered and closed");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"code\":"),
        "{answer}"
    );
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.expect("closed");
    assert!(rest.is_empty());
    tokio::time::timeout(Duration::from_secs(5), server)
        .await
        .expect("in time")
        .expect("ended");
}
