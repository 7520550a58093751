//! The portal: what this is, one VIN to try, what calls cost, how to begin.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::people::Product;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    f: Frame,
    products: Table,
    guest_daily: u32,
    example: String,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let products = cx.accounts().store().products().await?;
    html(&Home {
        products: price_table(&cx, &products),
        guest_daily: cx.app.parts.guest_daily,
        example: cx.app.parts.example.clone(),
        f: cx.frame("车架号查询", "VIN look-up"),
    })
}

fn price_table(cx: &Context, products: &[Product]) -> Table {
    let columns = [
        numbers("calls", cx.t("次数", "Calls")),
        numbers("price", cx.t("价格", "Price")),
        numbers("each", cx.t("每次", "Each")),
        column("valid", cx.t("有效期", "Valid")),
    ];
    let row = |p: &Product| {
        let valid = match p.days {
            0 => cx.t("长期有效", "for ever").to_owned(),
            days => format!("{days} {}", cx.t("天", "days")),
        };
        // What holds for ever is longer than any number of days.
        let days = if p.days == 0 { i64::MAX } else { p.days };
        vec![
            Cell::count(p.calls),
            Cell::number(format::yuan(p.price_fen), p.price_fen as f64),
            Cell::number(
                format::each(p.price_fen, p.calls),
                p.price_fen as f64 / p.calls.max(1) as f64,
            ),
            Cell::number(valid, days as f64),
        ]
    };
    let sold = products.iter().filter(|p| p.price_fen > 0);
    Table::new(cx, "", &columns, sold.map(row).collect())
}
