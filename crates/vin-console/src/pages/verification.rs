//! The real name of a customer: handing it in, what became of it, erasing it.

use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column};
use askama::Template;
use std::sync::Arc;
use vin_service::verification::{
    CHANNEL, Identity, MAX_PICTURE, Picture, Submission, SubmissionKind, SubmissionState,
    VerifyError,
};

/// How many submissions are shown.
const LINES: u32 = 20;

#[derive(Template)]
#[template(path = "verification.html")]
struct Verification {
    f: Frame,
    verified: bool,
    /// Whether one waits to be decided.
    waits: bool,
    /// Whether there is anything to be erased.
    held: bool,
    submissions: Table,
    company: bool,
    name: String,
    number: String,
    most: usize,
    error: String,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let company = cx.query.get("kind") == SubmissionKind::Company.name();
    html(&page(&cx, company, String::new()).await?)
}

async fn page(cx: &Context, company: bool, error: String) -> Result<Verification, Problem> {
    let customer = cx.customer()?;
    let store = cx.accounts().store();
    let rows = store.submissions(Some(customer.id), None, i64::MAX, LINES);
    let rows = rows.await?;
    let is_open = |row: &Submission| row.state == SubmissionState::Submitted;
    Ok(Verification {
        f: cx.frame("实名认证", "Real name"),
        verified: customer.verified,
        waits: rows.iter().any(is_open),
        held: rows.iter().any(|row| row.erased_at == 0),
        submissions: table(cx, &rows),
        company,
        name: cx.form.text("name").to_owned(),
        number: cx.form.text("number").to_owned(),
        most: MAX_PICTURE >> 20,
        error,
    })
}

/// A customer's submissions as a table.
fn table(cx: &Context, rows: &[Submission]) -> Table {
    let columns = [
        column("time", cx.t("提交时间", "Handed in")),
        column("kind", cx.t("类型", "Kind")),
        column("data", cx.t("资料", "Data")),
        column("state", cx.t("状态", "State")),
        column("decided", cx.t("审核时间", "Decided")),
        column("reason", cx.t("原因", "Reason")),
    ];
    let row = |row: &Submission| {
        vec![
            Cell::time(row.created_at, ""),
            Cell::text(kind_text(cx, row.kind)),
            Cell::text(shown(cx, row)),
            state_cell(cx, row.state),
            Cell::time(row.decided_at, "—"),
            Cell::text(reason(cx, row)),
        ]
    };
    Table::new(cx, "", &columns, rows.iter().map(row).collect())
}

/// What a kind is called.
pub fn kind_text(cx: &Context, kind: SubmissionKind) -> &'static str {
    match kind {
        SubmissionKind::Person => cx.t("个人", "person"),
        SubmissionKind::Company => cx.t("企业", "company"),
    }
}

/// What a state is called.
pub fn state_text(cx: &Context, state: SubmissionState) -> &'static str {
    match state {
        SubmissionState::Submitted => cx.t("待审核", "waits"),
        SubmissionState::Approved => cx.t("已通过", "approved"),
        SubmissionState::Rejected => cx.t("已驳回", "rejected"),
        SubmissionState::Withdrawn => cx.t("已撤回", "withdrawn"),
    }
}

/// A state as a cell.
pub fn state_cell(cx: &Context, state: SubmissionState) -> Cell {
    let tag = match state {
        SubmissionState::Submitted => "warn",
        SubmissionState::Approved => "good",
        SubmissionState::Rejected => "bad",
        SubmissionState::Withdrawn => "plain",
    };
    Cell::text(state_text(cx, state)).tag(tag)
}

/// What lists show of the data.
pub fn shown(cx: &Context, row: &Submission) -> String {
    match row.erased_at {
        0 => row.masked.clone(),
        _ => cx.t("已删除", "erased").to_owned(),
    }
}

/// Why it was decided so; what the channel says is said in the visitor's language.
pub fn reason(cx: &Context, row: &Submission) -> String {
    let by_channel = row.decided_by == CHANNEL && row.erased_at == 0;
    match (by_channel, row.state) {
        (true, SubmissionState::Approved) => cx
            .t("自动核对一致", "name and number belong together")
            .to_owned(),
        (true, SubmissionState::Rejected) => cx
            .t(
                "自动核对：姓名（名称）与号码不一致",
                "name and number do not belong together",
            )
            .to_owned(),
        _ => row.reason.clone(),
    }
}

/// Why nothing was done, in words; what is our fault is none of them.
pub fn told(cx: &Context, error: VerifyError) -> Result<String, Problem> {
    error.text(cx.lang).ok_or_else(|| {
        tracing::error!(%error, "a real name could not be handled");
        Problem::Broken
    })
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let company = cx.form.get("kind") == SubmissionKind::Company.name();
    let (name, number) = (cx.form.text("name"), cx.form.text("number"));
    let identity = match company {
        true => Identity::company(name, number),
        false => Identity::person(name, number, cx.app.today()),
    };
    let identity = match identity {
        Ok(identity) => identity,
        Err(error) => return again(&page(&cx, company, error.text(cx.lang)).await?),
    };
    let picture = match cx.take_picture().map(Picture::read).transpose() {
        Ok(picture) => picture,
        Err(error) => return again(&page(&cx, company, error.text(cx.lang)).await?),
    };
    let account = cx.account()?;
    let sent = cx.service().submit(account, &identity, picture.as_ref());
    match sent.await {
        Ok(_) => see("/verification?done=submitted"),
        Err(error) => {
            let error = told(&cx, error)?;
            again(&page(&cx, company, error).await?)
        }
    }
}

/// Erases all that was handed in; the password was asked for lately.
pub async fn erase(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let account = cx.account()?;
    let actor = format!("account {}", account.0);
    let reason = "the customer's own wish";
    cx.accounts()
        .erase_submissions(account, &actor, reason, cx.origin())
        .await?;
    see("/verification?done=erased")
}
