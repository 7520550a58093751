//! `POST /api/vin/batch`: up to 100 VINs, each answered and charged on its own.
//!
//! Every entry is the envelope that `/api/vin/get` would have answered, with the VIN as it was
//! written. What fails, fails alone: a VIN that is none, a limit that is reached in between, a
//! balance that ends. A VIN that stands there twice is asked and charged once.

use crate::call::{self, What};
use crate::dialect::Dialect;
use crate::envelope::{Failure, Reply};
use crate::fault::Fault;
use crate::json;
use crate::param::Params;
use crate::question;
use crate::router::App;
use crate::vin_get;
use axum::extract::{Request, State};
use axum::response::Response;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use vin_core::{Lang, Vin};
use vin_service::{Caller, Question};

/// The path of the batch.
pub const PATH: &str = "/api/vin/batch";

/// How many VINs of a batch are worked on at once.
const AT_ONCE: usize = 16;

/// Takes the request, asks the service about each VIN, shows the answers.
pub async fn vin_batch(State(app): State<Arc<App>>, request: Request) -> Response {
    call::handle(&app, request, What::Vehicles).await
}

/// What becomes of an entry.
enum Entry {
    /// It is asked, as the question of that place.
    Asked(usize),
    /// It is the same VIN as the entry of that place.
    Same(usize),
    /// It is no VIN.
    Wrong(Fault),
}

/// Answers a caller who may ask.
pub async fn ask(
    app: &App,
    params: &Params<'_>,
    caller: &Caller,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let typed = question::vins(params)?;
    let (lang, reqid) = (question::lang(params)?, question::reqid(params)?);
    let today = app.service.today();
    let (mut questions, mut first) = (Vec::new(), HashMap::new());
    let mut entries = Vec::with_capacity(typed.len());
    for (at, text) in typed.iter().enumerate() {
        entries.push(match Vin::parse(text) {
            Err(error) => Entry::Wrong(Fault::Vin(error)),
            Ok(parsed) => match first.get(&parsed.vin) {
                Some(at) => Entry::Same(*at),
                None => {
                    first.insert(parsed.vin, at);
                    questions.push(question::about(parsed, params, today)?);
                    Entry::Asked(questions.len() - 1)
                }
            },
        });
    }
    let base = reply.base();
    let one = |question: Question| {
        let reqid = reqid.as_ref().map(|reqid| reqid.of_vin(&question.vin.vin));
        async move {
            let mut part = Reply::new(Dialect::Own, None, base.to_owned());
            let asked = vin_get::ask_about(app, PATH, &question, reqid, caller, &mut part);
            // A panic loses one answer, not those of the others, which are paid for.
            let asked = AssertUnwindSafe(asked).catch_unwind().await;
            if let Err(failure) = asked.unwrap_or(Err(Failure::Panic)) {
                call::count(app, caller, &failure);
                if let Failure::Refusal(vin_service::Refusal::TooFast(pace)) = &failure {
                    part.pace(*pace);
                }
                part.failed(&failure, lang);
            }
            part
        }
    };
    let parts: Vec<Reply> = stream::iter(questions)
        .map(one)
        .buffered(AT_ONCE)
        .collect()
        .await;
    if let Some(last) = parts.last() {
        reply.pace(last.standing());
    }
    let charged: u32 = parts.iter().map(|part| part.charged().count).sum();
    let left = app.service.price(caller, false).remaining;
    reply.object(lang, |out| {
        out.extend_from_slice(b"{\"total\":");
        json::int(out, typed.len() as i64);
        out.extend_from_slice(b",\"charged\":");
        json::int(out, charged.into());
        out.extend_from_slice(b",\"remaining\":");
        json::int(out, i64::try_from(left).unwrap_or(i64::MAX));
        out.extend_from_slice(b",\"results\":[");
        for (at, (entry, text)) in entries.iter().zip(&typed).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(b"{\"vin\":");
            json::string(out, text);
            write(out, entry, &parts, lang);
        }
        out.extend_from_slice(b"]}");
    });
    for entry in &entries {
        if let Entry::Wrong(fault) = entry {
            call::count(app, caller, &fault.clone().into());
        }
    }
    Ok(())
}

/// Writes an entry after its VIN: an envelope, or where the same VIN was answered.
fn write(out: &mut Vec<u8>, entry: &Entry, parts: &[Reply], lang: Lang) {
    match entry {
        Entry::Same(at) => {
            out.extend_from_slice(b",\"same_as\":");
            json::int(out, *at as i64);
            out.push(b'}');
        }
        Entry::Asked(at) => follow(out, parts[*at].written()),
        Entry::Wrong(fault) => {
            let mut envelope = Vec::new();
            Dialect::Own.failed(&mut envelope, &fault.clone().into(), lang);
            follow(out, &envelope);
        }
    }
}

/// Goes on in an object with the members of another.
fn follow(out: &mut Vec<u8>, object: &[u8]) {
    out.push(b',');
    out.extend_from_slice(&object[1..]);
}
