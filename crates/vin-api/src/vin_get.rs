//! `GET|POST /api/vin/get`: one VIN, one vehicle.

use crate::cors;
use crate::envelope::{self, Failure, Reply};
use crate::fault::Fault;
use crate::form;
use crate::panics;
use crate::param::Params;
use crate::question;
use crate::raw::{self, Raw};
use crate::router::App;
use axum::extract::{Request, State};
use axum::response::Response;
use futures_util::FutureExt as _;
use hyper::{Method, Uri};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use vin_core::Lang;
use vin_service::{Charge, Refusal};

/// Takes the request, asks the service, shows the answer.
pub async fn vin_get(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match head.method {
        Method::GET | Method::HEAD | Method::POST => {}
        Method::OPTIONS => return cors::preflight(),
        _ => return envelope::failed(&Failure::NoPath, query_lang(&head.uri)),
    }
    match raw::receive(&head.uri, body).await {
        Ok(body) => {
            let raw = Raw { head, body };
            guarded(answer(&app, &raw), &raw.head.uri).await
        }
        Err(fault) => envelope::failed(&fault.into(), query_lang(&head.uri)),
    }
}

/// Turns a panic into code 500.
async fn guarded(answering: impl Future<Output = Response>, uri: &Uri) -> Response {
    // After a panic only the answer that is being written is lost, and nobody else has it.
    let answered = AssertUnwindSafe(answering).catch_unwind().await;
    answered.unwrap_or_else(|_| envelope::failed(&Failure::Panic, query_lang(uri)))
}

async fn answer(app: &App, raw: &Raw) -> Response {
    let (params, body_read) = raw.params();
    let lang = question::lang(&params).unwrap_or_default();
    let callback = match question::callback(&params) {
        Ok(callback) => callback,
        Err(fault) => return envelope::failed(&fault.into(), lang),
    };
    let mut reply = Reply::new(callback);
    if let Err(failure) = ask(app, &params, body_read, &mut reply).await {
        reply.failed(&failure, lang);
    }
    reply.send()
}

async fn ask(
    app: &App,
    params: &Params<'_>,
    body_read: Result<(), Fault>,
    reply: &mut Reply,
) -> Result<(), Failure> {
    body_read?;
    let key = question::key(params)?.ok_or(Refusal::UnknownKey)?;
    app.service.authenticate(&key).await?;
    let question = question::question(params, app.service.today())?;
    let order = app.service.order_number(question.today).await?;
    panics::with_order(order, || {
        app.service.look_up(&question, |answer| {
            reply.found(&order, answer, question.explain);
        })
    })?;
    reply.charge(&Charge::default());
    Ok(())
}

/// The language that the query asks for, when the rest of the request cannot be read.
pub fn query_lang(uri: &Uri) -> Lang {
    let mut params = Params::default();
    form::read(uri.query().unwrap_or_default().as_bytes(), &mut params);
    question::lang(&params).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[tokio::test]
    async fn a_panic_becomes_code_500_without_a_word_about_its_cause() {
        let uri = Uri::from_static("/api/vin/get?lang=en");
        let response = guarded(async { panic!("the cause") }, &uri).await;
        assert_eq!(response.status(), 200);
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        assert_eq!(
            &body[..],
            br#"{"code":500,"msg":"internal error","data":null}"#
        );
    }
}
