//! The log of calls: filtered, page by page, as a file; one order in detail.

use super::admin::note;
use super::keys;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::router::encoded;
use crate::sheet;
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;
use vin_core::Vin;
use vin_service::people::{AccountId, CallFilter, LoggedCall, Person};

/// How many lines a page has.
const LINES: u32 = 50;
/// How many calls a page looks at for them.
const LOOKED: u32 = 20_000;
/// How many lines a file has at most.
const MOST: u32 = 100_000;

#[derive(Template)]
#[template(path = "log.html")]
struct Log {
    f: Frame,
    base: &'static str,
    months: Vec<i64>,
    month: i64,
    day: String,
    account: String,
    keys: Vec<(i64, String)>,
    key: i64,
    code: String,
    charged: String,
    channel: String,
    vin: String,
    calls: Table,
    older: String,
    /// Whether the page ends because enough was looked at, not because it is full.
    partial: bool,
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
    count: i64,
}

/// Whose log is shown, and where.
struct View {
    /// `None` for the log of all, which operators see.
    own: Option<AccountId>,
    base: &'static str,
    /// What the keys are called, where that is known.
    names: BTreeMap<i64, String>,
}

impl View {
    async fn of(cx: &Context) -> Result<Self, Problem> {
        match &cx.signed_in()?.person {
            Person::Customer(row) => Ok(Self {
                own: Some(row.id),
                base: "/log",
                names: keys::names(cx).await?,
            }),
            Person::Operator(_) => Ok(Self {
                own: None,
                base: "/admin/log",
                names: BTreeMap::new(),
            }),
        }
    }

    fn key(&self, key: i64) -> String {
        let name = self.names.get(&key).cloned();
        name.unwrap_or_else(|| format!("#{key}"))
    }
}

/// What is selected.
struct Selection {
    account: Option<AccountId>,
    month: i64,
    day: u32,
    key: i64,
    code: i64,
    charged: Option<bool>,
    channel: String,
    vin: String,
}

impl Selection {
    fn of(cx: &Context, view: &View, latest: i64) -> Self {
        let query = &cx.query;
        let vin = query.text("vin");
        let day = query.text("day").replace('-', "").parse().unwrap_or(0);
        let month = match day {
            0 => query.number("month").unwrap_or(latest),
            day => i64::from(day / 100),
        };
        let typed = || query.number("account").map(AccountId);
        Self {
            account: view.own.or_else(typed),
            month,
            day,
            key: query.number("key").unwrap_or(0),
            code: query.number("code").unwrap_or(0),
            charged: match query.get("charged") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            channel: query.text("channel").to_owned(),
            // The log holds VINs as they were repaired.
            vin: Vin::parse(vin).map_or_else(|_| vin.to_owned(), |p| p.vin.as_str().to_owned()),
        }
    }

    fn filter(&self) -> CallFilter<'_> {
        CallFilter {
            account: self.account,
            day: self.day,
            key: self.key,
            code: self.code,
            charged: self.charged,
            channel: &self.channel,
            vin: &self.vin,
        }
    }

    fn query(&self, cx: &Context, view: &View) -> String {
        let account = match (view.own, self.account) {
            (None, Some(account)) => format!("account={}&", account.0),
            _ => String::new(),
        };
        format!(
            "{account}month={}&day={}&key={}&code={}&charged={}&channel={}&vin={}",
            self.month,
            encoded(cx.query.get("day")),
            self.key,
            self.code,
            encoded(cx.query.get("charged")),
            encoded(&self.channel),
            encoded(&self.vin)
        )
    }
}

/// The calls as a table; what operators see names the account and the channel.
fn table(cx: &Context, view: &View, calls: &[(AccountId, LoggedCall)]) -> Table {
    let mut columns = vec![
        column("time", cx.t("时间", "Time")),
        column("order", cx.t("订单号", "Order")),
    ];
    let all = view.own.is_none();
    if all {
        columns.push(numbers("account", cx.t("账户", "Account")));
    }
    columns.extend([
        column("vin", "VIN"),
        column("key", cx.t("密钥", "Key")),
        numbers("code", cx.t("返回码", "Code")),
        column("level", cx.t("精度", "Level")),
    ]);
    if all {
        columns.push(column("channel", cx.t("答复者", "Answered by")));
    }
    columns.push(numbers("charged", cx.t("计费", "Charged")));
    let row = |(account, call): &(AccountId, LoggedCall)| {
        let order = format!("{:018}", call.order);
        let link = match all {
            true => format!("/admin/orders?order={order}"),
            false => format!("/orders/{order}"),
        };
        let mut row = vec![Cell::time(call.at, ""), Cell::text(order).code().link(link)];
        if all {
            let link = format!("/admin/accounts/{}", account.0);
            row.push(Cell::number(account.0.to_string(), account.0 as f64).link(link));
        }
        row.extend([
            Cell::text(call.vin.clone()).code(),
            Cell::text(view.key(call.key)),
            Cell::number(call.code.to_string(), call.code as f64),
            Cell::text(level(cx, &call.level)),
        ]);
        if all {
            row.push(Cell::text(call.channel.clone()));
        }
        row.push(match call.count {
            0 => Cell::number("—", 0),
            count => Cell::count(count).tag("plain"),
        });
        row
    };
    Table::new(cx, "", &columns, calls.iter().map(row).collect())
}

fn line(cx: &Context, names: &BTreeMap<i64, String>, call: &LoggedCall) -> Line {
    Line {
        order: format!("{:018}", call.order),
        at: format::time(call.at),
        key: names.get(&call.key).cloned().unwrap_or_default(),
        vin: call.vin.clone(),
        code: call.code,
        level: level(cx, &call.level),
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
    let (months, view) = (store.call_months().await?, View::of(&cx).await?);
    let selection = Selection::of(&cx, &view, months.first().copied().unwrap_or(0));
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let found = store
        .calls_like(selection.month, selection.filter(), before, LINES, LOOKED)
        .await?;
    let query = selection.query(&cx, &view);
    let number = |number: i64| match number {
        0 => String::new(),
        number => number.to_string(),
    };
    html(&Log {
        f: cx.frame("调用日志", "Log of calls"),
        base: view.base,
        months,
        month: selection.month,
        day: cx.query.text("day").to_owned(),
        account: number(selection.account.map_or(0, |account| account.0)),
        key: selection.key,
        code: number(selection.code),
        charged: cx.query.get("charged").to_owned(),
        channel: selection.channel.clone(),
        vin: selection.vin.clone(),
        calls: table(&cx, &view, &found.calls),
        partial: found.next.is_some() && found.calls.len() < LINES as usize,
        older: found.next.map_or_else(String::new, |next| {
            format!("{}?{query}&before={next}", view.base)
        }),
        keys: view.names.into_iter().collect(),
        query,
        most: format::count(MOST.into()),
    })
}

/// The selection as CSV or XLSX. What an operator takes out of the log of all is noted.
pub async fn file(cx: Arc<Context>) -> Result<Reply, Problem> {
    let store = cx.accounts().store();
    let (months, view) = (store.call_months().await?, View::of(&cx).await?);
    let selection = Selection::of(&cx, &view, months.first().copied().unwrap_or(0));
    let found = store
        .calls_like(
            selection.month,
            selection.filter(),
            i64::MAX,
            MOST,
            u32::MAX,
        )
        .await?;
    if view.own.is_none() {
        note(&cx, "log.export", "log", &selection.query(&cx, &view)).await?;
    }
    let head = [
        cx.t("订单号", "order"),
        cx.t("时间", "time"),
        cx.t("账户", "account"),
        cx.t("密钥", "key"),
        "VIN",
        cx.t("返回码", "code"),
        cx.t("精度", "level"),
        cx.t("通道", "channel"),
        cx.t("计费次数", "charged"),
    ];
    let row = |(account, call): &(AccountId, LoggedCall)| {
        vec![
            sheet::Cell::Text(format!("{:018}", call.order)),
            sheet::Cell::Text(format::time(call.at)),
            sheet::Cell::Number(account.0),
            sheet::Cell::Text(view.key(call.key)),
            sheet::Cell::Text(call.vin.clone()),
            sheet::Cell::Number(call.code),
            sheet::Cell::Text(level(&cx, &call.level).to_owned()),
            sheet::Cell::Text(call.channel.clone()),
            sheet::Cell::Number(call.count),
        ]
    };
    let rows: Vec<_> = found.calls.iter().map(row).collect();
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
