//! Any text as a VIN: parsed, decoded by the pure procedure, and answered.

use crate::TODAY;
use std::sync::LazyLock;
use vin_core::{Lang, Vin};
use vin_engine::{Ask, Engine};

static ENGINE: LazyLock<Engine> = LazyLock::new(vin_data::engine);

/// The first two bytes are a year, the rest is the text.
pub fn vin(bytes: &[u8]) {
    let Some((year, text)) = bytes.split_first_chunk() else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let year = Some(u16::from_le_bytes(*year)).filter(|year| *year > 0);

    let mut decoder = ENGINE.decoder(TODAY);
    decoder.decode(&text, year);
    let mut line = Vec::new();
    decoder.write_vpic(&mut line);
    let line: serde_json::Value = serde_json::from_slice(&line).expect("one JSON object");
    assert!(line["error_codes"].is_array(), "{line}");

    if let Ok(parsed) = Vin::parse(&text) {
        let again = Vin::parse(parsed.vin.as_str()).expect("a VIN is one after printing too");
        assert_eq!(again.vin, parsed.vin);
        for lang in [Lang::Zh, Lang::En] {
            let ask = Ask {
                year,
                lang,
                explain: true,
                today: TODAY,
            };
            let _ = ENGINE.answer(&parsed, &ask);
        }
    }
}
