//! The tables `[request]` and `[sign]` of a channel's file.

use super::reader::{Reader, join};
use super::tree::{Kind, Node};
use super::{ConfigError, Keys};
use crate::hash::{HASHES, Hash, SPELLINGS, Spelling};
use crate::request::{Ask, Body, Json, Origin};
use crate::sign::{Recipe, Seat};
use crate::slot::{About, SLOTS, Slot};
use crate::template::Template;
use hyper::Method;
use hyper::header::HeaderName;
use ipnet::IpNet;
use serde_json::Value;
use url::{Host, Url};

/// The methods that questions are asked with.
const METHODS: [(&str, bool); 2] = [("GET", false), ("POST", true)];

/// Headers that the client sets itself.
const OWN_HEADERS: [&str; 6] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "accept-encoding",
    "content-type",
];

/// What templates may stand for: the secrets of a channel, and what is known of what it is asked about.
struct Known<'k, 'n> {
    keys: &'k mut Keys<'n>,
    about: About,
}

/// Reads how a channel is asked, and the private networks that it may stand in.
pub(super) fn read(
    top: &mut Reader<'_>,
    keys: &mut Keys<'_>,
    about: About,
) -> Result<(Ask, Vec<IpNet>), ConfigError> {
    let keys = &mut Known { keys, about };
    let Some(mut request) = top.table("request")? else {
        return Err(top.wrong("request", "is missing: a table with at least the url"));
    };
    let is_post = request.word("method", &METHODS)?.unwrap_or(false);
    let cleartext = request.truth("cleartext")?.unwrap_or(false);
    let (origin, path) = url(&mut request, keys, cleartext)?;
    let query = templates(&mut request, "query", keys)?.unwrap_or_default();
    let form = templates(&mut request, "form", keys)?;
    let json = match request.table_unless_false("json")? {
        None => None,
        Some(mut table) => Some(members(&mut table, keys)?),
    };
    let body = match (form, json) {
        (Some(_), Some(_)) => {
            let what = "a body is either form or json; take one of them away with false";
            return Err(request.wrong("json", what));
        }
        (Some(form), None) => Body::Form(form),
        (None, Some(json)) => Body::Json(json),
        (None, None) => Body::None,
    };
    if !is_post && !matches!(body, Body::None) {
        return Err(request.wrong("method", "a GET has no body; write POST, or use query"));
    }
    let mut headers = Vec::new();
    for (name, value) in templates(&mut request, "headers", keys)?.unwrap_or_default() {
        let key = format!("headers.{name}");
        let lower = name.to_ascii_lowercase();
        if OWN_HEADERS.contains(&lower.as_str()) {
            let what = format!("{name} is set by the program; take it away");
            return Err(request.wrong("headers", what));
        }
        let header = HeaderName::from_bytes(lower.as_bytes());
        let header = header.map_err(|_| request.wrong(&key, "is no name of a header"))?;
        headers.push((header, value));
    }
    let networks = networks(&mut request)?;
    let sign = match top.table_unless_false("sign")? {
        None => None,
        Some(table) => Some(sign(table, keys)?),
    };
    let ask = Ask {
        origin,
        method: if is_post { Method::POST } else { Method::GET },
        path,
        query,
        body,
        headers,
        sign,
    };
    let lacks = |needed: &&Slot| !ask.says(**needed);
    if let Some(lacking) = about.needs().iter().find(lacks) {
        let mut slots = SLOTS.iter();
        let name = slots.find(|(_, slot, ..)| slot == lacking);
        let name = name.map_or("vin", |(name, ..)| name);
        return Err(request.wrong("url", format!("nothing in the request says {{{name}}}")));
    }
    request.done()?;
    Ok((ask, networks))
}

fn compile(
    at: &Node,
    key: &str,
    text: &str,
    signing: bool,
    keys: &mut Known<'_, '_>,
) -> Result<Template, ConfigError> {
    let template = Template::compile(text, keys.about, signing, &mut |name| keys.keys.get(name));
    template.map_err(|what| ConfigError::at(&at.place, key, what))
}

fn url(
    request: &mut Reader<'_>,
    keys: &mut Known<'_, '_>,
    cleartext: bool,
) -> Result<(Origin, Template), ConfigError> {
    let text = request.need(
        "url",
        "the address that is asked, such as https://api.example.com/vin",
    )?;
    let wrong = |request: &Reader<'_>, what: String| Err(request.wrong("url", what));
    let after = text.find("://").map_or(0, |at| at + 3);
    let at = text[after..]
        .find(['/', '?', '#', '{'])
        .map_or(text.len(), |at| after + at);
    let (origin, path) = text.split_at(at);
    if path.starts_with('{') {
        return wrong(
            request,
            "a placeholder may not stand in the host".to_owned(),
        );
    }
    if path.contains(['?', '#']) {
        return wrong(
            request,
            "must end with its path; parameters stand in request.query".to_owned(),
        );
    }
    let url = match Url::parse(origin) {
        Ok(url) => url,
        // The address is not repeated: a password may stand in it.
        Err(error) => return wrong(request, format!("is no address: {error}")),
    };
    let tls = match url.scheme() {
        "https" => true,
        "http" if cleartext => false,
        "http" => {
            let what = "http sends the key readable for everyone on the way; use https, or say request.cleartext = true";
            return wrong(request, what.to_owned());
        }
        other => {
            return wrong(
                request,
                format!("{other} is not allowed; allowed: https, http"),
            );
        }
    };
    if !url.username().is_empty() || url.password().is_some() {
        let what =
            "name and password may not stand in the address; use a header with {secret.NAME}";
        return wrong(request, what.to_owned());
    }
    let host = match url.host() {
        None => return wrong(request, "has no host".to_owned()),
        Some(Host::Ipv6(address)) => address.to_string(),
        Some(host) => host.to_string(),
    };
    let port = url.port_or_known_default().unwrap_or(443);
    let authority = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let path = if path.is_empty() { "/" } else { path };
    let plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`|".contains(c);
    if !path.chars().all(plain) {
        return wrong(
            request,
            "holds a character that no path holds; write it as %XX".to_owned(),
        );
    }
    let node = request.node("url");
    let path = node.map(|node| compile(node, &request.path("url"), path, false, keys));
    let origin = Origin {
        tls,
        host,
        port,
        authority,
    };
    Ok((origin, path.unwrap_or_else(|| Ok(Template::default()))?))
}

/// A table of templates; an entry that is `false` is left out, and so is the whole table.
fn templates(
    request: &mut Reader<'_>,
    key: &'static str,
    keys: &mut Known<'_, '_>,
) -> Result<Option<Vec<(String, Template)>>, ConfigError> {
    let path = request.path(key);
    let Some(mut table) = request.table_unless_false(key)? else {
        return Ok(None);
    };
    let mut templates = Vec::new();
    for (name, node) in table.all() {
        let path = join(&path, name);
        match &node.kind {
            Kind::Bool(false) => {}
            Kind::Text(text) | Kind::Number(text) => {
                templates.push((name.clone(), compile(node, &path, text, false, keys)?));
            }
            other => {
                let what = format!(
                    "must be a text, or false to leave it out, not {}",
                    other.name()
                );
                return Err(ConfigError::at(&node.place, &path, what));
            }
        }
    }
    Ok(Some(templates))
}

fn members(
    table: &mut Reader<'_>,
    keys: &mut Known<'_, '_>,
) -> Result<Vec<(String, Json)>, ConfigError> {
    let mut members = Vec::new();
    let path = table.path("");
    let path = path.trim_end_matches('.');
    for (name, node) in table.all() {
        let path = join(path, name);
        let json = match &node.kind {
            Kind::Text(text) => Json::Text(compile(node, &path, text, false, keys)?),
            Kind::Bool(truth) => Json::Plain(Value::Bool(*truth)),
            Kind::Number(number) => match serde_json::from_str(number) {
                Ok(number) => Json::Plain(number),
                Err(_) => {
                    let what = format!("{number} is no number of JSON");
                    return Err(ConfigError::at(&node.place, &path, what));
                }
            },
            Kind::Table(_) => Json::Object(members_of(node, &path, keys)?),
            other => {
                let what = format!(
                    "must be a text, number, truth or table, not {}",
                    other.name()
                );
                return Err(ConfigError::at(&node.place, &path, what));
            }
        };
        members.push((name.clone(), json));
    }
    Ok(members)
}

fn members_of(
    node: &Node,
    path: &str,
    keys: &mut Known<'_, '_>,
) -> Result<Vec<(String, Json)>, ConfigError> {
    members(&mut Reader::of(node, path)?, keys)
}

fn networks(request: &mut Reader<'_>) -> Result<Vec<IpNet>, ConfigError> {
    let path = request.path("networks");
    let networks = request.words("networks")?.into_iter().map(|(node, text)| {
        let single = text.parse().map(|address: std::net::IpAddr| address.into());
        text.parse().or(single).map_err(|_| {
            let what = format!("{text:?} is no network, such as 10.0.0.0/8 or fd00::/8");
            ConfigError::at(&node.place, &path, what)
        })
    });
    networks.collect()
}

fn sign(mut table: Reader<'_>, keys: &mut Known<'_, '_>) -> Result<Recipe, ConfigError> {
    let hash = table.word("hash", &HASHES)?;
    let hash = hash.ok_or_else(|| {
        let names = HASHES.map(|(name, _)| name).join(", ");
        table.wrong("hash", format!("is missing; allowed: {names}"))
    })?;
    let mut template = |table: &mut Reader<'_>, key: &'static str, what: &str| {
        let text = table.need(key, what)?;
        let path = table.path(key);
        let node = table.node(key);
        let template = node.map(|node| compile(node, &path, text, true, keys));
        template.unwrap_or_else(|| Ok(Template::default()))
    };
    let text = template(
        &mut table,
        "text",
        "what is hashed, such as {raw}{secret.sk}",
    )?;
    let key = match (hash.is_keyed(), table.text("key")?) {
        (true, _) => template(
            &mut table,
            "key",
            "the key of the hash, such as {secret.sk}",
        )?,
        (false, None) => Template::default(),
        (false, Some(_)) => {
            let keyed: Vec<_> = HASHES.iter().filter(|(_, h)| Hash::is_keyed(*h)).collect();
            let names: Vec<_> = keyed.iter().map(|(name, _)| *name).collect();
            let what = format!("only {} have a key", names.join(", "));
            return Err(table.wrong("key", what));
        }
    };
    let spelling = table.word("spelling", &SPELLINGS)?.unwrap_or(Spelling::Hex);
    let seat = match (table.text("header")?, table.text("parameter")?) {
        (Some(header), None) => {
            let name = HeaderName::from_bytes(header.to_ascii_lowercase().as_bytes());
            Seat::Header(name.map_err(|_| table.wrong("header", "is no name of a header"))?)
        }
        (None, Some(name)) => Seat::Parameter(name.to_owned()),
        _ => {
            let what = "say where the signature goes: either header or parameter";
            return Err(table.wrong("header", what));
        }
    };
    table.done()?;
    Ok(Recipe {
        hash,
        text,
        key,
        spelling,
        seat,
    })
}
