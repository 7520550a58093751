//! Batches of codes, shown once when they are made, and coupons.

use super::{actor, note};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Button, Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{CodeBatch, Coupon, NewCoupon, StoreError};
use vin_service::purchases::MAX_CODES;

/// The most days that a code or a coupon can be used.
const MOST_DAYS: i64 = 3_650;

#[derive(Template)]
#[template(path = "admin/codes.html")]
struct Codes {
    f: Frame,
    batches: Table,
    coupons: Table,
    error: &'static str,
}

/// A form to end something, or that it is over; what is open comes last.
fn end(cx: &Context, open: bool, path: String, text: &str) -> Result<Cell, Problem> {
    if !open {
        return Ok(Cell::number(cx.t("已结束", "over"), 0));
    }
    let button = Button {
        token: &cx.form_token,
        path,
        text,
        label: String::new(),
        first: "",
    };
    Cell::forms(&button, 1)
}

/// How much of something was used, of how much.
fn part(used: i64, of: i64) -> Cell {
    let text = format!("{} / {}", format::count(used), format::count(of));
    Cell::number(text, used as f64)
}

/// The batches of codes as a table.
fn batch_table(cx: &Context, batches: &[CodeBatch]) -> Result<Table, Problem> {
    let now = cx.accounts().now();
    let columns = [
        numbers("id", "#"),
        column("name", cx.t("名称", "Name")),
        numbers("calls", cx.t("每码次数", "Calls each")),
        numbers("used", cx.t("已兑换", "Redeemed")),
        column("until", cx.t("截止", "Until")),
        column("open", cx.t("操作", "Do")),
    ];
    let row = |b: &CodeBatch| {
        let open = b.open && b.ends_at > now;
        let text = cx.t("作废未兑换的", "Withdraw the rest");
        Ok(vec![
            Cell::count(b.id),
            Cell::text(b.name.clone()),
            Cell::count(b.calls),
            part(b.used, b.count),
            Cell::number(format::day(b.ends_at), b.ends_at as f64),
            end(cx, open, format!("/admin/codes/{}", b.id), text)?,
        ])
    };
    let rows = batches.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "batches", &columns, rows).with_search(cx))
}

/// The coupons as a table.
fn coupon_table(cx: &Context, coupons: &[Coupon]) -> Result<Table, Problem> {
    let now = cx.accounts().now();
    let columns = [
        column("code", cx.t("优惠码", "Coupon")),
        numbers("off", cx.t("减免", "Off")),
        numbers("least", cx.t("最低价格", "From a price of")),
        numbers("used", cx.t("已用", "Used")),
        column("until", cx.t("截止", "Until")),
        column("open", cx.t("操作", "Do")),
    ];
    let row = |c: &Coupon| {
        let open = c.ends_at > now && c.used < c.uses;
        let text = cx.t("停用", "End it");
        let off = match c.percent {
            true => format!("{} %", c.off),
            false => format::yuan(c.off),
        };
        Ok(vec![
            Cell::text(c.code.clone()).code(),
            Cell::number(off, c.off as f64),
            Cell::number(format::yuan(c.least_fen), c.least_fen as f64),
            part(c.used, c.uses),
            Cell::number(format::day(c.ends_at), c.ends_at as f64),
            end(cx, open, format!("/admin/coupons/{}", c.id), text)?,
        ])
    };
    let rows = coupons.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "coupons", &columns, rows).with_search(cx))
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<Codes, Problem> {
    let store = cx.accounts().store();
    Ok(Codes {
        f: cx.frame("兑换码与优惠码", "Codes and coupons"),
        batches: batch_table(cx, &store.code_batches().await?)?,
        coupons: coupon_table(cx, &store.coupons().await?)?,
        error,
    })
}

/// Makes a batch; the answer is the file with its codes, and the only time that they are shown.
pub async fn make(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let wanted = (|| {
        Some((
            cx.form
                .number::<usize>("count")
                .filter(|n| (1..=MAX_CODES).contains(n))?,
            cx.form
                .number::<i64>("calls")
                .filter(|n| (1..=10_000_000).contains(n))?,
            cx.form
                .number::<i64>("days")
                .filter(|n| (0..=36_500).contains(n))?,
            cx.form
                .number::<i64>("lives")
                .filter(|n| (1..=MOST_DAYS).contains(n))?,
        ))
    })();
    let name: String = cx.form.text("name").chars().take(64).collect();
    let Some((count, calls, days, lives)) = wanted.filter(|_| !name.is_empty()) else {
        let error = cx.t(
            "请填写名称；数量 1 至 10000，次数 1 至 10000000，有效天数 0 至 36500，兑换期 1 至 3650 天。",
            "A name; 1 to 10000 codes, 1 to 10000000 calls, 0 to 36500 days, to be redeemed within 1 to 3650 days.",
        );
        return again(&page(&cx, error).await?);
    };
    let ends_at = cx.accounts().now() + lives * 86_400;
    let actor = actor(&cx)?;
    let made = cx
        .accounts()
        .make_codes(&name, count, calls, days, ends_at, &actor);
    let (batch, codes) = made.await?;
    let detail = format!("{count} codes of {calls} calls: {name}");
    note(&cx, "codes.make", &format!("batch {batch}"), &detail).await?;
    let mut file = String::from("\u{feff}code,calls,until\r\n");
    for code in codes {
        file += &format!("{},{calls},{}\r\n", code.grouped(), format::day(ends_at));
    }
    let name = format!("codes-{batch}.csv");
    Ok(Reply::File(
        name,
        "text/csv; charset=utf-8",
        file.into_bytes(),
    ))
}

/// Withdraws what was not redeemed of a batch.
pub async fn withdraw(cx: Arc<Context>) -> Result<Reply, Problem> {
    let id = cx.id("id")?;
    if !cx.accounts().store().withdraw_codes(id).await? {
        return Err(Problem::NotFound);
    }
    note(&cx, "codes.withdraw", &format!("batch {id}"), "").await?;
    see("/admin/codes?done=saved")
}

pub async fn make_coupon(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let percent = cx.form.get("kind") == "percent";
    let code = cx.form.text("code").to_uppercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fits = (3..=32).contains(&code.len()) && code.chars().all(plain);
    let wanted = (|| {
        let off = match percent {
            true => cx.form.number("off").filter(|n| (1..100).contains(n))?,
            false => super::ledger::fen(cx.form.text("off")).filter(|fen| *fen > 0)?,
        };
        let uses = cx
            .form
            .number("uses")
            .filter(|n| (1..=1_000_000).contains(n))?;
        let lives = cx
            .form
            .number("lives")
            .filter(|n| (1..=MOST_DAYS).contains(n))?;
        Some((off, super::ledger::fen(cx.form.text("least"))?, uses, lives))
    })();
    let Some((off, least_fen, uses, lives)) = wanted.filter(|_| fits) else {
        let error = cx.t(
            "优惠码为 3 至 32 位字母、数字或连字符；折扣为 1 至 99（%）或金额；次数 1 至 1000000；有效 1 至 3650 天。",
            "A coupon has 3 to 32 letters, digits or dashes; 1 to 99 % or an amount off; 1 to 1000000 uses; 1 to 3650 days.",
        );
        return again(&page(&cx, error).await?);
    };
    let now = cx.accounts().now();
    let actor = actor(&cx)?;
    let new = NewCoupon {
        code: &code,
        percent,
        off,
        least_fen,
        uses,
        ends_at: now + lives * 86_400,
        at: now,
        actor: &actor,
    };
    match cx.accounts().store().make_coupon(&new).await {
        Ok(()) => {
            let unit = if percent { "%" } else { "fen" };
            let detail = format!("{off} {unit} off, {uses} uses");
            note(&cx, "coupon.make", &format!("coupon {code}"), &detail).await?;
            see("/admin/codes?done=saved")
        }
        Err(StoreError::CodeTaken) => {
            let error = cx.t("该优惠码已存在。", "This coupon exists.");
            again(&page(&cx, error).await?)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn end_coupon(cx: Arc<Context>) -> Result<Reply, Problem> {
    let id = cx.id("id")?;
    let now = cx.accounts().now();
    if !cx.accounts().store().end_coupon(id, now).await? {
        return Err(Problem::NotFound);
    }
    note(&cx, "coupon.end", &format!("coupon {id}"), "").await?;
    see("/admin/codes?done=saved")
}
