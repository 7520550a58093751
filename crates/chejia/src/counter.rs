//! The counter: who takes money in, as the settings say. Keys are in files.

use crate::CommandError;
use crate::outside::SystemOutside;
use crate::settings::Settings;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use vin_channel::{Network, SystemResolver};
use vin_pay::wechat::ApiKey;
use vin_pay::{Alipay, Certificate, KeyError, Line, PrivateKey, PublicKey, WeChat, alipay, wechat};
use vin_service::purchases::Counter;

/// Reads it. A provider of which nothing is set is none; one of which a part is set is a mistake.
///
/// # Errors
/// [`CommandError::Usage`] that names the setting.
pub fn read(settings: &Settings) -> Result<Counter, CommandError> {
    let alipay = match is_set(&[&settings.alipay_app_id, &settings.alipay_seller_id]) {
        true => Some(read_alipay(settings)?),
        false => None,
    };
    let wechat = match is_set(&[&settings.wechat_app_id, &settings.wechat_mch_id]) {
        true => Some(read_wechat(settings)?),
        false => None,
    };
    let base = settings.public_url.trim_end_matches('/').to_owned();
    if base.is_empty() && (alipay.is_some() || wechat.is_some()) {
        return Err(wrong(
            "public_url",
            "is needed: providers send notices there",
        ));
    }
    Ok(Counter {
        alipay,
        wechat,
        base,
    })
}

fn is_set(texts: &[&String]) -> bool {
    texts.iter().any(|text| !text.is_empty())
}

fn read_alipay(settings: &Settings) -> Result<Alipay, CommandError> {
    let private = &settings.alipay_key_file;
    let public = &settings.alipay_public_key_file;
    Ok(Alipay {
        line: line(&settings.alipay_gateway, alipay::GATEWAY)?,
        app_id: given("alipay_app_id", &settings.alipay_app_id)?,
        seller_id: given("alipay_seller_id", &settings.alipay_seller_id)?,
        key: key("alipay_key_file", private.as_deref(), PrivateKey::read)?,
        alipay: key("alipay_public_key_file", public.as_deref(), PublicKey::read)?,
    })
}

fn read_wechat(settings: &Settings) -> Result<WeChat, CommandError> {
    let private = &settings.wechat_key_file;
    let public = settings.wechat_public_key_file.as_deref();
    let name = "wechat_public_key_file";
    // A platform certificate says itself what it is called.
    let known = match settings.wechat_public_key_id.as_str() {
        "" => {
            let certificate = key(name, public, Certificate::read)?;
            (certificate.serial, certificate.key)
        }
        id => (id.to_owned(), key(name, public, PublicKey::read)?),
    };
    let text = text_of(
        "wechat_api_key_file",
        settings.wechat_api_key_file.as_deref(),
    )?;
    let api_key = ApiKey::read(text.trim().as_bytes());
    Ok(WeChat {
        line: line(
            settings.wechat_gateway.trim_end_matches('/'),
            wechat::GATEWAY,
        )?,
        app_id: given("wechat_app_id", &settings.wechat_app_id)?,
        mch_id: given("wechat_mch_id", &settings.wechat_mch_id)?,
        serial: given("wechat_serial", &settings.wechat_serial)?,
        key: key("wechat_key_file", private.as_deref(), PrivateKey::read)?,
        wechat: vec![known],
        api_key: api_key.ok_or_else(|| wrong("wechat_api_key_file", "must hold 32 bytes"))?,
    })
}

fn line(gateway: &str, usual: &str) -> Result<Line, CommandError> {
    let network = Network::new(Arc::new(SystemResolver), &[])
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    // An operator who names another gateway, such as one in a private network, means it.
    let anywhere = ["0.0.0.0/0", "::/0"].into_iter();
    let allowed = anywhere.filter(|_| gateway != usual);
    Ok(Line {
        network,
        outside: Arc::new(SystemOutside),
        gateway: gateway.to_owned(),
        allowed: allowed.filter_map(|network| network.parse().ok()).collect(),
    })
}

fn given(name: &str, text: &str) -> Result<String, CommandError> {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
    match text.is_empty() || !plain {
        true => Err(wrong(name, "must be letters and digits")),
        false => Ok(text.to_owned()),
    }
}

fn text_of(name: &str, path: Option<&Path>) -> Result<String, CommandError> {
    let path = path.ok_or_else(|| wrong(name, "is missing"))?;
    fs::read_to_string(path).map_err(|error| wrong(name, &format!("{}: {error}", path.display())))
}

fn key<T>(
    name: &str,
    path: Option<&Path>,
    read: impl Fn(&str) -> Result<T, KeyError>,
) -> Result<T, CommandError> {
    read(&text_of(name, path)?).map_err(|error| wrong(name, &error.to_string()))
}

fn wrong(name: &str, why: &str) -> CommandError {
    CommandError::Usage(format!("{name}: {why}"))
}
