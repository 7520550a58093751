//! The catalogue over HTTP: lists, details, search, and what cannot be.

use crate::{Answer, exchange, expect_code, get, post};
use serde_json::Value as Json;
use std::collections::HashSet;
use vin_api::interface::INTERFACES;

/// A good answer to a query of the demo key.
#[track_caller]
fn ask(path_and_query: &str) -> Json {
    let between = if path_and_query.contains('?') {
        '&'
    } else {
        '?'
    };
    let json = expect_code(&get(&format!("{path_and_query}{between}key=demo")), 200);
    json["data"].clone()
}

#[track_caller]
fn refuse(path_and_query: &str, code: u16, part_of_msg: &str) {
    let json = expect_code(&get(path_and_query), code);
    let msg = json["msg"].as_str().expect("a text");
    assert!(msg.contains(part_of_msg), "{path_and_query}: {msg}");
}

/// The member `name` of every entry.
fn all<'j>(data: &'j Json, name: &str) -> Vec<&'j Json> {
    let list = data["result"].as_array().expect("a list");
    list.iter().map(|entry| &entry[name]).collect()
}

#[test]
fn from_the_brands_to_a_car_every_step_leads_on() {
    let brands = ask("/api/car/brand");
    let list = brands["result"].as_array().expect("a list");
    assert_eq!(brands["total"], list.len());
    assert!(list.len() > 400);
    let porsche = list
        .iter()
        .find(|brand| brand["name"] == "保时捷")
        .expect("Porsche");
    assert_eq!(porsche["initial"], "B");
    assert_eq!(
        (&porsche["depth"], &porsche["parentid"]),
        (&Json::from(1), &Json::from(0))
    );
    let id = &porsche["id"];
    assert_eq!(porsche["logo"], format!("http://x/logo/brand/{id}.svg"));

    let types = ask(&format!("/api/car/type?parentid={id}"));
    let panamera = types["result"].as_array().expect("a list").iter();
    let panamera = panamera
        .clone()
        .find(|kind| kind["id"] == 530)
        .expect("Panamera");
    assert_eq!(panamera["fullname"], "保时捷 Panamera");
    assert_eq!(
        (&panamera["depth"], &panamera["parentid"]),
        (&Json::from(2), id)
    );

    let cars = ask("/api/car/car?parentid=530");
    assert_eq!(cars["total"], panamera["carnum"]);
    let ids = all(&cars, "carid");
    assert!(ids.contains(&&Json::from(7131)));
    let years: Vec<_> = all(&cars, "yeartype");
    assert!(
        years.is_sorted_by(|a, b| a.as_str() >= b.as_str()),
        "{years:?}"
    );
    assert!(all(&cars, "typeid").iter().all(|id| **id == 530));

    let detail = ask("/api/car/detail?carid=7131");
    assert_eq!(detail["level"], "car");
    let result = &detail["result"];
    assert_eq!(result["name"], "保时捷 Panamera 2010款 Panamera 4 3.6L");
    assert_eq!(
        (&result["typeid"], &result["groupid"]),
        (&Json::from(530), &Json::from("7528"))
    );
    assert_eq!(result["logo"], porsche["logo"]);
    assert_eq!(result.as_object().map(serde_json::Map::len), Some(57));
}

#[test]
fn what_the_look_up_of_a_vin_names_is_found() {
    let answer = expect_code(&get("/api/vin/get?key=demo&vin=5UXKR0C52J0X00000"), 200);
    let result = &answer["data"]["result"];
    let logo = result["logo"].as_str().expect("a text");
    assert!(logo.starts_with("http://x/logo/brand/"), "{logo}");
    let detail = ask(&format!("/api/car/detail?typeid={}", result["typeid"]));
    assert_eq!(detail["level"], "type");
    assert_eq!(detail["result"]["typename"], result["typename"]);
    assert!(
        !detail["result"]["carlist"]
            .as_array()
            .expect("a list")
            .is_empty()
    );
    let group = result["groupid"].as_str().expect("a text");
    let detail = ask(&format!("/api/car/detail?groupid={group}"));
    assert_eq!(detail["level"], "group");
    assert_eq!(detail["result"]["groupname"], result["groupname"]);
    for car in result["carlist"].as_array().expect("a list") {
        let detail = ask(&format!("/api/car/detail?carid={}", car["carid"]));
        assert_eq!(detail["result"]["name"], car["name"]);
    }
}

#[test]
fn oil_and_gearbox_of_a_car_are_told_as_far_as_they_are_known() {
    let oil = ask("/api/vin/oil?carid=7131");
    assert_eq!(oil["result"]["machineoil"]["volume"], "8.5L");
    let gearbox = ask("/api/vin/gearbox?carid=7131");
    let gearbox = gearbox["result"]["gearboxinfo"]
        .as_object()
        .expect("an object");
    assert_eq!(gearbox.len(), 8);
    // A car of whose oil nobody told.
    let other = ask("/api/car/search?keyword=f150%202015")["result"][0]["carid"].clone();
    let oil = ask(&format!("/api/vin/oil?carid={other}"));
    assert_eq!(oil["result"]["machineoil"], Json::Null);
    assert_eq!(oil["result"]["carid"], other);
}

#[test]
fn a_search_gives_the_best_first_and_says_what_each_is() {
    for keyword in ["%E4%BF%9D%E6%97%B6", "baoshijie", "bsj", "porsche"] {
        let data = ask(&format!("/api/car/search?keyword={keyword}"));
        assert_eq!(data["result"][0]["kind"], "brand", "{keyword}");
        assert_eq!(data["result"][0]["name"], "保时捷", "{keyword}");
    }
    let data = ask("/api/car/search?keyword=yage");
    assert_eq!(data["result"][0]["kind"], "type");
    assert_eq!(data["result"][0]["fullname"], "本田 雅阁");
    let data = ask("/api/car/search?keyword=panamera%204s&lang=en&pagesize=3");
    assert_eq!(data["result"][0]["kind"], "car");
    assert_eq!(all(&data, "kind").len(), 3);
    assert!(data["total"].as_u64() > Some(3));
    let nothing = ask("/api/car/search?keyword=zzzz");
    assert_eq!(
        (&nothing["total"], &nothing["result"]),
        (&Json::from(0), &Json::from([0; 0].to_vec()))
    );
}

#[test]
fn pages_show_a_list_part_by_part() {
    let whole = ask("/api/car/car?parentid=530");
    let total = whole["total"].as_u64().expect("a number") as usize;
    let mut seen = HashSet::new();
    for page in 1..=total.div_ceil(50) {
        let part = ask(&format!(
            "/api/car/car?parentid=530&page={page}&pagesize=50"
        ));
        assert_eq!(
            (&part["page"], &part["total"]),
            (&Json::from(page), &whole["total"])
        );
        seen.extend(all(&part, "carid").into_iter().map(Json::to_string));
    }
    assert_eq!(seen.len(), total);
    let beyond = ask("/api/car/car?parentid=530&page=1000&pagesize=1000");
    assert_eq!(all(&beyond, "carid").len(), 0);
}

#[test]
fn english_is_sorted_by_its_own_letters() {
    let brands = ask("/api/car/brand?lang=en");
    let initials = all(&brands, "initial");
    let other = |letter: &Json| (letter == "#", letter.to_string());
    assert!(
        initials.is_sorted_by_key(|letter| other(letter)),
        "{initials:?}"
    );
    assert!(all(&brands, "name").contains(&&Json::from("Porsche")));
}

#[test]
fn parameters_come_in_every_shape() {
    let form = "Content-Type: application/x-www-form-urlencoded;charset:utf-8;\r\n";
    let json = "Content-Type: application/json\r\n";
    for (headers, body) in [
        (form, &b"key=demo&carid=7131"[..]),
        (json, br#"{"key":"demo","carid":7131}"#),
        (json, br#"{"key":"demo","carid":"7131"}"#),
        ("", b"key=demo&carid=7131"),
    ] {
        let answer = expect_code(&post("/api/car/detail", headers, body), 200);
        assert_eq!(answer["data"]["result"]["carid"], 7131);
    }
    let answer = post(
        "/api/car/detail?key=demo&carid=7131",
        "Content-Type: text/html\r\n",
        b"",
    );
    expect_code(&answer, 200);
    let call = get("/api/car/detail?key=demo&carid=7131&callback=cb");
    assert!(call.text().starts_with("/**/cb({"), "{}", call.text());
}

#[test]
fn every_interface_wants_a_key_and_its_own_parameters() {
    for row in &INTERFACES {
        refuse(row.path, 403, "缺少 key");
        refuse(
            &format!("{}?key=nobody&carid=1&parentid=1&keyword=a", row.path),
            401,
            "密钥",
        );
        let preflight = format!(
            "OPTIONS {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            row.path
        );
        assert_eq!(exchange(preflight.as_bytes()).status, 204);
        let put = format!(
            "PUT {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            row.path
        );
        expect_code(&exchange(put.as_bytes()), 404);
    }
    refuse("/api/car/type?key=demo", 403, "缺少 parentid");
    refuse("/api/car/car?key=demo&lang=en", 403, "parentid is missing");
    refuse(
        "/api/car/detail?key=demo",
        403,
        "缺少 carid、groupid 或 typeid",
    );
    refuse("/api/car/search?key=demo&keyword=%20", 403, "缺少 keyword");
    refuse("/api/vin/oil?key=demo&typeid=530", 403, "缺少 carid");
    refuse(
        "/api/vin/gearbox?key=demo&carid=x",
        403,
        "carid 应为 1 至 4294967295",
    );
    refuse("/api/car/car?key=demo&parentid=-1", 403, "parentid 应为");
    refuse(
        "/api/car/brand?key=demo&pagesize=1001",
        403,
        "pagesize 应为 1 至 1000",
    );
    refuse("/api/car/brand?key=demo&page=0", 403, "page 应为 1 至 1000");
    let long = format!("/api/car/search?key=demo&keyword={}", "a".repeat(65));
    refuse(&long, 403, "keyword 最长 64 个字符");
    refuse("/api/car/brand?key=demo&lang=fr", 403, "lang");
}

#[test]
fn a_number_that_nothing_has_is_code_1003() {
    for query in [
        "/api/car/type?parentid=1",
        "/api/car/car?parentid=4294967295",
        "/api/car/detail?carid=1",
        "/api/car/detail?groupid=1",
        "/api/car/detail?typeid=1",
        "/api/vin/oil?carid=1",
        "/api/vin/gearbox?carid=1",
    ] {
        refuse(&format!("{query}&key=demo"), 1003, "未查到相应的车辆");
    }
}

fn get_with(target: &str, headers: &str) -> Answer {
    exchange(
        format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n")
            .as_bytes(),
    )
}

#[test]
fn a_client_that_holds_an_answer_is_told_that_it_still_holds() {
    let target = "/api/car/type?key=demo&parentid=1000299";
    let first = get(target);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() == 34, "{tag}");
    assert_eq!(first.header("cache-control"), "private, no-cache");
    // Equal questions have equal answers, to the byte.
    let again = get("/api/car/type?parentid=1000299&key=demo");
    assert_eq!(
        (again.header("etag"), &again.body),
        (tag.as_str(), &first.body)
    );
    for header in [
        format!("If-None-Match: {tag}\r\n"),
        format!("If-None-Match: \"x\", W/{tag}\r\n"),
    ] {
        let held = get_with(target, &header);
        assert_eq!(
            (held.status, held.body.len(), held.header("etag")),
            (304, 0, tag.as_str())
        );
    }
    assert_eq!(get_with(target, "If-None-Match: \"x\"\r\n").status, 200);
    // Everything that the bytes depend on is in the tag.
    let header = format!("If-None-Match: {tag}\r\n");
    for other in ["&lang=en", "&page=2", "&pagesize=5", "&callback=cb"] {
        let answer = get_with(&format!("{target}{other}"), &header);
        assert_eq!(answer.status, 200, "{other}");
        assert_ne!(answer.header("etag"), tag, "{other}");
    }
    let host = format!("GET {target} HTTP/1.1\r\nHost: y\r\nConnection: close\r\n{header}\r\n");
    assert_eq!(exchange(host.as_bytes()).status, 200);
}

#[test]
fn the_key_comes_before_the_tag_and_a_failure_has_none() {
    let tag = get("/api/car/brand?key=demo").header("etag").to_owned();
    let header = format!("If-None-Match: {tag}\r\n");
    assert_eq!(get_with("/api/car/brand?key=demo", &header).status, 304);
    for (query, code) in [("", 403), ("?key=nobody", 401)] {
        let answer = get_with(&format!("/api/car/brand{query}"), &header);
        expect_code(&answer, code);
        assert_eq!(
            (answer.header("etag"), answer.header("cache-control")),
            ("", "no-store")
        );
    }
    let unknown = get_with(
        "/api/car/type?key=demo&parentid=1",
        "If-None-Match: \"x\"\r\n",
    );
    expect_code(&unknown, 1003);
    assert_eq!(
        (unknown.header("etag"), unknown.header("cache-control")),
        ("", "no-store")
    );
}
