//! The catalogue to leaf through and to search: transcripts over the project's own data.

use vin_core::{FieldId, Lang};
use vin_engine::Engine;
use vin_engine::catalogue::{Catalogue, Hit, MOST_FOUND};

fn shown(catalogue: &Catalogue<'_>, hit: Hit<'_>) -> String {
    match hit {
        Hit::Brand(brand) => catalogue.name(brand.name, Lang::Zh).to_owned(),
        Hit::Type(kind) => catalogue.full_name(kind, Lang::Zh),
        Hit::Car(car) => catalogue.entry_candidate(car, Lang::Zh).name.into_owned(),
    }
}

/// The keyword finds these first, in this order.
#[track_caller]
fn check(keyword: &str, first: &[&str]) {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let hits = catalogue.keyword(keyword);
    let found: Vec<_> = hits
        .iter()
        .map(|hit| shown(&catalogue, *hit))
        .take(first.len())
        .collect();
    assert_eq!(found, first, "{keyword}");
}

#[test]
fn a_brand_is_found_by_chinese_pinyin_initials_and_english() {
    for keyword in [
        "保时捷",
        "保时",
        "baoshijie",
        "bao shi",
        "bsj",
        "porsche",
        "PORSCHE",
        "Ｐｏｒｓｃｈｅ",
    ] {
        check(keyword, &["保时捷"]);
    }
    for keyword in ["长安", "changan", "chang'an"] {
        check(keyword, &["长安", "长安跨越"]);
    }
    check("dazhong", &["大众"]);
    check("woerwo", &["沃尔沃"]);
    check("df", &["大发", "东风"]);
    check("gqcq", &["广汽传祺"]);
    check("land rover", &["路虎"]);
}

#[test]
fn a_series_is_found_with_or_without_its_brand() {
    for keyword in [
        "雅阁",
        "yage",
        "yg",
        "accord",
        "本田雅阁",
        "honda accord",
        "bentianyage",
        "本田 yage",
    ] {
        check(keyword, &["本田 雅阁"]);
    }
    check("x5", &["宝马 X5"]);
    check("宋plus", &["比亚迪 宋PLUS"]);
    check("hafuh6", &["哈弗 H6", "哈弗 H6 GT"]);
    check("f150", &["福特 F-150"]);
}

#[test]
fn an_exact_name_comes_before_a_longer_one() {
    check("高尔", &["大众 高尔", "大众 高尔夫"]);
    check("秦", &["比亚迪 秦", "比亚迪 秦MAX", "比亚迪 秦PLUS"]);
}

#[test]
fn cars_are_found_by_words_of_their_names() {
    check("宝马 X5 xDrive35i 2018", &["宝马 X5 2018款 xDrive35i 3.0T"]);
    check("bmw x5 xdrive35i 18款", &["宝马 X5 2018款 xDrive35i 3.0T"]);
    check(
        "保时捷 Panamera 2010款 4S",
        &["保时捷 Panamera 2010款 4S 4.8L"],
    );
    check(
        "panamera platinum",
        &["保时捷 Panamera 2013款 Panamera Platinum Edition 3.6L"],
    );
    check(
        "雅阁 2.0T Sport 2019",
        &["本田 雅阁 2019款 2.0T Sport/Touring"],
    );
}

#[test]
fn what_nobody_has_is_looked_for_by_its_beginning() {
    check("比亚迪 1951款", &["比亚迪"]);
    check("x5 nosuchword", &["宝马 X5"]);
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    for keyword in ["", "  ", "!?", "zzzz", "aoshijie"] {
        assert_eq!(catalogue.keyword(keyword), [], "{keyword}");
    }
}

#[test]
fn finds_are_limited() {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    assert_eq!(catalogue.keyword("4wd").len(), MOST_FOUND);
}

#[test]
fn brands_and_series_stand_by_their_letter() {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    for lang in [Lang::Zh, Lang::En] {
        let brands = catalogue.listed_brands(lang);
        let letters: Vec<_> = brands
            .iter()
            .map(|brand| catalogue.brand_initial(brand, lang))
            .collect();
        // What has no letter comes last.
        assert!(letters.is_sorted_by_key(|c| (*c == '#', *c)), "{letters:?}");
        assert!(brands.len() > 400);
        for brand in brands {
            let types = catalogue.listed_types(brand, lang);
            assert!(types.is_sorted_by_key(|kind| {
                let letter = catalogue.type_initial(kind, lang);
                (letter == '#', letter)
            }));
        }
    }
    let of = |name| {
        let brand = catalogue.brand_named(name).expect(name);
        [Lang::Zh, Lang::En].map(|lang| catalogue.brand_initial(brand, lang))
    };
    assert_eq!(of("长城"), ['C', 'G']);
    assert_eq!(of("奥迪"), ['A', 'A']);
    assert_eq!(of("大众"), ['D', 'V']);
}

/// Every id that the catalogue gives leads back to what has it.
#[test]
fn every_id_is_found_again() {
    let engine: Engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let mut cars = 0;
    for brand in catalogue.brands() {
        assert_eq!(catalogue.brand_by_id(brand.id.get()), Some(brand));
        for kind in catalogue.types(brand) {
            let of_kind = catalogue
                .type_vehicle(kind.id.get(), Lang::Zh)
                .expect("a series");
            assert_eq!(
                of_kind.text(FieldId::TypeName),
                catalogue.name(kind.name, Lang::Zh)
            );
            for entry in catalogue.entries(kind) {
                cars += 1;
                let id = catalogue.entry_id(entry);
                assert_eq!(catalogue.entry_by_id(id), Some(entry));
                assert_eq!(catalogue.entry_type(entry), Some(kind));
            }
        }
    }
    assert!(cars > 50_000, "{cars}");
}

#[test]
fn a_car_without_a_vin_has_what_its_sources_tell() {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let hits = catalogue.keyword("宝马 X5 xDrive35i 2018");
    let Some(Hit::Car(car)) = hits.first() else {
        panic!("no car: {hits:?}");
    };
    let vehicle = catalogue.vehicle(*car, Lang::Zh);
    for (field, text) in [
        (FieldId::Brand, "宝马"),
        (FieldId::TypeName, "X5"),
        (FieldId::YearType, "2018"),
        (FieldId::Version, "xDrive35i"),
        (FieldId::Displacement, "3.0T"),
        (FieldId::DriveMode, "四驱"),
        (FieldId::Wheelbase, "2931"),
        (FieldId::Vin, ""),
    ] {
        assert_eq!(vehicle.text(field), text, "{field:?}");
    }
    let group = vehicle.text(FieldId::GroupId).parse().expect("a group");
    let group = catalogue.group_vehicle(group, Lang::Zh).expect("the group");
    assert_eq!(group.text(FieldId::Displacement), "3.0T");
    assert_eq!(group.text(FieldId::CarId), "");
    assert!(
        group
            .candidates
            .iter()
            .any(|one| one.carid == i64::from(catalogue.entry_id(*car)))
    );
}

#[test]
fn the_record_of_the_product_page_is_a_car_like_any() {
    let engine = vin_data::engine();
    let catalogue = Catalogue::new(engine.pack());
    let car = catalogue.entry_by_id(7131).expect("the record");
    let vehicle = catalogue.vehicle(car, Lang::Zh);
    assert_eq!(
        vehicle.text(FieldId::Name),
        "保时捷 Panamera 2010款 Panamera 4 3.6L"
    );
    assert_eq!(vehicle.text(FieldId::GroupId), "7528");
    let group = catalogue.group_vehicle(7528, Lang::Zh).expect("its group");
    assert_eq!(group.text(FieldId::TypeName), "Panamera");
    assert_eq!(group.text(FieldId::Displacement), "3.6L");
    assert_eq!(group.text(FieldId::Name), "");
    let kind = catalogue.type_by_id(530).expect("its series");
    assert!(catalogue.entries(kind).contains(&car));
}
