//! The invoices that customers ask for: issued with the tax office's number, or rejected.

use super::{actor, note};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::pages::invoices::{LINES, named, refused, state};
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, address, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{Deed, Invoice, InvoiceState, StoreError};

#[derive(Template)]
#[template(path = "admin/invoices.html")]
struct Invoices {
    f: Frame,
    states: [(&'static str, &'static str); 5],
    state: &'static str,
    invoices: Table,
    older: String,
    error: &'static str,
}

/// What is done with one that waits.
#[derive(Template)]
#[template(path = "admin/invoice_forms.html")]
struct Forms<'a> {
    f: &'a Frame,
    id: i64,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<Invoices, Problem> {
    let wanted = cx.query.get("state");
    let chosen = InvoiceState::parse(wanted);
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let rows = cx
        .accounts()
        .store()
        .invoices(None, chosen, before, LINES)
        .await?;
    let last = rows.last().filter(|_| rows.len() == LINES as usize);
    let f = cx.frame("发票", "Invoices");
    Ok(Invoices {
        states: [
            ("", cx.t("全部", "All")),
            ("requested", cx.t("待开具", "Waiting")),
            ("issued", cx.t("已开具", "Issued")),
            ("rejected", cx.t("已驳回", "Rejected")),
            ("withdrawn", cx.t("已撤回", "Withdrawn")),
        ],
        state: chosen.map_or("", InvoiceState::name),
        older: last.map_or_else(String::new, |row| {
            address(cx, &[("before", &row.id.to_string())])
        }),
        invoices: table(cx, &f, &rows)?,
        error,
        f,
    })
}

fn table(cx: &Context, f: &Frame, invoices: &[Invoice]) -> Result<Table, Problem> {
    let columns = [
        numbers("id", "#"),
        column("account", cx.t("账户", "Account")),
        column("title", cx.t("抬头", "Name")),
        numbers("amount", cx.t("金额", "Amount")),
        numbers("kept", cx.t("现实收", "Kept now")),
        column("state", cx.t("状态", "State")),
        column("number", cx.t("发票号码", "Number")),
        column("mail", cx.t("发送至", "Sent to")),
        column("time", cx.t("申请时间", "Asked for")),
        column("open", cx.t("操作", "Do")),
    ];
    let row = |invoice: &Invoice| {
        let (text, tag) = state(cx, invoice);
        let account = invoice.account.0;
        let forms = match invoice.state {
            InvoiceState::Requested => Cell::forms(&Forms { f, id: invoice.id }, 1)?,
            _ => Cell::text(&*invoice.actor),
        };
        Ok(vec![
            Cell::count(invoice.id),
            Cell::number(account.to_string(), account as f64)
                .link(format!("/admin/accounts/{account}")),
            named(invoice),
            Cell::number(format::yuan(invoice.fen), invoice.fen as f64),
            Cell::number(format::yuan(invoice.kept_fen), invoice.kept_fen as f64),
            Cell::text(text).tag(tag).small(&*invoice.reason),
            Cell::text(&*invoice.number).code(),
            Cell::text(&*invoice.mail),
            Cell::time(invoice.requested_at, ""),
            forms,
        ])
    };
    let rows = invoices.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "", &columns, rows).with_search(cx))
}

/// Notes the tax office's number.
pub async fn issue(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (id, number, actor) = (cx.id("id")?, cx.form.text("number"), actor(&cx)?);
    match cx.accounts().issue_invoice(id, number, &actor).await {
        Ok(()) => {
            note(&cx, "invoice.issue", &format!("invoice {id}"), number).await?;
            see("/admin/invoices?done=saved")
        }
        Err(error) => again(&page(&cx, refused(&cx, error)?).await?),
    }
}

/// Says no, and why.
pub async fn reject(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (id, actor) = (cx.id("id")?, actor(&cx)?);
    let reason: String = cx.form.text("reason").chars().take(200).collect();
    if reason.is_empty() {
        let error = cx.t("请填写驳回原因。", "A reason is needed.");
        return again(&page(&cx, error).await?);
    }
    let deed = Deed {
        at: cx.accounts().now(),
        reason: &reason,
        actor: &actor,
    };
    match cx.accounts().store().reject_invoice(id, deed).await {
        Ok(()) => {
            note(&cx, "invoice.reject", &format!("invoice {id}"), &reason).await?;
            see("/admin/invoices?done=saved")
        }
        Err(error @ StoreError::NoInvoice(_)) => {
            again(&page(&cx, refused(&cx, error.into())?).await?)
        }
        Err(error) => Err(error.into()),
    }
}
