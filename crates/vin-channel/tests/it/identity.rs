//! Verification channels: files that are right and wrong, and services on real sockets that say yes, no,
//! nothing, or fail.

use crate::{Standing, secrets};
use std::sync::Arc;
use std::time::Duration;
use vin_channel::{
    Claim, ConfigError, FaultKind, Network, SystemResolver, Verdict, Verifier, VerifierFile,
};
use vin_core::Date;
use vin_testkit::upstream::{Format, Script, Upstream};

/// The examples of GB 11643 and GB 32100.
const PERSON: Claim<'static> = Claim::Person {
    name: "张三",
    id_number: "11010519491231002X",
};
const COMPANY: Claim<'static> = Claim::Company {
    company: "某某科技有限公司",
    code: "91350100M000100Y43",
};

/// A whole file, as short as can be.
const GOOD: &str = r#"name = "up"
[person.request]
url = "https://api.example.com/id"
query = { name = "{name}", no = "{id_number}" }
[person.answer]
path = "data.result"
yes = [1]
no = [2]
"#;

fn read(text: &str) -> Result<VerifierFile, ConfigError> {
    VerifierFile::read("check.toml", text, &secrets())
}

/// The good file with one line replaced, or added where there is no such line.
#[track_caller]
fn wrong(line: &str, by: &str, place: &str, key: &str, what: &str) {
    let text = match line {
        "" => format!("{GOOD}{by}\n"),
        line => {
            assert!(GOOD.contains(line), "{line}");
            GOOD.replace(line, by)
        }
    };
    let error = match read(&text) {
        Ok(_) => panic!("taken:\n{text}"),
        Err(error) => error,
    };
    let found = format!("{}:{}:{}", error.file, error.line, error.column);
    assert_eq!(
        (found.as_str(), error.key.as_str()),
        (place, key),
        "{error}"
    );
    assert!(error.what.contains(what), "{error}");
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_place() {
    read(GOOD).expect("good");
    wrong("name = \"up\"", "", "check.toml:1:1", "name", "is missing");
    wrong(
        "{id_number}",
        "{vin}",
        "check.toml:4:28",
        "person.request.query.no",
        "unknown placeholder {vin}; allowed: {today}",
    );
    wrong(
        "{id_number}",
        "{code}",
        "check.toml:4:28",
        "person.request.query.no",
        "unknown placeholder {code}",
    );
    wrong(
        ", no = \"{id_number}\"",
        "",
        "check.toml:3:1",
        "person.request.url",
        "nothing in the request says {id_number}",
    );
    wrong(
        "https:",
        "http:",
        "check.toml:3:1",
        "person.request.url",
        "request.cleartext",
    );
    wrong(
        "path = \"data.result\"\n",
        "",
        "check.toml:5:9",
        "person.answer.path",
        "is missing",
    );
    wrong(
        "yes = [1]\n",
        "",
        "check.toml:5:9",
        "person.answer.yes",
        "is missing",
    );
    wrong(
        "no = [2]",
        "no = [1]",
        "check.toml:8:7",
        "person.answer.no",
        "two meanings",
    );
    wrong(
        "no = [2]",
        "maybe = [2]",
        "check.toml:8:1",
        "person.answer.maybe",
        "unknown key; allowed here: most_bytes, most_depth, no, path, unsure, yes",
    );
    wrong(
        "",
        "[company]",
        "check.toml:9:2",
        "company.request",
        "is missing",
    );
    wrong(
        "name = \"up\"",
        "name = \"up\"\nprice = 1",
        "check.toml:2:1",
        "price",
        "unknown key",
    );
    wrong(
        "{name}",
        "{secret.none}",
        "check.toml:4:11",
        "person.request.query.name",
        "\"up_none\" is not set",
    );
    let error = read("name = \"up\"\n").expect_err("asks about nothing");
    assert!(error.what.contains("a table person, or company"), "{error}");
}

/// A channel at a service of this machine.
fn at(upstream: &Upstream, more: &str) -> Verifier {
    let address = upstream.address();
    let request =
        format!("method = \"POST\"\nurl = \"http://{address}/check\"\ncleartext = true\n{more}\n");
    let text = format!(
        "name = \"up\"\ntimeout = \"700ms\"\n[person.request]\n{request}\
         form = {{ name = \"{{name}}\", no = \"{{id_number}}\", key = \"{{secret.key}}\" }}\n\
         [person.sign]\nhash = \"md5\"\ntext = \"{{raw}}{{secret.sk}}\"\nheader = \"x-sign\"\n\
         [person.answer]\npath = \"data.result\"\nyes = [1, true]\nno = [2]\nunsure = [3]\n\
         [company.request]\n{request}json = {{ company = \"{{company}}\", code = \"{{code}}\" }}\n\
         [company.answer]\npath = \"state\"\nyes = \"same\"\nno = \"other\"\n"
    );
    let file = read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let network = Network::new(Arc::new(SystemResolver), b"").expect("TLS");
    Verifier::new(file, network, Arc::new(Standing))
}

const HERE: &str = "networks = [\"127.0.0.1\"]";

async fn ask(channel: &Verifier, claim: &Claim<'_>) -> Result<Verdict, FaultKind> {
    let today = Date::parse("2026-11-28").expect("a date");
    let said = channel.ask(claim, today).await.expect("it is asked");
    said.map_err(|fault| {
        let text = format!("{fault} {fault:?} {claim:?}");
        for told in ["张三", "11010519491231002X", "某某", "91350100"] {
            assert!(!text.contains(told), "{text}");
        }
        fault.kind
    })
}

#[tokio::test]
async fn a_person_is_asked_about_as_the_file_says() {
    let upstream = Upstream::start(Format::Connapi);
    let channel = at(&upstream, HERE);
    let answer =
        |result: &str| Script::Json(format!(r#"{{"code":0,"data":{{"result":{result}}}}}"#));
    for (result, verdict) in [
        ("1", Verdict::Yes),
        ("\"1\"", Verdict::Yes),
        ("true", Verdict::Yes),
        ("2", Verdict::No),
        ("3", Verdict::Unsure),
        ("17", Verdict::Unsure),
    ] {
        upstream.play(answer(result));
        assert_eq!(ask(&channel, &PERSON).await, Ok(verdict), "{result}");
    }
    let seen = upstream.seen().remove(0);
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", "/check")
    );
    let body = "key=the-key-of-the-test&name=%E5%BC%A0%E4%B8%89&no=11010519491231002X";
    assert_eq!(seen.body, body);
    assert_eq!(seen.header("x-sign").len(), 32);
}

#[tokio::test]
async fn a_company_is_asked_about_as_the_file_says() {
    let upstream = Upstream::start(Format::Connapi);
    let channel = at(&upstream, HERE);
    for (state, verdict) in [
        ("same", Verdict::Yes),
        ("other", Verdict::No),
        ("", Verdict::Unsure),
    ] {
        upstream.play(Script::Json(format!(r#"{{"state":"{state}"}}"#)));
        assert_eq!(ask(&channel, &COMPANY).await, Ok(verdict), "{state}");
    }
    let body = r#"{"code":"91350100M000100Y43","company":"某某科技有限公司"}"#;
    assert_eq!(upstream.seen()[0].body, body);
}

#[tokio::test]
async fn what_fails_says_nothing_and_is_asked_once() {
    for (script, kind) in [
        (Script::Garbage, FaultKind::Garbage),
        (Script::Html, FaultKind::Garbage),
        (Script::Json("{}".to_owned()), FaultKind::Garbage),
        (
            Script::Json(r#"{"data":{"result":null}}"#.to_owned()),
            FaultKind::Garbage,
        ),
        (
            Script::Json(r#"{"data":{"result":[1]}}"#.to_owned()),
            FaultKind::Garbage,
        ),
        (Script::Hang, FaultKind::AnswerTimeout),
        (Script::HangInside, FaultKind::AnswerTimeout),
        (
            Script::Drip(Duration::from_millis(50)),
            FaultKind::AnswerTimeout,
        ),
        (Script::CutBefore, FaultKind::Cut),
        (Script::NoHttp, FaultKind::Garbage),
        (Script::Deep, FaultKind::TooDeep),
        (Script::Endless, FaultKind::TooLarge),
        (Script::Bomb(4 << 20), FaultKind::TooLarge),
        (Script::Status(500), FaultKind::Status(500)),
        (
            Script::Redirect("http://127.0.0.1:1/".to_owned()),
            FaultKind::Status(302),
        ),
        (Script::Echo, FaultKind::Garbage),
    ] {
        let upstream = Upstream::start(Format::Connapi);
        upstream.play(script.clone());
        let channel = at(&upstream, HERE);
        let asked = tokio::time::timeout(Duration::from_secs(5), ask(&channel, &PERSON));
        assert_eq!(asked.await.expect("in time"), Err(kind), "{script:?}");
        assert_eq!(upstream.calls(), 1, "{script:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_public_is_not_asked() {
    let upstream = Upstream::start(Format::Connapi);
    let channel = at(&upstream, "");
    assert_eq!(ask(&channel, &PERSON).await, Err(FaultKind::Address));
    assert_eq!((upstream.calls(), upstream.connections()), (0, 0));
}

#[tokio::test]
async fn a_kind_that_the_file_leaves_out_is_not_asked_about() {
    let network = Network::new(Arc::new(SystemResolver), b"").expect("TLS");
    let channel = Verifier::new(read(GOOD).expect("good"), network, Arc::new(Standing));
    let today = Date::parse("2026-11-28").expect("a date");
    assert!(channel.ask(&COMPANY, today).await.is_none());
    assert_eq!((channel.name(), channel.knows()), ("up", (true, false)));
}
