//! What customers ordered: transfers confirmed, late money decided about, money sent back.

use super::{actor, note};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::pages::buy::{Line, line, older, state_text, table};
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{
    Change, Deed, Paid, PaymentRow, Provider, Purchase, PurchaseState, Refund, Refunding,
    StoreError, Way,
};

/// How many purchases a page has.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "admin/purchases.html")]
struct Purchases {
    f: Frame,
    states: Vec<(&'static str, &'static str)>,
    state: &'static str,
    purchases: Table,
    older: String,
}

#[derive(Template)]
#[template(path = "admin/purchase.html")]
struct PurchasePage {
    f: Frame,
    purchase: Line,
    confirmable: bool,
    late: bool,
    changes: Table,
    payments: Table,
    error: &'static str,
}

/// How a payment is sent back.
#[derive(Template)]
#[template(path = "admin/refund_form.html")]
struct RefundForm<'a> {
    f: &'a Frame,
    purchase: &'a str,
    id: i64,
    amount: String,
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    let state = PurchaseState::parse(cx.query.get("state"));
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let store = cx.accounts().store();
    let rows = store.purchases(None, state, before, LINES).await?;
    let last = rows.last().filter(|_| rows.len() == LINES as usize);
    let name = state.map_or("", PurchaseState::name);
    let known = PurchaseState::ALL.iter();
    let known = known.map(|state| (state.name(), state_text(&cx, *state)));
    html(&Purchases {
        f: cx.frame("购买订单", "Purchases"),
        states: [("", cx.t("全部", "All"))]
            .into_iter()
            .chain(known)
            .collect(),
        state: name,
        older: last.map_or_else(String::new, |row| older(&cx, row)),
        purchases: table(&cx, "/admin/purchases", &rows),
    })
}

async fn own(cx: &Context) -> Result<Purchase, Problem> {
    let row = cx
        .accounts()
        .store()
        .purchase(cx.param("number"), None)
        .await?;
    row.ok_or(Problem::NotFound)
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<PurchasePage, Problem> {
    let purchase = own(cx).await?;
    let store = cx.accounts().store();
    let changes = store.purchase_changes(purchase.id).await?;
    let payments = store.payments(purchase.id).await?;
    let refunds = store.refunds(&purchase.number).await?;
    let frame = cx.frame("购买订单", "Purchase");
    Ok(PurchasePage {
        purchase: line(cx, &purchase),
        confirmable: purchase.way == Way::Transfer
            && !matches!(
                purchase.state,
                PurchaseState::Granted | PurchaseState::Refunded
            ),
        late: purchase.state == PurchaseState::Paid,
        changes: change_table(cx, &changes),
        payments: payment_table(cx, &frame, &purchase.number, &payments, &refunds)?,
        error,
        f: frame,
    })
}

fn change_table(cx: &Context, changes: &[Change]) -> Table {
    let columns = [
        column("time", cx.t("时间", "Time")),
        column("state", cx.t("状态", "State")),
        column("reason", cx.t("原因", "Reason")),
        column("by", cx.t("操作者", "By")),
    ];
    let row = |change: &Change| {
        vec![
            Cell::time(change.at, ""),
            Cell::text(state_text(cx, change.state)),
            Cell::text(&*change.reason),
            Cell::text(&*change.actor),
        ]
    };
    Table::new(cx, "changes", &columns, changes.iter().map(row).collect())
}

fn payment_table(
    cx: &Context,
    f: &Frame,
    purchase: &str,
    payments: &[PaymentRow],
    refunds: &[Refunding],
) -> Result<Table, Problem> {
    let columns = [
        column("time", cx.t("时间", "Time")),
        column("way", cx.t("方式", "Way")),
        column("trade", cx.t("流水号", "Number")),
        numbers("amount", cx.t("金额", "Amount")),
        column("refund", cx.t("退款", "Sent back")),
    ];
    let row = |payment: &PaymentRow| {
        let mut trade = Cell::text(&*payment.trade).code();
        if payment.surplus {
            trade = trade.mark("bad", cx.t("重复付款", "paid twice"));
        }
        let refund = match refunds.iter().find(|r| r.payment == payment.id) {
            Some(refund) => {
                let said = match refund.done {
                    true => cx.t("已退款", "sent back"),
                    false => cx.t("退款处理中", "being sent back"),
                };
                let said = Cell::number(said, refund.fen as f64).tag("plain");
                said.small(format!("{} {}", format::yuan(refund.fen), refund.reason))
            }
            None => {
                let form = RefundForm {
                    f,
                    purchase,
                    id: payment.id,
                    amount: format!("{}.{:02}", payment.fen / 100, payment.fen % 100),
                };
                Cell::forms(&form, 0)?
            }
        };
        Ok(vec![
            Cell::time(payment.paid_at, ""),
            Cell::text(match payment.provider {
                Provider::Transfer => cx.t("银行转账", "Bank transfer"),
                Provider::Alipay => cx.t("支付宝", "Alipay"),
                Provider::WeChat => cx.t("微信支付", "WeChat Pay"),
            }),
            trade,
            Cell::number(format::yuan(payment.fen), payment.fen as f64),
            refund,
        ])
    };
    let rows = payments.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "payments", &columns, rows))
}

/// Notes a transfer that stands on the bank's statement.
pub async fn confirm(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let number = own(&cx).await?.number;
    let reference: String = cx.form.text("reference").chars().take(64).collect();
    let fen = super::ledger::fen(cx.form.text("amount")).filter(|fen| *fen > 0);
    let Some(fen) = fen.filter(|_| !reference.is_empty()) else {
        let error = cx.t(
            "请填写银行流水号与到账金额，如 99.00。",
            "The bank's number and the amount, such as 99.00, are needed.",
        );
        return again(&page(&cx, error).await?);
    };
    let actor = actor(&cx)?;
    let noted = cx
        .accounts()
        .confirm_transfer(&number, &reference, fen, &actor);
    match noted.await {
        Ok(paid) => {
            let became = match paid {
                Paid::Granted(lot) => format!("granted as package {}", lot.0),
                Paid::Known => "known before".to_owned(),
                Paid::Late => "came late".to_owned(),
                Paid::Surplus => "was paid before".to_owned(),
            };
            let detail = format!("{} by {reference}: {became}", format::yuan(fen));
            note(
                &cx,
                "purchase.confirm",
                &format!("purchase {number}"),
                &detail,
            )
            .await?;
            see(format!("/admin/purchases/{number}?done=saved"))
        }
        Err(StoreError::PaymentDiffers { .. }) => {
            let error = cx.t(
                "未入账：金额与订单不符，或该流水号已用于其他订单。",
                "Nothing was noted: the amount is not that of the purchase, or this number paid for another.",
            );
            again(&page(&cx, error).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Grants what was paid late.
pub async fn grant(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let number = own(&cx).await?.number;
    let actor = actor(&cx)?;
    let deed = Deed {
        at: cx.accounts().now(),
        reason: "late payment accepted",
        actor: &actor,
    };
    match cx.accounts().store().grant_purchase(&number, deed).await {
        Ok(()) => {
            note(&cx, "purchase.grant", &format!("purchase {number}"), "").await?;
            see(format!("/admin/purchases/{number}?done=granted"))
        }
        Err(StoreError::PurchaseState { .. }) => {
            let error = cx.t("该订单不在待处理状态。", "It is not waiting for this.");
            again(&page(&cx, error).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Sends a payment back.
pub async fn refund(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let number = own(&cx).await?.number;
    let reason = cx.form.text("reason");
    let wanted = (|| {
        Some(Refund {
            payment: cx.form.number("payment")?,
            fen: super::ledger::fen(cx.form.text("amount")).filter(|fen| *fen > 0)?,
        })
    })();
    let Some(wanted) = wanted.filter(|_| !reason.is_empty()) else {
        let error = cx.t(
            "请填写退款金额与原因。",
            "A refund needs an amount and a reason.",
        );
        return again(&page(&cx, error).await?);
    };
    let actor = actor(&cx)?;
    let sent = cx
        .accounts()
        .refund_purchase(&number, wanted, reason, &actor);
    match sent.await {
        Ok(()) => {
            let detail = format!("{}: {reason}", format::yuan(wanted.fen));
            note(
                &cx,
                "purchase.refund",
                &format!("purchase {number}"),
                &detail,
            )
            .await?;
            cx.service().send_refunds(&number).await?;
            see(format!("/admin/purchases/{number}?done=saved"))
        }
        Err(StoreError::NoPayment(_) | StoreError::PurchaseState { .. }) => {
            let error = cx.t(
                "未退款：该笔已退过，或金额超过所付。",
                "Nothing was sent back: this payment was refunded before, or the amount is more than was paid.",
            );
            again(&page(&cx, error).await?)
        }
        Err(error) => Err(error.into()),
    }
}
