//! A provider's bill of a day beside what was noted here.

use super::note;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Button, Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_core::Date;
use vin_service::people::{Provider, StoreError};
use vin_service::purchases::{Compared, CounterError, Match};

#[derive(Template)]
#[template(path = "admin/reconcile.html")]
struct Reconcile {
    f: Frame,
    providers: Vec<(&'static str, &'static str)>,
    provider: String,
    day: String,
    compared: Option<Table>,
    error: &'static str,
}

/// The page without a comparison.
fn blank(cx: &Context) -> Reconcile {
    let counter = cx.service().counter();
    let mut providers = Vec::new();
    if counter.alipay.is_some() {
        providers.push((Provider::Alipay.name(), cx.t("支付宝", "Alipay")));
    }
    if counter.wechat.is_some() {
        providers.push((Provider::WeChat.name(), cx.t("微信支付", "WeChat Pay")));
    }
    let yesterday = cx.accounts().now() - 86_400;
    Reconcile {
        f: cx.frame("对账", "Reconciliation"),
        providers,
        provider: cx.query.text("provider").to_owned(),
        day: match cx.query.text("day") {
            "" => format::day(yesterday),
            day => day.to_owned(),
        },
        compared: None,
        error: "",
    }
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let mut page = blank(&cx);
    if page.provider.is_empty() {
        return html(&page);
    }
    let provider = Provider::parse(&page.provider);
    let Some((provider, day)) = provider.zip(Date::parse(&page.day)) else {
        page.error = cx.t("日期形如 2026-12-01。", "A day is such as 2026-12-01.");
        return again(&page);
    };
    match cx.service().reconcile(provider, day).await {
        Ok(rows) => {
            page.compared = Some(table(&cx, provider, &rows)?);
            html(&page)
        }
        Err(CounterError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "a bill could not be read");
            page.error = cx.t(
                "账单暂不可得：支付宝次日 9 点后、微信次日 10 点后提供，或渠道未配置。",
                "There is no bill yet: Alipay has it from 9 o'clock of the next day on, WeChat from 10. Or the provider is not set up.",
            );
            again(&page)
        }
    }
}

/// What was compared as a table. Another order asks for the bill again.
fn table(cx: &Context, provider: Provider, rows: &[Compared]) -> Result<Table, Problem> {
    let columns = [
        column("is", cx.t("结果", "Result")),
        column("order", cx.t("订单", "Purchase")),
        column("trade", cx.t("渠道流水号", "The provider's number")),
        numbers("bill", cx.t("账单", "Bill")),
        numbers("here", cx.t("本地", "Here")),
        column("do", cx.t("操作", "Do")),
    ];
    let amount = |fen: i64| match fen {
        0 => Cell::number("—", 0),
        fen => Cell::number(format::yuan(fen), fen as f64),
    };
    let row = |row: &Compared| {
        let is = match row.is {
            Match::Same => cx.t("一致", "the same"),
            Match::OnlyBill => cx.t("仅账单有", "only in the bill"),
            Match::OnlyHere => cx.t("仅本地有", "only here"),
            Match::Differs => cx.t("金额不符", "amounts differ"),
        };
        let tag = if row.is == Match::Same { "good" } else { "bad" };
        let form = match row.is {
            Match::OnlyBill => {
                let button = Button {
                    token: &cx.form_token,
                    path: format!("/admin/reconcile/{}/{}", provider.name(), row.number),
                    text: cx.t("向渠道核实并入账", "Ask the provider and note it"),
                    label: format!("{} {}", cx.t("核实并入账", "Note payment of"), row.number),
                    first: "",
                };
                Cell::forms(&button, 1)?
            }
            _ => Cell::number("", 0),
        };
        Ok(vec![
            Cell::text(is).tag(tag),
            Cell::text(row.number.clone())
                .code()
                .link(format!("/admin/purchases/{}", row.number)),
            Cell::text(row.trade.clone()).code(),
            amount(row.bill_fen),
            amount(row.our_fen),
            form,
        ])
    };
    let rows = rows.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "", &columns, rows).with_search(cx))
}

/// Notes a payment that only the bill has, once the provider confirms it.
pub async fn note_missing(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let provider = Provider::parse(cx.param("provider")).ok_or(Problem::NotFound)?;
    let number = cx.param("number");
    let noted = cx.service().note_missing(provider, number).await;
    let said = match &noted {
        Ok(paid) => format!("{paid:?}"),
        Err(error) => format!("not noted: {error}"),
    };
    let subject = format!("purchase {number}");
    note(&cx, "payment.note", &subject, &said).await?;
    let mut page = blank(&cx);
    page.provider = provider.name().to_owned();
    page.error = match noted {
        Ok(_) => return see(format!("/admin/purchases/{number}?done=saved")),
        Err(CounterError::NotPaid) => cx.t(
            "渠道答复：该订单未付款，未入账。",
            "The provider says that it was not paid; nothing was noted.",
        ),
        Err(CounterError::Store(StoreError::NoPurchase(_))) => cx.t(
            "本系统没有这个订单：款项可能属于同一商户号的其他系统，未入账。",
            "There is no such purchase here: another system of the same seller may have taken it. Nothing was noted.",
        ),
        Err(CounterError::Store(StoreError::PaymentDiffers { .. })) => cx.t(
            "金额或渠道与订单不符，未入账，请人工核对。",
            "Amount or provider differ from the purchase; nothing was noted. Look at it by hand.",
        ),
        Err(CounterError::Store(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, number, "a payment could not be noted");
            cx.t(
                "暂时无法连接支付渠道，未入账，请稍后再试。",
                "The provider cannot be reached; nothing was noted. Try again in a while.",
            )
        }
    };
    again(&page)
}
