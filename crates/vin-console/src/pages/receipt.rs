//! The receipt of a purchase, to be printed: what was bought, and the money for it. It is no invoice.

use super::buy::{state_text, way_text};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{PaymentRow, Refunding};

#[derive(Template)]
#[template(path = "receipt.html")]
struct Receipt {
    f: Frame,
    number: String,
    buyer: String,
    calls: String,
    days: i64,
    price: String,
    way: &'static str,
    state: &'static str,
    at: String,
    payments: Table,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (store, buyer) = (cx.accounts().store(), cx.customer()?);
    let purchase = store.purchase(cx.param("number"), Some(buyer.id)).await?;
    let purchase = purchase.ok_or(Problem::NotFound)?;
    let payments = store.payments(purchase.id).await?;
    if payments.is_empty() {
        // There is a receipt for money only.
        return Err(Problem::NotFound);
    }
    let refunds = store.refunds(&purchase.number).await?;
    html(&Receipt {
        f: cx.frame("收据", "Receipt"),
        buyer: buyer.phone.clone(),
        calls: format::count(purchase.calls),
        days: purchase.days,
        price: format::yuan(purchase.price_fen),
        way: way_text(&cx, purchase.way),
        state: state_text(&cx, purchase.state),
        at: format::time(purchase.created_at),
        payments: table(&cx, &payments, &refunds),
        number: purchase.number,
    })
}

fn table(cx: &Context, payments: &[PaymentRow], refunds: &[Refunding]) -> Table {
    let columns = [
        column("time", cx.t("付款时间", "Paid")),
        column("trade", cx.t("流水号", "Number")),
        numbers("amount", cx.t("金额", "Amount")),
        numbers("back", cx.t("退款", "Sent back")),
    ];
    let row = |payment: &PaymentRow| {
        let back = refunds.iter().find(|r| r.payment == payment.id);
        let back = back.map_or(0, |refund| refund.fen);
        vec![
            Cell::time(payment.paid_at, ""),
            Cell::text(&*payment.trade).code(),
            Cell::number(format::yuan(payment.fen), payment.fen as f64),
            match back {
                0 => Cell::number("—", 0),
                fen => Cell::number(format::yuan(fen), fen as f64),
            },
        ]
    };
    Table::new(cx, "", &columns, payments.iter().map(row).collect())
}
