//! One VIN or several, and their cards.

use crate::answer::{self, Answer};
use crate::compare::Compare;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html};
use crate::sheet;
use crate::vehicle::Card;
use askama::Template;
use std::sync::Arc;
use vin_core::Vin;
use vin_service::LinkToken;
use vin_service::people::{Gate, Person, Purpose};

/// How many VINs a form may hold.
pub const MOST: usize = 20;

#[derive(Template)]
#[template(path = "vehicle.html")]
struct Vehicle {
    f: Frame,
    typed: String,
    number: String,
    signed_in: bool,
    guest_daily: u32,
    /// What is left: calls of a customer, or of a guest's day.
    left: String,
    answers: Vec<Shown>,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "shared.html")]
struct Shared {
    f: Frame,
    card: Option<Card>,
    until: String,
}

/// One VIN and what came of it.
struct Shown {
    typed: String,
    /// What was repaired in it, in words.
    repairs: Vec<&'static str>,
    card: Option<Card>,
    /// The cars that it may be, side by side.
    compare: Option<Compare>,
    told: String,
    order: String,
    charged: bool,
    raw: String,
    csv: String,
    may_share: bool,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, cx.query.get("vin"), Vec::new(), ""))
}

fn page(cx: &Context, typed: &str, answers: Vec<Shown>, error: &'static str) -> Vehicle {
    Vehicle {
        f: cx.frame("车架号查询", "Look up a VIN"),
        typed: typed.to_owned(),
        number: cx.accounts().fresh_text(),
        signed_in: is_customer(cx),
        guest_daily: cx.app.parts.guest_daily,
        left: String::new(),
        answers,
        error,
    }
}

fn is_customer(cx: &Context) -> bool {
    let person = cx.session.as_ref().map(|session| &session.person);
    matches!(person, Some(Person::Customer(_)))
}

/// The VINs in a text: one a line, or separated by blanks, commas or semicolons.
fn split(text: &str) -> Vec<&str> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '；' | '、');
    // A VIN with blanks within is one, as long as nothing else stands on its line.
    let lines = text.lines().flat_map(|line| match Vin::parse(line) {
        Ok(_) => vec![line.trim()],
        Err(_) => line.split(apart).filter(|part| !part.is_empty()).collect(),
    });
    lines.collect()
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let typed = cx.form.get("vin");
    let vins = split(typed);
    if vins.is_empty() {
        let error = cx.t("请输入车架号。", "Type a VIN.");
        return again(&page(&cx, typed, Vec::new(), error));
    }
    if vins.len() > MOST {
        let error = cx.t(
            "每次最多 20 个车架号；更多请使用批量查询。",
            "At most 20 VINs at a time.",
        );
        return again(&page(&cx, typed, Vec::new(), error));
    }
    let number: String = cx.form.get("number").chars().take(40).collect();
    let mut shown = Vec::new();
    let (mut left, mut stop) = (None, "");
    for (at, vin) in vins.iter().enumerate() {
        if Vin::parse(vin).is_err() {
            // What is no VIN costs nothing, and is told what is wrong.
            shown.push(found(&cx, vin, answer::free(&cx.app, vin, cx.lang)?));
            continue;
        }
        let answer = if is_customer(&cx) {
            answer::paid(&cx, cx.account()?, vin, &format!("web-{number}-{at}")).await?
        } else {
            match cx
                .accounts()
                .pass(Gate::Guest(cx.app.parts.guest_daily), &cx.address)
                .await
            {
                Ok(more) => left = Some(i64::from(more)),
                Err(_) => {
                    stop = match cx.app.parts.guest_daily {
                        0 => cx.t("登录后即可查询。", "Sign in to look up."),
                        _ => cx.t(
                            "今日的免费体验次数已用完。注册后即可继续查询。",
                            "The free look-ups of today are used up. Register to go on.",
                        ),
                    };
                    break;
                }
            }
            answer::free(&cx.app, vin, cx.lang)?
        };
        left = answer.remaining.or(left);
        shown.push(found(&cx, vin, answer));
    }
    let mut page = page(&cx, typed, shown, stop);
    page.left = left.map_or_else(String::new, format::count);
    html(&page)
}

fn found(cx: &Context, typed: &str, answer: Answer) -> Shown {
    let repairs = Vin::parse(typed).map(|parsed| {
        let repairs = parsed.repairs.iter();
        repairs.map(|repair| repair.text().get(cx.lang)).collect()
    });
    let card = answer.told.as_ref().map(|told| Card::new(told, cx.lang));
    Shown {
        typed: typed.to_owned(),
        repairs: repairs.unwrap_or_default(),
        csv: card.as_ref().map_or_else(String::new, csv),
        may_share: is_customer(cx) && card.is_some(),
        compare: card.as_ref().and_then(|card| {
            let ids = card.candidates.iter().map(|car| car.carid);
            Compare::of(cx.service(), ids, cx.lang)
        }),
        card,
        told: answer.msg,
        order: answer.order,
        charged: answer.charged,
        raw: answer.raw,
    }
}

/// Label, path, value and unit, a line each, for a table program.
fn csv(card: &Card) -> String {
    let rows = card.groups.iter().flat_map(|group| &group.rows);
    let lines =
        rows.map(|row| sheet::line([row.label, row.path, &row.value, row.unit].into_iter()));
    lines.collect::<Vec<_>>().join("\n")
}

pub async fn share(cx: Arc<Context>) -> Result<Reply, Problem> {
    let parsed = Vin::parse(cx.form.get("vin")).map_err(|_| Problem::NotFound)?;
    let account = cx.account()?;
    let link = cx.accounts().share_vehicle(account, &parsed.vin).await?;
    let path = format!("/shared/{}", link.reveal());
    crate::reply::see(path)
}

/// A vehicle that a customer shared: what our own data say, paid for by nobody.
pub async fn shared(cx: Arc<Context>) -> Result<Reply, Problem> {
    let link = LinkToken::parse(cx.param("link")).ok_or(Problem::NotFound)?;
    let row = cx.accounts().link(Purpose::Share, &link).await?;
    let row = row.ok_or(Problem::NotFound)?;
    let answer = answer::free(&cx.app, &row.detail, cx.lang)?;
    html(&Shared {
        f: cx.frame("共享的车辆", "A shared vehicle"),
        card: answer.told.as_ref().map(|told| Card::new(told, cx.lang)),
        until: format::time(row.expires_at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vins_are_split_as_people_paste_them() {
        for (text, wanted) in [
            ("LSVNV2182E2100001", vec!["LSVNV2182E2100001"]),
            ("LSVNV 2182E 2100001", vec!["LSVNV 2182E 2100001"]),
            ("a,b；c\nd", vec!["a", "b", "c", "d"]),
            (
                "LSVNV2182E2100001 1HGCM82633A004352",
                vec!["LSVNV2182E2100001", "1HGCM82633A004352"],
            ),
            (" \n ", vec![]),
        ] {
            assert_eq!(split(text), wanted, "{text:?}");
        }
    }
}
