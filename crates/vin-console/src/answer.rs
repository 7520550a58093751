//! One question put to the interface that callers speak, with a customer's own key.

use crate::app::App;
use crate::context::Context;
use crate::reply::Problem;
use axum::body::Body;
use http::Request;
use http_body_util::{BodyExt as _, Limited};
use serde_json::Value as Json;
use tower::ServiceExt as _;
use vin_core::Lang;
use vin_service::people::AccountId;

/// The most bytes that an answer may have.
const ANSWER_BYTES: usize = 4 << 20;

/// By which proxies tell the address of a client.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// What came of a question.
pub struct Answer {
    /// The code of the interface; 0 when nobody was charged because nobody pays.
    pub code: i64,
    /// What the code means.
    pub msg: String,
    /// The order, `""` when there is none.
    pub order: String,
    /// Whether it cost a call.
    pub charged: bool,
    /// How many calls are left.
    pub remaining: Option<i64>,
    /// `result`, `match` and `explain`, when there is a vehicle.
    pub told: Option<Json>,
    /// The answer as it came.
    pub raw: String,
}

/// Asks for a vehicle on behalf of a customer, who pays for it; asked again with the same number
/// the answer is the same and costs nothing.
pub async fn paid(
    cx: &Context,
    account: AccountId,
    vin: &str,
    number: &str,
) -> Result<Answer, Problem> {
    let key = cx.accounts().console_key(account).await?;
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("key", key.reveal())
        .append_pair("vin", vin)
        .append_pair("explain", "1")
        .append_pair("reqid", number)
        .append_pair("lang", lang(cx.lang))
        .finish();
    ask(
        cx,
        Request::get(format!("/api/vin/get?{query}")),
        Body::empty(),
    )
    .await
}

/// Sends what a caller would send, with an own key; it costs what it costs a caller.
pub async fn tried(
    cx: &Context,
    post: bool,
    raw: &str,
    sign: Option<&str>,
) -> Result<Answer, Problem> {
    let (mut request, body) = match post {
        true => {
            let kind = "application/x-www-form-urlencoded";
            let request = Request::post("/api/vin/get").header("content-type", kind);
            (request, Body::from(raw.to_owned()))
        }
        false => (Request::get(format!("/api/vin/get?{raw}")), Body::empty()),
    };
    if let Some(sign) = sign {
        request = request.header("sign", sign);
    }
    ask(cx, request, body).await
}

async fn ask(cx: &Context, request: http::request::Builder, body: Body) -> Result<Answer, Problem> {
    let mut request = request.body(body).map_err(|error| {
        tracing::error!(%error, "a question could not be put");
        Problem::Broken
    })?;
    // The interface is to see the visitor, not this process: a key may be for some networks only.
    *request.extensions_mut() = cx.head.extensions.clone();
    for value in cx.head.headers.get_all(FORWARDED_FOR) {
        request.headers_mut().append(FORWARDED_FOR, value.clone());
    }
    // A router that is handed requests cannot fail.
    let Ok(response) = cx.app.parts.api.clone().oneshot(request).await;
    let body = Limited::new(response.into_body(), ANSWER_BYTES)
        .collect()
        .await;
    let body = body.map_err(|error| {
        tracing::error!(%error, "an answer could not be read");
        Problem::Broken
    })?;
    read(&body.to_bytes())
}

/// Asks our own data for a vehicle; nobody pays.
pub fn free(app: &App, vin: &str, lang: Lang) -> Result<Answer, Problem> {
    let bytes = (app.parts.free)(vin, lang);
    let json: Json = parse(&bytes)?;
    let error = &json["error"];
    let told = json["result"].is_object().then(|| json.clone());
    Ok(Answer {
        code: error["code"].as_i64().unwrap_or(0),
        msg: error["msg"].as_str().unwrap_or_default().to_owned(),
        order: String::new(),
        charged: false,
        remaining: None,
        raw: String::from_utf8_lossy(&bytes).into_owned(),
        told,
    })
}

fn read(bytes: &[u8]) -> Result<Answer, Problem> {
    let json: Json = parse(bytes)?;
    let data = &json["data"];
    Ok(Answer {
        code: json["code"].as_i64().unwrap_or(0),
        msg: json["msg"].as_str().unwrap_or_default().to_owned(),
        order: data["order_no"].as_str().unwrap_or_default().to_owned(),
        charged: data["charge"]["charged"].as_bool().unwrap_or(false),
        remaining: data["charge"]["remaining"].as_i64(),
        told: data["result"].is_object().then(|| data.clone()),
        raw: String::from_utf8_lossy(bytes).into_owned(),
    })
}

fn parse(bytes: &[u8]) -> Result<Json, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        tracing::error!(%error, "an answer is no JSON");
        Problem::Broken
    })
}

const fn lang(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}
