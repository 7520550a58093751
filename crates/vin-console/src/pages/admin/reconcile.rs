//! A provider's bill of a day beside what was noted here.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html};
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
    compared: Option<Vec<Line>>,
    error: &'static str,
}

struct Line {
    number: String,
    trade: String,
    bill: String,
    ours: String,
    is: &'static str,
    same: bool,
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
            page.compared = Some(rows.iter().map(|row| line(&cx, row)).collect());
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

fn line(cx: &Context, row: &Compared) -> Line {
    let amount = |fen| match fen {
        0 => "—".to_owned(),
        fen => format::yuan(fen),
    };
    Line {
        number: row.number.clone(),
        trade: row.trade.clone(),
        bill: amount(row.bill_fen),
        ours: amount(row.our_fen),
        is: match row.is {
            Match::Same => cx.t("一致", "the same"),
            Match::OnlyBill => cx.t("仅账单有", "only in the bill"),
            Match::OnlyHere => cx.t("仅本地有", "only here"),
            Match::Differs => cx.t("金额不符", "amounts differ"),
        },
        same: row.is == Match::Same,
    }
}
