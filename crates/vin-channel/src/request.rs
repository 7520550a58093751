//! From a question to the request that asks it.

use crate::sign::{Recipe, Seat, hex};
use crate::slot::Slot;
use crate::template::{Template, Values, encode, encode_path, plainly};
use crate::{Fault, FaultKind, Outside, Query, Secret};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT,
};
use hyper::{Method, Request};
use serde_json::Value;
use vin_core::{Date, Lang};

/// The host that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub tls: bool,
    /// A name, or an address without brackets.
    pub host: String,
    pub port: u16,
    /// As the header `Host` says it.
    pub authority: String,
}

/// What a body is.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    None,
    Form(Vec<(String, Template)>),
    Json(Vec<(String, Json)>),
}

/// A part of a JSON body.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Text(Template),
    /// A number or a truth.
    Plain(Value),
    Object(Vec<(String, Json)>),
}

/// How a channel is asked.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub origin: Origin,
    pub method: Method,
    pub path: Template,
    pub query: Vec<(String, Template)>,
    pub body: Body,
    pub headers: Vec<(HeaderName, Template)>,
    pub sign: Option<Recipe>,
}

/// What is new for every question.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    pub unix_ms: i64,
    /// 32 hexadecimal digits.
    pub nonce: String,
}

impl Moment {
    /// This one.
    pub fn now(outside: &dyn Outside) -> Self {
        let mut nonce = [0; 16];
        outside.fill(&mut nonce);
        Self {
            unix_ms: outside.unix_ms(),
            nonce: hex(&nonce),
        }
    }
}

type Pairs = Vec<(String, String)>;

impl Ask {
    /// The request for a question.
    ///
    /// # Errors
    /// [`FaultKind::Misconfigured`] when a filled template is no header or no URL.
    pub fn request(&self, query: &Query, moment: &Moment) -> Result<Request<Full<Bytes>>, Fault> {
        let vin = query.vin.vin;
        let year = query.year.map(|year| year.to_string()).unwrap_or_default();
        let values = Values {
            vin: vin.as_str(),
            year: &year,
            lang: match query.lang {
                Lang::Zh => "zh",
                Lang::En => "en",
            },
            ..Values::default()
        };
        self.about(&values, query.today, moment)
    }

    /// The request for a question about what `values` say, at a moment of a day in China.
    ///
    /// # Errors
    /// As of [`Ask::request`].
    pub fn about(
        &self,
        values: &Values<'_>,
        today: Date,
        moment: &Moment,
    ) -> Result<Request<Full<Bytes>>, Fault> {
        let today = today.to_string();
        let (seconds, ms) = (
            moment.unix_ms.div_euclid(1000).to_string(),
            moment.unix_ms.to_string(),
        );
        let values = Values {
            today: &today,
            timestamp: &seconds,
            timestamp_ms: &ms,
            nonce: &moment.nonce,
            ..*values
        };
        let mut path = String::new();
        self.path.write(&values, &mut path, encode_path);
        let mut parameters = filled(&self.query, &values);
        let mut form = match &self.body {
            Body::Form(form) => filled(form, &values),
            Body::None | Body::Json(_) => Vec::new(),
        };
        let mut json = match &self.body {
            Body::Json(members) => Some(object(members, &values)),
            Body::None | Body::Form(_) => None,
        };
        let mut signature = None;
        if let Some(recipe) = &self.sign {
            let mut pairs = [parameters.as_slice(), form.as_slice()].concat();
            for (name, value) in json.iter().flatten() {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                pairs.push((name.clone(), text));
            }
            pairs.sort();
            let joined = pairs.iter().map(|(n, v)| [n.as_str(), v].concat());
            let joined = joined.collect::<String>();
            let sorted: Vec<_> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let sorted = sorted.join("&");
            let raw = match self.content(&form, json.as_ref()) {
                Some((_, body)) => body,
                None => spelled(&parameters),
            };
            let sign = recipe.sign(&Values {
                raw: &raw,
                sorted: &sorted,
                joined: &joined,
                method: self.method.as_str(),
                path: &path,
                ..values
            });
            match &recipe.seat {
                Seat::Header(name) => signature = Some((name, sign)),
                Seat::Parameter(name) => match (&mut json, &self.body) {
                    (Some(json), _) => drop(json.insert(name.clone(), Value::String(sign))),
                    (None, Body::Form(_)) => form.push((name.clone(), sign)),
                    (None, _) => parameters.push((name.clone(), sign)),
                },
            }
        }
        let target = match parameters.is_empty() {
            true => path.clone(),
            false => format!("{path}?{}", spelled(&parameters)),
        };
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(target)
            .header(HOST, self.origin.authority.as_str())
            .header(ACCEPT, "application/json")
            .header(ACCEPT_ENCODING, "gzip, deflate")
            .header(USER_AGENT, concat!("chejia/", env!("CARGO_PKG_VERSION")));
        let content = self.content(&form, json.as_ref());
        let body = match content {
            Some((kind, body)) => {
                request = request.header(CONTENT_TYPE, kind);
                body
            }
            None => String::new(),
        };
        let mut request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| no_request())?;
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (name, value.fill(&values)));
        for (name, value) in own.chain(signature) {
            if value.is_empty() {
                continue;
            }
            let mut value = HeaderValue::from_str(&value).map_err(|_| no_request())?;
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }

    /// The body and its type; `None` where there is none.
    fn content(
        &self,
        form: &Pairs,
        json: Option<&serde_json::Map<String, Value>>,
    ) -> Option<(&'static str, String)> {
        match (&self.body, json) {
            (Body::Form(_), _) => Some((
                "application/x-www-form-urlencoded;charset=utf-8",
                spelled(form),
            )),
            (Body::Json(_), Some(json)) => {
                let text = serde_json::to_string(json).unwrap_or_default();
                Some(("application/json;charset=utf-8", text))
            }
            (Body::None | Body::Json(_), _) => None,
        }
    }

    /// Every template of the question, without those that sign it.
    fn templates(&self) -> Vec<&Template> {
        let mut templates = vec![&self.path];
        templates.extend(self.query.iter().map(|(_, t)| t));
        templates.extend(self.headers.iter().map(|(_, t)| t));
        match &self.body {
            Body::None => {}
            Body::Form(form) => templates.extend(form.iter().map(|(_, t)| t)),
            Body::Json(members) => collect(members, &mut templates),
        }
        templates
    }

    /// Every secret of the channel.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut templates = self.templates();
        if let Some(recipe) = &self.sign {
            templates.extend([&recipe.text, &recipe.key]);
        }
        let secrets = templates.into_iter().flat_map(Template::secrets);
        secrets.cloned().collect()
    }

    /// Whether what stands for `slot` is part of the question at all.
    pub fn says(&self, slot: Slot) -> bool {
        let mut templates = self.templates().into_iter();
        templates.any(|template| template.has(slot))
    }
}

fn collect<'j>(members: &'j [(String, Json)], templates: &mut Vec<&'j Template>) {
    for (_, json) in members {
        match json {
            Json::Text(template) => templates.push(template),
            Json::Plain(_) => {}
            Json::Object(members) => collect(members, templates),
        }
    }
}

/// The parameters with their values; what has no value is left out.
fn filled(parameters: &[(String, Template)], values: &Values<'_>) -> Pairs {
    let pairs = parameters.iter().map(|(name, value)| {
        let mut text = String::new();
        value.write(values, &mut text, plainly);
        (name.clone(), text)
    });
    pairs.filter(|(_, value)| !value.is_empty()).collect()
}

fn object(members: &[(String, Json)], values: &Values<'_>) -> serde_json::Map<String, Value> {
    let value = |json: &Json| match json {
        Json::Text(template) => Some(Value::String(template.fill(values)))
            .filter(|text| text.as_str().is_some_and(|text| !text.is_empty())),
        Json::Plain(value) => Some(value.clone()),
        Json::Object(members) => Some(Value::Object(object(members, values))),
    };
    let members = members.iter();
    members
        .filter_map(|(name, json)| Some((name.clone(), value(json)?)))
        .collect()
}

fn spelled(pairs: &Pairs) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        encode(name, &mut out);
        out.push('=');
        encode(value, &mut out);
    }
    out
}

/// The text says nothing about the values: a secret may be among them.
fn no_request() -> Fault {
    Fault::new(
        FaultKind::Misconfigured,
        "a filled template is no URL or no header",
    )
}
