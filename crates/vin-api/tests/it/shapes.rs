//! Every shape of request that real clients send gives the same vehicle.

use crate::{PAGE_VIN, expect_code, expect_porsche, get, post};

const PATH: &str = "/api/vin/get";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn shape_1_get_with_a_query_string() {
    expect_porsche(&get(&format!("{PATH}?key=demo&vin={PAGE_VIN}")));
}

#[test]
fn shape_2_post_form() {
    expect_porsche(&post(
        PATH,
        FORM,
        format!("key=demo&vin={PAGE_VIN}").as_bytes(),
    ));
}

#[test]
fn shape_3_post_json_also_with_numbers_and_a_byte_order_mark() {
    let body = format!(r#"{{"key":"demo","vin":"{PAGE_VIN}","year":2011,"explain":0}}"#);
    expect_porsche(&post(PATH, JSON, body.as_bytes()));
    let body = format!("\u{feff}{body}");
    expect_porsche(&post(
        PATH,
        "Content-Type: application/json; charset=utf-8\r\n",
        body.as_bytes(),
    ));
    // A VIN of digits alone may arrive as a number.
    let json = post(PATH, JSON, br#"{"key":"demo","vin":11111111111111111}"#).json();
    assert_ne!(json["code"], 403, "{json}");
}

#[test]
fn shape_4_post_with_parameters_in_the_query_and_any_content_type() {
    let target = format!("{PATH}?key=demo&vin={PAGE_VIN}");
    for content_type in ["text/html", "application/json", "image/png", "?"] {
        expect_porsche(&post(
            &target,
            &format!("Content-Type: {content_type}\r\n"),
            b"",
        ));
    }
    expect_porsche(&post(&target, "", b""));
    expect_porsche(&post(
        &target,
        "Content-Type: text/html\r\n",
        b"<html></html>",
    ));
}

#[test]
fn shape_5_the_key_in_the_query_and_the_rest_in_the_body_which_wins() {
    let body = format!("vin={PAGE_VIN}");
    expect_porsche(&post("/api/vin/get?key=demo", FORM, body.as_bytes()));
    expect_porsche(&post(
        "/api/vin/get?key=demo&vin=WRONG",
        FORM,
        body.as_bytes(),
    ));
    expect_porsche(&post(
        &format!("{PATH}?key=demo&{body}"),
        FORM,
        body.as_bytes(),
    ));
    let body = format!(r#"{{"vin":"{PAGE_VIN}"}}"#);
    expect_porsche(&post(
        "/api/vin/get?key=demo&vin=WRONG",
        JSON,
        body.as_bytes(),
    ));
    expect_code(
        &post("/api/vin/get?key=demo", FORM, b"key=nobody&vin=x"),
        401,
    );
}

#[test]
fn shape_6_the_malformed_content_type_of_the_trade() {
    let header = "Content-Type: application/x-www-form-urlencoded;charset:utf-8;\r\n";
    expect_porsche(&post(
        PATH,
        header,
        format!("key=demo&vin={PAGE_VIN}").as_bytes(),
    ));
}

#[test]
fn shape_7_a_vin_as_people_type_it_with_the_repair_reported() {
    for (vin, codes) in [
        ("wpoaa2978bl012976", vec!["lower_case", "letter_o"]),
        ("WP0AA2978BL012976", vec![]),
        ("%20WP0+AA2978BL012976%0A", vec!["spacing"]),
        (
            "WPQAA2978BLOI2976",
            vec!["letter_o", "letter_i", "letter_q"],
        ),
        ("%EF%BC%B7%EF%BC%B00AA2978BL012976", vec!["full_width"]),
    ] {
        let json = expect_porsche(&get(&format!("{PATH}?key=demo&vin={vin}")));
        let notes = json["data"]["match"]["notes"].as_array().expect("an array");
        for code in codes {
            let note = notes.iter().find(|note| note["code"] == code);
            let text = note.and_then(|note| note["text"].as_str());
            assert!(
                text.is_some_and(|text| !text.is_empty()),
                "{vin}: {code} in {notes:?}"
            );
        }
    }
}

#[test]
fn a_wrong_check_digit_is_a_fact_and_no_refusal() {
    let json = expect_code(&get("/api/vin/get?key=demo&vin=WP0AA2979BL012976"), 200);
    assert_eq!(json["data"]["result"]["iscorrect"], 0);
    let json = expect_code(&get("/api/vin/get?key=demo&vin=WP0AA2978BL012976"), 200);
    assert_eq!(json["data"]["result"]["iscorrect"], 1);
}

#[test]
fn multipart_forms_are_read_too() {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\ndemo\r\n--b\r\n\
         Content-Disposition: form-data; name=\"vin\"\r\n\r\n{PAGE_VIN}\r\n--b--\r\n"
    );
    let header = "Content-Type: multipart/form-data; boundary=b\r\n";
    expect_porsche(&post(PATH, header, body.as_bytes()));
}

#[test]
fn english_and_provenance_are_given_when_asked_for() {
    let json = expect_code(
        &get(&format!(
            "{PATH}?key=demo&vin={PAGE_VIN}&lang=en&explain=1&reqid=A-1&year=2011"
        )),
        200,
    );
    assert_eq!(json["msg"], "success");
    assert_eq!(json["data"]["result"]["brand"], "Porsche");
    let facts = json["data"]["explain"].as_array().expect("facts");
    assert!(!facts.is_empty());
    for fact in facts {
        for name in ["variable", "value", "rule", "key", "source"] {
            assert!(fact[name].is_string(), "{name} of {fact}");
        }
        let positions = fact["positions"].as_array().expect("positions");
        assert!(
            positions
                .iter()
                .all(|p| p.as_u64().is_some_and(|p| (1..=17).contains(&p)))
        );
        assert!(fact["fields"].is_array());
    }
    let plain = expect_porsche(&get(&format!("{PATH}?key=demo&vin={PAGE_VIN}")));
    assert!(plain["data"].get("explain").is_none());
}

#[test]
fn the_data_holds_order_match_and_charge() {
    let json = expect_porsche(&get(&format!("{PATH}?key=demo&vin={PAGE_VIN}")));
    let data = &json["data"];
    let order = data["order_no"].as_str().expect("a string");
    assert!(order.starts_with("123261124") && order.bytes().all(|b| b.is_ascii_digit()));
    let matched = &data["match"];
    assert!(["car", "group", "type", "brand"].contains(&matched["level"].as_str().expect("text")));
    assert!(
        matched["confidence"]
            .as_f64()
            .is_some_and(|c| (0.0..=1.0).contains(&c))
    );
    assert_eq!(matched["channel"], "local");
    let year = serde_json::json!({"from_vin": 2011, "candidates": [1981, 2011]});
    assert_eq!(matched["year"], year);
    let charge = &data["charge"];
    assert_eq!(
        (&charge["charged"], &charge["count"]),
        (&true.into(), &1.into())
    );
    assert!(charge["remaining"].is_u64());
}
