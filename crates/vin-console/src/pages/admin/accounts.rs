//! The accounts of customers.

use super::{actor, note};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::pages::packages::{entry_table, lot_table};
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::Phone;
use vin_service::people::{AccountId, AccountRow, Deed, HeldKey, KeyState, NEVER};

/// How many lines a page has.
const LINES: u32 = 50;
/// How many ledger entries are shown.
const ENTRIES: u32 = 20;
/// The most calls that are granted at once.
const MOST_CALLS: u32 = 10_000_000;

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct Accounts {
    f: Frame,
    typed: String,
    accounts: Table,
    older: String,
}

struct Line {
    id: i64,
    phone: String,
    verified: bool,
    suspended: bool,
    created: String,
}

#[derive(Template)]
#[template(path = "admin/account.html")]
struct Account {
    f: Frame,
    account: Line,
    remaining: String,
    packages: Table,
    /// The same, to choose one that is adjusted.
    lots: Vec<(i64, String)>,
    entries: Table,
    keys: Table,
    /// The path of a link to set a new password that was just made.
    reset: String,
    error: &'static str,
}

fn line(row: &AccountRow) -> Line {
    Line {
        id: row.id.0,
        phone: row.phone.clone(),
        verified: row.verified,
        suspended: row.suspended,
        created: format::day(row.created_at),
    }
}

/// Accounts as a table; its search looks at what is on the page.
fn table(cx: &Context, rows: &[AccountRow]) -> Table {
    let columns = [
        numbers("id", cx.t("编号", "Id")),
        column("phone", cx.t("手机号", "Phone")),
        column("verified", cx.t("实名", "Real name")),
        column("state", cx.t("状态", "State")),
        column("since", cx.t("注册", "Since")),
    ];
    let row = |row: &AccountRow| {
        let id = row.id.0;
        vec![
            Cell::number(id.to_string(), id as f64).link(format!("/admin/accounts/{id}")),
            Cell::text(row.phone.clone()),
            Cell::text(if row.verified {
                cx.t("已认证", "verified")
            } else {
                cx.t("未认证", "not yet")
            }),
            if row.suspended {
                Cell::text(cx.t("停用", "suspended")).tag("bad")
            } else {
                Cell::text(cx.t("正常", "active")).tag("good")
            },
            Cell::text(format::day(row.created_at)),
        ]
    };
    Table::new(cx, "", &columns, rows.iter().map(row).collect()).with_search(cx)
}

/// The keys of an account as a table.
fn key_table(cx: &Context, keys: &[HeldKey]) -> Table {
    let now = cx.accounts().now();
    let columns = [
        column("name", cx.t("名称", "Name")),
        column("state", cx.t("状态", "State")),
        column("signed", cx.t("签名", "Signed")),
        column("used", cx.t("最近使用", "Last used")),
    ];
    let row = |key: &HeldKey| {
        let works = key.state == KeyState::Active && key.expires_at > now;
        vec![
            Cell::text(key.name.clone()).small(format!("#{}", key.id)),
            match works {
                true => Cell::text(cx.t("有效", "in use")).tag("good"),
                false => Cell::text(cx.t("失效", "ended")).tag("plain"),
            },
            Cell::text(match key.rules.signature {
                true => cx.t("是", "yes"),
                false => cx.t("否", "no"),
            }),
            Cell::ago(cx, key.used_at),
        ]
    };
    Table::new(cx, "keys", &columns, keys.iter().map(row).collect()).with_search(cx)
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    let store = cx.accounts().store();
    let typed = cx.query.text("phone");
    if !typed.is_empty() {
        // By number or id; the list is for looking around.
        let by_id = typed
            .parse()
            .ok()
            .filter(|_| typed.len() < 10)
            .map(AccountId);
        let found = match (by_id, Phone::parse(typed)) {
            (Some(id), _) => store.account(id).await?.map(|row| row.id),
            (None, Some(phone)) => store.account_by_phone(phone.as_str()).await?,
            (None, None) => None,
        };
        if let Some(id) = found {
            return see(format!("/admin/accounts/{}", id.0));
        }
    }
    let after = cx.query.number("after").unwrap_or(0);
    let rows = match typed {
        "" => store.accounts(AccountId(after), LINES).await?,
        _ => Vec::new(),
    };
    let last = rows.last().filter(|_| rows.len() == LINES as usize);
    html(&Accounts {
        f: cx.frame("账户", "Accounts"),
        typed: typed.to_owned(),
        older: last.map_or_else(String::new, |row| {
            format!("/admin/accounts?after={}", row.id.0)
        }),
        accounts: table(&cx, &rows),
    })
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, String::new(), "").await?)
}

async fn page(cx: &Context, reset: String, error: &'static str) -> Result<Account, Problem> {
    let (accounts, now) = (cx.accounts(), cx.accounts().now());
    let id = AccountId(cx.id("id")?);
    let row = accounts.store().account(id).await?;
    let row = row.ok_or(Problem::NotFound)?;
    let lots = accounts.store().lots(id, now).await?;
    let keys = accounts.keys(id).await?;
    let entries = accounts.store().entries(id, i64::MAX, ENTRIES).await?;
    Ok(Account {
        f: cx.frame("账户", "Account"),
        account: line(&row),
        remaining: format::count(lots.iter().map(|lot| lot.remaining).sum()),
        packages: lot_table(cx, &lots),
        lots: lots
            .iter()
            .map(|lot| (lot.id.0, format::count(lot.remaining)))
            .collect(),
        entries: entry_table(cx, &entries),
        keys: key_table(cx, &keys),
        reset,
        error,
    })
}

fn subject(id: AccountId) -> String {
    format!("account {}", id.0)
}

pub async fn state(cx: Arc<Context>) -> Result<Reply, Problem> {
    let id = AccountId(cx.id("id")?);
    let suspend = cx.form.get("to") == "suspended";
    if !cx.accounts().suspend(id, suspend).await? {
        return Err(Problem::NotFound);
    }
    let action = if suspend {
        "account.suspend"
    } else {
        "account.resume"
    };
    note(&cx, action, &subject(id), cx.form.text("reason")).await?;
    let done = if suspend { "suspended" } else { "active" };
    see(format!("/admin/accounts/{}?done={done}", id.0))
}

pub async fn verified(cx: Arc<Context>) -> Result<Reply, Problem> {
    let id = AccountId(cx.id("id")?);
    let yes = cx.form.get("to") == "yes";
    if !cx.accounts().store().verify_account(id, yes).await? {
        return Err(Problem::NotFound);
    }
    let action = if yes {
        "account.verify"
    } else {
        "account.unverify"
    };
    note(&cx, action, &subject(id), cx.form.text("reason")).await?;
    see(format!("/admin/accounts/{}?done=saved", id.0))
}

pub async fn grant(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let id = AccountId(cx.id("id")?);
    let reason = cx.form.text("reason");
    let calls = cx.form.number::<u32>("calls");
    let days = cx.form.number::<i64>("days").unwrap_or(0);
    let fits = (0..=36_500).contains(&days) && !reason.is_empty();
    let Some(calls) = calls.filter(|n| fits && (1..=MOST_CALLS).contains(n)) else {
        let error = cx.t(
            "次数为 1 至 10000000，有效天数为 0（长期）至 36500，并须填写原因。",
            "1 to 10000000 calls, 0 (for ever) to 36500 days, and a reason.",
        );
        return again(&page(&cx, String::new(), error).await?);
    };
    let now = cx.accounts().now();
    let ends = if days == 0 {
        NEVER
    } else {
        now + days * 86_400
    };
    let actor = actor(&cx)?;
    let deed = Deed {
        at: now,
        reason,
        actor: &actor,
    };
    let lot = cx.accounts().store().grant(id, calls, ends, deed).await?;
    let detail = format!("{calls} calls, package {}: {reason}", lot.0);
    note(&cx, "package.grant", &subject(id), &detail).await?;
    see(format!("/admin/accounts/{}?done=granted", id.0))
}

pub async fn reset(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let id = AccountId(cx.id("id")?);
    if cx.accounts().store().account(id).await?.is_none() {
        return Err(Problem::NotFound);
    }
    let link = cx.accounts().reset_link(id).await?;
    note(&cx, "account.reset_link", &subject(id), "").await?;
    html(&page(&cx, format!("/reset/{}", link.reveal()), "").await?)
}
