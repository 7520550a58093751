//! The protocols over real sockets, and what is believed of notices.

use super::{alipay, noticed, wechat};
use vin_pay::{Order, PayError, Refund, Refunded, State, Trade};
use vin_testkit::till::{At, Lie, Till};

fn order(at: At) -> Order<'static> {
    Order {
        number: "P1",
        fen: 9_900,
        title: "VIN 1000 次",
        // Beyond any day on which this runs.
        expires_at: 4_102_444_800,
        notify_url: match at {
            At::Alipay => "http://127.0.0.1:1/pay/alipay",
            At::WeChat => "http://127.0.0.1:1/pay/wechat",
        },
        return_url: "http://127.0.0.1:1/purchases/P1",
    }
}

fn run(test: impl AsyncFnOnce(Till)) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().expect("a runtime");
    runtime.block_on(async {
        test(Till::start(super::now)).await;
    });
}

async fn opened(till: &Till, at: At) -> String {
    let code = match at {
        At::Alipay => alipay(till).qr(&order(at)).await,
        At::WeChat => wechat(till).qr(&order(at)).await,
    };
    code.expect("opened")
}

async fn queried(till: &Till, at: At) -> State {
    let state = match at {
        At::Alipay => alipay(till).query("P1").await,
        At::WeChat => wechat(till).query("P1").await,
    };
    state.expect("answered")
}

async fn closed(till: &Till, at: At) -> Result<(), PayError> {
    match at {
        At::Alipay => alipay(till).close("P1").await,
        At::WeChat => wechat(till).close("P1").await,
    }
}

#[test]
fn an_order_is_opened_paid_and_sent_back() {
    for at in [At::Alipay, At::WeChat] {
        run(async |till| {
            assert_eq!(queried(&till, at).await, State::Waiting, "not known yet");
            let code = opened(&till, at).await;
            assert!(code.ends_with("P1"), "{code}");
            let known = till.trade("P1").expect("known");
            assert_eq!((known.fen, &*known.notify), (9_900, order(at).notify_url));
            assert_eq!(queried(&till, at).await, State::Waiting);
            let paid = till.pay("P1");
            let trade = Trade {
                number: "P1".to_owned(),
                trade: paid.clone(),
                fen: 9_900,
                paid_at: 1_796_097_600,
            };
            assert_eq!(queried(&till, at).await, State::Paid(trade.clone()));
            assert_eq!(
                noticed(&till, at, Lie::None).expect("taken"),
                State::Paid(trade)
            );
            let late = closed(&till, at).await;
            assert!(matches!(late, Err(PayError::Refused { .. })), "{late:?}");
            let refund = Refund {
                number: "P1R1",
                order: "P1",
                trade: &paid,
                fen: 9_000,
                paid_fen: 9_900,
                reason: "未使用",
            };
            for _ in 0..2 {
                let back = match at {
                    At::Alipay => alipay(&till).refund(&refund).await,
                    At::WeChat => wechat(&till).refund(&refund).await,
                };
                assert_eq!(back.expect("sent"), Refunded::Done);
            }
            let known = till.trade("P1").expect("known");
            assert_eq!(
                known.refunds.into_iter().collect::<Vec<_>>(),
                [("P1R1".to_owned(), 9_000)]
            );
            assert!(till.wrong().is_empty(), "{:?}", till.wrong());
        });
    }
}

#[test]
fn an_order_that_is_closed_stays_unpaid() {
    for at in [At::Alipay, At::WeChat] {
        run(async |till| {
            closed(&till, at)
                .await
                .expect("one that is not known ends by itself");
            opened(&till, at).await;
            for _ in 0..2 {
                closed(&till, at).await.expect("closed");
                assert_eq!(queried(&till, at).await, State::Closed);
            }
            assert!(till.wrong().is_empty(), "{:?}", till.wrong());
        });
    }
}

#[test]
fn a_notice_is_believed_only_when_it_is_signed_and_about_us() {
    run(async |till| {
        opened(&till, At::Alipay).await;
        till.pay("P1");
        for at in [At::Alipay, At::WeChat] {
            for (lie, wanted) in [
                (Lie::Signature, "not signed by the provider"),
                (Lie::Changed, "not signed by the provider"),
                (Lie::App, "not about us: another application"),
                (Lie::Seller, "not about us: another seller"),
            ] {
                let error = noticed(&till, at, lie).expect_err("refused").to_string();
                assert!(error.starts_with(wanted), "{at:?} {lie:?}: {error}");
            }
            // These are told as they are: only the caller knows its orders.
            let State::Paid(more) = noticed(&till, at, Lie::Fen(9_901)).expect("signed") else {
                panic!("paid");
            };
            assert_eq!(more.fen, 9_901);
            let State::Paid(other) = noticed(&till, at, Lie::Order).expect("signed") else {
                panic!("paid");
            };
            assert_eq!(other.number, "P1X");
        }
        let old = noticed(&till, At::WeChat, Lie::Old).expect_err("refused");
        assert!(
            matches!(old, PayError::Forged("the signature is old")),
            "{old}"
        );
    });
}

#[test]
fn the_bill_of_a_day_has_what_was_paid_and_is_believed_by_its_digest() {
    for at in [At::Alipay, At::WeChat] {
        run(async |till| {
            opened(&till, at).await;
            let paid = till.pay("P1");
            let bill = async || match at {
                At::Alipay => alipay(&till).bill("2026-12-01").await,
                At::WeChat => wechat(&till).bill("2026-12-01").await,
            };
            let lines = bill().await.expect("fetched");
            let line = vin_pay::BillLine {
                number: "P1".to_owned(),
                trade: paid,
                fen: 9_900,
            };
            assert_eq!(lines, [line]);
            till.leave_out("P1");
            assert_eq!(bill().await.expect("fetched"), []);
            assert!(till.wrong().is_empty(), "{:?}", till.wrong());
        });
    }
}

#[test]
fn the_page_of_alipay_is_asked_for_with_a_signature() {
    run(async |till| {
        let url = alipay(&till).page(&order(At::Alipay)).expect("signed");
        let (host, path) = url.split_once("/gateway.do").expect("the gateway");
        let stream = std::net::TcpStream::connect(host.trim_start_matches("http://"));
        let mut stream = stream.expect("connects");
        use std::io::{Read as _, Write as _};
        write!(stream, "GET /gateway.do{path} HTTP/1.1\r\n\r\n").expect("sent");
        let mut bytes = [0; 64];
        let read = stream.read(&mut bytes).expect("answered");
        assert!(bytes[..read].starts_with(b"HTTP/1.1 200"));
        let known = till.trade("P1").expect("opened");
        assert_eq!(
            (known.fen, &*known.back),
            (9_900, order(At::Alipay).return_url)
        );
        assert!(till.wrong().is_empty(), "{:?}", till.wrong());
    });
}

#[test]
fn a_provider_that_is_away_or_speaks_with_another_key_is_not_believed() {
    run(async |till| {
        opened(&till, At::Alipay).await;
        let mut stranger = alipay(&till);
        let nobody = super::read(&till.keys().path("nobody.pub"));
        stranger.alipay = vin_pay::PublicKey::read(&nobody).expect("a key");
        let forged = stranger.query("P1").await;
        assert!(matches!(forged, Err(PayError::Forged(_))), "{forged:?}");
        let mut stranger = wechat(&till);
        stranger.wechat[0].0 = "PUB_KEY_ID_2".to_owned();
        let forged = stranger.query("P1").await;
        assert!(matches!(forged, Err(PayError::Forged(_))), "{forged:?}");
        let mut away = wechat(&till);
        away.line.gateway = "http://127.0.0.1:1".to_owned();
        let away = away.query("P1").await;
        assert!(matches!(away, Err(PayError::Unreachable(_))), "{away:?}");
        let mut closed = alipay(&till);
        closed.line.allowed.clear();
        let guarded = closed.query("P1").await.expect_err("refused").to_string();
        assert!(guarded.contains("no public address"), "{guarded}");
    });
}
