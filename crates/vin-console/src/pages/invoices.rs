//! Invoices of a customer: what can be asked for, what was asked for, and where it stands.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Button, Cell, Table, address, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{Invoice, InvoiceKind, InvoiceState, StoreError};
use vin_service::purchases::{InvoiceError, InvoiceForm};

/// How many invoices a page has.
pub const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "invoices.html")]
struct Invoices {
    f: Frame,
    free: Vec<FreeLine>,
    invoices: Table,
    older: String,
    company: bool,
    title: String,
    tax_number: String,
    mail: String,
    error: &'static str,
}

/// A purchase that an invoice can be asked for.
struct FreeLine {
    number: String,
    calls: String,
    amount: String,
    at: String,
    checked: bool,
}

/// What a state is called, and its kind of tag.
pub fn state(cx: &Context, invoice: &Invoice) -> (&'static str, &'static str) {
    match invoice.state {
        InvoiceState::Requested => (cx.t("待开具", "waits"), "warn"),
        // Money went back after the paper was made: the tax office wants another that takes it back.
        InvoiceState::Issued if invoice.kept_fen != invoice.fen => (
            cx.t("已开具，退款后需红冲", "issued; money went back since"),
            "bad",
        ),
        InvoiceState::Issued => (cx.t("已开具", "issued"), "good"),
        InvoiceState::Rejected => (cx.t("已驳回", "rejected"), "bad"),
        InvoiceState::Withdrawn => (cx.t("已撤回", "withdrawn"), "plain"),
    }
}

/// Whom an invoice names, with the tax number small.
pub fn named(invoice: &Invoice) -> Cell {
    Cell::text(&*invoice.title).small(&*invoice.tax_number)
}

fn table(cx: &Context, invoices: &[Invoice]) -> Result<Table, Problem> {
    let columns = [
        numbers("id", "#"),
        column("title", cx.t("抬头", "Name")),
        numbers("amount", cx.t("金额", "Amount")),
        column("state", cx.t("状态", "State")),
        column("number", cx.t("发票号码", "Number")),
        column("mail", cx.t("发送至", "Sent to")),
        column("time", cx.t("申请时间", "Asked for")),
        column("open", cx.t("操作", "Do")),
    ];
    let row = |invoice: &Invoice| {
        let (text, tag) = state(cx, invoice);
        let form = match invoice.state {
            InvoiceState::Requested => {
                let button = Button {
                    token: &cx.form_token,
                    path: format!("/invoices/{}", invoice.id),
                    text: cx.t("撤回", "Withdraw"),
                    label: format!("{} {}", cx.t("撤回发票", "Withdraw invoice"), invoice.id),
                    first: "",
                };
                Cell::forms(&button, 1)?
            }
            _ => Cell::number("", 0),
        };
        Ok(vec![
            Cell::count(invoice.id),
            named(invoice),
            Cell::number(format::yuan(invoice.fen), invoice.fen as f64),
            Cell::text(text).tag(tag).small(&*invoice.reason),
            Cell::text(&*invoice.number).code(),
            Cell::text(&*invoice.mail),
            Cell::time(invoice.requested_at, ""),
            form,
        ])
    };
    let rows = invoices.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "", &columns, rows).with_search(cx))
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<Invoices, Problem> {
    let (store, account) = (cx.accounts().store(), cx.account()?);
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let rows = store.invoices(Some(account), None, before, LINES).await?;
    let last = rows.last().filter(|_| rows.len() == LINES as usize);
    let ticked: Vec<_> = cx.form.all("purchase").collect();
    let sent = cx.form.is_set("kind");
    let free = store.invoiceable(account).await?;
    let free = free.into_iter().map(|one| FreeLine {
        checked: !sent || ticked.contains(&one.number.as_str()),
        calls: format::count(one.calls),
        amount: format::yuan(one.fen),
        at: format::time(one.created_at),
        number: one.number,
    });
    // Who had one before is likely to want the same name on the next.
    let former = rows.first();
    let text = |name: &str, former: Option<&str>| match sent {
        true => cx.form.text(name).to_owned(),
        false => former.unwrap_or_default().to_owned(),
    };
    Ok(Invoices {
        f: cx.frame("发票", "Invoices"),
        free: free.collect(),
        invoices: table(cx, &rows)?,
        older: last.map_or_else(String::new, |row| {
            address(cx, &[("before", &row.id.to_string())])
        }),
        company: match sent {
            true => cx.form.get("kind") == InvoiceKind::Company.name(),
            false => former.is_none_or(|row| row.kind == InvoiceKind::Company),
        },
        title: text("title", former.map(|row| &*row.title)),
        tax_number: text("tax_number", former.map(|row| &*row.tax_number)),
        mail: text("mail", former.map(|row| &*row.mail)),
        error,
    })
}

/// Asks for one.
pub async fn ask(cx: Arc<Context>) -> Result<Reply, Problem> {
    let purchases: Vec<_> = cx.form.all("purchase").collect();
    let form = InvoiceForm {
        kind: InvoiceKind::parse(cx.form.get("kind")).unwrap_or(InvoiceKind::Company),
        title: cx.form.text("title"),
        tax_number: cx.form.text("tax_number"),
        mail: cx.form.text("mail"),
        purchases: &purchases,
    };
    match cx.accounts().ask_for_invoice(cx.account()?, &form).await {
        Ok(_) => see("/invoices?done=saved"),
        Err(error) => again(&page(&cx, refused(&cx, error)?).await?),
    }
}

/// Why nothing was asked for or issued, in words; what is our fault is none of them.
pub fn refused(cx: &Context, error: InvoiceError) -> Result<&'static str, Problem> {
    Ok(match error {
        InvoiceError::Title => cx.t("请填写抬头，最长 100 个字符。", "A name of 1 to 100 characters is needed."),
        InvoiceError::TaxNumber => cx.t(
            "企业税号应为 15 至 20 位字母与数字，18 位的须通过校验码。",
            "A company's tax number has 15 to 20 letters and digits; one of 18 must fit its check character.",
        ),
        InvoiceError::Mail => cx.t("请填写有效的电子邮箱。", "A valid address of mail is needed."),
        InvoiceError::Purchases => cx.t(
            "请选择 1 至 100 个订单。",
            "Choose 1 to 100 purchases.",
        ),
        InvoiceError::Number => cx.t("发票号码应为 8 至 20 位数字。", "The number of an invoice has 8 to 20 digits."),
        InvoiceError::Store(StoreError::NoPurchase(_)) => cx.t(
            "所选订单中有不能开票的：未到账、已退款或已在其他发票中。请重新选择。",
            "One of these purchases cannot be on it: not granted, paid back, or on another invoice. Choose again.",
        ),
        InvoiceError::Store(StoreError::NoInvoice(_)) => cx.t(
            "该发票申请已处理。",
            "This invoice waits no more.",
        ),
        InvoiceError::Store(StoreError::InvoiceChanged { .. }) => cx.t(
            "申请之后有订单退款，金额已变：请驳回，由客户重新申请。",
            "Money of it went back since it was asked for: reject it, so that it is asked for anew.",
        ),
        InvoiceError::Store(error) => return Err(error.into()),
    })
}

pub async fn withdraw(cx: Arc<Context>) -> Result<Reply, Problem> {
    match cx
        .accounts()
        .withdraw_invoice(cx.account()?, cx.id("id")?)
        .await
    {
        Ok(()) => see("/invoices?done=saved"),
        Err(StoreError::NoInvoice(_)) => Err(Problem::NotFound),
        Err(error) => Err(error.into()),
    }
}
