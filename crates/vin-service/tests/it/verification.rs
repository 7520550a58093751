//! Real names: what is kept and shown of them, who looked, and what the channel decides.

use super::*;
use vin_channel::{Network, Outside, Secrets, SystemResolver, Verifier, VerifierFile};
use vin_core::Date;
use vin_service::people::{AccountId, OperatorRow, Origin, Role};
use vin_service::verification::{
    CHANNEL, Identity, MAX_SUBMISSIONS, Picture, Submission, SubmissionState, VerifyError,
};
use vin_service::{Password, Phone};
use vin_testkit::Cluster;
use vin_testkit::upstream::{Format, Script, Upstream};

const HERE: Origin<'static> = Origin {
    address: "203.0.113.7",
    agent: "test",
};
const NUMBER: &str = "11010519491231002X";

fn person() -> Identity {
    let today = Date::parse("2026-11-24").expect("a date");
    Identity::person("张三丰", NUMBER, today).expect("a person")
}

fn company() -> (Identity, Picture) {
    let company = Identity::company("某某科技有限公司", "91350100M000100Y43");
    let picture = Picture::read(b"\x89PNG\r\n\x1a\nthe licence".to_vec());
    (company.expect("a company"), picture.expect("a picture"))
}

async fn customer(accounts: &Accounts, phone: &str) -> AccountId {
    let phone = Phone::parse(phone).expect("a number");
    let password = Password::parse("correct horse").expect("long enough");
    let made = accounts.create_account(&phone, &password, false);
    made.await.expect("made")
}

async fn operator(accounts: &Accounts) -> OperatorRow {
    let store = accounts.store();
    let id = store.create_operator("ada", "!", Role::Support, 1).await;
    let row = store.operator(id.expect("made")).await.expect("read");
    row.expect("there")
}

async fn row(accounts: &Accounts, id: i64) -> Submission {
    let row = accounts.store().submission(id, None).await.expect("read");
    row.expect("there")
}

/// Action, actor and detail of every deed, the oldest first.
async fn deeds(accounts: &Accounts) -> Vec<(String, String, String)> {
    let deeds = accounts.store().deeds("", "", i64::MAX, 50).await;
    let parts = |d: vin_store::AuditRow| (d.action, d.actor, d.detail);
    deeds.expect("read").into_iter().rev().map(parts).collect()
}

fn deed(action: &str, actor: &str, detail: &str) -> (String, String, String) {
    (action.to_owned(), actor.to_owned(), detail.to_owned())
}

/// Every byte of a database that a person with a copy of it would have.
fn file_of(dir: &Path) -> Vec<u8> {
    ["chejia.db", "chejia.db-wal"]
        .into_iter()
        .flat_map(|name| std::fs::read(dir.join(name)).unwrap_or_default())
        .collect()
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn nothing_of_it_stands_in_the_database_in_clear_and_who_looks_is_noted() {
    let dir = tempfile::tempdir().expect("a directory");
    let accounts = accounts(dir.path(), 1, &noon()).await.expect("opens");
    let (one, two) = (
        customer(&accounts, "13812345678").await,
        customer(&accounts, "13912345678").await,
    );
    let ada = operator(&accounts).await;
    let first = accounts.submit(one, &person(), None).await.expect("taken");
    let (company, picture) = company();
    let lacking = accounts.submit(two, &company, None).await;
    assert!(
        matches!(lacking, Err(VerifyError::NoPicture)),
        "{lacking:?}"
    );
    let second = accounts.submit(two, &company, Some(&picture)).await;
    let second = second.expect("taken");
    let bytes = file_of(dir.path());
    assert!(has(&bytes, "张** 110*************2X"), "lists have a mask");
    for secret in [
        "张三丰",
        NUMBER,
        "某某科技",
        "91350100M000100Y43",
        "the licence",
    ] {
        assert!(!has(&bytes, secret), "{secret}");
    }
    let look = async |id, reason| {
        let looked = accounts.look_at_submission(id, &ada, reason, HERE);
        looked.await
    };
    let long = "长".repeat(201);
    for reason in ["", "  ", &long] {
        let refused = look(first, reason).await;
        assert!(matches!(refused, Err(VerifyError::Reason)), "{refused:?}");
    }
    let refused = look(99, "review").await;
    assert!(matches!(refused, Err(VerifyError::Nothing)), "{refused:?}");
    assert!(deeds(&accounts).await.is_empty(), "nothing was opened");
    let looked = look(first, "review").await.expect("opened");
    assert_eq!(
        (looked.identity.name(), looked.identity.number()),
        ("张三丰", NUMBER)
    );
    assert!(looked.picture.is_none() && !format!("{looked:?}").contains(NUMBER));
    let looked = look(second, "compare").await.expect("opened");
    assert_eq!(looked.identity, company);
    assert_eq!(looked.picture.as_ref(), Some(&picture));
    assert_eq!(
        deeds(&accounts).await,
        [
            deed("verification.look", "ada", "review"),
            deed("verification.look", "ada", "compare"),
        ]
    );
}

#[tokio::test]
async fn what_was_sealed_for_one_submission_opens_in_no_other() {
    let url = Cluster::shared().database();
    let place = DatabaseUrl::parse(&url).expect("a URL");
    let accounts = accounts_on(&place, 1, &noon()).await.expect("opens");
    let ada = operator(&accounts).await;
    let mut made = Vec::new();
    for phone in ["13812345678", "13912345678"] {
        let id = customer(&accounts, phone).await;
        made.push(accounts.submit(id, &person(), None).await.expect("taken"));
    }
    let (one, two) = (made[0], made[1]);
    let swap = format!(
        "update submissions set sealed = (select sealed from submissions where id = {one}) where id = {two}"
    );
    Cluster::shared().run(&url, &swap);
    let looked = accounts.look_at_submission(one, &ada, "review", HERE).await;
    assert_eq!(looked.expect("its own").identity, person());
    let looked = accounts.look_at_submission(two, &ada, "review", HERE).await;
    assert!(matches!(looked, Err(VerifyError::Damaged)), "{looked:?}");
}

#[tokio::test]
async fn a_person_decides_with_a_reason_and_a_customer_tries_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = noon();
    let accounts = accounts(dir.path(), 1, &clock).await.expect("opens");
    let id = customer(&accounts, "13812345678").await;
    let ada = operator(&accounts).await;
    let decide = async |made, approved, reason| {
        accounts
            .decide_submission(made, approved, &ada, reason, HERE)
            .await
    };
    for n in 0..MAX_SUBMISSIONS {
        let made = accounts.submit(id, &person(), None).await.expect("taken");
        let twice = accounts.submit(id, &person(), None).await;
        let refused = matches!(twice, Err(VerifyError::Open | VerifyError::TooMany));
        assert!(refused, "{twice:?}");
        let refused = decide(made, false, " ").await;
        assert!(matches!(refused, Err(VerifyError::Reason)), "{refused:?}");
        assert!(decide(made, false, "看不清").await.expect("rejected"));
        assert!(!decide(made, true, "").await.expect("asked"), "{n}: once");
        let row = row(&accounts, made).await;
        assert_eq!(row.decided_by, "operator ada");
        assert_eq!(
            (row.state, row.reason.as_str()),
            (SubmissionState::Rejected, "看不清")
        );
    }
    let more = accounts.submit(id, &person(), None).await;
    assert!(matches!(more, Err(VerifyError::TooMany)), "{more:?}");
    clock.set(NOON + 86_400);
    let made = accounts
        .submit(id, &person(), None)
        .await
        .expect("a day later");
    assert!(decide(made, true, "").await.expect("approved"));
    let account = accounts.store().account(id).await.expect("read");
    assert!(account.expect("there").verified);
    let more = accounts.submit(id, &person(), None).await;
    assert!(matches!(more, Err(VerifyError::Done)), "{more:?}");
    let erased = accounts.erase_submissions(id, "account 1", "own wish", HERE);
    assert_eq!(erased.await.expect("erased"), MAX_SUBMISSIONS as u64 + 1);
    let looked = accounts
        .look_at_submission(made, &ada, "review", HERE)
        .await;
    assert!(matches!(looked, Err(VerifyError::Nothing)), "{looked:?}");
    assert_eq!(row(&accounts, made).await.state, SubmissionState::Approved);
    let last = deeds(&accounts).await.pop();
    assert_eq!(
        last,
        Some(deed(
            "verification.erase",
            "account 1",
            "6 submissions: own wish"
        ))
    );
}

struct Standing;

impl Outside for Standing {
    fn unix_ms(&self) -> i64 {
        1_795_492_800_000
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// A channel that knows persons only.
fn channel(upstream: &Upstream) -> Verifier {
    let text = format!(
        "name = \"idcheck\"\ntimeout = \"600ms\"\n[person.request]\nmethod = \"POST\"\n\
         url = \"http://{}/check\"\ncleartext = true\nnetworks = [\"127.0.0.1\"]\n\
         form = {{ name = \"{{name}}\", no = \"{{id_number}}\" }}\n\
         [person.answer]\npath = \"result\"\nyes = [1]\nno = [2]\nunsure = [3]\n",
        upstream.address()
    );
    let file = VerifierFile::read("idcheck.toml", &text, &Secrets::new()).expect("good");
    let network = Network::new(Arc::new(SystemResolver), b"").expect("TLS");
    Verifier::new(file, network, Arc::new(Standing))
}

async fn node(url: &DatabaseUrl, verifier: Verifier) -> Arc<Service> {
    let parts = ServiceParts {
        accounts: accounts_on(url, 1, &noon()).await.expect("the master key"),
        engine: vin_data::engine(),
        node: Node::new(123).expect("a node"),
        demo: false,
        policy: Policy {
            verifier: Some(verifier),
            ..Policy::default()
        },
        upstreams: None,
    };
    Service::start(parts).await.expect("starts")
}

/// Waits until something is so.
async fn until(what: &str, is: impl AsyncFn() -> bool) {
    for _ in 0..500 {
        if is().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never: {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_channel_decides_what_it_knows_and_leaves_the_rest_to_a_person() {
    let dir = tempfile::tempdir().expect("a directory");
    let upstream = Upstream::start(Format::Connapi);
    let url = DatabaseUrl::Sqlite(dir.path().join("chejia.db"));
    let service = node(&url, channel(&upstream)).await;
    let running = tokio::spawn({
        let service = service.clone();
        async move { service.keep_fresh().await }
    });
    let accounts = service.accounts();
    let json = |text: &str| Script::Json(text.to_owned());
    let cases = [
        (json(r#"{"result":1}"#), SubmissionState::Approved, true),
        (json(r#"{"result":2}"#), SubmissionState::Rejected, false),
        (json(r#"{"result":3}"#), SubmissionState::Submitted, false),
        (json(r#"{"result":99}"#), SubmissionState::Submitted, false),
        (Script::Garbage, SubmissionState::Submitted, false),
        (Script::Hang, SubmissionState::Submitted, false),
        (Script::Status(500), SubmissionState::Submitted, false),
    ];
    for (n, (script, state, verified)) in cases.into_iter().enumerate() {
        upstream.play(script.clone());
        let id = customer(accounts, &format!("1381234567{n}")).await;
        let made = service.submit(id, &person(), None).await.expect("taken");
        until("it is asked", async || upstream.calls() == n + 1).await;
        if state == SubmissionState::Submitted {
            // The answer, or the time without one, is over.
            tokio::time::sleep(Duration::from_millis(900)).await;
        } else {
            until("it is decided", async || {
                row(accounts, made).await.decided_at > 0
            })
            .await;
            assert_eq!(row(accounts, made).await.decided_by, CHANNEL);
        }
        let row = row(accounts, made).await;
        assert_eq!((row.state, row.asked_at), (state, NOON), "{script:?}");
        let account = accounts.store().account(id).await.expect("read");
        assert_eq!(account.expect("there").verified, verified, "{script:?}");
        let noted = deeds(accounts).await.pop();
        assert_eq!(noted, Some(deed("verification.ask", CHANNEL, "idcheck")));
    }
    // A company is none of its business; what failed is not asked about again.
    let id = customer(accounts, "13912345678").await;
    let (company, picture) = company();
    let made = service.submit(id, &company, Some(&picture)).await;
    let made = made.expect("taken");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(
        (row(accounts, made).await.asked_at, upstream.calls()),
        (0, 7)
    );
    running.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_ask_about_each_submission_once() {
    let upstream = Upstream::start(Format::Connapi);
    upstream.play(Script::Json(r#"{"result":1}"#.to_owned()));
    let url = DatabaseUrl::parse(&Cluster::shared().database()).expect("a URL");
    let nodes = [
        node(&url, channel(&upstream)).await,
        node(&url, channel(&upstream)).await,
    ];
    let mut ids = Vec::new();
    for n in 0..6 {
        let id = customer(nodes[0].accounts(), &format!("1381234567{n}")).await;
        let made = nodes[n % 2].accounts().submit(id, &person(), None).await;
        ids.push(made.expect("taken"));
    }
    let running: Vec<_> = nodes
        .iter()
        .cloned()
        .map(|node| tokio::spawn(async move { node.keep_fresh().await }))
        .collect();
    for id in ids {
        until("it is approved", async || {
            row(nodes[0].accounts(), id).await.state == SubmissionState::Approved
        })
        .await;
    }
    assert_eq!(upstream.calls(), 6);
    running.iter().for_each(|task| task.abort());
}
