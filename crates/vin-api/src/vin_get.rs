//! `GET|POST /api/vin/get`: one VIN, one vehicle, one call of the balance; the same on the paths of
//! the other envelopes ([`crate::dialect`]).

use crate::call::{self, What};
use crate::code::Code;
use crate::envelope::{Failure, Reply};
use crate::line::LOCAL;
use crate::panics;
use crate::param::Params;
use crate::question;
use crate::router::App;
use axum::extract::{Request, State};
use axum::response::Response;
use std::borrow::Cow;
use std::sync::Arc;
use vin_core::Level;
use vin_service::{
    Answered, Asked, Caller, Looked, Once, Paced, Question, Refusal, ReqId, Settled, Way, Working,
};

/// Takes the request, asks the service, shows the answer.
pub async fn vin_get(State(app): State<Arc<App>>, request: Request) -> Response {
    call::handle(&app, request, What::Vehicle).await
}

/// Answers a caller who may ask. Nothing is shown before its charge is on disk.
pub async fn ask(
    app: &App,
    params: &Params<'_>,
    caller: &Caller,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let question = question::question(params, app.service.today())?;
    let reqid = question::reqid(params)?;
    let path = reply.dialect().path();
    ask_about(app, path, &question, reqid, caller, reply).await
}

/// Answers one question that came in on a path, under the client's number for it if it has one.
pub async fn ask_about(
    app: &App,
    path: &'static str,
    question: &Question,
    reqid: Option<ReqId>,
    caller: &Caller,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let service = &app.service;
    let paced = service.pace(caller).await?;
    reply.pace(paced.pace);
    let Some(reqid) = reqid else {
        return match answer(app, path, question, caller, paced, reply, None).await? {
            Settled::Done(charge) => {
                reply.charge(&charge);
                Ok(())
            }
            // Only a request with a number can be repeated.
            Settled::Repeated => Err(Refusal::Broken.into()),
        };
    };
    let asked = Asked::new(reqid, path, question);
    let working = match service.once(caller.account, asked).await? {
        Once::Before(answer) => {
            reply.again(&answer);
            return Ok(());
        }
        Once::First(working) => working,
    };
    let answered = answer(app, path, question, caller, paced, reply, Some(&working)).await?;
    if answered == Settled::Repeated {
        let answer = service.kept(caller.account, working.asked()).await?;
        reply.again(&answer.ok_or(Refusal::Broken)?);
    }
    Ok(())
}

/// Sets a call aside, looks the vehicle up, and settles; with `working` the answer is written
/// whole, and kept.
async fn answer(
    app: &App,
    path: &'static str,
    question: &Question,
    caller: &Caller,
    paced: Paced,
    reply: &mut Reply,
    working: Option<&Working>,
) -> Result<Settled, Failure> {
    let service = &app.service;
    let hold = service.reserve(caller).await?;
    let order = service.order_number(question.today).await?;
    let way = service.way(path, &hold);
    let found = panics::with_order(order, || {
        service.look_up(question, &way, |shown| {
            let known = (shown.answer.matched.level, shown.channel.clone());
            reply.found(&order, shown, question.explain);
            known
        })
    });
    let found = match (found, &way) {
        (Ok(Looked::Enough(known)), _) => Ok(known),
        (Ok(Looked::Open(open)), Way::Channels(plan)) => {
            // Only who needs it pays for what this takes.
            let asked = service.ask_around(question, plan, order, &hold, &open);
            let routed = Box::pin(asked).await;
            panics::with_order(order, || {
                service.look_up_with(question, &routed, |shown| {
                    let known = (shown.answer.matched.level, shown.channel.clone());
                    reply.found(&order, shown, question.explain);
                    known
                })
            })
        }
        (Ok(Looked::Open(_)), Way::Local) => Err(Refusal::NoVehicle),
        (Err(refusal), _) => Err(refusal),
    };
    let answered = |code: Code, level: Option<Level>, channel: Cow<'static, str>| Answered {
        order,
        today: question.today,
        vin: question.vin.vin.as_str(),
        code: code.spec().number,
        level,
        channel,
    };
    let (level, channel) = match found {
        Ok(known) => known,
        Err(refusal) => {
            drop(hold);
            let failure = Failure::from(refusal);
            match failure.code() {
                Code::Unknown => {
                    let unknown = answered(Code::Unknown, None, LOCAL.into());
                    service.settle_free(caller, paced, &unknown, None).await?;
                }
                code => service.settle_unanswered(caller, &answered(code, None, "".into())),
            }
            return Err(failure);
        }
    };
    let hold = service.costs(level).then_some(hold);
    let kept = working.map(|working| {
        reply.charge(&service.price(caller, hold.is_some()));
        working.keep(reply.written().to_vec())
    });
    let answered = answered(Code::Found, Some(level), channel);
    let settled = match hold {
        Some(hold) => service.settle(caller, paced, hold, &answered, kept).await,
        None => service.settle_free(caller, paced, &answered, kept).await,
    };
    Ok(settled?)
}
