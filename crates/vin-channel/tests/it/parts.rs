//! Wrong parts of channels' files: requests, signatures, statuses, fields.

use crate::config::{GOOD, wrong};
use crate::read;

#[test]
fn wrong_requests_are_refused() {
    let url = "url = \"https://api.example.com/vin\"";
    for (by, what) in [
        ("url = \"api.example.com\"", "is no address"),
        (
            "url = \"http://api.example.com/\"",
            "request.cleartext = true",
        ),
        ("url = \"ftp://api.example.com/\"", "allowed: https, http"),
        ("url = \"file:///etc/passwd\"", "allowed: https, http"),
        (
            "url = \"https://me:pw@api.example.com/\"",
            "name and password may not",
        ),
        (
            "url = \"https://{vin}.example.com/\"",
            "may not stand in the host",
        ),
        (
            "url = \"https://{secret.key}/\"",
            "may not stand in the host",
        ),
        (
            "url = \"https://api.example.com{vin}\"",
            "may not stand in the host",
        ),
        (
            "url = \"https://api.example.com/?a=1\"",
            "parameters stand in request.query",
        ),
        ("url = \"https://api.example.com/车\"", "no path holds"),
        (
            "url = \"https://api.example.com/{vim}\"",
            "unknown placeholder {vim}",
        ),
        (
            "url = \"https://api.example.com/{raw}\"",
            "unknown placeholder {raw}",
        ),
    ] {
        wrong(url, by, "up.toml:3:1", "request.url", what);
    }
    let query = "query = { vin = \"{vin}\" }";
    wrong(
        query,
        "query = { a = \"b\" }",
        "up.toml:3:1",
        "request.url",
        "nothing in the request says {vin}",
    );
    wrong(
        query,
        "query = { a = [\"{vin}\"] }",
        "up.toml:4:11",
        "request.query.a",
        "must be a text, or false",
    );
    wrong(
        query,
        "method = \"PUT\"",
        "up.toml:4:1",
        "request.method",
        "allowed: GET, POST",
    );
    wrong(
        query,
        "form = { vin = \"{vin}\" }",
        "up.toml:2:2",
        "request.method",
        "a GET has no body",
    );
    wrong(
        query,
        "method = \"POST\"\nform = { a = \"{vin}\" }\njson = { a = \"b\" }",
        "up.toml:6:1",
        "request.json",
        "either form or json",
    );
    wrong(
        query,
        "headers = { Host = \"{vin}\" }",
        "up.toml:4:1",
        "request.headers",
        "set by the program",
    );
    wrong(
        query,
        "networks = [\"10.0.0.0/40\"]",
        "up.toml:4:13",
        "request.networks",
        "is no network",
    );
}

#[test]
fn wrong_signatures_are_refused() {
    for (lines, line, key, what) in [
        (
            "text = \"{raw}\"\nheader = \"s\"",
            9,
            "sign.hash",
            "allowed: md5, sha1",
        ),
        (
            "hash = \"md4\"\ntext = \"\"\nheader = \"s\"",
            10,
            "sign.hash",
            "allowed: md5, sha1",
        ),
        (
            "hash = \"md5\"\nheader = \"s\"",
            9,
            "sign.text",
            "what is hashed",
        ),
        (
            "hash = \"md5\"\ntext = \"{body}\"\nheader = \"s\"",
            11,
            "sign.text",
            "allowed: {vin}, {year}",
        ),
        (
            "hash = \"md5\"\ntext = \"a\"",
            9,
            "sign.header",
            "either header or parameter",
        ),
        (
            "hash = \"md5\"\ntext = \"a\"\nkey = \"b\"\nheader = \"s\"",
            12,
            "sign.key",
            "only hmac-sha1, hmac-sha256",
        ),
        (
            "hash = \"hmac-sha1\"\ntext = \"a\"\nheader = \"s\"",
            9,
            "sign.key",
            "is missing",
        ),
        (
            "hash = \"md5\"\ntext = \"a\"\nheader = \"s\"\nspelling = \"b64\"",
            13,
            "sign.spelling",
            "allowed: hex, HEX, base64",
        ),
    ] {
        let text = format!("{GOOD}[sign]\n{lines}\n");
        let error = read(&text)
            .err()
            .unwrap_or_else(|| panic!("taken: {lines}"));
        assert_eq!((error.line, error.key.as_str()), (line, key), "{error}");
        assert!(error.what.contains(what), "{error}");
    }
}

#[test]
fn wrong_statuses_and_answers_are_refused() {
    wrong(
        "",
        "[status]\npath = \"code\"",
        "up.toml:9:2",
        "status.hit",
        "is missing",
    );
    wrong(
        "",
        "[status]\nhit = [0]",
        "up.toml:9:2",
        "status.path",
        "is missing",
    );
    wrong(
        "",
        "[status]\npath = \"a\"\nhit = [0, 1]\nbusy = [2, 1]",
        "up.toml:12:12",
        "status.busy",
        "1 is listed under two meanings",
    );
    wrong(
        "",
        "[status.http]\nbusy = [42]",
        "up.toml:9:9",
        "status.http.",
        "42 is no HTTP status",
    );
    wrong(
        "vehicle = \"data\"",
        "",
        "up.toml:5:2",
        "answer.vehicle",
        "is missing",
    );
    wrong(
        "vehicle = \"data\"",
        "vehicle = \"a..b\"",
        "up.toml:6:1",
        "answer.vehicle",
        "is no path",
    );
    wrong(
        "vehicle = \"data\"",
        "vehicle = \"a\"\nmost_depth = 1000",
        "up.toml:7:1",
        "answer.most_depth",
        "from 2 to 100",
    );
}

#[test]
fn wrong_fields_are_refused() {
    let line = "brand = \"brand\"";
    wrong(line, "", "up.toml:7:2", "fields", "brand is missing");
    wrong(
        line,
        "vin = \"a\"",
        "up.toml:8:1",
        "fields.vin",
        "never taken from outside",
    );
    wrong(
        line,
        "logo = \"a\"",
        "up.toml:8:1",
        "fields.logo",
        "never taken from outside",
    );
    wrong(
        line,
        "machineoil = \"a\"",
        "up.toml:8:1",
        "fields.machineoil",
        "never taken",
    );
    wrong(
        line,
        "carlist = \"a\"",
        "up.toml:8:1",
        "fields.carlist",
        "[carlist] says",
    );
    for (by, key, what) in [
        ("brand = 5", "fields.brand", "must be a place such as"),
        ("brand = []", "fields.brand", "must be a place such as"),
        ("brand = { }", "fields.brand.from", "either from or join"),
        (
            "brand = { from = \"a\", join = [\"b\"] }",
            "fields.brand.from",
            "either from or join",
        ),
        (
            "brand = { from = \"a\", with = \"b\" }",
            "fields.brand.with",
            "between the parts",
        ),
        (
            "brand = { from = \"a\", unit = \"ft-m\" }",
            "fields.brand.unit",
            "allowed: in-mm, cm-mm",
        ),
        (
            "brand = { from = \"a\", digits = 9 }",
            "fields.brand.digits",
            "from 0 to 4",
        ),
        (
            "brand = { from = \"a\", date = \"dd.MM\" }",
            "fields.brand.date",
            "it needs yyyy, MM and dd",
        ),
        (
            "brand = { from = \"a\", table = \"x\" }",
            "fields.brand.table",
            "there are: vpic/make",
        ),
        (
            "brand = { from = \"a\", table = \"vpic/15\" }",
            "fields.brand.table",
            "for this field",
        ),
        (
            "brand = { from = \"a\", words = { b = 1.5, c = [] } }",
            "fields.brand.words.c",
            "must be a text or { zh, en }",
        ),
        (
            "brand = { from = \"a\", keep = true }",
            "fields.brand.keep",
            "belongs to words or a table",
        ),
        (
            "brand = { from = \"a\", form = \"b\" }",
            "fields.brand.form",
            "allowed here: date",
        ),
        (
            "brand = [\"a\", { from = \"b\", unit = \"x\" }]",
            "fields.brand[1].unit",
            "allowed: in-mm",
        ),
        (
            "\"gearboxinfo.jointpiclist\" = [\"a\", \"b\"]",
            "fields.gearboxinfo.jointpiclist",
            "place of a list of texts",
        ),
    ] {
        let text = GOOD.replace(line, by);
        let error = read(&text).err().unwrap_or_else(|| panic!("taken: {by}"));
        assert_eq!((error.line, error.key.as_str()), (8, key), "{error}");
        assert!(error.what.contains(what), "{error}");
    }
}
