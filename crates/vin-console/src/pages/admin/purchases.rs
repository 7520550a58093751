//! What customers ordered: transfers confirmed, late money decided about, money sent back.

use super::{actor, note};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::pages::buy::{Line, line, older, state_text, table};
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::Table;
use askama::Template;
use std::sync::Arc;
use vin_service::people::{Deed, Paid, Provider, Purchase, PurchaseState, Refund, StoreError, Way};

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
    changes: Vec<ChangeLine>,
    payments: Vec<PaymentLine>,
    error: &'static str,
}

struct ChangeLine {
    at: String,
    state: &'static str,
    reason: String,
    actor: String,
}

struct PaymentLine {
    id: i64,
    provider: &'static str,
    trade: String,
    amount: String,
    fen: String,
    at: String,
    surplus: bool,
    refund: &'static str,
    refunded: String,
    reason: String,
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
    let changes = changes.into_iter().map(|change| ChangeLine {
        at: format::time(change.at),
        state: state_text(cx, change.state),
        reason: change.reason,
        actor: change.actor,
    });
    let payments = payments.into_iter().map(|row| {
        let refund = refunds.iter().find(|refund| refund.payment == row.id);
        PaymentLine {
            id: row.id,
            provider: match row.provider {
                Provider::Transfer => cx.t("银行转账", "Bank transfer"),
                Provider::Alipay => cx.t("支付宝", "Alipay"),
                Provider::WeChat => cx.t("微信支付", "WeChat Pay"),
            },
            trade: row.trade,
            amount: format::yuan(row.fen),
            fen: format!("{}.{:02}", row.fen / 100, row.fen % 100),
            at: format::time(row.paid_at),
            surplus: row.surplus,
            refund: match refund {
                None => "",
                Some(refund) if refund.done => cx.t("已退款", "sent back"),
                Some(_) => cx.t("退款处理中", "being sent back"),
            },
            refunded: refund.map_or_else(String::new, |refund| format::yuan(refund.fen)),
            reason: refund.map_or_else(String::new, |refund| refund.reason.clone()),
        }
    });
    Ok(PurchasePage {
        f: cx.frame("购买订单", "Purchase"),
        purchase: line(cx, &purchase),
        confirmable: purchase.way == Way::Transfer
            && !matches!(
                purchase.state,
                PurchaseState::Granted | PurchaseState::Refunded
            ),
        late: purchase.state == PurchaseState::Paid,
        changes: changes.collect(),
        payments: payments.collect(),
        error,
    })
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
