//! Answers from our own data. Nobody is asked, nothing is charged or logged.

use super::tool::Asked;
use serde_json::Value as Json;
use std::sync::Arc;
use vin_api::line;
use vin_core::{Lang, Vin};
use vin_engine::{Ask, Engine};
use vin_service::{Clock, Shelf};

/// The data, and the clock that says which model years there are.
pub struct Own {
    engine: Arc<Engine>,
    clock: Arc<dyn Clock>,
}

impl Own {
    /// Answers from an engine.
    pub fn new(engine: Engine, clock: Arc<dyn Clock>) -> Self {
        let engine = Arc::new(engine);
        Self { engine, clock }
    }

    /// The JSON of an answer.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub fn ask(&self, asked: &Asked) -> Result<Json, String> {
        let mut out = Vec::new();
        match asked {
            Asked::Vin {
                vin,
                year,
                lang,
                explain,
            } => {
                self.vehicle(&mut out, vin, *year, *lang, *explain);
            }
            Asked::Search {
                keyword,
                page,
                lang,
            } => {
                let shelf = Shelf::of(self.engine.clone());
                line::search(&mut out, &shelf, keyword, &page.to_string(), *lang);
            }
            Asked::Balance => {
                let text = "没有账户：用 --server 与密钥（CHEJIA_MCP_KEY）启动后可查询余额。There is no account: \
                            start with --server and a key (CHEJIA_MCP_KEY) to have a balance.";
                return Err(text.to_owned());
            }
        }
        let json: Json = serde_json::from_slice(&out).map_err(|error| error.to_string())?;
        match json["error"]["msg"].as_str() {
            Some(text) => Err(text.to_owned()),
            None => Ok(json),
        }
    }

    fn vehicle(&self, out: &mut Vec<u8>, vin: &str, year: Option<u32>, lang: Lang, explain: bool) {
        let today = self.clock.china_date();
        let hint = year.map(|year| line::year(&year.to_string(), today));
        if hint == Some(None) {
            return line::bad_year(out, today, lang);
        }
        let year = hint.flatten();
        let parsed = match Vin::parse(vin) {
            Ok(parsed) => parsed,
            Err(error) => return line::refused(out, error, lang),
        };
        let ask = Ask {
            year,
            lang,
            explain,
            today,
        };
        match self.engine.answer(&parsed, &ask) {
            Some(answer) => line::answer(out, &answer, explain),
            None => line::unknown(out, lang),
        }
    }
}
