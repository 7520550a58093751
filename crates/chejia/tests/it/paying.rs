//! Paying with Alipay and WeChat, against the built program: it is killed between a notice and its
//! grant, and a whole purchase is made in a browser.
//!
//! `cargo xtask crash --rounds N` plays more rounds than a test run does.

use crate::crash::rounds;
use crate::money::{Place, account};
use crate::pages::{Site, walk};
use crate::{Server, chejia};
use std::process::Command;
use std::thread;
use std::time::Duration;
use vin_store::{AccountId, DatabaseUrl, Deed, NewPurchase, Store, Way};
use vin_testkit::till::{At, Lie, Till};

/// How many purchases of each round are paid at once.
const AT_ONCE: usize = 6;

/// The time of the machine, which the program has too.
fn now() -> i64 {
    let now = Command::new("date").arg("+%s").output().expect("date runs");
    let text = String::from_utf8(now.stdout).expect("UTF-8");
    text.trim().parse().expect("a number")
}

/// The program, selling through a till.
fn selling(args: &[&str], till: &Till, public_url: &str) -> Command {
    let mut command = chejia(args);
    for (name, value) in till.settings() {
        command.env(format!("CHEJIA_{name}"), value);
    }
    command.env("CHEJIA_PUBLIC_URL", public_url);
    command
}

fn serve(place: &Place, till: &Till) -> Server {
    let mut args = vec!["serve", "--demo", "--listen", "127.0.0.1:0"];
    args.extend(place.args());
    Server::started(selling(&args, till, "http://127.0.0.1:1"))
}

/// Does something with the database beside a server.
fn with_store<T>(place: &Place, what: impl AsyncFnOnce(&Store) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let url = match place.database.last() {
        Some(url) => DatabaseUrl::parse(url).expect("a URL"),
        None => DatabaseUrl::Sqlite(place.dir.path().join("chejia.db")),
    };
    runtime.block_on(async {
        let store = Store::open(&url).await.expect("opens");
        let done = what(&store).await;
        store.close().await;
        done
    })
}

/// Orders so many times 1000 calls, as the pages would; the numbers.
fn ordered(place: &Place, id: i64, round: usize) -> Vec<(String, At)> {
    with_store(place, async |store: &Store| {
        let mut made = Vec::new();
        for n in 0..AT_ONCE {
            let (way, at) = match n % 2 {
                0 => (Way::AlipayQr, At::Alipay),
                _ => (Way::WeChatQr, At::WeChat),
            };
            let number = format!("P{round:03}{n:03}");
            let new = NewPurchase {
                number: &number,
                account: AccountId(id),
                product: 1_000,
                way,
                coupon: "",
                // Beyond any day on which this runs.
                expires_at: 4_102_444_800,
                deed: Deed {
                    at: 1_000,
                    reason: "test",
                    actor: "test",
                },
            };
            store.order(&new).await.expect("ordered");
            made.push((number, at));
        }
        made
    })
}

#[test]
#[expect(clippy::print_stdout, reason = "`cargo xtask crash` shows the figures")]
fn a_program_that_is_killed_between_notice_and_grant_grants_each_purchase_once() {
    for place in Place::both() {
        let till = Till::start(now);
        let id = account(&place, "13812345678");
        place.json(
            &["package", "price", "--calls", "1000", "--price", "99"],
            "",
        );
        let (mut sold, mut told_at_once) = (0, 0);
        for round in 0..rounds() {
            let server = serve(&place, &till);
            let path = |at| match at {
                At::Alipay => "alipay",
                At::WeChat => "wechat",
            };
            let url = |at| format!("http://{}/pay/{}", server.address, path(at));
            let made = ordered(&place, id.parse().expect("a number"), round);
            // Signed beforehand, so that they come at once.
            let notices: Vec<_> = made
                .iter()
                .map(|(number, at)| {
                    till.open(number, 9_900, &url(*at));
                    till.pay(number);
                    till.notice(*at, number, Lie::None)
                })
                .collect();
            let tellers: Vec<_> = notices
                .into_iter()
                .map(|(target, request)| thread::spawn(move || Till::send(&target, &request)))
                .collect();
            // From before the first grant to after the last one.
            thread::sleep(Duration::from_millis((80 * round / rounds()) as u64));
            server.signal("KILL");
            server.end();
            let told = tellers
                .into_iter()
                .map(|teller| teller.join().expect("no panic"));
            told_at_once += told.filter(|said| said.starts_with("20")).count();
            // A provider tells again until it is heard.
            let server = serve(&place, &till);
            for (number, at) in &made {
                till.redirect(
                    number,
                    &format!("http://{}/pay/{}", server.address, path(*at)),
                );
                for _ in 0..2 {
                    let said = till.tell(*at, number, Lie::None);
                    assert!(said.starts_with("20"), "{number}: {said}");
                }
            }
            server.signal("TERM");
            server.end();
            sold += made.len();
            let checked = place.json(&["ledger", "check"], "");
            assert_eq!(checked["ok"], true, "{checked}");
            let packages = place.run(&["package", "list", "--account", &id], "");
            let packages = crate::json_lines(&packages);
            assert_eq!(packages.len(), sold, "one package for each purchase");
            assert!(packages.iter().all(|package| package["total"] == 1_000));
        }
        let database = match place.database.is_empty() {
            true => "SQLite",
            false => "PostgreSQL",
        };
        println!(
            "crash: the program on {database} killed {} times while {sold} purchases were told of: \
             {told_at_once} answered before, each granted once, ledger ok",
            rounds()
        );
    }
}

/// Waits for what a server does by itself, now and then.
#[track_caller]
fn wait(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..600 {
        if done() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} did not happen within a minute");
}

#[test]
fn whatever_a_provider_tells_each_purchase_is_granted_once_or_not_at_all() {
    for place in Place::both() {
        let till = Till::start(now);
        let id = account(&place, "13812345678");
        place.json(
            &["package", "price", "--calls", "1000", "--price", "99"],
            "",
        );
        let server = serve(&place, &till);
        let url = |at| match at {
            At::Alipay => format!("http://{}/pay/alipay", server.address),
            At::WeChat => format!("http://{}/pay/wechat", server.address),
        };
        let packages = || {
            let listed = place.run(&["package", "list", "--account", &id], "");
            String::from_utf8_lossy(&listed.stdout).lines().count()
        };
        let account = id.parse().expect("a number");
        let mut made: Vec<(String, At)> = Vec::new();
        for round in 0..3 {
            made.extend(ordered(&place, account, round));
            for (number, at) in &made[round * AT_ONCE..] {
                till.open(number, 9_900, &url(*at));
            }
            // An account has so many that wait; what is refused below is paid in the end.
            for (number, at) in &made[round * AT_ONCE..] {
                let before = packages();
                till.pay(number);
                for lie in [
                    Lie::Signature,
                    Lie::Changed,
                    Lie::App,
                    Lie::Seller,
                    Lie::Order,
                    Lie::Fen(9_899),
                    Lie::Fen(9_901),
                    Lie::Fen(1),
                ] {
                    let said = till.tell(*at, number, lie);
                    assert!(said.starts_with(['4', '5']), "{lie:?} {number}: {said}");
                }
                if *at == At::WeChat {
                    let said = till.tell(*at, number, Lie::Old);
                    assert!(said.starts_with('4'), "{number}: {said}");
                }
                assert!(packages() <= before + 1, "a lie granted nothing");
                let said = till.tell(*at, number, Lie::None);
                let wanted = if *at == At::Alipay {
                    "200 success"
                } else {
                    "204 "
                };
                assert_eq!(said, wanted, "{number}");
                assert_eq!(packages(), before + 1);
                // Replayed, and paid a second time.
                till.tell(*at, number, Lie::None);
                till.pay(number);
                assert_eq!(till.tell(*at, number, Lie::None), wanted, "{number}");
                assert_eq!(packages(), before + 1, "paid twice is granted once");
            }
        }
        // The notice is lost: the server asks by itself.
        let lost = ordered(&place, account, 9);
        for (number, at) in &lost {
            till.open(number, 9_900, &url(*at));
            till.pay(number);
        }
        wait("asking", || packages() == made.len() + lost.len());
        // Sent back: the provider is told, once.
        let back: Vec<_> = lost
            .iter()
            .take(2)
            .map(|(number, _)| number.clone())
            .collect();
        with_store(&place, async |store: &Store| {
            for number in &back {
                let row = store.purchase(number, None).await.expect("read");
                let payments = store.payments(row.expect("there").id).await.expect("read");
                let refund = vin_store::Refund {
                    payment: payments[0].id,
                    fen: 5_000,
                };
                let deed = Deed {
                    at: 1_000,
                    reason: "test",
                    actor: "test",
                };
                store
                    .want_refund(number, refund, deed)
                    .await
                    .expect("wanted");
            }
        });
        wait("sending back", || {
            with_store(&place, async |store: &Store| {
                store.refunds("").await.expect("read").is_empty()
            })
        });
        for number in &back {
            let refunds = till.trade(number).expect("known").refunds;
            let amounts: Vec<_> = refunds.into_values().collect();
            assert_eq!(amounts, [5_000], "{number}");
        }
        assert_eq!(packages(), made.len() + lost.len() - back.len());
        assert!(till.wrong().is_empty(), "{:?}", till.wrong());
        let checked = place.json(&["ledger", "check"], "");
        assert_eq!(checked["ok"], true, "{checked}");
    }
}

#[test]
fn a_purchase_is_made_in_a_browser_from_the_choice_to_the_first_call() {
    let dir = tempfile::tempdir().expect("a directory");
    let till = Till::start(now);
    let base = format!("http://127.0.0.1:{}", vin_testkit::free_port());
    let listen = base.trim_start_matches("http://");
    let folder = dir.path().to_str().expect("UTF-8");
    let args = ["serve", "--listen", listen, "--data-dir", folder];
    let site = Site::started(selling(&args, &till, &base));
    let gateway = format!("http://{}", till.address());
    walk("buy.mjs", &[&base, &site.owner, &gateway]);
    assert!(till.wrong().is_empty(), "{:?}", till.wrong());
    drop(site);
    let checked = crate::run(&["ledger", "check", "--data-dir", folder], b"");
    assert_eq!(crate::json_lines(&checked)[0]["ok"], true);
}

#[test]
fn a_provider_that_is_not_set_up_has_no_path() {
    let place = &Place::both()[0];
    let server = place.demo();
    for path in ["/pay/alipay", "/pay/wechat"] {
        let answer = Till::send(
            &format!("http://{}{path}", server.address),
            format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            )
            .as_bytes(),
        );
        let other = Till::send(
            &format!("http://{}/pay/other", server.address),
            b"POST /pay/other HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        );
        assert_eq!(answer, other, "{path} is answered as any that is none");
    }
}

#[test]
fn what_is_set_of_a_provider_must_be_whole() {
    let till = Till::start(now);
    for (name, value, part) in [
        ("ALIPAY_SELLER_ID", "", "alipay_seller_id"),
        ("ALIPAY_KEY_FILE", "/nowhere", "alipay_key_file"),
        ("WECHAT_SERIAL", "", "wechat_serial"),
        ("WECHAT_PUBLIC_KEY_ID", "", "wechat_public_key_file"),
        ("PUBLIC_URL", "", "public_url"),
    ] {
        let dir = tempfile::tempdir().expect("a directory");
        let folder = dir.path().to_str().expect("UTF-8");
        let args = ["serve", "--listen", "127.0.0.1:0", "--data-dir", folder];
        let mut command = selling(&args, &till, "http://127.0.0.1:1");
        command.env(format!("CHEJIA_{name}"), value);
        let output = command.output().expect("ends");
        crate::expect_failure(&output, 2, part);
    }
}
