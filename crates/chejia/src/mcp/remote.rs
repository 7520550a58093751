//! Answers of a server, by its HTTP interface: charged, limited and logged there like any other request.

use super::tool::Asked;
use serde_json::{Value as Json, json};
use std::time::Duration;
use vin_channel::{Fetch, Network, fetch};
use vin_core::Lang;
use vin_service::ApiKey;

/// Longer than a server takes to ask everybody it knows.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A page of a search has a few thousand bytes, an explained vehicle tens of thousands.
const MOST_BYTES: usize = 4 << 20;

/// A server and the key for it.
pub struct Remote {
    network: Network,
    base: String,
    key: ApiKey,
}

impl Remote {
    /// Asks the server at `base`, `https://…` without a path.
    pub fn new(network: Network, base: &str, key: ApiKey) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { network, base, key }
    }

    /// The `data` of the server's answer.
    ///
    /// # Errors
    /// The server's own text when its code is not 200, or why it could not be asked.
    pub async fn ask(&self, asked: &Asked) -> Result<Json, String> {
        let (path, mut body) = request(asked);
        body["key"] = json!(self.key.reveal());
        // The operator names the server: it may be anywhere.
        let everywhere = ["0.0.0.0/0", "::/0"].map(str::parse);
        let everywhere: Result<Vec<_>, _> = everywhere.into_iter().collect();
        let allowed = everywhere.unwrap_or_default();
        let asked = Fetch {
            method: "POST",
            url: &format!("{}{path}", self.base),
            headers: &[("content-type", "application/json")],
            body: body.to_string().into_bytes(),
            allowed: &allowed,
            timeout: TIMEOUT,
            most_bytes: MOST_BYTES,
        };
        let reply = fetch(&self.network, asked)
            .await
            .map_err(|fault| format!("服务器没有回答 · the server did not answer: {fault}"))?;
        answer(reply.status, &reply.body)
    }
}

/// The interface, and its parameters but the key.
fn request(asked: &Asked) -> (&'static str, Json) {
    match asked {
        Asked::Vin {
            vin,
            year,
            lang,
            explain,
        } => {
            let mut body = json!({"vin": vin, "lang": name(*lang)});
            if let Some(year) = year {
                body["year"] = json!(year);
            }
            if *explain {
                body["explain"] = json!(1);
            }
            ("/api/vin/get", body)
        }
        Asked::Search {
            keyword,
            page,
            lang,
        } => {
            let body = json!({"keyword": keyword, "page": page, "lang": name(*lang)});
            ("/api/car/search", body)
        }
        Asked::Balance => ("/api/account/balance", json!({})),
    }
}

const fn name(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}

fn answer(status: u16, body: &[u8]) -> Result<Json, String> {
    let no_envelope =
        || format!("服务器的回答无法理解（HTTP {status}）· not an answer of a Chejia server");
    let mut json: Json = serde_json::from_slice(body).map_err(|_| no_envelope())?;
    match json["code"].as_i64() {
        Some(200) => Ok(json["data"].take()),
        Some(code) => {
            let text = json["msg"].as_str().unwrap_or_default();
            Err(format!("{code}: {text}"))
        }
        None => Err(no_envelope()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_its_data_or_its_text() {
        let good = br#"{"code":200,"msg":"ok","data":{"total":1}}"#;
        assert_eq!(answer(200, good), Ok(json!({"total": 1})));
        let refused = br#"{"code":701,"msg":"no","data":null}"#;
        assert_eq!(answer(200, refused), Err("701: no".to_owned()));
        for other in ["<html>", "{}", "[]"] {
            let said = answer(502, other.as_bytes());
            assert!(
                said.clone().is_err_and(|text| text.contains("502")),
                "{said:?}"
            );
        }
    }

    #[test]
    fn only_what_is_known_is_sent() {
        let asked = |year| Asked::Vin {
            vin: "v".to_owned(),
            year,
            lang: Lang::En,
            explain: year.is_some(),
        };
        assert_eq!(request(&asked(None)).1, json!({"vin": "v", "lang": "en"}));
        let all = json!({"vin": "v", "lang": "en", "year": 2011, "explain": 1});
        assert_eq!(request(&asked(Some(2011))).1, all);
    }
}
