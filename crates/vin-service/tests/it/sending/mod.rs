//! Messages that leave, over real sockets: alerts by mail and webhook, once, and again when they fail.

mod mail;
mod webhook;

use crate::{HandClock, NOON, Sequence, noon};
use mailparse::MailHeaderMap as _;
use std::collections::BTreeSet;
use std::sync::Arc;
use vin_channel::{Network, SystemResolver};
use vin_send::{Mailer, signature};
use vin_service::people::{Door, LinkError, Origin, SendState, SignIn};
use vin_service::sending::{ContactError, DELAYS, KEEP_DAYS, LEASE, Outgoing};
use vin_service::{
    Accounts, LinkToken, MasterKey, Node, Password, Phone, Policy, Service, ServiceParts, Vault,
};
use vin_store::{AccountId, DatabaseUrl, Deed, InstanceId, Message, NEVER, SendWay, Store};
use vin_testkit::Cluster;
use vin_testkit::smtp::{Letter, MailServer, Post};
use vin_testkit::upstream::{Format, Script, Upstream};

const PHONE: &str = "13812345678";
const ADDRESS: &str = "owner@shop.example";

/// A database, a mail server, and as many nodes as are started.
struct Net {
    _dir: tempfile::TempDir,
    url: DatabaseUrl,
    clock: Arc<HandClock>,
    mail: MailServer,
}

impl Net {
    fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        Self {
            url: DatabaseUrl::Sqlite(dir.path().join("chejia.db")),
            _dir: dir,
            clock: noon(),
            mail: MailServer::start(),
        }
    }

    fn both() -> [Self; 2] {
        let url = DatabaseUrl::parse(&Cluster::shared().database()).expect("a URL");
        let postgres = Self {
            url,
            ..Self::sqlite()
        };
        [Self::sqlite(), postgres]
    }

    async fn node(&self) -> Arc<Service> {
        let store = Store::open(&self.url).await.expect("opens");
        let (vault, random) = (
            Vault::new(&MasterKey([1; 32])),
            Arc::new(Sequence::default()),
        );
        let accounts = Accounts::open(store, vault, self.clock.clone(), random).await;
        let outgoing = Outgoing {
            mailer: Some(Mailer::new(&self.mail.url(), "VIN <vin@vin.example>").expect("good")),
            network: Some(Network::new(Arc::new(SystemResolver), &[]).expect("TLS")),
            allowed: vec!["127.0.0.0/8".parse().expect("a network")],
            base: "https://vin.example".to_owned(),
            operator_mail: "ops@vin.example".to_owned(),
            ..Outgoing::default()
        };
        let parts = ServiceParts {
            accounts: accounts.expect("the same master key"),
            engine: vin_data::engine(),
            node: Node::new(123).expect("a node"),
            demo: false,
            policy: Policy {
                outgoing,
                ..Policy::default()
            },
            upstreams: None,
        };
        Service::start(parts).await.expect("starts")
    }
}

/// An account with few calls left.
async fn account(node: &Service, phone: &str) -> AccountId {
    let accounts = node.accounts();
    let phone = Phone::parse(phone).expect("a number");
    let password = Password::parse("correct horse").expect("long enough");
    let made = accounts.create_account(&phone, &password, true).await;
    let (id, store) = (made.expect("made"), accounts.store());
    let deed = Deed {
        at: NOON,
        reason: "test",
        actor: "test",
    };
    store.grant(id, 50, NEVER, deed).await.expect("granted");
    id
}

/// The subject and the text of a letter, as a decoder that is not ours reads them.
fn read(letter: &Letter) -> (String, String) {
    let read = mailparse::parse_mail(letter.data.as_bytes()).expect("a mail");
    let subject = read.headers.get_first_value("Subject").expect("a subject");
    (subject, read.get_body().expect("a text"))
}

fn id_of(letter: &Letter) -> String {
    let read = mailparse::parse_mail(letter.data.as_bytes()).expect("a mail");
    read.headers.get_first_value("Message-ID").expect("an id")
}

/// What stands behind a path in a letter: the token of a link.
fn link(letter: &Letter, path: &str) -> LinkToken {
    let (_, text) = read(letter);
    let (_, rest) = text
        .split_once(&format!("https://vin.example{path}"))
        .expect("a link");
    LinkToken::parse(&rest[..64]).expect("a token")
}

async fn confirmed(net: &Net, node: &Service, id: AccountId) {
    node.ask_for_mail(id, ADDRESS).await.expect("sent");
    let letter = net.mail.letters().pop().expect("a letter");
    let token = link(&letter, "/mail/");
    node.accounts()
        .confirm_mail(&token)
        .await
        .expect("confirmed");
}

async fn find(node: &Service, id: AccountId) -> u64 {
    let accounts = node.accounts();
    let found = accounts.store().find_alerts(Some(id), accounts.now()).await;
    found.expect("looked").raised
}

async fn last(node: &Service) -> Message {
    let all = node.accounts().store().messages(None, i64::MAX, 1).await;
    all.expect("read").remove(0)
}
