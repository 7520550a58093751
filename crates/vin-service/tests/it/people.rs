//! People at the console's doors: who gets in, who does not, and what nobody can find out.

use super::*;
use sha2::{Digest as _, Sha256};
use vin_service::people::{
    BAR_SECONDS, Door, MAX_TRIES, Origin, Person, RESET_LIVES, Role, Session, SignIn, SignInError,
    WORK_BITS, WORK_LIVES,
};
use vin_service::{LinkToken, SessionToken};

const HERE: Origin<'static> = Origin {
    address: "203.0.113.7",
    agent: "test",
};
const PHONE: &str = "13812345678";
const PASSWORD: &str = "correct horse";

/// Does the work that a browser does.
fn answered(challenge: &str) -> String {
    let is_answer = |n: &u64| {
        let hash = Sha256::digest(format!("{challenge}.{n}"));
        let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        first.leading_zeros() >= WORK_BITS
    };
    (0..).find(is_answer).expect("a number").to_string()
}

async fn registered(accounts: &Accounts) {
    let challenge = accounts.challenge();
    let number = answered(&challenge);
    let made = accounts.register(PHONE, PASSWORD, &challenge, &number, HERE.address);
    made.await.expect("registered");
}

async fn sign_in(accounts: &Accounts, name: &str, password: &str) -> Result<SignIn, SignInError> {
    accounts.sign_in(Door::Customer, name, password, HERE).await
}

async fn token(accounts: &Accounts, password: &str) -> SessionToken {
    match sign_in(accounts, PHONE, password).await.expect("signed in") {
        SignIn::In(token) => token,
        SignIn::Factor(_) => panic!("a second factor is wanted"),
    }
}

async fn session(accounts: &Accounts, token: &SessionToken) -> Option<Session> {
    accounts.session(token).await.expect("read")
}

fn on_fresh(test: impl AsyncFnOnce(Accounts, Arc<HandClock>)) {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = noon();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let accounts = accounts(dir.path(), 1, &clock).await.expect("opens");
        test(accounts, clock).await;
    });
}

#[test]
fn who_registers_can_sign_in_and_out() {
    on_fresh(async |accounts, _| {
        registered(&accounts).await;
        let token = token(&accounts, PASSWORD).await;
        let here = session(&accounts, &token).await.expect("a session");
        assert!(matches!(&here.person, Person::Customer(row) if row.phone == PHONE));
        assert!(here.confirmed && !format!("{here:?}").contains(token.reveal()));
        accounts.sign_out(&here).await.expect("signed out");
        assert!(session(&accounts, &token).await.is_none());
        assert!(SessionToken::parse("nonsense").is_none());
    });
}

#[test]
fn work_is_taken_once_in_time_and_only_if_it_was_done() {
    on_fresh(async |accounts, clock| {
        let challenge = accounts.challenge();
        let number = answered(&challenge);
        assert!(!accounts.worked(&challenge, "x") && !accounts.worked("1.2.3", &number));
        assert!(accounts.worked(&challenge, &number));
        assert!(!accounts.worked(&challenge, &number));
        let late = accounts.challenge();
        let number = answered(&late);
        clock.set(NOON + WORK_LIVES);
        assert!(!accounts.worked(&late, &number));
    });
}

#[test]
fn a_number_that_has_an_account_is_not_told_to_others() {
    on_fresh(async |accounts, _| {
        registered(&accounts).await;
        let challenge = accounts.challenge();
        let number = answered(&challenge);
        let again = accounts.register(PHONE, "another one", &challenge, &number, "198.51.100.1");
        assert!(again.await.is_ok());
        assert!(sign_in(&accounts, PHONE, "another one").await.is_err());
        let known = sign_in(&accounts, PHONE, "wrong one")
            .await
            .expect_err("wrong");
        let unknown = sign_in(&accounts, "13900000000", "wrong one")
            .await
            .expect_err("wrong");
        assert_eq!(known.to_string(), unknown.to_string());
    });
}

#[test]
fn guessing_is_barred_for_known_and_unknown_names_alike() {
    on_fresh(async |accounts, clock| {
        registered(&accounts).await;
        for name in [PHONE, "13900000000"] {
            for _ in 0..MAX_TRIES {
                let wrong = sign_in(&accounts, name, "wrong one").await;
                assert!(matches!(wrong, Err(SignInError::Wrong)), "{wrong:?}");
            }
            let barred = sign_in(&accounts, name, PASSWORD).await;
            assert!(matches!(barred, Err(SignInError::Barred)), "{barred:?}");
        }
        clock.set(NOON + BAR_SECONDS + 1);
        token(&accounts, PASSWORD).await;
    });
}

#[test]
fn a_second_factor_is_asked_for_and_each_code_works_once() {
    on_fresh(async |accounts, clock| {
        registered(&accounts).await;
        let first = token(&accounts, PASSWORD).await;
        let person = session(&accounts, &first).await.expect("a session").person;
        let begun = accounts.begin_totp(&person, "Chejia").expect("a secret");
        assert!(begun.uri.contains(&begun.base32));
        let wrong = accounts.end_totp(&person, &begun.sealed, "000000").await;
        assert!(wrong.is_err());
        let code = totp_of(&begun.base32, clock.unix());
        let codes = accounts.end_totp(&person, &begun.sealed, &code).await;
        let codes = codes.expect("switched on");
        let pending = || async {
            match sign_in(&accounts, PHONE, PASSWORD).await.expect("right") {
                SignIn::Factor(pending) => pending,
                SignIn::In(_) => panic!("no second factor was asked for"),
            }
        };
        let text = pending().await;
        // The code that switched it on was used.
        assert!(accounts.sign_in_factor(&text, &code, HERE).await.is_err());
        let next = totp_of(&begun.base32, clock.unix() + 30);
        assert!(accounts.sign_in_factor(&text, &next, HERE).await.is_ok());
        assert!(accounts.sign_in_factor(&text, &next, HERE).await.is_err());
        let recovery = codes[3].to_uppercase();
        assert!(
            accounts
                .sign_in_factor(&text, &recovery, HERE)
                .await
                .is_ok()
        );
        assert!(
            accounts
                .sign_in_factor(&text, &codes[3], HERE)
                .await
                .is_err()
        );
        let forged = text.replacen("0.1.", "0.2.", 1);
        let foreign = accounts.sign_in_factor(&forged, &codes[4], HERE).await;
        assert!(matches!(foreign, Err(SignInError::TooLate)), "{foreign:?}");
        clock.set(NOON + 301);
        let late = accounts.sign_in_factor(&text, &codes[4], HERE).await;
        assert!(matches!(late, Err(SignInError::TooLate)), "{late:?}");
    });
}

/// The one-time password of a secret as a phone makes it.
fn totp_of(base32: &str, unix: i64) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = base32.bytes().fold(String::new(), |bits, c| {
        let value = letters.iter().position(|l| *l == c).expect("Base32");
        format!("{bits}{value:05b}")
    });
    let byte = |b: &[u8]| b.iter().fold(0, |v: u8, bit| v << 1 | (bit - b'0'));
    let secret: Vec<u8> = bits.as_bytes().chunks_exact(8).map(byte).collect();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&secret).expect("any length");
    mac.update(&(unix / 30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().expect("four")) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

#[test]
fn another_password_ends_every_other_session() {
    on_fresh(async |accounts, _| {
        registered(&accounts).await;
        let (one, two) = (
            token(&accounts, PASSWORD).await,
            token(&accounts, PASSWORD).await,
        );
        let here = session(&accounts, &one).await.expect("a session");
        let wrong = accounts
            .change_password(&here, "wrong", "a new password", HERE)
            .await;
        assert!(wrong.is_err() && session(&accounts, &two).await.is_some());
        let short = accounts
            .change_password(&here, PASSWORD, "short", HERE)
            .await;
        assert!(short.is_err());
        let new = accounts
            .change_password(&here, PASSWORD, "a new password", HERE)
            .await;
        let new = new.expect("changed");
        assert!(session(&accounts, &new).await.is_some());
        assert!(
            session(&accounts, &one).await.is_none(),
            "the token was not rotated"
        );
        assert!(session(&accounts, &two).await.is_none());
        assert!(sign_in(&accounts, PHONE, PASSWORD).await.is_err());
    });
}

#[test]
fn a_session_ends_when_it_is_not_used_or_its_holder_is_suspended() {
    on_fresh(async |accounts, clock| {
        registered(&accounts).await;
        let one = token(&accounts, PASSWORD).await;
        clock.set(NOON + 13 * 86_400);
        let here = session(&accounts, &one).await.expect("a session");
        assert!(!here.confirmed, "the password was asked for 13 days ago");
        clock.set(NOON + 26 * 86_400);
        assert!(
            session(&accounts, &one).await.is_some(),
            "using it keeps it"
        );
        let account = here.account().expect("a customer");
        accounts.suspend(account, true).await.expect("suspended");
        assert!(session(&accounts, &one).await.is_none());
        let barred = sign_in(&accounts, PHONE, PASSWORD).await;
        assert!(matches!(barred, Err(SignInError::Suspended)), "{barred:?}");
        accounts.suspend(account, false).await.expect("let go on");
        clock.set(NOON + 41 * 86_400);
        assert!(
            session(&accounts, &one).await.is_none(),
            "15 days without use"
        );
    });
}

#[test]
fn a_link_sets_a_password_once_and_only_the_last_one_does() {
    on_fresh(async |accounts, clock| {
        registered(&accounts).await;
        let one = token(&accounts, PASSWORD).await;
        let here = session(&accounts, &one).await.expect("a session");
        let account = here.account().expect("a customer");
        let first = accounts.reset_link(account).await.expect("made");
        let last = accounts.reset_link(account).await.expect("made");
        assert!(
            accounts
                .reset_by_link(&first, "a new password")
                .await
                .is_err()
        );
        assert!(accounts.reset_by_link(&last, "short").await.is_err());
        accounts
            .reset_by_link(&last, "a new password")
            .await
            .expect("set");
        assert!(accounts.reset_by_link(&last, "another one").await.is_err());
        assert!(session(&accounts, &one).await.is_none());
        token(&accounts, "a new password").await;
        let late = accounts.reset_link(account).await.expect("made");
        clock.set(NOON + RESET_LIVES);
        assert!(accounts.reset_by_link(&late, "another one").await.is_err());
        assert!(LinkToken::parse(&"0".repeat(63)).is_none());
    });
}

#[test]
fn the_first_owner_comes_by_a_link_and_invites_the_others() {
    on_fresh(async |accounts, _| {
        let link = accounts
            .first_owner_link()
            .await
            .expect("read")
            .expect("nobody yet");
        let join = async |link: &LinkToken, name| accounts.join(link, name, PASSWORD, HERE).await;
        assert!(join(&link, "x").await.is_err(), "a name of one letter");
        let owner = join(&link, "ada").await.expect("joined");
        assert!(join(&link, "eve").await.is_err(), "the link works once");
        assert!(accounts.first_owner_link().await.expect("read").is_none());
        let here = session(&accounts, &owner).await.expect("a session");
        assert!(matches!(&here.person, Person::Operator(row) if row.role == Role::Owner));
        let invitation = accounts.invite(Role::Reader).await.expect("made");
        assert!(join(&invitation, "ada").await.is_err(), "the name is taken");
        let reader = join(&invitation, "bob").await.expect("joined");
        let reader = session(&accounts, &reader).await.expect("a session");
        let Person::Operator(row) = reader.person else {
            panic!("no operator");
        };
        assert_eq!(row.role, Role::Reader);
        // Operators do not get in at the customers' door, nor customers at the operators'.
        assert!(sign_in(&accounts, "ada", PASSWORD).await.is_err());
        registered(&accounts).await;
        let wrong = accounts
            .sign_in(Door::Operator, PHONE, PASSWORD, HERE)
            .await;
        assert!(wrong.is_err());
        let deeds = accounts
            .store()
            .deeds("", "operator.join", i64::MAX, 10)
            .await;
        assert_eq!(deeds.expect("read").len(), 2);
    });
}

#[test]
fn the_last_owner_stays_one() {
    on_fresh(async |accounts, _| {
        let link = accounts
            .first_owner_link()
            .await
            .expect("read")
            .expect("nobody yet");
        accounts
            .join(&link, "ada", PASSWORD, HERE)
            .await
            .expect("joined");
        let store = accounts.store();
        let id = store.operators().await.expect("read")[0].id;
        assert!(store.set_operator(id, Role::Reader, false).await.is_err());
        assert!(store.set_operator(id, Role::Owner, true).await.is_err());
        assert_eq!(store.operators().await.expect("read")[0].role, Role::Owner);
    });
}

#[test]
fn an_account_manages_its_own_keys_and_no_others() {
    on_fresh(async |accounts, _| {
        registered(&accounts).await;
        let one = token(&accounts, PASSWORD).await;
        let account = session(&accounts, &one).await.expect("a session").account();
        let account = account.expect("a customer");
        let spec = vin_service::KeySpec {
            name: "shop".to_owned(),
            ..Default::default()
        };
        let issued = accounts.add_key(account, &spec).await.expect("made");
        let id = accounts.keys(account).await.expect("read")[0].id;
        let shown = accounts.reveal_key(account, id).await.expect("shown");
        assert_eq!(shown.key.reveal(), issued.key.reveal());
        assert_eq!(shown.secret.reveal(), issued.secret.reveal());
        let other = vin_store::AccountId(account.0 + 1);
        assert!(accounts.reveal_key(other, id).await.is_err());
        assert!(accounts.revoke_key_of(other, id).await.is_err());
        assert!(accounts.change_key(other, id, &spec).await.is_err());
        let console = accounts.console_key(account).await.expect("made");
        let again = accounts.console_key(account).await.expect("found");
        assert_eq!(console.reveal(), again.reveal());
        assert_eq!(accounts.keys(account).await.expect("read").len(), 1);
        let rotated = accounts
            .rotate_key_of(account, id, 0)
            .await
            .expect("rotated");
        assert_ne!(rotated.key.reveal(), issued.key.reveal());
        let last = accounts.keys(account).await.expect("read")[0].id;
        accounts
            .revoke_key_of(account, last)
            .await
            .expect("revoked");
        assert!(accounts.reveal_key(account, last).await.is_err());
    });
}
