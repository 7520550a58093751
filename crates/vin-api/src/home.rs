//! `GET /`: one screen that tells a visitor where the interface is.

use crate::param::EXAMPLE_VIN;
use crate::router::App;
use axum::extract::State;
use axum::response::Html;
use std::sync::Arc;
use vin_service::DEMO_KEY;

/// The page.
pub async fn home(State(app): State<Arc<App>>) -> Html<String> {
    let key = if app.demo { DEMO_KEY } else { "您的密钥" };
    let query = format!("/api/vin/get?key={key}&amp;vin={EXAMPLE_VIN}");
    let example = match app.demo {
        true => format!("<a href=\"{query}\">{query}</a>"),
        false => query,
    };
    Html(format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>车架 Chejia</title>\
         <style>body{{font:16px/1.6 sans-serif;max-width:44em;margin:3em auto;padding:0 1em}}\
         code,a{{overflow-wrap:anywhere}}</style></head><body>\n\
         <h1>车架 Chejia</h1>\n\
         <p>车架号（VIN）查询服务。<span lang=\"en\">A VIN lookup service.</span></p>\n\
         <p>查询接口 <span lang=\"en\">Look-up</span>：<code>{example}</code></p>\n\
         <p>接口文档 <span lang=\"en\">Description</span>：<a href=\"/openapi.json\">/openapi.json</a></p>\n\
         </body></html>\n"
    ))
}
