//! Damaged packs: an error or an incomplete answer, never a panic.

use vin_core::{Date, Lang, Vin};
use vin_engine::{Ask, Engine};
use vin_index::{Pack, PackError};

const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 1,
};
const VINS: [&str; 14] = [
    "1HGCM82633A004352",
    "1FTFW1ET5EFA12345",
    "5UXKR0C59JL075817",
    "WP0AA2978BL012976",
    "5YJ3E1EA7KF317000",
    "1HD1BVJJ8RB529375",
    "4S9A11AA2WA295111",
    "1C9FA2625R1257006",
    "1XKYD49X6KJ214567",
    "JYACG09A1XA111111",
    "1HG*M8O63Q",
    "架号",
    "LC0C76C43R7000000",
    "WVWZZZ1KZBM624869",
];

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn decode_all(engine: &Engine) {
    let mut decoder = engine.decoder(TODAY);
    let mut line = Vec::new();
    for vin in VINS {
        decoder.decode(vin, Some(2003));
        decoder.write_vpic(&mut line);
        let ask = Ask {
            year: None,
            lang: Lang::Zh,
            explain: true,
            today: TODAY,
        };
        if let Ok(parsed) = Vin::parse(vin) {
            let _ = engine.answer(&parsed, &ask);
        }
    }
}

#[test]
fn a_damaged_pack_is_noticed_by_verify_and_survived_by_decode() {
    let mut dice = Dice(0x5eed);
    for round in 0..40 {
        let mut bytes = vin_data::bytes().to_vec();
        // The header is guarded when the pack is opened; the body is what verify is for.
        let body = 4096..bytes.len();
        for _ in 0..1 << (round % 18) {
            let at = body.start + dice.below(body.len());
            bytes[at] ^= 1 << dice.below(8) | 1;
        }
        let pack = Pack::from_vec(bytes).expect("the header is whole");
        assert!(
            matches!(pack.verify(), Err(PackError::DamagedContent)),
            "round {round}"
        );
        decode_all(&Engine::new(pack));
    }
}

#[test]
fn sections_full_of_nonsense_are_survived() {
    let whole = Pack::from_static(vin_data::bytes()).expect("the built-in pack");
    let mut dice = Dice(0xdead);
    // Every section but those that are empty.
    for broken in (1..64).filter(|&id| !whole.section(id).is_empty()) {
        let mut writer = vin_index::Writer::default();
        for id in 1..64 {
            let mut section = whole.section(id).to_vec();
            if id == broken {
                section.fill_with(|| dice.below(256) as u8);
            }
            writer.section(id, section);
        }
        decode_all(&Engine::new(
            Pack::from_vec(writer.finish()).expect("a whole pack"),
        ));
    }
}

#[test]
fn a_pack_without_any_section_knows_nothing() {
    let pack = Pack::from_vec(vin_index::Writer::default().finish()).expect("an empty pack");
    pack.verify().expect("its digest is right");
    let engine = Engine::new(pack);
    decode_all(&engine);
    let parsed = Vin::parse("1HGCM82633A004352").expect("a VIN");
    let ask = Ask {
        year: None,
        lang: Lang::Zh,
        explain: false,
        today: TODAY,
    };
    assert!(engine.answer(&parsed, &ask).is_none());
}
