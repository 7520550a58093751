//! What each preset sends, and what becomes of the answer that its upstream documents.

use crate::{DEADLINE, ask, file, open, query};
use vin_channel::{Channel as _, Found, Outcome, Query};
use vin_core::field::FIELDS;
use vin_core::{FieldId, Lang, Level, Value};
use vin_testkit::upstream::{Format, Seen, Upstream};

const PORSCHE: &str = "WP0AA2978BL012976";

async fn hit(preset: &str, format: Format, path: &str, more: &str) -> (Found, Seen) {
    let upstream = Upstream::start(format);
    let channel = open(&file(preset, &upstream, path, more));
    match ask(&channel, PORSCHE).await {
        Outcome::Hit(found) => (*found, upstream.seen().remove(0)),
        other => panic!("{other:?}"),
    }
}

/// Every field that is filled, one per line.
fn filled(found: &Found) -> String {
    let mut out = String::new();
    for field in FIELDS {
        let value = match found.vehicle.get(field.id) {
            Value::Unknown => continue,
            Value::Int(number) => number.to_string(),
            Value::Text(text) => format!("{text:?}"),
            Value::Texts(texts) => format!("{texts:?}"),
        };
        out += &format!("{} = {value}\n", field.path);
    }
    for car in &found.vehicle.candidates {
        let (carid, name, typeid) = (car.carid, &car.name, car.typeid);
        let (typename, model) = (&car.typename, &car.model);
        out += &format!("car {carid} {name:?} {typeid} {typename:?} {model:?}\n");
    }
    out
}

#[track_caller]
fn check(found: &Found, order: Option<&str>, fields: &str) {
    let wanted: String = fields
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(filled(found), wanted);
    assert_eq!(found.level, Level::Car);
    assert_eq!(found.upstream_order.as_deref(), order);
    assert_eq!(found.misfits, [] as [FieldId; 0]);
}

#[tokio::test]
async fn connapi_is_asked_with_a_signed_query_and_tells_every_field() {
    let (found, seen) = hit("connapi", Format::Connapi, "/api/vin/get", "").await;
    assert_eq!(seen.method, "GET");
    let raw = "key=the-key-of-the-test&vin=WP0AA2978BL012976";
    assert_eq!(seen.target, format!("/api/vin/get?{raw}"));
    // md5 of that query and the SK.
    assert_eq!(seen.header("sign"), "753a762665d11f92785f41c7aa7bb448");
    check(
        &found,
        Some("776220802730791269"),
        r#"manufacturer = "进口保时捷"
        brand = "保时捷"
        typename = "Panamera"
        cartype = "Panamera"
        name = "保时捷 Panamera 2010款 Panamera 4 3.6L"
        yeartype = "2010"
        listdate = "2010-09-01"
        carid = 7131
        groupid = "7528"
        groupname = "Panamera 3.6L 三厢;掀背车 双离合 全时四驱(2009.11-2013.09)"
        sizetype = "大型车"
        isimport = 1
        engine = "CSZ"
        enginemodel = "M 46.40"
        displacement = "3.6L"
        displacementml = "3605"
        cylindernum = "6"
        fuelmethod = "直喷"
        fueltype = "汽油"
        fuelgrade = "92号"
        maxpower = "220"
        maxhorsepower = "300"
        comfuelconsumption = "9.60"
        environmentalstandards = "国四"
        gearbox = "7挡 双离合(DCT)"
        gearnum = "7"
        geartype = "双离合(DCT)"
        drivemode = "全时四驱"
        bodytype = "三厢"
        bodystructure = "承载式"
        doornum = "5"
        seatnum = "4"
        len = "4970"
        width = "1931"
        height = "1418"
        wheelbase = "2920"
        weight = "1895"
        fronttiresize = "245/50 R18"
        reartiresize = "275/45 R18"
        frontbraketype = "通风盘式"
        rearbraketype = "通风盘式"
        parkingbraketype = "电子驻车"
        price = "122.43"
        machineoil.volume = "8.5L"
        machineoil.viscosity = "0W-40"
        machineoil.grade = "全合成"
        machineoil.level = "SP"
        gearboxinfo.gearboxbrand = "采埃孚"
        gearboxinfo.gearboxmodel = "7DT75"
        gearboxinfo.joint = "A83"
        gearboxinfo.gravityoil = "8L"
        gearboxinfo.mechanicaloil = "12L-14L"
        car 7131 "保时捷 Panamera 2010款 Panamera 4 3.6L" 530 "Panamera" ""
        car 7130 "保时捷 Panamera 2010款 Panamera 3.6L" 530 "Panamera" """#,
    );
}

#[tokio::test]
async fn another_chejia_is_asked_with_a_form_and_the_second_signature() {
    let (found, seen) = hit("chejia", Format::Connapi, "/api/vin/get", "").await;
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", "/api/vin/get")
    );
    // The year is not known, so it is not sent.
    assert_eq!(
        seen.body,
        "key=the-key-of-the-test&lang=zh&vin=WP0AA2978BL012976"
    );
    assert_eq!(seen.header("timestamp"), "1793491200");
    assert_eq!(seen.header("nonce"), "ab".repeat(16));
    // HMAC-SHA256 over the five lines, keyed with the SK.
    let sign = "e924d2b267f6b23ed46e45268491ca21361630f9e6724de9d4f3ef6cb411be04";
    assert_eq!(seen.header("sign-v2"), sign);
    assert_eq!(found.vehicle.get(FieldId::CarId), &Value::Int(7131));
}

#[tokio::test]
async fn jisuapi_is_asked_by_query_and_its_older_names_are_known() {
    let (found, seen) = hit("jisuapi", Format::Jisuapi, "/vin/query", "").await;
    let target = "/vin/query?appkey=the-appkey-of-the-test&vin=WP0AA2978BL012976";
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("GET", target)
    );
    assert_eq!(seen.header("sign"), "");
    check(
        &found,
        None,
        r#"manufacturer = "上汽大众"
        brand = "大众"
        typename = "桑塔纳"
        cartype = "桑塔纳"
        name = "大众 桑塔纳 2013款 1.6L 手动风尚版"
        yeartype = "2013"
        carid = 31077
        isimport = 0
        engine = "1.6L 110马力 L4"
        displacement = "1.6"
        fueltype = "汽油"
        comfuelconsumption = "6.1"
        environmentalstandards = "国四"
        gearbox = "5挡 手动"
        drivemode = "前置前驱"
        carbody = "4门5座三厢车"
        len = "4473"
        fronttiresize = "175/70 R14"
        reartiresize = "175/70 R14"
        price = "8.49""#,
    );
}

#[tokio::test]
async fn apistd_is_posted_to_with_the_parameters_in_the_query() {
    let (found, seen) = hit("apistd", Format::Apistd, "/v4/vin2/query", "").await;
    let target = "/v4/vin2/query?key=the-key-of-the-test&vin=WP0AA2978BL012976";
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", target)
    );
    assert_eq!(seen.body, "");
    check(
        &found,
        Some("018213504767834964"),
        r#"manufacturer = "一汽丰田"
        brand = "丰田"
        typename = "卡罗拉"
        typeid = 2031
        cartype = "卡罗拉"
        name = "丰田 卡罗拉 2014款 1.6L CVT GL"
        yeartype = "2014"
        listdate = "2014-06-28"
        carid = 28411
        caridexternal = "TY-28411"
        displacement = "1.6L"
        displacementml = "1598"
        maxpower = "90"
        maxhorsepower = "122"
        geartype = "无级变速(CVT)"
        len = "4630"
        width = "1775"
        height = "1480"
        wheelbase = "2700"
        weight = "1265"
        price = "10.98"
        machineoil.volume = "4.2L"
        machineoil.viscosity = "0W-20"
        machineoil.grade = "全合成"
        machineoil.level = "SN"
        car 28411 "丰田 卡罗拉 2014款 1.6L CVT GL" 2031 "卡罗拉" "TV7163GL-iD""#,
    );
}

#[tokio::test]
async fn jumdata_is_asked_with_an_appcode_and_its_numbers_become_texts() {
    let (found, seen) = hit("jumdata", Format::Jumdata, "/vehicle/vin-query", "").await;
    assert_eq!(
        (seen.method.as_str(), seen.body.as_str()),
        ("POST", "vin=WP0AA2978BL012976")
    );
    assert_eq!(
        seen.header("authorization"),
        "APPCODE the-appcode-of-the-test"
    );
    assert_eq!(seen.header("x-ca-nonce"), "ab".repeat(16));
    check(
        &found,
        Some("18213504767834964000"),
        r#"manufacturer = "东风日产"
        brand = "日产"
        typename = "楼兰"
        cartype = "楼兰"
        name = "日产 楼兰 2011款 3.5L V6 CVT"
        yeartype = "2011"
        listdate = "2011-09-08"
        carid = 26834
        groupid = "3886"
        model = "DFL6490VJD1"
        isimport = 0
        displacement = "3.5L"
        displacementml = "3498"
        cylindernum = "6"
        fueltype = "汽油"
        maxpower = "228"
        maxhorsepower = "310"
        comfuelconsumption = "11.1"
        gearnum = "6"
        geartype = "无级变速(CVT)"
        seatnum = "5"
        len = "4860"
        price = "48.88"
        machineoil.volume = "4.6L"
        machineoil.viscosity = "5W-30"
        machineoil.grade = "全合成"
        machineoil.level = "SP"
        gearboxinfo.gearboxbrand = "捷特科"
        gearboxinfo.gearboxmodel = "JF010E/JATCO"
        gearboxinfo.gravityoil = "4L-5L"
        gearboxinfo.mechanicaloil = "12L"
        gearboxinfo.jointpiclist = ["http://pic.example.com/joint.png"]
        gearboxinfo.positionpiclist = ["http://pic.example.com/position.png"]
        car 26834 "日产 楼兰 2011款 3.5L V6 CVT" 1985 "楼兰" "DFL6490VJD1""#,
    );
}

#[tokio::test]
async fn vpic_is_asked_by_path_and_its_english_becomes_ours() {
    let path = "/api/vehicles/DecodeVinValuesExtended/{vin}";
    let upstream = Upstream::start(Format::Vpic);
    let channel = open(&file("vpic", &upstream, path, ""));
    let Outcome::Hit(found) = ask(&channel, PORSCHE).await else {
        panic!("no vehicle")
    };
    let target = "/api/vehicles/DecodeVinValuesExtended/WP0AA2978BL012976?format=json";
    assert_eq!(upstream.seen()[0].target, target);
    assert_eq!(found.level, Level::Type);
    let wanted = r#"manufacturer = "宝马(北美)"
brand = "宝马"
typename = "X3"
cartype = "X3"
yeartype = "2011"
version = "xDrive35i"
enginemodel = "N55"
displacement = "3.0T"
cylindernum = "6"
fuelmethod = "直喷"
fueltype = "汽油"
maxpower = "224"
maxhorsepower = "304"
gearnum = "8"
geartype = "自动"
drivemode = "四驱"
bodytype = "SUV"
carbody = "SUV"
doornum = "4"
seatnum = "5"
wheelbase = "2809"
weight = "1915"
"#;
    assert_eq!(filled(&found), wanted);
}

#[tokio::test]
async fn vpic_is_asked_with_the_year_and_answers_in_english_too() {
    let path = "/api/vehicles/DecodeVinValuesExtended/{vin}";
    let upstream = Upstream::start(Format::Vpic);
    let channel = open(&file("vpic", &upstream, path, ""));
    let query = Query {
        year: Some(2011),
        lang: Lang::En,
        ..query(PORSCHE)
    };
    let Outcome::Hit(found) = channel.ask(&query, DEADLINE).await else {
        panic!("no vehicle")
    };
    let target =
        "/api/vehicles/DecodeVinValuesExtended/WP0AA2978BL012976?format=json&modelyear=2011";
    assert_eq!(upstream.seen()[0].target, target);
    for (field, text) in [
        (FieldId::Brand, "BMW"),
        (FieldId::FuelType, "Gasoline"),
        (FieldId::DriveMode, "AWD"),
        (FieldId::GearType, "Automatic"),
    ] {
        assert_eq!(found.vehicle.text(field), text, "{field:?}");
    }
}
