//! The portal: what this is, one VIN to try, what calls cost, how to begin.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    f: Frame,
    products: Vec<Product>,
    guest_daily: u32,
    example: String,
}

struct Product {
    calls: String,
    price: String,
    each: String,
    days: i64,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let products = cx.accounts().store().products().await?;
    let product = |p: &vin_service::people::Product| Product {
        calls: format::count(p.calls),
        price: format::yuan(p.price_fen),
        each: format::each(p.price_fen, p.calls),
        days: p.days,
    };
    html(&Home {
        products: products
            .iter()
            .filter(|p| p.price_fen > 0)
            .map(product)
            .collect(),
        guest_daily: cx.app.parts.guest_daily,
        example: cx.app.parts.example.clone(),
        f: cx.frame("车架号查询", "VIN look-up"),
    })
}
