//! Buying calls: which product, how it is paid; what was ordered, and where it stands.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, address, column, numbers};
use askama::Template;
use http::StatusCode;
use std::sync::Arc;
use vin_service::people::{Gate, Lot, Product, Purchase, PurchaseState, StoreError, Way};
use vin_service::purchases::{BuyError, CounterError};

/// How many purchases a page has.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "buy.html")]
struct Buy {
    f: Frame,
    verified: bool,
    products: Vec<ProductLine>,
    ways: Vec<WayLine>,
    coupon: String,
    trial: String,
    error: &'static str,
}

struct ProductLine {
    calls: i64,
    shown: String,
    price: String,
    each: String,
    days: i64,
    named: bool,
    checked: bool,
}

struct WayLine {
    name: &'static str,
    text: &'static str,
    checked: bool,
}

#[derive(Template)]
#[template(path = "purchases.html")]
struct Purchases {
    f: Frame,
    purchases: Table,
    older: String,
}

/// A purchase as a line, for customers and operators.
pub struct Line {
    pub number: String,
    pub account: i64,
    pub calls: String,
    pub price: String,
    pub way: &'static str,
    pub state: &'static str,
    pub state_text: &'static str,
    pub at: String,
}

#[derive(Template)]
#[template(path = "purchase.html")]
struct PurchasePage {
    f: Frame,
    purchase: Line,
    list: String,
    days: i64,
    until: String,
    /// The account to transfer to, for that way alone.
    bank: String,
    /// A QR code to be scanned, or the address of the provider's page.
    qr: String,
    page: String,
    /// Whether the provider can be asked.
    asks: bool,
    remaining: String,
    error: &'static str,
}

/// What a state is called.
pub fn state_text(cx: &Context, state: PurchaseState) -> &'static str {
    match state {
        PurchaseState::Created => cx.t("待支付", "waits to be paid"),
        PurchaseState::Paid => cx.t("已付款，待处理", "paid late, being looked at"),
        PurchaseState::Granted => cx.t("已到账", "granted"),
        PurchaseState::Cancelled => cx.t("已取消", "cancelled"),
        PurchaseState::Refunded => cx.t("已退款", "refunded"),
        PurchaseState::Expired => cx.t("已过期", "expired"),
    }
}

/// What a way to pay is called.
pub fn way_text(cx: &Context, way: Way) -> &'static str {
    match way {
        Way::Transfer => cx.t("银行转账", "Bank transfer"),
        Way::AlipayPage => cx.t("支付宝网页支付", "Alipay, on its page"),
        Way::AlipayQr => cx.t("支付宝扫码", "Alipay, by QR code"),
        Way::WeChatQr => cx.t("微信扫码", "WeChat, by QR code"),
    }
}

pub fn line(cx: &Context, purchase: &Purchase) -> Line {
    Line {
        number: purchase.number.clone(),
        account: purchase.account.0,
        calls: format::count(purchase.calls),
        price: format::yuan(purchase.price_fen),
        way: way_text(cx, purchase.way),
        state: purchase.state.name(),
        state_text: state_text(cx, purchase.state),
        at: format::time(purchase.created_at),
    }
}

/// Purchases as a table, for customers and, with the accounts, for operators; its search looks at
/// what is on the page.
pub fn table(cx: &Context, base: &str, purchases: &[Purchase]) -> Table {
    let of_all = base.starts_with("/admin");
    let mut columns = vec![
        column("order", cx.t("订单", "Purchase")),
        numbers("calls", cx.t("次数", "Calls")),
        numbers("price", cx.t("金额", "Price")),
        column("way", cx.t("支付方式", "Paid by")),
        column("state", cx.t("状态", "State")),
        column("time", cx.t("下单时间", "Ordered")),
    ];
    if of_all {
        columns.insert(1, column("account", cx.t("账户", "Account")));
    }
    let row = |purchase: &Purchase| {
        let (number, account) = (&purchase.number, purchase.account.0);
        let mut cells = vec![
            Cell::text(number.clone())
                .code()
                .link(format!("{base}/{number}")),
            Cell::count(purchase.calls),
            Cell::number(format::yuan(purchase.price_fen), purchase.price_fen as f64),
            Cell::text(way_text(cx, purchase.way)),
            Cell::text(state_text(cx, purchase.state)).tag(match purchase.state {
                PurchaseState::Granted => "good",
                PurchaseState::Created | PurchaseState::Paid => "warn",
                _ => "plain",
            }),
            Cell::time(purchase.created_at, "—"),
        ];
        if of_all {
            let link = format!("/admin/accounts/{account}");
            let account = Cell::number(account.to_string(), account as f64);
            cells.insert(1, account.link(link));
        }
        cells
    };
    Table::new(cx, "", &columns, purchases.iter().map(row).collect()).with_search(cx)
}

/// How a purchase can be paid here.
fn ways(cx: &Context) -> Vec<Way> {
    let bank = !cx.site.get("bank_account").is_empty();
    let mut ways = cx.service().counter().ways();
    ways.extend(bank.then_some(Way::Transfer));
    ways
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&buy_page(&cx, "").await?)
}

async fn buy_page(cx: &Context, error: &'static str) -> Result<Buy, Problem> {
    let account = cx.customer()?;
    let store = cx.accounts().store();
    let products = store.products().await?;
    let picked = cx.form.number::<i64>("product");
    let sold = products.iter().filter(|p| p.price_fen > 0);
    let line = |(at, p): (usize, &Product)| ProductLine {
        calls: p.calls,
        shown: format::count(p.calls),
        price: format::yuan(p.price_fen),
        each: format::each(p.price_fen, p.calls),
        days: p.days,
        named: p.named,
        checked: picked.map_or(at == 0, |calls| calls == p.calls),
    };
    let products = sold.enumerate().map(line).collect();
    let way = Way::parse(cx.form.get("way"));
    let way_line = |(at, one): (usize, Way)| WayLine {
        name: one.name(),
        text: way_text(cx, one),
        checked: way.map_or(at == 0, |way| way == one),
    };
    let trial = cx.service().trial();
    let offered = trial.calls > 0 && !store.had_trial(account.id).await?;
    Ok(Buy {
        f: cx.frame("购买次数", "Buy calls"),
        verified: account.verified,
        products,
        ways: ways(cx).into_iter().enumerate().map(way_line).collect(),
        coupon: cx.form.text("coupon").to_owned(),
        trial: match offered {
            true => format::count(trial.calls.into()),
            false => String::new(),
        },
        error,
    })
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let way = Way::parse(cx.form.get("way")).filter(|way| ways(&cx).contains(way));
    let (Some(product), Some(way)) = (cx.form.number("product"), way) else {
        let error = cx.t(
            "请选择次数包与支付方式。",
            "Choose a package and how to pay.",
        );
        return again(&buy_page(&cx, error).await?);
    };
    let account = cx.customer()?;
    let ordered = cx
        .accounts()
        .order(account, product, way, cx.form.get("coupon"));
    match ordered.await {
        Ok(purchase) => see(format!("/purchases/{}", purchase.number)),
        Err(error) => again(&buy_page(&cx, refused(&cx, error)?).await?),
    }
}

/// Why nothing was bought, in words; what is our fault is none of them.
pub fn refused(cx: &Context, error: BuyError) -> Result<&'static str, Problem> {
    Ok(match error {
        BuyError::Unverified => cx.t(
            "请先完成实名认证，再购买或领取。",
            "The real name must be verified first.",
        ),
        BuyError::NotSold => cx.t(
            "该次数包或支付方式已不可用，请重新选择。",
            "This is not sold any more, or not in this way. Choose again.",
        ),
        BuyError::Mistyped => cx.t(
            "兑换码有误：请检查每个字符。",
            "This is no code: check every character.",
        ),
        BuyError::NoTrial => cx.t("暂无免费试用。", "There is no free trial."),
        BuyError::Store(StoreError::Coupon) => cx.t(
            "优惠码无效：不存在、已过期、已用完、您已用过，或不适用于该价格。",
            "The coupon does not hold: unknown, over, used up, used by you before, or for dearer packages.",
        ),
        BuyError::Store(StoreError::TooManyOpen) => cx.t(
            "待支付的订单过多，请先支付或取消。",
            "Too many purchases wait to be paid; pay or cancel some.",
        ),
        BuyError::Store(StoreError::NoCode) => cx.t(
            "该兑换码不存在、已使用或已失效。",
            "This code is unknown, was used, or is over.",
        ),
        BuyError::Store(StoreError::TrialTaken) => {
            cx.t("免费试用只能领取一次。", "The free trial was had before.")
        }
        BuyError::Store(error) => return Err(error.into()),
    })
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let store = cx.accounts().store();
    let rows = store
        .purchases(Some(cx.account()?), None, before, LINES)
        .await?;
    let last = rows.last().filter(|_| rows.len() == LINES as usize);
    html(&Purchases {
        f: cx.frame("购买记录", "Purchases"),
        older: last.map_or_else(String::new, |row| older(&cx, row)),
        purchases: table(&cx, "/purchases", &rows),
    })
}

/// The address of the purchases before this one, with the same order and choice.
pub fn older(cx: &Context, last: &Purchase) -> String {
    address(cx, &[("before", &last.id.0.to_string())])
}

async fn own(cx: &Context) -> Result<Purchase, Problem> {
    let (number, account) = (cx.param("number"), cx.account()?);
    let row = cx
        .accounts()
        .store()
        .purchase(number, Some(account))
        .await?;
    row.ok_or(Problem::NotFound)
}

pub async fn one(cx: Arc<Context>) -> Result<Reply, Problem> {
    let purchase = own(&cx).await?;
    html(&purchase_page(&cx, &purchase, "").await?)
}

async fn purchase_page(
    cx: &Context,
    purchase: &Purchase,
    error: &'static str,
) -> Result<PurchasePage, Problem> {
    let waits = purchase.state == PurchaseState::Created;
    let lots = cx
        .accounts()
        .store()
        .lots(purchase.account, cx.accounts().now());
    let asks = waits && purchase.way != Way::Transfer;
    let (mut qr, mut page, mut error) = (String::new(), String::new(), error);
    if asks {
        match cx.service().pay_url(purchase).await {
            Ok(url) if purchase.way == Way::AlipayPage => page = url,
            Ok(url) => qr = crate::qr::svg(&url),
            Err(failed) => {
                let number = &purchase.number;
                tracing::warn!(number, error = %failed, "a purchase cannot be paid now");
                error = cx.t(
                    "暂时无法连接支付渠道，请稍后刷新本页。",
                    "The provider cannot be reached right now; load this page again in a while.",
                );
            }
        }
    }
    let left = |lots: &[Lot]| lots.iter().map(|lot| lot.remaining).sum();
    Ok(PurchasePage {
        f: cx.frame("购买订单", "Purchase"),
        purchase: line(cx, purchase),
        list: match purchase.list_fen {
            fen if fen == purchase.price_fen => String::new(),
            fen => format::yuan(fen),
        },
        days: purchase.days,
        until: format::time(purchase.expires_at),
        bank: match purchase.way {
            Way::Transfer if waits => cx.site.get("bank_account").to_owned(),
            _ => String::new(),
        },
        qr,
        page,
        asks,
        remaining: format::count(left(&lots.await?)),
        error,
    })
}

/// Asks the provider where it stands, for one who has paid and sees nothing of it.
pub async fn look(cx: Arc<Context>) -> Result<Reply, Problem> {
    let purchase = own(&cx).await?;
    if cx
        .accounts()
        .pass(Gate::Look, &purchase.number)
        .await
        .is_ok()
        && let Err(error) = cx.service().look_at_purchase(&purchase).await
    {
        let number = &purchase.number;
        tracing::warn!(number, %error, "a purchase could not be looked at");
    }
    see(format!("/purchases/{}", purchase.number))
}

/// The name of its state alone, for the script that waits for another.
pub async fn state(cx: Arc<Context>) -> Result<Reply, Problem> {
    let purchase = own(&cx).await?;
    Ok(Reply::Html(
        StatusCode::OK,
        purchase.state.name().to_owned(),
    ))
}

pub async fn cancel(cx: Arc<Context>) -> Result<Reply, Problem> {
    let purchase = own(&cx).await?;
    match cx.service().cancel_purchase(&purchase).await {
        Ok(()) => see(format!("/purchases/{}?done=saved", purchase.number)),
        Err(CounterError::Store(StoreError::PurchaseState { .. })) => {
            let error = cx.t(
                "该订单已付款，不能取消。",
                "It was paid and cannot be cancelled.",
            );
            let purchase = own(&cx).await?;
            again(&purchase_page(&cx, &purchase, error).await?)
        }
        Err(CounterError::Store(error)) => Err(error.into()),
        Err(error) => {
            let number = &purchase.number;
            tracing::warn!(number, %error, "a purchase could not be closed at its provider");
            let error = cx.t(
                "暂时无法连接支付渠道，订单未取消。",
                "The provider cannot be reached, so it was not cancelled.",
            );
            again(&purchase_page(&cx, &purchase, error).await?)
        }
    }
}
