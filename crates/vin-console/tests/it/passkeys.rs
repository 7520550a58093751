//! Passkeys, as a device uses them.

use super::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

const ORIGIN: &str = "http://vin.example";
/// The first bytes of every P-256 key as SubjectPublicKeyInfo.
const P256: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/// A device with one passkey.
struct Device {
    pair: EcdsaKeyPair,
    counter: u32,
    /// What it believes the site to be.
    origin: &'static str,
}

impl Device {
    fn new() -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
        let made = made.expect("a key");
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, made.as_ref(), &random);
        Self {
            pair: pair.expect("a key"),
            counter: 0,
            origin: ORIGIN,
        }
    }

    fn client(&self, kind: &str, challenge: &str) -> String {
        let challenge = base64url(challenge.as_bytes());
        format!(
            "{{\"type\":\"{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"{}\"}}",
            self.origin
        )
    }

    fn data(&mut self, flags: u8) -> Vec<u8> {
        self.counter += 1;
        let mut data = Sha256::digest(b"vin.example").to_vec();
        data.push(flags);
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }

    /// The form with which a passkey is added.
    fn made(&mut self, challenge: &str) -> Vec<(&'static str, String)> {
        let mut data = self.data(0x45);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&[0, 4, 1, 2, 3, 4]);
        let key = format!("{P256}{}", hex(self.pair.public_key().as_ref()));
        vec![
            ("challenge", challenge.to_owned()),
            (
                "client",
                hex(self.client("webauthn.create", challenge).as_bytes()),
            ),
            ("data", hex(&data)),
            ("key", key),
            ("name", "phone".to_owned()),
        ]
    }

    /// The form with which it signs in.
    fn used(&mut self, challenge: &str) -> Vec<(&'static str, String)> {
        let (client, data) = (self.client("webauthn.get", challenge), self.data(0x05));
        let signed = [&data[..], &Sha256::digest(client.as_bytes())[..]].concat();
        let signature = self
            .pair
            .sign(&SystemRandom::new(), &signed)
            .expect("signed");
        vec![
            ("challenge", challenge.to_owned()),
            ("credential", "01020304".to_owned()),
            ("client", hex(client.as_bytes())),
            ("data", hex(&data)),
            ("signature", hex(signature.as_ref())),
        ]
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
    let six = |at: usize| format!("{:0<6}", &bits[at..bits.len().min(at + 6)]);
    let number = |at| usize::from_str_radix(&six(at), 2).expect("bits");
    (0..bits.len())
        .step_by(6)
        .map(|at| char::from(LETTERS[number(at)]))
        .collect()
}

/// What follows a mark on a page, up to the next quote.
fn after<'p>(page: &'p str, mark: &str) -> &'p str {
    let (_, rest) = page
        .split_once(mark)
        .unwrap_or_else(|| panic!("no {mark} in {page}"));
    rest.split('"').next().expect("a value")
}

impl Browser {
    async fn send_all(&mut self, path: &str, form: &[(&'static str, String)]) -> Got {
        let form: Vec<_> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.post(path, &form).await
    }

    /// Adds a passkey, and gives the recovery codes that are told.
    async fn add(&mut self, device: &mut Device) -> Got {
        let page = self.get("/security/passkeys").await.body;
        let form = device.made(after(&page, "data-challenge=\""));
        self.send_all("/security/passkeys", &form).await
    }

    /// Signs in with a passkey at a door.
    async fn show(&mut self, door: &str, device: &mut Device) -> Got {
        let page = self.get(door).await.body;
        let form = device.used(after(&page, "data-challenge=\""));
        self.send_all(&format!("{door}/passkey"), &form).await
    }
}

#[test]
fn a_passkey_signs_in_alone_and_after_the_password() {
    on_site(async |site| {
        let (mut browser, _) = site.customer("13812345678", 0).await;
        let mut device = Device::new();
        let got = browser.add(&mut device).await;
        assert_shows(&got, "恢复码");
        assert_shows(&browser.get("/security").await, "phone");
        let got = browser.add(&mut device).await;
        assert_eq!(got.status, 422, "twice");

        let got = site.browser().show("/login", &mut device).await;
        assert_eq!((got.status, got.to.as_str()), (303, "/overview"));
        let mut second = site.browser();
        second.get("/login").await;
        let got = second
            .post("/login", &[("name", "13812345678"), ("password", PASSWORD)])
            .await;
        assert_shows(&got, "data-passkey");
        assert_eq!(
            second.get("/overview").await.status,
            303,
            "in without the factor"
        );
        let mut form = device.used(after(&got.body, "data-challenge=\""));
        form.push((
            "pending",
            after(&got.body, "name=\"pending\" value=\"").to_owned(),
        ));
        let got = second.send_all("/login/passkey", &form).await;
        assert_eq!(got.to, "/overview", "{}", got.body);
        assert_eq!(second.get("/overview").await.status, 200);
    });
}

#[test]
fn a_passkey_that_is_not_fresh_not_ours_or_copied_is_refused() {
    on_site(async |site| {
        let (mut browser, id) = site.customer("13812345678", 0).await;
        let mut device = Device::new();
        device.origin = "http://evil.example";
        assert_eq!(browser.add(&mut device).await.status, 422, "another site");
        device.origin = ORIGIN;
        browser.add(&mut device).await;

        let refused = async |mut visitor: Browser, form: Vec<(&'static str, String)>, why: &str| {
            let got = visitor.send_all("/login/passkey", &form).await;
            assert_eq!(got.status, 422, "{why}");
        };
        let begun = async || {
            let mut visitor = site.browser();
            let page = visitor.get("/login").await.body;
            let challenge = after(&page, "data-challenge=\"").to_owned();
            (visitor, challenge)
        };
        let (visitor, _) = begun().await;
        let (_, others) = begun().await;
        refused(
            visitor,
            device.used(&others),
            "a challenge of another visitor",
        )
        .await;
        let (visitor, challenge) = begun().await;
        refused(
            visitor,
            Device {
                counter: 100,
                ..Device::new()
            }
            .used(&challenge),
            "another key",
        )
        .await;
        let (visitor, challenge) = begun().await;
        device.counter = 0;
        refused(visitor, device.used(&challenge), "a copy that counts less").await;
        device.counter = 50;
        let (visitor, challenge) = begun().await;
        let form = device.used(&challenge);
        site.clock.pass(Duration::from_secs(301));
        refused(visitor, form, "too late").await;
        let got = site.browser().show("/admin/login", &mut device).await;
        assert_eq!(got.status, 422, "a customer at the operators' door");
        site.accounts().suspend(id, true).await.expect("suspended");
        let got = site.browser().show("/login", &mut device).await;
        assert_eq!(got.status, 422);
        assert!(got.body.contains("已停用"), "{}", got.body);
    });
}

#[test]
fn a_passkey_is_removed_by_its_holder_alone() {
    on_site(async |site| {
        let (mut browser, _) = site.customer("13812345678", 0).await;
        let (mut other, _) = site.customer("13912345678", 0).await;
        let mut device = Device::new();
        browser.add(&mut device).await;
        other.get("/security").await;
        assert_eq!(other.post("/security/passkeys/1", &[]).await.status, 404);
        browser.get("/security").await;
        assert_eq!(browser.post("/security/passkeys/0", &[]).await.status, 404);
        assert_eq!(
            browser.post("/security/passkeys/1", &[]).await.to,
            "/security?done=saved"
        );
        let got = site.browser().show("/login", &mut device).await;
        assert_eq!(got.status, 422);
        let mut again = site.browser();
        again.sign_in("13812345678", PASSWORD).await;
    });
}
