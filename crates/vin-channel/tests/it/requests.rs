//! What is sent for files without a preset: bodies and signatures of every kind.

use crate::{ask, open};
use vin_channel::Outcome;
use vin_testkit::upstream::{Format, Seen, Upstream};

/// Asks an upstream as the lines of `[request]` and `[sign]` say; gives what came.
async fn sent(request: &str, sign: &str) -> Seen {
    let upstream = Upstream::start(Format::Connapi);
    let text = format!(
        "name = \"up\"\n[request]\nurl = \"http://{}/q\"\ncleartext = true\n\
         networks = [\"127.0.0.1\"]\n{request}\n{sign}\n[status]\npath = \"code\"\nhit = [200]\n\
         [answer]\nvehicle = \"data.result\"\nsame_names = true\n",
        upstream.address()
    );
    let outcome = ask(&open(&text), "WP0AA2978BL012976").await;
    assert!(matches!(outcome, Outcome::Hit(_)), "{outcome:?}");
    upstream.seen().remove(0)
}

#[tokio::test]
async fn a_form_is_signed_over_id_secret_and_time_beside_its_parameters() {
    let request = "method = \"POST\"\nform = { appId = \"my id\", timestamp = \"{timestamp_ms}\", vin = \"{vin}\" }";
    let sign = "[sign]\nhash = \"sha256\"\ntext = \"my id{secret.sk}{timestamp_ms}\"\nparameter = \"sign\"";
    let seen = sent(request, sign).await;
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/q"));
    // sha256sum of "my idthe-sk-of-the-test1793491200123"
    let signature = "3a8806411d399aabfd62c57b68a3a327e087957408f556b20622a5743d89e233";
    let body =
        format!("appId=my+id&timestamp=1793491200123&vin=WP0AA2978BL012976&sign={signature}");
    assert_eq!(seen.body, body);
    let kind = "application/x-www-form-urlencoded;charset=utf-8";
    assert_eq!(seen.header("content-type"), kind);
}

#[tokio::test]
async fn a_query_is_signed_over_its_sorted_parameters() {
    let request = "query = { vin = \"{vin}\", b = \"2 2\", a = \"1\" }";
    let sign = "[sign]\nhash = \"md5\"\ntext = \"{sorted}&key={secret.key}\"\nspelling = \"HEX\"\nparameter = \"sign\"";
    let seen = sent(request, sign).await;
    // md5sum of "a=1&b=2 2&vin=WP0AA2978BL012976&key=the-key-of-the-test", in capitals
    let target = "/q?a=1&b=2+2&vin=WP0AA2978BL012976&sign=6BF4CA6BB5854034C5DF3637DCBEE44F";
    assert_eq!(seen.target, target);
}

#[tokio::test]
async fn json_is_signed_over_names_and_values_and_keeps_its_types() {
    let request = "method = \"POST\"\njson = { vin = \"{vin}\", year = \"{year}\", n = 7, deep = { on = true, note = \"a\\\"b\" } }";
    let sign = "[sign]\nhash = \"hmac-sha1\"\ntext = \"{joined}\"\nkey = \"{secret.sk}\"\nspelling = \"base64\"\nparameter = \"s\"";
    let seen = sent(request, sign).await;
    // openssl dgst -sha1 -hmac, base64, of: deep{"note":"a\"b","on":true}n7vinWP0AA2978BL012976
    let body = r#"{"deep":{"note":"a\"b","on":true},"n":7,"s":"yuhkiY0CerS5hS3X6YeQ/9qCUtc=","vin":"WP0AA2978BL012976"}"#;
    assert_eq!(seen.body, body);
    assert_eq!(
        seen.header("content-type"),
        "application/json;charset=utf-8"
    );
}

#[tokio::test]
async fn a_signature_may_cover_method_path_and_raw_query() {
    let request =
        "query = { vin = \"{vin}\" }\nheaders = { X-Lang = \"{lang}\", X-Empty = \"{year}\" }";
    let sign =
        "[sign]\nhash = \"sha1\"\ntext = \"{method} {path}?{raw} {today}\"\nheader = \"X-Sign\"";
    let seen = sent(request, sign).await;
    // sha1sum of "GET /q?vin=WP0AA2978BL012976 2026-11-28"
    assert_eq!(
        seen.header("x-sign"),
        "5bb922355fdfb5605e17438f268c60a4ef0931e8"
    );
    assert_eq!(seen.header("x-lang"), "zh");
    assert!(seen.headers.iter().all(|(name, _)| name != "x-empty"));
}
