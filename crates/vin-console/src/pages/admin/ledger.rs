//! The ledger recomputed, orders explained, nodes, products.

use super::{WorkLine, actor, begin, note, work_line};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::pages::log;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column, numbers};
use crate::work::Kind;
use askama::Template;
use std::sync::Arc;
use vin_core::Lang;
use vin_service::people::{Deed, LoggedAttempt, LotId, Product, StoreError};

#[derive(Template)]
#[template(path = "admin/ledger.html")]
struct Ledger {
    f: Frame,
    work: Option<WorkLine>,
}

#[derive(Template)]
#[template(path = "admin/order.html")]
struct Order {
    f: Frame,
    typed: String,
    order: Option<Found>,
    error: &'static str,
}

struct Found {
    number: String,
    account: i64,
    at: String,
    key: i64,
    vin: String,
    code: i64,
    level: &'static str,
    channel: String,
    count: i64,
    why: &'static str,
    attempts: Table,
}

#[derive(Template)]
#[template(path = "admin/products.html")]
struct Products {
    f: Frame,
    products: Table,
    error: &'static str,
}

/// The form of a product's row.
#[derive(Template)]
#[template(path = "admin/product_form.html")]
struct ProductForm<'a> {
    f: &'a Frame,
    calls: i64,
    price: String,
    days: i64,
    policy: &'static str,
    policies: [&'static str; 4],
    named: bool,
}

#[derive(Template)]
#[template(path = "admin/nodes.html")]
struct Nodes {
    f: Frame,
    nodes: Vec<i64>,
    keys_revision: i64,
    schema: i64,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&Ledger {
        f: cx.frame("账本核对", "Ledger check"),
        work: work_line(&cx, Kind::Check),
    })
}

/// Checks the ledger beside the pages, for a long log takes seconds.
pub async fn check(cx: Arc<Context>) -> Result<Reply, Problem> {
    let store = cx.accounts().store().clone();
    let lang = cx.lang;
    let task = async move {
        let checked = store.check().await.map_err(|error| error.to_string())?;
        let text = |zh: &str, en: &str| match lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        };
        if !checked.wrong.is_empty() {
            let head = text(
                "有不一致之处，请立即联系维护人员：",
                "Something does not agree; tell the people who run this at once:",
            );
            return Err(format!("{head}\n{}", checked.wrong.join("\n")));
        }
        let [accounts, lots, entries, charges] = [
            checked.accounts,
            checked.lots,
            checked.entries,
            checked.charges,
        ]
        .map(format::count);
        Ok(text(
            &format!(
                "账目一致：{accounts} 个账户，{lots} 个次数包，{entries} 笔账目，{charges} 次计费。"
            ),
            &format!(
                "Everything agrees: {accounts} accounts, {lots} packages, {entries} entries, {charges} charges."
            ),
        ))
    };
    match begin(&cx, Kind::Check, "ledger.check", "ledger", |_| {
        Box::pin(task)
    })? {
        true => see("/admin/ledger"),
        false => see("/admin/ledger?done=busy"),
    }
}

pub async fn order(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&order_page(&cx, cx.query.text("order"), "").await?)
}

async fn order_page(cx: &Context, typed: &str, error: &'static str) -> Result<Order, Problem> {
    let store = cx.accounts().store();
    let mut page = Order {
        f: cx.frame("订单路由", "Orders"),
        typed: typed.to_owned(),
        order: None,
        error,
    };
    let Ok(number) = typed.parse::<i64>() else {
        return Ok(page);
    };
    let account = store.order_account(number).await?;
    if let Some((account, call)) = account.zip(store.call(number).await?) {
        let attempts = store.attempts(number).await?;
        page.order = Some(Found {
            number: format!("{number:018}"),
            account: account.0,
            at: format::time(call.at),
            key: call.key,
            vin: call.vin.clone(),
            code: call.code,
            level: log::level(cx, &call.level),
            channel: call.channel.clone(),
            count: call.count,
            why: log::why(cx, &call),
            attempts: attempt_table(cx, &attempts),
        });
    }
    Ok(page)
}

fn attempt_table(cx: &Context, attempts: &[LoggedAttempt]) -> Table {
    let columns = [
        numbers("place", "#"),
        column("channel", cx.t("通道", "Channel")),
        column("how", cx.t("方式", "How")),
        column("outcome", cx.t("结果", "Outcome")),
        numbers("took", cx.t("耗时", "Took")),
        column("billed", cx.t("上游计费", "Billed")),
        numbers("cost", cx.t("成本", "Cost")),
        column("detail", cx.t("说明", "Detail")),
    ];
    let row = |logged: &LoggedAttempt| {
        let attempt = &logged.attempt;
        // In 1/10000 yuan.
        let cost = format!("¥{}.{:04}", attempt.cost / 10_000, attempt.cost % 10_000);
        vec![
            Cell::number(attempt.place.to_string(), attempt.place),
            Cell::text(&*attempt.channel),
            Cell::text(attempt.kind.to_string()),
            Cell::text(attempt.outcome.to_string()),
            Cell::number(format!("{} ms", attempt.took_ms), attempt.took_ms as f64),
            Cell::text(attempt.billed.name()),
            Cell::number(cost, attempt.cost as f64),
            Cell::text(&*attempt.detail).cut(),
        ]
    };
    Table::new(cx, "", &columns, attempts.iter().map(row).collect())
}

/// Gives back what an order cost.
pub async fn refund(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let (typed, reason) = (cx.form.text("order"), cx.form.text("reason"));
    let number: i64 = typed.parse().map_err(|_| Problem::NotFound)?;
    if reason.is_empty() {
        let error = cx.t("请填写退还原因。", "A refund needs a reason.");
        return again(&order_page(&cx, typed, error).await?);
    }
    let actor = actor(&cx)?;
    let deed = Deed {
        at: cx.accounts().now(),
        reason,
        actor: &actor,
    };
    match cx.accounts().store().refund(number, deed).await {
        Ok((lot, calls)) => {
            let detail = format!("{calls} calls to package {}: {reason}", lot.0);
            note(&cx, "order.refund", &format!("order {number:018}"), &detail).await?;
            see(format!("/admin/orders?order={number:018}&done=saved"))
        }
        Err(StoreError::Refunded(_)) => {
            let error = cx.t("该订单已退还过。", "This order was refunded before.");
            again(&order_page(&cx, typed, error).await?)
        }
        Err(StoreError::NotCharged(_)) => {
            let error = cx.t("该订单未计费。", "This order cost nothing.");
            again(&order_page(&cx, typed, error).await?)
        }
        Err(StoreError::NoOrder(_)) => Err(Problem::NotFound),
        Err(error) => Err(error.into()),
    }
}

/// Changes a package by a ledger entry with a reason.
pub async fn adjust(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let id = cx.id("id")?;
    let (lot, reason) = (cx.form.number::<i64>("lot"), cx.form.text("reason"));
    let delta = cx
        .form
        .number::<i64>("delta")
        .filter(|n| *n != 0 && n.abs() <= 10_000_000);
    let (Some(lot), Some(delta), false) = (lot, delta, reason.is_empty()) else {
        return see(format!("/admin/accounts/{id}?done=wrong"));
    };
    let owner = vin_service::people::AccountId(id);
    let lots = cx
        .accounts()
        .store()
        .lots(owner, cx.accounts().now())
        .await?;
    if !lots.iter().any(|own| own.id == LotId(lot)) {
        return Err(Problem::NotFound);
    }
    let actor = actor(&cx)?;
    let deed = Deed {
        at: cx.accounts().now(),
        reason,
        actor: &actor,
    };
    match cx.accounts().store().adjust(LotId(lot), delta, deed).await {
        Ok(()) => {
            let detail = format!("package {lot}: {delta:+}: {reason}");
            note(&cx, "package.adjust", &format!("account {id}"), &detail).await?;
            see(format!("/admin/accounts/{id}?done=saved"))
        }
        Err(StoreError::TooFew { .. }) => see(format!("/admin/accounts/{id}?done=toofew")),
        Err(error) => Err(error.into()),
    }
}

pub async fn products(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&products_page(&cx, "").await?)
}

/// The products as a table; they are a handful, which needs no search.
fn product_table(cx: &Context, f: &Frame, products: &[Product]) -> Result<Table, Problem> {
    let columns = [
        numbers("calls", cx.t("次数", "Calls")),
        column(
            "price",
            cx.t(
                "价格（元）、有效天数（0 为长期）、通道策略",
                "Price (yuan), days (0: for ever), channels",
            ),
        ),
    ];
    let row = |p: &Product| {
        let form = ProductForm {
            f,
            calls: p.calls,
            price: format!("{}.{:02}", p.price_fen / 100, p.price_fen % 100),
            days: p.days,
            policy: p.policy,
            policies: vin_service::people::POLICIES,
            named: p.named,
        };
        Ok(vec![
            Cell::count(p.calls),
            Cell::forms(&form, p.price_fen as f64)?,
        ])
    };
    let rows = products.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "", &columns, rows))
}

async fn products_page(cx: &Context, error: &'static str) -> Result<Products, Problem> {
    let rows = cx.accounts().store().products().await?;
    let f = cx.frame("产品与价格", "Products");
    Ok(Products {
        products: product_table(cx, &f, &rows)?,
        f,
        error,
    })
}

pub async fn set_product(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let policies = vin_service::people::POLICIES;
    let policy = policies.into_iter().find(|p| *p == cx.form.get("policy"));
    let product = (|| {
        Some(Product {
            calls: cx.form.number("calls").filter(|n| *n > 0)?,
            price_fen: fen(cx.form.text("price"))?,
            days: cx
                .form
                .number("days")
                .filter(|n| (0..=36_500).contains(n))?,
            policy: policy?,
            named: cx.form.is_set("named"),
        })
    })();
    let Some(product) = product else {
        let error = cx.t(
            "次数为正整数，价格形如 99.00，有效天数 0（长期）至 36500。",
            "Calls are a positive number, a price is such as 99.00, days are 0 (for ever) to 36500.",
        );
        return again(&products_page(&cx, error).await?);
    };
    cx.accounts().store().set_product(&product).await?;
    let detail = format!(
        "{} for {} days {}{}",
        format::yuan(product.price_fen),
        product.days,
        product.policy,
        if product.named {
            " with a verified name"
        } else {
            ""
        }
    );
    note(
        &cx,
        "product.set",
        &format!("product {}", product.calls),
        &detail,
    )
    .await?;
    see("/admin/products?done=saved")
}

/// Hundredths of a yuan in a text such as `99` or `99.50`.
pub fn fen(text: &str) -> Option<i64> {
    let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if yuan.is_empty() || yuan.len() > 9 || rest.len() > 2 || !plain(yuan) || !plain(rest) {
        return None;
    }
    let yuan: i64 = yuan.parse().ok()?;
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    Some(yuan * 100 + rest)
}

pub async fn nodes(cx: Arc<Context>) -> Result<Reply, Problem> {
    let store = cx.accounts().store();
    let beats = store.beats().await?;
    html(&Nodes {
        f: cx.frame("节点", "Nodes"),
        nodes: beats.iter().map(|beat| beat.instance.0).collect(),
        keys_revision: store.key_revision().await?,
        schema: vin_service::people::Store::newest_schema(),
    })
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn a_price_is_exact() {
        for (text, wanted) in [
            ("99", 9_900),
            ("99.5", 9_950),
            ("0.01", 1),
            ("1234.56", 123_456),
        ] {
            assert_eq!(fen(text), Some(wanted));
        }
        for text in ["", "1.234", "-1", "1e3", "1,000", ".5", "１"] {
            assert_eq!(fen(text), None, "{text}");
        }
    }
}
