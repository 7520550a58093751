//! Real names that customers handed in: looked at with a reason, approved, rejected, erased. What they
//! say is shown after the password was asked for, and never without a note of who looked.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::pages::verification::{kind_text, reason, shown, state_cell, state_text, told};
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, address, column, numbers};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use vin_service::verification::{
    CHANNEL, Looked, MAX_REASON, Picture, Submission, SubmissionState,
};

/// How many submissions a page has.
const LINES: u32 = 50;
/// What stands in the address for submissions of any state.
const ALL: &str = "all";

#[derive(Template)]
#[template(path = "admin/verification.html")]
struct List {
    f: Frame,
    states: Vec<(&'static str, &'static str)>,
    state: &'static str,
    submissions: Table,
    older: String,
}

#[derive(Template)]
#[template(path = "admin/submission.html")]
struct One {
    f: Frame,
    row: Line,
    /// What the submission says, right after the password was asked for and the reason given.
    looked: Option<Shown>,
    why: String,
    most: usize,
    error: String,
}

struct Line {
    id: i64,
    account: i64,
    kind: &'static str,
    masked: String,
    state: &'static str,
    waits: bool,
    held: bool,
    created: String,
    asked: String,
    decided: String,
    by: String,
    reason: String,
}

struct Shown {
    name: String,
    number: String,
    /// The address of the picture: it is part of the page, or `""`.
    picture: String,
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    let state = match cx.query.get("state") {
        "" => Some(SubmissionState::Submitted),
        name => SubmissionState::parse(name),
    };
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let store = cx.accounts().store();
    let rows = store.submissions(None, state, before, LINES).await?;
    let last = rows.last().filter(|_| rows.len() == LINES as usize);
    let known = SubmissionState::ALL.iter();
    let known = known.map(|state| (state.name(), state_text(&cx, *state)));
    html(&List {
        f: cx.frame("实名审核", "Real names"),
        states: known.chain([(ALL, cx.t("全部", "All"))]).collect(),
        state: state.map_or(ALL, SubmissionState::name),
        older: last.map_or_else(String::new, |row| {
            address(&cx, &[("before", &row.id.to_string())])
        }),
        submissions: table(&cx, &rows),
    })
}

fn table(cx: &Context, rows: &[Submission]) -> Table {
    let columns = [
        numbers("id", cx.t("编号", "Id")),
        numbers("account", cx.t("账户", "Account")),
        column("kind", cx.t("类型", "Kind")),
        column("data", cx.t("资料", "Data")),
        column("state", cx.t("状态", "State")),
        column("time", cx.t("提交时间", "Handed in")),
        column("by", cx.t("审核者", "By")),
    ];
    let row = |row: &Submission| {
        let (id, account) = (row.id, row.account.0);
        vec![
            Cell::number(id.to_string(), id as f64).link(format!("/admin/verification/{id}")),
            Cell::number(account.to_string(), account as f64)
                .link(format!("/admin/accounts/{account}")),
            Cell::text(kind_text(cx, row.kind)),
            Cell::text(shown(cx, row)),
            state_cell(cx, row.state),
            Cell::time(row.created_at, ""),
            Cell::text(by(cx, row)),
        ]
    };
    Table::new(cx, "", &columns, rows.iter().map(row).collect()).with_search(cx)
}

/// Who decided.
fn by(cx: &Context, row: &Submission) -> String {
    match row.decided_by.as_str() {
        CHANNEL => cx.t("认证通道", "channel").to_owned(),
        by => by.to_owned(),
    }
}

async fn own(cx: &Context) -> Result<Submission, Problem> {
    let row = cx.accounts().store().submission(cx.id("id")?, None).await?;
    row.ok_or(Problem::NotFound)
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, &own(&cx).await?, None, String::new()))
}

fn page(cx: &Context, row: &Submission, looked: Option<Looked>, error: String) -> One {
    let time = |at: i64| match at {
        0 => "—".to_owned(),
        at => format::time(at),
    };
    let shown_data = |looked: Looked| Shown {
        name: looked.identity.name().to_owned(),
        number: looked.identity.number().to_owned(),
        picture: looked.picture.as_ref().map_or_else(String::new, in_page),
    };
    One {
        f: cx.frame("实名审核", "Real name"),
        row: Line {
            id: row.id,
            account: row.account.0,
            kind: kind_text(cx, row.kind),
            masked: shown(cx, row),
            state: state_text(cx, row.state),
            waits: row.state == SubmissionState::Submitted,
            held: row.erased_at == 0,
            created: time(row.created_at),
            asked: time(row.asked_at),
            decided: time(row.decided_at),
            by: by(cx, row),
            reason: reason(cx, row),
        },
        looked: looked.map(shown_data),
        why: cx.form.text("reason").to_owned(),
        most: MAX_REASON,
        error,
    }
}

/// A picture as a part of the page, so that it has no address of its own.
fn in_page(picture: &Picture) -> String {
    let text = STANDARD.encode(picture.bytes());
    format!("data:{};base64,{text}", picture.media_type())
}

/// Shows what a submission says, to one who gives a reason.
pub async fn look(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let row = own(&cx).await?;
    let (operator, reason) = (cx.operator()?, cx.form.text("reason"));
    let looked = cx
        .accounts()
        .look_at_submission(row.id, operator, reason, cx.origin());
    match looked.await {
        Ok(looked) => html(&page(&cx, &row, Some(looked), String::new())),
        Err(error) => again(&page(&cx, &row, None, told(&cx, error)?)),
    }
}

/// Approves or rejects it.
pub async fn decide(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let row = own(&cx).await?;
    let approved = cx.form.get("to") == "yes";
    let (operator, reason) = (cx.operator()?, cx.form.text("reason"));
    let decided = cx
        .accounts()
        .decide_submission(row.id, approved, operator, reason, cx.origin());
    let done = match decided.await {
        Ok(false) => "decided",
        Ok(true) if approved => "approved",
        Ok(true) => "rejected",
        Err(error) => return again(&page(&cx, &row, None, told(&cx, error)?)),
    };
    see(format!("/admin/verification/{}?done={done}", row.id))
}

/// Erases all that the account handed in, as its holder asked for.
pub async fn erase(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let row = own(&cx).await?;
    let reason: String = cx.form.text("reason").chars().take(MAX_REASON).collect();
    if reason.is_empty() {
        let error = told(&cx, vin_service::verification::VerifyError::Reason)?;
        return again(&page(&cx, &row, None, error));
    }
    let actor = &cx.operator()?.name;
    cx.accounts()
        .erase_submissions(row.account, actor, &reason, cx.origin())
        .await?;
    see(format!("/admin/verification/{}?done=erased", row.id))
}
