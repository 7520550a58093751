//! An answer of Alipay: JSON in which one member is signed, byte for byte as it came.

use crate::{PayError, PublicKey};
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// What Alipay answered, its signature verified.
pub struct Answer(Json);

impl Answer {
    /// Reads the answer to a method. An answer that is not signed is not believed, whatever it says;
    /// of a refusal the code is told, for it changes nothing.
    pub fn read(body: &[u8], method: &str, alipay: &PublicKey) -> Result<Self, PayError> {
        let text = std::str::from_utf8(body).map_err(|_| PayError::Garbage("not UTF-8"))?;
        let members: HashMap<String, &RawValue> =
            serde_json::from_str(text).map_err(|_| PayError::Garbage("not JSON"))?;
        let name = format!("{}_response", method.replace('.', "_"));
        let (raw, refused) = match (members.get(&name), members.get("error_response")) {
            (Some(raw), _) => (raw.get(), false),
            (None, Some(raw)) => (raw.get(), true),
            (None, None) => return Err(PayError::Garbage("no answer to this method")),
        };
        let read = serde_json::from_str(raw).map_err(|_| PayError::Garbage("not JSON"))?;
        let answer = Self(read);
        let sign = members.get("sign").map(|raw| raw.get());
        let sign: Option<String> = sign.and_then(|raw| serde_json::from_str(raw).ok());
        let signed = sign.is_some_and(|sign| alipay.verifies(raw.as_bytes(), &sign));
        match (signed, refused) {
            (true, false) => Ok(answer),
            (_, true) => Err(answer.refusal()),
            (false, false) => Err(PayError::Forged(
                "the signature of Alipay's answer is wrong",
            )),
        }
    }

    /// A member, or `""`.
    pub fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    /// The same if Alipay did what it was asked for.
    pub fn succeeded(self) -> Result<Self, PayError> {
        match self.text("code") {
            "10000" => Ok(self),
            _ => Err(self.refusal()),
        }
    }

    fn refusal(&self) -> PayError {
        let first = |a: &'static str, b: &'static str| match self.text(a) {
            "" => self.text(b).to_owned(),
            text => text.to_owned(),
        };
        PayError::Refused {
            code: first("sub_code", "code"),
            text: first("sub_msg", "msg"),
        }
    }
}
