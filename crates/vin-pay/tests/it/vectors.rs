//! Every step of signing and encrypting, against openssl and published vectors.

use super::read;
use vin_pay::wechat::ApiKey;
use vin_pay::{Certificate, KeyError, PrivateKey, PublicKey};
use vin_testkit::till::{Keys, Openssl};

#[test]
fn a_signature_is_the_one_that_openssl_makes() {
    let openssl = Openssl::new();
    let key = PrivateKey::read(&read(&openssl.path("seller.pem"))).expect("a key");
    let public = PublicKey::read(&read(&openssl.path("seller.pub"))).expect("a key");
    let long = "长".repeat(10_000);
    for text in ["", "a=1&b=2", "POST\n/v3/pay\n1\nabc\n{}\n", &long] {
        let ours = key.sign(text.as_bytes()).expect("signed");
        // The padding of PKCS#1 v1.5 has no random part: equal keys, equal bytes.
        assert_eq!(ours, openssl.sign(Keys::Seller, text.as_bytes()));
        assert!(openssl.verifies(Keys::Seller, text.as_bytes(), &ours));
        assert!(public.verifies(text.as_bytes(), &ours));
        let changed = format!("{text}.");
        assert!(!public.verifies(changed.as_bytes(), &ours));
        let other = openssl.sign(Keys::Nobody, text.as_bytes());
        assert!(!public.verifies(text.as_bytes(), &other));
        for none in ["", "AAAA", "not base64", &ours[4..]] {
            assert!(!public.verifies(text.as_bytes(), none), "{none}");
        }
    }
}

#[test]
fn keys_are_read_in_every_spelling() {
    let openssl = Openssl::new();
    let run = |args: &[&str]| openssl.run(args, b"");
    run(&[
        "pkey",
        "-in",
        "seller.pem",
        "-traditional",
        "-out",
        "pkcs1.pem",
    ]);
    let pkcs8 = read(&openssl.path("seller.pem"));
    let pkcs1 = read(&openssl.path("pkcs1.pem"));
    assert!(pkcs1.contains("BEGIN RSA PRIVATE KEY"), "{pkcs1}");
    let wanted = openssl.sign(Keys::Seller, b"text");
    let bare = |pem: &str| {
        pem.lines()
            .filter(|l| !l.starts_with('-'))
            .collect::<String>()
    };
    for text in [&pkcs8, &pkcs1, &bare(&pkcs8), &bare(&pkcs1)] {
        let key = PrivateKey::read(text).expect("a key");
        assert_eq!(key.sign(b"text").as_ref(), Some(&wanted));
    }
    let public = read(&openssl.path("seller.pub"));
    for text in [&public, &bare(&public)] {
        let key = PublicKey::read(text).expect("a key");
        assert!(key.verifies(b"text", &wanted));
    }
    for (text, wrong) in [
        (&*public, KeyError::Private),
        ("", KeyError::Text),
        ("not a key", KeyError::Text),
        ("AAAA", KeyError::Private),
    ] {
        assert_eq!(PrivateKey::read(text).err(), Some(wrong), "{text}");
    }
    assert_eq!(PublicKey::read(&pkcs8).err(), Some(KeyError::Public));
    let small = [
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:1024",
    ];
    let small = String::from_utf8(run(&small)).expect("PEM");
    assert_eq!(PrivateKey::read(&small).err(), Some(KeyError::Private));
    assert_eq!(
        format!("{:?}", PrivateKey::read(&pkcs8)),
        "Ok(PrivateKey(***))"
    );
}

#[test]
fn a_certificate_tells_its_serial_number_and_key() {
    let openssl = Openssl::new();
    let make = [
        "req",
        "-x509",
        "-key",
        "wechat.pem",
        "-subj",
        "/CN=Tenpay.com",
        "-days",
        "30",
    ];
    let pem = openssl.run(&[&make[..], &["-out", "wechat.crt"]].concat(), b"");
    assert!(pem.is_empty());
    let certificate = Certificate::read(&read(&openssl.path("wechat.crt"))).expect("read");
    let serial = openssl.run(&["x509", "-in", "wechat.crt", "-noout", "-serial"], b"");
    let serial = String::from_utf8(serial).expect("text");
    assert_eq!(format!("serial={}\n", certificate.serial), serial);
    let signature = openssl.sign(Keys::WeChat, b"text");
    assert!(certificate.key.verifies(b"text", &signature));
    let key = PublicKey::read(&read(&openssl.path("wechat.crt"))).expect("read");
    assert!(key.verifies(b"text", &signature));
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
    (0..hex.len()).step_by(2).map(digit).collect()
}

#[test]
fn aes_256_gcm_opens_the_published_vector_and_what_openssl_seals() {
    // McGrew and Viega, The Galois/Counter Mode of Operation, test case 16.
    let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    let key = ApiKey::read(&key).expect("32 bytes");
    let nonce = bytes("cafebabefacedbaddecaf888");
    let associated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let text = bytes(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    );
    let mut sealed = bytes(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
         8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
         76fc6ece0f4e1768cddf8853bb2d551b",
    );
    assert_eq!(key.open(&nonce, &associated, &sealed), Some(text));
    assert_eq!(key.open(&nonce, b"", &sealed), None);
    assert_eq!(key.open(&nonce[1..], &associated, &sealed), None);
    assert_eq!(key.open(&nonce, &associated, &sealed[..15]), None);
    sealed[0] ^= 1;
    assert_eq!(key.open(&nonce, &associated, &sealed), None);
    for wrong in [&b""[..], b"short", &[0; 33]] {
        assert!(ApiKey::read(wrong).is_none());
    }
}
