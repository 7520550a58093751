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
        "manufacturer=美国本田; brand=本田; typename=雅阁; cartype=雅阁; \
         name=本田 雅阁 2003款 EX-V6 3.0L; yeartype=2003; version=EX-V6; isimport=1; iscorrect=1; \
         engine=3.0L 243马力 V型6缸; enginemodel=J30A4; displacement=3.0L; cylindernum=6; \
         fueltype=汽油; maxpower=179; maxhorsepower=243; gearbox=5挡 自动; gearnum=5; geartype=自动; \
         bodytype=轿跑; carbody=轿跑车; doornum=2",
    );
}

#[test]
fn the_same_car_is_told_in_english() {
    check(
        "1HGCM82633A004352",
        Lang::En,
        "manufacturer=American Honda Motor; brand=Honda; typename=Accord; cartype=Accord; \
         name=Honda Accord 2003 EX-V6 3.0L; yeartype=2003; version=EX-V6; isimport=1; iscorrect=1; \
         engine=3.0L 243 Ps V 6-cylinder; enginemodel=J30A4; displacement=3.0L; cylindernum=6; \
         fueltype=Gasoline; maxpower=179; maxhorsepower=243; gearbox=5-speed Automatic; gearnum=5; \
         geartype=Automatic; bodytype=Coupe; carbody=Coupe; doornum=2",
    );
}

#[test]
fn a_car_of_another_market_is_known_by_the_rules_of_its_maker() {
    check(
        "WPOAA2978BL012976",
        Lang::Zh,
        "manufacturer=保时捷; brand=保时捷; typename=Panamera; cartype=Panamera; \
         name=保时捷 Panamera 2011款; yeartype=2011; isimport=1; iscorrect=1",
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
    use Level::{Brand, Type};
    check_match("1HGCM82633A004352", None, Type, Some(2003), &[]);
    check_match(
        "1hgcm82633a0o4352",
        None,
        Type,
        Some(2003),
        &["lower_case", "letter_o"],
    );
    check_match(
        "1HGCM82633A004353",
        None,
        Type,
        Some(2003),
        &["check_digit"],
    );
    check_match(
        "1HGCM82633A004352",
        Some(2004),
        Type,
        Some(2004),
        &["year_contradicts"],
    );
    check_match("WPOAA2978BL012976", None, Type, Some(2011), &["letter_o"]);
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
