//! Whole answers: what a VIN gives in the result fields, in both languages, and how sure it is.

use vin_core::field::FIELDS;
use vin_core::{Date, Lang, Level, Value, Vin};
use vin_engine::Ask;

const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 1,
};

const ASK: Ask = Ask {
    year: None,
    lang: Lang::Zh,
    explain: false,
    today: TODAY,
};

/// The known fields but `vin`, as `path=value` in the order of the registry.
fn known(vin: &str, ask: &Ask) -> String {
    let engine = vin_data::engine();
    let parsed = Vin::parse(vin).expect(vin);
    let answer = engine.answer(&parsed, ask).expect(vin);
    let shown = FIELDS.iter().skip(1).filter_map(|field| {
        let value = match answer.vehicle.get(field.id) {
            Value::Unknown => return None,
            Value::Int(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Texts(texts) => texts.join(","),
        };
        Some(format!("{}={value}", field.path))
    });
    shown.collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(vin: &str, lang: Lang, expected: &str) {
    assert_eq!(known(vin, &Ask { lang, ..ASK }), expected);
}

#[test]
fn a_car_is_told_in_the_words_of_the_trade() {
    check(
        "1HGCM82633A004352",
        Lang::Zh,
        "manufacturer=美国本田; brand=本田; typename=雅阁; typeid=1005411; cartype=雅阁; \
         name=本田 雅阁 2003款 EX-V6 3.0L; yeartype=2003; version=EX-V6; carid=1011159; \
         groupid=1007010; groupname=雅阁 3.0L 自动 前驱(2003-2007); sizetype=中型车; isimport=1; \
         iscorrect=1; engine=3.0L 243马力 V型6缸; enginemodel=J30A4; displacement=3.0L; \
         cylindernum=6; fueltype=汽油; maxpower=179; maxhorsepower=243; comfuelconsumption=10.69; \
         gearbox=5挡 自动; gearnum=5; geartype=自动; drivemode=前驱; bodytype=轿跑; carbody=轿跑车; \
         doornum=2; len=4770; width=1811; height=1420; wheelbase=2670",
    );
}

#[test]
fn the_same_car_is_told_in_english() {
    check(
        "1HGCM82633A004352",
        Lang::En,
        "manufacturer=American Honda Motor; brand=Honda; typename=Accord; typeid=1005411; \
         cartype=Accord; name=Honda Accord 2003 EX-V6 3.0L; yeartype=2003; version=EX-V6; \
         carid=1011159; groupid=1007010; groupname=Accord 3.0L Automatic FWD(2003-2007); \
         sizetype=Midsize car; isimport=1; iscorrect=1; engine=3.0L 243 Ps V 6-cylinder; \
         enginemodel=J30A4; displacement=3.0L; cylindernum=6; fueltype=Gasoline; maxpower=179; \
         maxhorsepower=243; comfuelconsumption=10.69; gearbox=5-speed Automatic; gearnum=5; \
         geartype=Automatic; drivemode=FWD; bodytype=Coupe; carbody=Coupe; doornum=2; len=4770; \
         width=1811; height=1420; wheelbase=2670",
    );
}

#[test]
fn a_car_of_another_market_is_known_by_the_rules_of_its_maker() {
    check(
        "WP0ZZZ97ZBL012976",
        Lang::Zh,
        "manufacturer=保时捷; brand=保时捷; typename=Panamera; typeid=530; cartype=Panamera; \
         name=保时捷 Panamera 2011款; yeartype=2011; isimport=1; iscorrect=0",
    );
}

#[test]
fn a_car_given_field_by_field_is_answered_as_it_was_given() {
    check(
        "WPOAA2978BL012976",
        Lang::Zh,
        "manufacturer=进口保时捷; brand=保时捷; typename=Panamera; typeid=530; cartype=Panamera; \
         name=保时捷 Panamera 2010款 Panamera 4 3.6L; yeartype=2010; listdate=2010-09-01; carid=7131; \
         groupid=7528; groupname=Panamera 3.6L 三厢;掀背车 双离合 全时四驱(2009.11-2013.09); \
         sizetype=大型车; isimport=1; iscorrect=1; engine=CSZ; enginemodel=M 46.40; displacement=3.6L; \
         displacementml=3605; cylindernum=6; fuelmethod=直喷; fueltype=汽油; fuelgrade=92号; \
         maxpower=220; maxhorsepower=300; comfuelconsumption=9.60; environmentalstandards=国四; \
         gearbox=7挡 双离合(DCT); gearnum=7; geartype=双离合(DCT); drivemode=全时四驱; bodytype=三厢; \
         bodystructure=承载式; doornum=5; seatnum=4; len=4970; width=1931; height=1418; wheelbase=2920; \
         weight=1895; fronttiresize=245/50 R18; reartiresize=275/45 R18; frontbraketype=通风盘式; \
         rearbraketype=通风盘式; parkingbraketype=电子驻车; price=122.43; machineoil.volume=8.5L; \
         machineoil.viscosity=0W-40; machineoil.grade=全合成; machineoil.level=SP; \
         gearboxinfo.gearboxbrand=采埃孚; gearboxinfo.gearboxmodel=7DT75; gearboxinfo.joint=A83; \
         gearboxinfo.gravityoil=8L; gearboxinfo.mechanicaloil=12L-14L",
    );
    let engine = vin_data::engine();
    let parsed = Vin::parse("WP0AA2978BL012976").expect("a VIN");
    let answer = engine.answer(&parsed, &ASK).expect("a car");
    let cars = answer.vehicle.candidates.iter();
    let cars: Vec<_> = cars
        .map(|car| {
            (
                car.carid,
                &*car.name,
                car.typeid,
                &*car.typename,
                &*car.model,
            )
        })
        .collect();
    let car = |id, name, model| (id, name, 530, "Panamera", model);
    assert_eq!(
        cars,
        [
            car(7131, "保时捷 Panamera 2010款 Panamera 4 3.6L", ""),
            car(7130, "保时捷 Panamera 2010款 Panamera 3.6L", ""),
            car(7124, "保时捷 Panamera 2012款 panamera 4 3.6L", ""),
            car(7123, "保时捷 Panamera 2012款 panamera 3.6L", ""),
            car(
                49549,
                "保时捷 Panamera 2019款 Panamera 2.9T",
                "Panamera A231"
            ),
            car(
                7121,
                "保时捷 Panamera 2013款 Panamera 4 Platinum Edition 3.6L",
                ""
            ),
            car(
                7120,
                "保时捷 Panamera 2013款 Panamera Platinum Edition 3.6L",
                ""
            ),
        ]
    );
}

#[test]
fn what_stands_for_several_series_gives_candidates_and_none_of_their_values() {
    check(
        "LC0C76C43R7000000",
        Lang::Zh,
        "manufacturer=比亚迪汽车工业; brand=比亚迪; yeartype=2024; isimport=0; iscorrect=1; \
         fueltype=插电式混合动力; bodytype=三厢",
    );
    let engine = vin_data::engine();
    let parsed = Vin::parse("LC0C76C43R7000000").expect("a VIN");
    let answer = engine.answer(&parsed, &ASK).expect("a known brand");
    assert!(answer.vehicle.candidates.iter().all(|one| one.typeid != 0));
    let names = answer.vehicle.candidates.iter().map(|one| &*one.name);
    let names: Vec<_> = names.collect();
    assert!(
        names.contains(&"比亚迪 汉") && names.contains(&"比亚迪 秦PLUS"),
        "{names:?}"
    );
}

#[track_caller]
fn check_match(vin: &str, year: Option<u16>, level: Level, from_vin: Option<u16>, notes: &[&str]) {
    let engine = vin_data::engine();
    let parsed = Vin::parse(vin).expect(vin);
    let answer = engine
        .answer(&parsed, &Ask { year, ..ASK })
        .expect("a known brand");
    let matched = answer.matched;
    let codes: Vec<_> = matched.notes.iter().map(|note| note.code).collect();
    assert_eq!(
        (matched.level, matched.year.from_vin, codes.as_slice()),
        (level, from_vin, notes)
    );
    assert!((0.0..=1.0).contains(&matched.confidence));
}

#[test]
fn level_year_and_notes_are_honest() {
    use Level::{Brand, Car, Type};
    check_match("1HGCM82633A004352", None, Car, Some(2003), &[]);
    check_match(
        "1hgcm82633a0o4352",
        None,
        Car,
        Some(2003),
        &["lower_case", "letter_o"],
    );
    check_match("1HGCM82633A004353", None, Car, Some(2003), &["check_digit"]);
    check_match(
        "1HGCM82633A004352",
        Some(2004),
        Car,
        Some(2004),
        &["year_contradicts"],
    );
    check_match("WPOAA2978BL012976", None, Car, Some(2011), &["letter_o"]);
    check_match(
        "LC0C76C43R7000000",
        None,
        Brand,
        Some(2024),
        &["several_series"],
    );
    // A year that position 10 can mean, and that the rules find too, contradicts nothing.
    check_match(
        "WVWZZZ1KZBM624869",
        Some(2011),
        Type,
        Some(2011),
        &["check_digit"],
    );
    check_match(
        "WVWZZZ1KZBM624869",
        Some(2012),
        Type,
        Some(2011),
        &["check_digit", "year_contradicts"],
    );
    // Its maker puts no year into position 10.
    check_match("WBAVA710X0VE27117", None, Type, None, &["year_unknown"]);
}

#[test]
fn a_chinese_maker_alone_is_an_answer() {
    let known = known("L08AAAAA0KA000001", &ASK);
    assert!(
        known.starts_with("manufacturer=ZHEJIANG APOLLO SPORTS TECHNOLOGY CO LTD.; yeartype=2019;"),
        "{known}"
    );
}

#[test]
fn what_no_table_knows_is_no_answer() {
    let engine = vin_data::engine();
    let parsed = Vin::parse("ZZZZZZZZZZZZZZZZZ").expect("well-formed");
    assert!(engine.answer(&parsed, &ASK).is_none());
}

#[test]
fn every_fact_names_its_rule_and_the_fields_made_from_it() {
    let engine = vin_data::engine();
    let parsed = Vin::parse("1HGCM82633A004352").expect("a VIN");
    let ask = Ask {
        explain: true,
        ..ASK
    };
    let answer = engine.answer(&parsed, &ask).expect("a car");
    let fact = |variable: &str| {
        let fact = answer.facts.iter().find(|fact| fact.variable == variable);
        fact.expect(variable)
    };
    let doors = fact("Doors");
    assert_eq!((doors.origin.rule, &*doors.value), ("pattern", "2"));
    assert_eq!(
        (&*doors.origin.key, &*doors.origin.source),
        ("CM82[67]", "vpic/schema/9774")
    );
    // Positions 4 to 8.
    assert_eq!(doors.origin.positions, 0b1111_1000);
    let named: Vec<_> = doors.fields.iter().map(|field| field.spec().path).collect();
    assert_eq!(named, ["doornum"]);
    assert_eq!(fact("Make").origin.rule, "make-of-model");
    assert_eq!(fact("Manufacturer Name").origin.rule, "wmi");
    assert_eq!(fact("Displacement (L)").origin.rule, "conversion");
    // Every known field but those read off the VIN itself is made from some fact.
    let own = ["vin", "isimport", "iscorrect"];
    let overlaid = Vin::parse("LFMAPE2C3B0000000").expect("a VIN");
    let overlaid = engine.answer(&overlaid, &ask).expect("a car");
    let told = overlaid
        .facts
        .iter()
        .filter(|fact| fact.origin.rule == "overlay");
    assert!(told.count() > 3, "the overlay's rules are named too");
    for field in FIELDS
        .iter()
        .filter(|f| answer.vehicle.knows(f.id) && !own.contains(&f.path))
    {
        let made = answer
            .facts
            .iter()
            .any(|fact| fact.fields.contains(&field.id));
        assert!(made, "{} comes from nowhere", field.path);
    }
}
