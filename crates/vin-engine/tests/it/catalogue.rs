//! The search in the catalogue: transcripts of made-up VINs of real patterns, and damaged packs.

use vin_core::{Date, FieldId, Lang};
use vin_engine::Engine;
use vin_engine::catalogue::Catalogue;
use vin_index::Pack;

const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 1,
};

/// The series, the remaining cars, and the fields that they agree on.
fn found(engine: &Engine, vin: &str) -> String {
    let mut decoder = engine.decoder(TODAY);
    decoder.decode(vin, None);
    let catalogue = Catalogue::new(engine.pack());
    let found = catalogue.search(&decoder.catalogue_facts(decoder.model_year()));
    let series = found
        .kind
        .map_or("", |kind| catalogue.name(kind.name, Lang::En));
    let mut lines = vec![series.to_owned()];
    lines.extend(found.cars().map(|car| {
        let version = catalogue.text(car.version);
        format!("{} {} {version}", catalogue.row(car), car.year.get())
    }));
    let mut fields = Vec::new();
    found.each(Lang::En, |value| {
        fields.push(format!("{}={}", value.field.spec().path, value.text));
    });
    lines.push(fields.join("; "));
    lines.join("\n")
}

#[track_caller]
fn check(vin: &str, expected: &str) {
    assert_eq!(found(&vin_data::engine(), vin), expected, "{vin}");
}

#[test]
fn one_car_remains_where_the_facts_tell_it() {
    check(
        "5UXKR0C52J0X00000",
        "X5\n\
         epa/39478 2018 xDrive35i\n\
         comfuelconsumption=11.55; displacement=3.0T; cylindernum=6; fueltype=Gasoline; \
         environmentalstandards=Tier 3 Bin 125; sizetype=Standard SUV; gearnum=8; geartype=Automatic; \
         drivemode=AWD; doornum=4; len=4890; width=1941; height=1760; wheelbase=2931",
    );
    check(
        "1HGCV2F95KX680392",
        "Accord\n\
         epa/40874 2019 2.0T Sport/Touring\n\
         comfuelconsumption=9.06; displacement=2.0T; cylindernum=4; fueltype=Gasoline; \
         environmentalstandards=Tier 3 Bin 30; sizetype=Midsize car; maxpower=188; maxhorsepower=255; \
         gearnum=10; geartype=Automatic; drivemode=FWD; seatnum=5; weight=1532; doornum=4; len=4879; \
         width=1910; height=1450; wheelbase=2830",
    );
    check(
        "1N4CZ1DV4PN979376",
        "Leaf\n\
         epa/46016 2023 \n\
         comfuelconsumption=2.12; fueltype=Electric; environmentalstandards=Tier 3 Bin 0; \
         sizetype=Midsize car; maxpower=110; maxhorsepower=150; gearnum=1; geartype=Single-speed (direct drive); drivemode=FWD; \
         doornum=5; len=4481; width=1791; height=1560; wheelbase=2700",
    );
}

#[test]
fn groups_and_cars_have_full_names() {
    let engine = vin_data::engine();
    let mut decoder = engine.decoder(TODAY);
    decoder.decode("5UXKR0C52J0X00000", None);
    let catalogue = Catalogue::new(engine.pack());
    let found = catalogue.search(&decoder.catalogue_facts(Some(2018)));
    let group = found.group().expect("one group");
    assert_eq!(
        catalogue.group_name(group, Lang::Zh),
        "X5 3.0T SUV 自动 四驱(2014-2018)"
    );
    let candidates = found.candidates(Lang::Zh, 8);
    assert_eq!(candidates.len(), 1);
    assert_eq!(candidates[0].name, "宝马 X5 2018款 xDrive35i 3.0T");
    assert_eq!(found.turbocharged(), Some(true));
}

#[test]
fn an_engine_that_no_row_has_leaves_no_car() {
    let text = found(&vin_data::engine(), "3GC4YGE78LF875518");
    assert_eq!(text, "Silverado\ndoornum=4; width=2060; height=1920");
}

/// Length and wheelbase of a car.
#[track_caller]
fn check_sizes(vin: &str, expected: [&str; 2]) {
    let engine = vin_data::engine();
    let mut decoder = engine.decoder(TODAY);
    decoder.decode(vin, None);
    let catalogue = Catalogue::new(engine.pack());
    let found = catalogue.search(&decoder.catalogue_facts(decoder.model_year()));
    let mut sizes = [String::new(), String::new()];
    found.each(Lang::En, |value| match value.field {
        FieldId::Len => sizes[0] = value.text.into_owned(),
        FieldId::Wheelbase => sizes[1] = value.text.into_owned(),
        _ => {}
    });
    assert_eq!(sizes, expected, "{vin}");
}

#[test]
fn words_beds_and_wheelbases_tell_bodies_apart() {
    // C 300 and C 43: the bumpers of AMG are longer.
    check_sizes("55SWF4JB2JU000000", ["4689", "2840"]);
    check_sizes("55SWF6EB9JU000000", ["4760", "2840"]);
    // RAM 1500: the former generation was sold beside the new one; both with the short bed.
    check_sizes("1C6RR6LT1KS000000", ["5740", "3571"]);
    check_sizes("1C6SRFJT3LN000000", ["5921", "3670"]);
    // Range Rover with the standard wheelbase.
    check_sizes("SALGS2VF3FA000000", ["5001", "2921"]);
    // F-150 SuperCrew: nothing in the VIN tells the bed.
    check_sizes("1FTEW1C47LKD00000", ["", ""]);
    // Forester: the wheelbase of the tables is that of another model.
    check_sizes("JF2SKAJC4MH000000", ["4630", "2670"]);
}

#[test]
fn ties_stay_and_the_consumption_is_their_median() {
    let engine = vin_data::engine();
    let mut decoder = engine.decoder(TODAY);
    decoder.decode("4T1B61AK3RU793096", None);
    let catalogue = Catalogue::new(engine.pack());
    let found = catalogue.search(&decoder.catalogue_facts(Some(2024)));
    let consumption = found.consumption().expect("a consumption");
    assert!(consumption.median && !consumption.equivalent);
    assert!(found.car().is_none() && found.cars().count() > 1);
    let alternatives = found.alternatives(FieldId::ComFuelConsumption, Lang::En);
    assert_eq!(alternatives.len(), 2);
}

#[test]
fn every_id_leads_back_to_its_record() {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let mut cars = 0;
    for brand in catalogue.brands() {
        for kind in catalogue.types(brand) {
            assert_eq!(catalogue.type_by_id(kind.id.get()), Some(kind));
            for group in catalogue.groups(kind) {
                assert_eq!(catalogue.group_by_id(group.id.get()), Some(group));
            }
            for car in catalogue.cars(kind) {
                assert_eq!(catalogue.car_by_id(car.id.get()), Some(car));
                cars += 1;
            }
        }
    }
    assert!(cars > 50_000);
}

#[test]
fn a_damaged_catalogue_never_panics() {
    let mut bytes = vin_data::bytes().to_vec();
    let step = 4_099;
    // The digest of the head guards the table of sections only, so damage behind it is read.
    let start = 8_192;
    for at in (start..bytes.len()).step_by(step) {
        bytes[at] ^= 0x55;
    }
    let pack = Pack::from_vec(bytes).expect("the head is whole");
    let engine = Engine::new(pack);
    for vin in [
        "4T1B61AK3RU793096",
        "1FTFW1ET5EFA12345",
        "5YJ3E1EA7KF317000",
        "1C4UJXJJ1SC050566",
    ] {
        let _ = found(&engine, vin);
    }
    let catalogue = Catalogue::new(engine.pack());
    for brand in catalogue.brands().iter().take(100) {
        for kind in catalogue.types(brand).iter().take(100) {
            let _ = catalogue.name(kind.name, Lang::Zh);
            for car in catalogue.cars(kind).iter().take(100) {
                let _ = (
                    catalogue.row(car),
                    catalogue.group(car.group),
                    catalogue.kind(car.kind),
                );
            }
        }
    }
}

/// The series that an answer with these names means, and its brand.
#[track_caller]
fn check_name(brand: &str, series: &str, expected: Option<(&str, &str)>) {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let kind = catalogue.type_named(brand, series);
    let names = kind.map(|kind| {
        let of = catalogue.brand(kind.brand).expect("a series has a brand");
        (
            catalogue.name(of.name, Lang::Zh),
            catalogue.name(kind.name, Lang::Zh),
        )
    });
    assert_eq!(names, expected, "{brand} {series}");
}

#[test]
fn a_series_is_found_by_the_names_of_an_answer() {
    check_name("保时捷", "Panamera", Some(("保时捷", "Panamera")));
    check_name("本田", "雅阁", Some(("本田", "雅阁")));
    check_name("比亚迪", "宋PLUS", Some(("比亚迪", "宋PLUS")));
    check_name("哈弗", "H6", Some(("哈弗", "H6")));
    check_name("大众", "朗逸", Some(("大众", "朗逸")));
    check_name("奥迪", "A6L", Some(("奥迪", "A6L")));
    // The rules write what the catalogue calls 吉普, CLK级 and RAV4荣放.
    check_name("Jeep", "指南者", Some(("吉普", "指南者")));
    check_name("奔驰", "CLK", Some(("奔驰", "CLK级")));
    check_name("丰田", "RAV4", Some(("丰田", "RAV4荣放")));
    check_name("大众", "雅阁", None);
    check_name("", "", None);
}

#[test]
fn the_series_of_the_product_page_has_its_number() {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let kind = catalogue
        .type_named("保时捷", "Panamera")
        .expect("a series");
    assert_eq!(kind.id.get(), 530);
}

#[test]
fn a_brand_is_found_by_either_name_and_is_the_one_with_cars() {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let id = |name| catalogue.brand_named(name).map(|brand| brand.id.get());
    assert_eq!(id("保时捷"), id("Porsche"));
    // Two makers of trailers are called so too.
    assert_eq!(id("现代"), id("Hyundai"));
    assert_eq!(id("路虎"), id("Land Rover"));
    assert!(id("长城").is_some() && id("红旗").is_some());
    assert_eq!(id("Panamera"), None);
}

/// Every series that a rule of the overlay gives, with the brand that the answer then has.
#[test]
fn every_series_of_the_rules_has_a_place() {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/evidence/china.tsv");
    let text = std::fs::read_to_string(folder).expect("the evidence");
    let vins = text
        .lines()
        .filter_map(|line| line.split('\t').find(|cell| cell.len() == 17));
    let mut named = 0;
    for vin in vins {
        let Ok(parsed) = vin_core::Vin::parse(vin) else {
            continue;
        };
        let ask = vin_engine::Ask {
            year: None,
            lang: Lang::Zh,
            explain: false,
            today: TODAY,
        };
        let Some(answer) = engine.answer(&parsed, &ask) else {
            continue;
        };
        let text = |field| answer.vehicle.text(field);
        let (brand, series) = (text(FieldId::Brand), text(FieldId::TypeName));
        if series.is_empty() {
            continue;
        }
        named += 1;
        assert!(
            catalogue.type_named(brand, series).is_some(),
            "{vin} {brand} {series}"
        );
    }
    assert!(named > 100, "{named}");
}
