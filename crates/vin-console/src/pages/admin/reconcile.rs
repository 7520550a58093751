//! A provider's bill of a day beside what was noted here.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_core::Date;
use vin_service::people::Provider;
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

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let counter = cx.service().counter();
    let mut providers = Vec::new();
    if counter.alipay.is_some() {
        providers.push((Provider::Alipay.name(), cx.t("支付宝", "Alipay")));
    }
    if counter.wechat.is_some() {
        providers.push((Provider::WeChat.name(), cx.t("微信支付", "WeChat Pay")));
    }
    let yesterday = cx.accounts().now() - 86_400;
    let mut page = Reconcile {
        f: cx.frame("对账", "Reconciliation"),
        providers,
        provider: cx.query.text("provider").to_owned(),
        day: match cx.query.text("day") {
            "" => format::day(yesterday),
            day => day.to_owned(),
        },
        compared: None,
        error: "",
    };
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
            page.compared = Some(table(&cx, &rows));
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
fn table(cx: &Context, rows: &[Compared]) -> Table {
    let columns = [
        column("is", cx.t("结果", "Result")),
        column("order", cx.t("订单", "Purchase")),
        column("trade", cx.t("渠道流水号", "The provider's number")),
        numbers("bill", cx.t("账单", "Bill")),
        numbers("here", cx.t("本地", "Here")),
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
        vec![
            Cell::text(is).tag(tag),
            Cell::text(row.number.clone())
                .code()
                .link(format!("/admin/purchases/{}", row.number)),
            Cell::text(row.trade.clone()).code(),
            amount(row.bill_fen),
            amount(row.our_fen),
        ]
    };
    Table::new(cx, "", &columns, rows.iter().map(row).collect()).with_search(cx)
}
