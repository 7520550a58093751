//! The rules of `data/overlay/` against cars that are known, and against anything else.

use super::{About, Evidence, Overlay, Told};
use vin_core::{Date, FieldId, Lang, Vin};
use vin_index::Pack;

const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 1,
};

fn pack() -> Pack {
    Pack::from_static(vin_data::bytes()).expect("the built-in pack")
}

/// The texts that the overlay gives to a field; several are candidates.
fn texts<'p>(told: &[Told<'p>], about: About) -> Vec<&'p str> {
    let of_field = told.iter().filter(|told| told.about == about);
    of_field.map(|told| told.text(Lang::Zh)).collect()
}

fn same(one: &str, other: &str) -> bool {
    one.contains(other) || other.contains(one)
}

/// How often an answer was right, wrong, among several candidates, or not there.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    right: u32,
    wrong: u32,
    candidate: u32,
    unknown: u32,
}

impl Count {
    fn add(&mut self, said: &[&str], label: &str) -> bool {
        let holds = said.iter().any(|text| same(text, label));
        let place = match (said.len(), holds) {
            (0, _) => &mut self.unknown,
            (1, true) => &mut self.right,
            (_, true) => &mut self.candidate,
            (_, false) => &mut self.wrong,
        };
        *place += 1;
        holds || said.is_empty()
    }
}

/// Brand, series and year of the cars in `table`, and what was wrong.
fn measure(table: &str) -> (Count, Count, Count, String) {
    let pack = pack();
    let overlay = Overlay::new(&pack);
    let [mut brand, mut series, mut year] = [(); 3].map(|()| Count::default());
    let mut wrong = String::new();
    let mut told = Vec::new();
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    for line in rows {
        let cells: Vec<_> = line.split('\t').collect();
        let [text, brand_label, series_label, year_label, ..] = cells[..] else {
            panic!("a row has six cells: {line}");
        };
        let vin = Vin::parse(text).expect(text).vin;
        let rules = overlay.of(&vin);
        let found = rules.year(None, TODAY).year();
        rules.facts(found, &mut told);
        let mut check = |count: &mut Count, said: &[&str], label: &str| {
            if !label.is_empty() && !count.add(said, label) {
                wrong += &format!("{text} is {label}, not {said:?}\n");
            }
        };
        let said = |field| texts(&told, About::Field(field));
        check(&mut brand, &said(FieldId::Brand), brand_label);
        check(&mut series, &said(FieldId::TypeName), series_label);
        let found = found.map(|year| year.to_string());
        check(&mut year, found.as_deref().as_slice(), year_label);
    }
    (brand, series, year, wrong)
}

#[test]
fn the_rules_agree_with_the_cars_of_the_evidence() {
    let table = include_str!("../../../../data/evidence/china.tsv");
    let (brand, series, year, wrong) = measure(table);
    assert_eq!((brand.wrong, series.wrong), (0, 0), "{wrong}");
    assert_eq!((brand.candidate, brand.unknown), (0, 0));
    assert!(series.right >= 105 && series.unknown <= 1, "{series:?}");
    // A source that states a year means that of sale now and then.
    assert!(year.right >= 23 && year.wrong <= 4, "{wrong}");
}

/// What the overlay says: `brand series year (confidence of the series in percent); plant`.
fn line(vin: &str) -> String {
    let pack = pack();
    let vin = Vin::parse(vin).expect(vin).vin;
    let rules = Overlay::new(&pack).of(&vin);
    let year = rules.year(None, TODAY);
    assert_eq!(year.in_doubt(), matches!(year, Evidence::Likely(_)));
    let mut told = Vec::new();
    rules.facts(year.year(), &mut told);
    let joined = |about| texts(&told, about).join("/");
    let series = joined(About::Field(FieldId::TypeName));
    let mut line = joined(About::Field(FieldId::Brand));
    if !series.is_empty() {
        line += &format!(" {series}");
    }
    match year {
        Evidence::Nothing => {}
        Evidence::Likely(year) => line += &format!(" {year}?"),
        Evidence::Rule(year) | Evidence::Only(year) => line += &format!(" {year}"),
    }
    let plant = joined(About::Plant);
    if !plant.is_empty() {
        line += &format!(" {plant}");
    }
    line
}

#[track_caller]
fn check(vin: &str, expected: &str) {
    assert_eq!(line(vin), expected, "{vin}");
}

#[test]
fn a_porsche_for_other_markets_is_known_by_its_type_code() {
    check("WP0AA2978BL012976", "保时捷 Panamera 2011");
    check("WP0ZZZ99Z7S730000", "保时捷 911 2007");
    check("WP0ZZZ98ZEK120000", "保时捷 Boxster/Cayman 2014");
    check("WP0CA2983EK120000", "保时捷 Boxster 2014");
    check("WP0ZZZY1ZMSA00000", "保时捷 Taycan 2021");
    check("WP1AG2923CLA00000", "保时捷 卡宴 2012");
    check("WP1AA2959ELB00000", "保时捷 Macan 2014");
}

#[test]
fn the_volkswagen_group_has_its_type_code_in_7_and_8_everywhere() {
    check("WVWZZZ1KZAW000000", "大众 高尔夫 2010");
    check("WVWZZZ1GZGW000000", "大众 高尔夫 1986");
    check("WVWZZZ3BZWE000000", "大众 帕萨特 1998");
    check("WAUZZZ4H4GN000000", "奥迪 A8 2016");
    check("WAUAGD4H7CN000000", "奥迪 A8 2012");
    check("TMBJR7NU2K5000000", "斯柯达 柯珞克 2019");
    check("VSSZZZ1PZDR000000", "西雅特 Leon 2013");
    check("LFV2A21K8D4000000", "大众 速腾 2013");
    check("LFV2B25G8E4000000", "大众 高尔夫 2014");
    check("LFV3A24F2A3000000", "奥迪 A6L 2010");
    check("LFV2A2BS8E4000000", "大众 捷达 2014");
    check("LSVFF66RXC2000000", "大众 POLO 2012 上海安亭");
    check("LSVNG41Z3A2000000", "斯柯达 明锐 2010 上海安亭");
    check("LSVAA033712000000", "大众 桑塔纳 2001 上海安亭");
}

#[test]
fn a_european_mercedes_or_bmw_has_its_type_in_front_and_no_year() {
    check("WDD2132611A000000", "奔驰 E级");
    check("WDB2020261A000000", "奔驰 C级");
    check("WDC1648221A000000", "奔驰 GL");
    check("WBAVA710X0VE00000", "宝马 3系");
    check("WBACW010609C00000", "宝马 X7");
    check("LE4HG4JB7BL000000", "奔驰 E级 2011");
    check("LE4WG4CB8EL000000", "奔驰 C级 2014");
    check("LBVNU79039S000000", "宝马 5系 2009");
}

#[test]
fn ford_of_europe_puts_the_year_into_position_11() {
    check("WF0MXXGBWM7M00000", "福特 银河 2007");
    check("WF0MXXGBWMBD00000", "福特 银河 2011");
}

#[test]
fn other_makers_of_europe_put_no_year_into_position_10() {
    check("ZFA31200000000000", "菲亚特 500");
    check("VF1KZ090340000000", "雷诺 梅甘娜");
    check("UU15SDL1C60000000", "达契亚 Sandero");
    check("VF7NC9HR8AY000000", "雪铁龙 C4 2010");
    check("SJNFDAJ11U1000000", "日产");
}

#[test]
fn a_japanese_maker_in_china_is_known_by_its_chassis_code() {
    check("LFMAPE2C1C0000000", "丰田 卡罗拉 2012");
    check("LFMAP22C3C0000000", "丰田 花冠 2012");
    check("LFMGJE725AS000000", "丰田 普拉多 2010");
    check("LHGCP167882000000", "本田 雅阁 2008");
    check("LHGCM567052000000", "本田 雅阁 2005");
    check("LVHRE185185000000", "本田 CR-V 2008");
    check("LGBH52E02GY000000", "日产 轩逸 2016");
}

#[test]
fn cars_for_other_markets_are_known_by_their_line() {
    check("SALLAAAF4BA000000", "路虎 发现 2011");
    check("SALFA2BD8EH000000", "路虎 神行者2 2014");
    check("JF1SH92F5BG000000", "斯巴鲁 森林人 2011");
    check("JMYLRV97W8J000000", "三菱 帕杰罗 2008");
    check("JTEBX3FJ2EK000000", "丰田 普拉多 2014");
    check("YV1DZ8256B2000000", "沃尔沃 XC60 2011");
    check("W0L0AHL4872000000", "欧宝 雅特 2007");
    check("WBAFE8105CL000000", "宝马 X5 2012");
    check("WDDNG5EB5AA000000", "奔驰 S级 2010");
    check("KNADN515AC6000000", "起亚 2012?");
}

#[test]
fn one_prefix_of_several_series_gives_candidates() {
    check("LW433B120N1000000", "理想 L7/L8/L9 2022");
    check("LGXC74C43S0000000", "比亚迪 宋PLUS/元Pro DM-i/宋Pro 2025");
    check("LVTDB21B5TD000000", "奇瑞 瑞虎8 Pro/瑞虎8/瑞虎7 2026");
}

#[test]
fn brands_of_one_maker_are_told_apart_by_what_follows_the_wmi() {
    check("LGWFFSA55SJ000000", "坦克 坦克300 2025");
    check("LGWEEUA50PK000000", "欧拉 2023");
    check("LC0DD4C43S0000000", "腾势 D9/N8 2025");
    check("LSGPC52H9FF000000", "雪佛兰 科鲁兹 2015 沈阳北盛二厂");
    check("LSGUA83L1NG000000", "别克 GL8 2022 沈阳北盛三厂");
    check("LLV2C3A21T0000000", "睿蓝 X3 Pro 2026");
    check("LLV1A2A2170000000", "力帆 2007");
    check("LSJW74U39KZ000000", "名爵 名爵ZS 2019");
}

#[test]
fn the_year_of_a_chinese_car_needs_no_rule() {
    check("LFMA1C2C010000000", "丰田 2001");
    check("LZZ8BYVF2MC000000", "重汽 2021");
    check("LRW3E7EA8LC000000", "特斯拉 Model 3 2020 上海");
    // The maker is not known here at all.
    check("L0099999990000000", " 2009");
    // 1997 and 2027 are both possible.
    check("LZZ8BYVF2VC000000", "重汽 2027?");
    check("LFMAPE2C0U0000000", "丰田 卡罗拉");
}

#[test]
fn a_rule_that_knows_the_car_beats_the_calendar() {
    // A Golf II was never built in 2016, nor an A8 of type 4H in 1986.
    check("WVWZZZ1GZGW000000", "大众 高尔夫 1986");
    check("WAUZZZ4H4GN000000", "奥迪 A8 2016");
    let pack = pack();
    let vin = Vin::parse("JTHBJ1GG8E2000000").expect("a VIN").vin;
    let rules = Overlay::new(&pack).of(&vin);
    assert_eq!(rules.year(Some(2014), TODAY), Evidence::Rule(2014));
    assert!(rules.know_the_maker());
}

#[test]
fn a_fact_tells_its_key_positions_and_source() {
    let pack = pack();
    let vin = Vin::parse("WP0AA2978BL012976").expect("a VIN").vin;
    let mut told = Vec::new();
    Overlay::new(&pack).of(&vin).facts(Some(2011), &mut told);
    let series = About::Field(FieldId::TypeName);
    let series = told.iter().find(|told| told.about == series);
    let series = series.expect("a series");
    assert_eq!(series.key(), "***97|**0");
    // Positions 1 to 3, 7, 8 and 12.
    assert_eq!(series.positions(), 0b1000_1100_0111);
    assert!(series.source().starts_with("Porsche type code"));
    assert!(!series.several && series.confidence() >= 0.9);
    let fact = series.fact(Lang::En);
    assert_eq!((fact.variable, &*fact.value), ("typename", "Panamera"));
    assert_eq!(
        (fact.origin.rule, &*fact.fields),
        ("overlay", &[FieldId::TypeName][..])
    );
}

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn no_vin_and_no_damage_makes_it_panic() {
    let whole = pack();
    let mut dice = Dice(0x0eef);
    let letters = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    for round in 0..200 {
        let mut writer = vin_index::Writer::default();
        for id in 0..64 {
            let mut section = whole.section(id).to_vec();
            if (40..48).contains(&id) && !section.is_empty() && round > 0 {
                for _ in 0..1 << (round % 12) {
                    let at = dice.roll() as usize % section.len();
                    section[at] = dice.roll() as u8;
                }
            }
            // The texts are the largest part by far, and are not damaged here.
            if id == vin_index::vpic::STRINGS || (40..48).contains(&id) {
                writer.section(id, section);
            }
        }
        let pack = Pack::from_vec(writer.finish()).expect("a whole header");
        let overlay = Overlay::new(&pack);
        let mut told = Vec::new();
        for _ in 0..50 {
            let mut text = *b"LFV2A21K8D4000000";
            for c in &mut text[dice.roll() as usize % 4..] {
                *c = letters[dice.roll() as usize % letters.len()];
            }
            let text = String::from_utf8_lossy(&text);
            let vin = Vin::parse(&text).expect("valid characters").vin;
            let rules = overlay.of(&vin);
            let year = rules.year(None, TODAY).year();
            for year in [None, year] {
                rules.facts(year, &mut told);
                for one in &told {
                    let _ = (one.text(Lang::Zh), one.source(), one.key());
                    assert!((0.0..=1.0).contains(&one.confidence()));
                }
            }
        }
    }
}
