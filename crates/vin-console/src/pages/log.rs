//! The log of calls: filtered, page by page, as a file; one order in detail.

use super::keys;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::router::encoded;
use crate::sheet::{self, Cell};
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;
use vin_core::Vin;
use vin_service::people::{CallFilter, LoggedCall};

/// How many lines a page has.
const LINES: u32 = 50;
/// How many lines a file has at most.
const MOST: u32 = 100_000;

#[derive(Template)]
#[template(path = "log.html")]
struct Log {
    f: Frame,
    months: Vec<i64>,
    month: i64,
    keys: Vec<(i64, String)>,
    key: i64,
    code: String,
    charged: String,
    vin: String,
    calls: Vec<Line>,
    older: String,
    /// What a file of the same selection is asked for with.
    query: String,
    /// How many lines such a file has at most.
    most: String,
}

#[derive(Template)]
#[template(path = "order.html")]
struct Order {
    f: Frame,
    call: Line,
    why: &'static str,
}

struct Line {
    order: String,
    at: String,
    key: String,
    vin: String,
    code: i64,
    level: &'static str,
    channel: String,
    charged: bool,
    count: i64,
}

/// What is selected.
struct Selection {
    month: i64,
    key: i64,
    code: i64,
    charged: Option<bool>,
    vin: String,
}

impl Selection {
    fn of(cx: &Context, latest: i64) -> Self {
        let query = &cx.query;
        let vin = query.text("vin");
        Self {
            month: query.number("month").unwrap_or(latest),
            key: query.number("key").unwrap_or(0),
            code: query.number("code").unwrap_or(0),
            charged: match query.get("charged") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            // The log holds VINs as they were repaired.
            vin: Vin::parse(vin).map_or_else(|_| vin.to_owned(), |p| p.vin.as_str().to_owned()),
        }
    }

    fn filter(&self) -> CallFilter<'_> {
        CallFilter {
            key: self.key,
            code: self.code,
            charged: self.charged,
            vin: &self.vin,
        }
    }

    fn query(&self, cx: &Context) -> String {
        format!(
            "month={}&key={}&code={}&charged={}&vin={}",
            self.month,
            self.key,
            self.code,
            encoded(cx.query.get("charged")),
            encoded(&self.vin)
        )
    }
}

fn line(cx: &Context, names: &BTreeMap<i64, String>, call: &LoggedCall) -> Line {
    Line {
        order: format!("{:018}", call.order),
        at: format::time(call.at),
        key: names.get(&call.key).cloned().unwrap_or_default(),
        vin: call.vin.clone(),
        code: call.code,
        level: level(cx, &call.level),
        channel: call.channel.clone(),
        charged: call.count > 0,
        count: call.count,
    }
}

/// How precisely a vehicle is known, in words.
pub fn level(cx: &Context, level: &str) -> &'static str {
    match level {
        "brand" => cx.t("品牌", "brand"),
        "type" => cx.t("车系", "series"),
        "group" => cx.t("车组", "group"),
        "car" => cx.t("车型", "car"),
        _ => "—",
    }
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    let store = cx.accounts().store();
    let months = store.call_months().await?;
    let selection = Selection::of(&cx, months.first().copied().unwrap_or(0));
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let (account, names) = (cx.account()?, keys::names(&cx).await?);
    let calls = store
        .calls_like(account, selection.month, selection.filter(), before, LINES)
        .await?;
    let query = selection.query(&cx);
    let last = calls.last().filter(|_| calls.len() == LINES as usize);
    html(&Log {
        f: cx.frame("调用日志", "Log of calls"),
        months,
        month: selection.month,
        key: selection.key,
        code: match selection.code {
            0 => String::new(),
            code => code.to_string(),
        },
        charged: cx.query.get("charged").to_owned(),
        vin: selection.vin.clone(),
        calls: calls.iter().map(|call| line(&cx, &names, call)).collect(),
        older: last.map_or_else(String::new, |call| {
            format!("/log?{query}&before={}", call.order)
        }),
        keys: names.into_iter().collect(),
        query,
        most: format::count(MOST.into()),
    })
}

/// The selection as CSV or XLSX.
pub async fn file(cx: Arc<Context>) -> Result<Reply, Problem> {
    let store = cx.accounts().store();
    let months = store.call_months().await?;
    let selection = Selection::of(&cx, months.first().copied().unwrap_or(0));
    let (account, names) = (cx.account()?, keys::names(&cx).await?);
    let calls = store
        .calls_like(account, selection.month, selection.filter(), i64::MAX, MOST)
        .await?;
    let head = [
        cx.t("订单号", "order"),
        cx.t("时间", "time"),
        cx.t("密钥", "key"),
        "VIN",
        cx.t("返回码", "code"),
        cx.t("精度", "level"),
        cx.t("通道", "channel"),
        cx.t("计费次数", "charged"),
    ];
    let row = |call: &LoggedCall| {
        let line = line(&cx, &names, call);
        vec![
            Cell::Text(line.order),
            Cell::Text(line.at),
            Cell::Text(line.key),
            Cell::Text(line.vin),
            Cell::Number(line.code),
            Cell::Text(line.level.to_owned()),
            Cell::Text(line.channel),
            Cell::Number(line.count),
        ]
    };
    let rows: Vec<_> = calls.iter().map(row).collect();
    let name = format!("chejia-calls-{}", selection.month);
    sheet::reply(cx.param("format"), &name, &head, &rows)
}

pub async fn order(cx: Arc<Context>) -> Result<Reply, Problem> {
    let order = cx.id("order")?;
    let store = cx.accounts().store();
    let account = cx.account()?;
    if store.order_account(order).await? != Some(account) {
        return Err(Problem::NotFound);
    }
    let call = store.call(order).await?.ok_or(Problem::NotFound)?;
    let names = keys::names(&cx).await?;
    html(&Order {
        f: cx.frame("订单", "Order"),
        why: why(&cx, &call),
        call: line(&cx, &names, &call),
    })
}

/// Why an order was charged or not.
pub fn why(cx: &Context, call: &LoggedCall) -> &'static str {
    match (call.count > 0, call.code) {
        (true, _) => cx.t(
            "识别到约定精度的车辆，计费 1 次。",
            "The vehicle is known as precisely as was agreed: one call.",
        ),
        (false, 200) => cx.t(
            "识别精度低于计费起点，免费。",
            "The vehicle is known less precisely than what is charged: free.",
        ),
        (false, 1003) => cx.t("没有查到车辆，免费。", "No vehicle was found: free."),
        (false, _) => cx.t("没有得到结果，免费。", "There was no answer: free."),
    }
}
