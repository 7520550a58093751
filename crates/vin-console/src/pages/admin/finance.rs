//! What finance reads: money by month, single payments, and what was paid for and not used; on the
//! page and as files.

use super::note;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html};
use crate::sheet;
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_core::Date;
use vin_service::CHINA_OFFSET;
use vin_service::people::{Liability, LotId, MoneySum, Provider, Receipt};

/// The most months of a report.
const MOST_MONTHS: i64 = 24;

/// How many payments and packages the page shows; the files have all.
const LINES: u32 = 200;

/// The most lines of a file.
const MOST: u32 = 100_000;

#[derive(Template)]
#[template(path = "admin/finance.html")]
struct Finance {
    f: Frame,
    from: String,
    to: String,
    months: Table,
    receipts: Table,
    more_receipts: bool,
    owed_fen: String,
    owed_calls: String,
    owed_lots: String,
    liabilities: Table,
    more_liabilities: bool,
    query: String,
    error: &'static str,
}

/// A month of China's calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Month {
    year: u16,
    month: u8,
}

impl Month {
    /// Reads `2026-12`.
    fn parse(text: &str) -> Option<Self> {
        let date = Date::parse(&format!("{text}-01"))?;
        let (year, month) = (date.year, date.month);
        Some(Self { year, month })
    }

    /// The month that is so many later.
    fn plus(self, months: i64) -> Self {
        let count = i64::from(self.year) * 12 + i64::from(self.month) - 1 + months;
        Self {
            year: (count.div_euclid(12)).clamp(0, 9999) as u16,
            month: count.rem_euclid(12) as u8 + 1,
        }
    }

    /// When it begins.
    fn begins(self) -> i64 {
        let (year, month, day) = (self.year, self.month, 1);
        Date { year, month, day }.days() * 86_400 - i64::from(CHINA_OFFSET)
    }

    /// `2026-12`.
    fn text(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
}

/// A month of the report, in hundredths of a yuan.
struct MonthLine {
    month: Month,
    sums: Vec<MoneySum>,
}

impl MonthLine {
    fn came(&self, provider: Provider) -> i64 {
        let own = self.sums.iter().filter(|sum| sum.provider == provider);
        own.map(|sum| sum.fen).sum()
    }

    fn all(&self) -> i64 {
        self.sums.iter().map(|sum| sum.fen).sum()
    }

    fn back(&self) -> i64 {
        self.sums.iter().map(|sum| sum.back_fen).sum()
    }
}

/// The months that are asked for, the current one alone without a choice.
fn span(cx: &Context) -> Option<(Month, Month)> {
    let today = cx.app.today();
    let (year, month) = (today.year, today.month);
    let now = Month { year, month };
    let read = |name: &str, otherwise: Month| match cx.query.text(name) {
        "" => Some(otherwise),
        text => Month::parse(text),
    };
    let to = read("to", now)?;
    let from = read("from", to.plus(-11))?;
    (from <= to && from.plus(MOST_MONTHS) > to).then_some((from, to))
}

async fn months(cx: &Context, (from, to): (Month, Month)) -> Result<Vec<MonthLine>, Problem> {
    let store = cx.accounts().store();
    let (mut lines, mut month) = (Vec::new(), from);
    while month <= to {
        let sums = store
            .money_between(month.begins(), month.plus(1).begins())
            .await?;
        lines.push(MonthLine { month, sums });
        month = month.plus(1);
    }
    Ok(lines)
}

/// The part of the price of packages for the calls that were used in a month, and what upstreams ask
/// for. It looks at every call of the month: for a file, not for a page.
async fn earned(cx: &Context, month: Month) -> Result<[i64; 2], Problem> {
    let number = i64::from(month.year) * 100 + i64::from(month.month);
    let products = cx.accounts().store().product_sums(number).await?;
    // In 1/10000 yuan.
    let (revenue, cost) = products
        .iter()
        .fold((0, 0), |(r, c), sum| (r + sum.revenue, c + sum.cost));
    Ok([revenue / 100, cost / 100])
}

const PROVIDERS: [Provider; 3] = [Provider::Transfer, Provider::Alipay, Provider::WeChat];

fn provider(cx: &Context, provider: Provider) -> &'static str {
    match provider {
        Provider::Transfer => cx.t("银行转账", "Bank transfer"),
        Provider::Alipay => cx.t("支付宝", "Alipay"),
        Provider::WeChat => cx.t("微信支付", "WeChat Pay"),
    }
}

fn origin(cx: &Context, origin: &str) -> &'static str {
    match origin {
        "purchase" => cx.t("购买", "purchase"),
        "code" => cx.t("兑换码", "code"),
        "trial" => cx.t("试用", "trial"),
        _ => cx.t("发放", "grant"),
    }
}

fn month_table(cx: &Context, lines: &[MonthLine]) -> Table {
    let columns = [
        column("month", cx.t("月份", "Month")),
        numbers("transfer", provider(cx, Provider::Transfer)),
        numbers("alipay", provider(cx, Provider::Alipay)),
        numbers("wechat", provider(cx, Provider::WeChat)),
        numbers("back", cx.t("退款", "Sent back")),
        numbers("net", cx.t("净收款", "Net")),
    ];
    let money = |fen: i64| Cell::number(format::yuan(fen), fen as f64);
    let row = |line: &MonthLine| {
        let mut cells = vec![Cell::text(line.month.text())];
        cells.extend(PROVIDERS.map(|one| money(line.came(one))));
        cells.extend([money(line.back()), money(line.all() - line.back())]);
        cells
    };
    Table::new(
        cx,
        "months",
        &columns,
        lines.iter().rev().map(row).collect(),
    )
}

fn receipt_table(cx: &Context, receipts: &[Receipt]) -> Table {
    let columns = [
        column("time", cx.t("时间", "Time")),
        column("way", cx.t("方式", "Way")),
        column("purchase", cx.t("订单", "Purchase")),
        column("account", cx.t("账户", "Account")),
        numbers("amount", cx.t("金额", "Amount")),
        numbers("back", cx.t("退款", "Sent back")),
        column("invoice", cx.t("发票号码", "Invoice")),
    ];
    let row = |receipt: &Receipt| {
        let account = receipt.account.0;
        let mut amount = Cell::number(format::yuan(receipt.fen), receipt.fen as f64);
        if receipt.surplus {
            amount = amount.mark("bad", cx.t("重复付款", "paid twice"));
        }
        vec![
            Cell::time(receipt.paid_at, ""),
            Cell::text(provider(cx, receipt.provider)),
            Cell::text(&*receipt.purchase)
                .code()
                .link(format!("/admin/purchases/{}", receipt.purchase)),
            Cell::number(account.to_string(), account as f64)
                .link(format!("/admin/accounts/{account}")),
            amount,
            match receipt.back_fen {
                0 => Cell::number("—", 0),
                fen => Cell::number(format::yuan(fen), fen as f64),
            },
            Cell::text(&*receipt.invoice).code(),
        ]
    };
    let rows = receipts.iter().map(row).collect();
    Table::new(cx, "receipts", &columns, rows).with_search(cx)
}

fn liability_table(cx: &Context, liabilities: &[Liability]) -> Table {
    let columns = [
        numbers("lot", cx.t("次数包", "Package")),
        column("account", cx.t("账户", "Account")),
        column("origin", cx.t("来源", "From")),
        numbers("left", cx.t("剩余次数", "Calls left")),
        numbers("total", cx.t("总数", "Total")),
        numbers("price", cx.t("售价", "Price")),
        numbers("owed", cx.t("未消耗金额", "Not used yet")),
        column("expires", cx.t("到期", "Expires")),
    ];
    let row = |one: &Liability| {
        let account = one.account.0;
        vec![
            Cell::number(format!("#{}", one.lot.0), one.lot.0 as f64),
            Cell::number(account.to_string(), account as f64)
                .link(format!("/admin/accounts/{account}")),
            Cell::text(origin(cx, &one.origin)),
            Cell::count(one.left),
            Cell::count(one.total),
            Cell::number(format::yuan(one.price_fen), one.price_fen as f64),
            Cell::number(format::yuan(one.fen), one.fen as f64),
            Cell::number(end(cx, one.expires_at), one.expires_at as f64),
        ]
    };
    let rows = liabilities.iter().map(row).collect();
    Table::new(cx, "liabilities", &columns, rows).with_search(cx)
}

fn end(cx: &Context, at: i64) -> String {
    match at {
        vin_service::people::NEVER => cx.t("长期有效", "never").to_owned(),
        at => format::day(at),
    }
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (accounts, store) = (cx.accounts(), cx.accounts().store());
    let asked = span(&cx);
    let today = Month {
        year: cx.app.today().year,
        month: cx.app.today().month,
    };
    let chosen = asked.unwrap_or((today, today));
    let (from, to) = (chosen.0.begins(), chosen.1.plus(1).begins());
    let receipts = store.receipts(from, to, LINES + 1).await?;
    let owed = store.owed(accounts.now()).await?;
    let liabilities = store
        .liabilities(accounts.now(), LotId(0), LINES + 1)
        .await?;
    let shown = LINES as usize;
    let page = Finance {
        f: cx.frame("财务", "Finance"),
        from: chosen.0.text(),
        to: chosen.1.text(),
        query: format!("from={}&to={}", chosen.0.text(), chosen.1.text()),
        months: month_table(&cx, &months(&cx, chosen).await?),
        receipts: receipt_table(&cx, &receipts[..receipts.len().min(shown)]),
        more_receipts: receipts.len() > shown,
        owed_fen: format::yuan(owed.fen),
        owed_calls: format::count(owed.calls),
        owed_lots: format::count(owed.lots),
        liabilities: liability_table(&cx, &liabilities[..liabilities.len().min(shown)]),
        more_liabilities: liabilities.len() > shown,
        error: match asked {
            Some(_) => "",
            None => cx.t(
                "月份形如 2026-12，先后有序，最多 24 个月。",
                "Months are such as 2026-12, in order, 24 at most.",
            ),
        },
    };
    match asked {
        Some(_) => html(&page),
        None => again(&page),
    }
}

/// Yuan with two decimals, as table programs read it.
fn plain(fen: i64) -> sheet::Cell {
    sheet::Cell::Decimal(fen)
}

/// A report as CSV or XLSX. That it was taken out is noted.
pub async fn file(cx: Arc<Context>) -> Result<Reply, Problem> {
    use sheet::Cell::{Number, Text};
    let span = span(&cx).ok_or(Problem::NotFound)?;
    let (from, to) = (span.0.begins(), span.1.plus(1).begins());
    let (store, report) = (cx.accounts().store(), cx.param("report"));
    let (head, rows): (Vec<&str>, Vec<_>) = match report {
        "months" => {
            let head = [
                "month", "transfer", "alipay", "wechat", "refunds", "net", "earned", "cost",
            ];
            let mut rows = Vec::new();
            for line in months(&cx, span).await? {
                let mut cells = vec![Text(line.month.text())];
                cells.extend(PROVIDERS.map(|one| plain(line.came(one))));
                let (back, all) = (line.back(), line.all());
                cells.extend([back, all - back].map(plain));
                cells.extend(earned(&cx, line.month).await?.map(plain));
                rows.push(cells);
            }
            (head.to_vec(), rows)
        }
        "receipts" => {
            let head = [
                "paid_at",
                "provider",
                "trade",
                "purchase",
                "account",
                "amount",
                "paid_twice",
                "refund",
                "refund_at",
                "refund_sent",
                "invoice",
            ];
            let row = |one: &Receipt| {
                vec![
                    Text(format::time(one.paid_at)),
                    Text(one.provider.name().to_owned()),
                    Text(one.trade.clone()),
                    Text(one.purchase.clone()),
                    Number(one.account.0),
                    plain(one.fen),
                    Number(one.surplus.into()),
                    plain(one.back_fen),
                    Text(match one.back_at {
                        0 => String::new(),
                        at => format::time(at),
                    }),
                    Number(one.back_done.into()),
                    Text(one.invoice.clone()),
                ]
            };
            let receipts = store.receipts(from, to, MOST).await?;
            (head.to_vec(), receipts.iter().map(row).collect())
        }
        "liabilities" => {
            let head = [
                "package", "account", "origin", "total", "left", "price", "not_used", "expires",
            ];
            let row = |one: &Liability| {
                vec![
                    Number(one.lot.0),
                    Number(one.account.0),
                    Text(one.origin.clone()),
                    Number(one.total),
                    Number(one.left),
                    plain(one.price_fen),
                    plain(one.fen),
                    Text(end(&cx, one.expires_at)),
                ]
            };
            let now = cx.accounts().now();
            let liabilities = store.liabilities(now, LotId(0), MOST).await?;
            (head.to_vec(), liabilities.iter().map(row).collect())
        }
        _ => return Err(Problem::NotFound),
    };
    let name = format!("chejia-{report}-{}-{}", span.0.text(), span.1.text());
    note(&cx, "finance.export", report, &name).await?;
    sheet::reply(cx.param("format"), &name, &head, &rows)
}
