//! Tickets of a customer; what operators see of them is the same, for all accounts.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{AccountId, Gate, NewTicket, Ticket, TicketState};

/// How many lines a page has.
const LINES: u32 = 50;
/// The longest subject and the longest post, in characters.
const SUBJECT: usize = 100;
const BODY: usize = 5_000;

#[derive(Template)]
#[template(path = "tickets.html")]
struct Tickets {
    f: Frame,
    base: &'static str,
    states: [(&'static str, &'static str); 4],
    tickets: Table,
    state: &'static str,
    older: String,
    subject: String,
    body: String,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "ticket.html")]
struct TicketPage {
    f: Frame,
    base: &'static str,
    ticket: Line,
    posts: Vec<PostLine>,
    body: String,
    error: &'static str,
}

struct Line {
    id: i64,
    account: i64,
    subject: String,
    state: &'static str,
    state_text: &'static str,
}

struct PostLine {
    at: String,
    author: String,
    body: String,
}

/// The account whose tickets are shown, none for an operator, and where they are.
fn scope(cx: &Context) -> (Option<AccountId>, &'static str) {
    match cx.account() {
        Ok(account) => (Some(account), "/tickets"),
        Err(_) => (None, "/admin/tickets"),
    }
}

fn line(cx: &Context, ticket: &Ticket) -> Line {
    Line {
        id: ticket.id,
        account: ticket.account.0,
        subject: ticket.subject.clone(),
        state: ticket.state.name(),
        state_text: match ticket.state {
            TicketState::Open => cx.t("待处理", "open"),
            TicketState::Answered => cx.t("已回复", "answered"),
            TicketState::Closed => cx.t("已关闭", "closed"),
        },
    }
}

/// Tickets as a table; operators see whose they are.
fn table(cx: &Context, base: &str, tickets: &[Ticket]) -> Table {
    let all = base != "/tickets";
    let mut columns = vec![
        numbers("number", "#"),
        column("subject", cx.t("主题", "Subject")),
        column("state", cx.t("状态", "State")),
        column("changed", cx.t("更新", "Changed")),
    ];
    if all {
        columns.insert(1, numbers("account", cx.t("账户", "Account")));
    }
    let row = |ticket: &Ticket| {
        let shown = line(cx, ticket);
        let tag = match ticket.state {
            TicketState::Open => "warn",
            TicketState::Answered => "good",
            TicketState::Closed => "plain",
        };
        let mut row = vec![
            Cell::number(shown.id.to_string(), shown.id as f64),
            Cell::text(shown.subject).link(format!("{base}/{}", shown.id)),
            Cell::text(shown.state_text).tag(tag),
            Cell::time(ticket.changed_at, ""),
        ];
        if all {
            let account = shown.account;
            let link = format!("/admin/accounts/{account}");
            row.insert(
                1,
                Cell::number(account.to_string(), account as f64).link(link),
            );
        }
        row
    };
    Table::new(cx, "", &columns, tickets.iter().map(row).collect()).with_search(cx)
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&list_page(&cx, "").await?)
}

async fn list_page(cx: &Context, error: &'static str) -> Result<Tickets, Problem> {
    let (account, base) = scope(cx);
    let state = TicketState::parse(cx.query.get("state"));
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let store = cx.accounts().store();
    let tickets = store.tickets(account, state, before, LINES).await?;
    let last = tickets.last().filter(|_| tickets.len() == LINES as usize);
    let name = state.map_or("", TicketState::name);
    Ok(Tickets {
        f: cx.frame("工单", "Tickets"),
        base,
        older: last.map_or_else(String::new, |t| {
            format!("{base}?state={name}&before={}", t.id)
        }),
        tickets: table(cx, base, &tickets),
        states: [
            ("", cx.t("全部", "all")),
            ("open", cx.t("待处理", "open")),
            ("answered", cx.t("已回复", "answered")),
            ("closed", cx.t("已关闭", "closed")),
        ],
        state: name,
        subject: cx.form.text("subject").to_owned(),
        body: cx.form.text("body").to_owned(),
        error,
    })
}

/// What is wrong with a text, if anything is.
async fn wrong(cx: &Context, subject: Option<&str>, body: &str) -> Option<&'static str> {
    let fits = |text: &str, most| (1..=most).contains(&text.chars().count());
    if subject.is_some_and(|subject| !fits(subject, SUBJECT)) {
        return Some(cx.t(
            "主题需要 1 至 100 个字。",
            "A subject has 1 to 100 characters.",
        ));
    }
    if !fits(body, BODY) {
        return Some(cx.t(
            "内容需要 1 至 5000 个字。",
            "A text has 1 to 5000 characters.",
        ));
    }
    let place = format!("{:?}", cx.session.as_ref().map(|s| s.person.holder()));
    match cx.accounts().pass(Gate::Post, &place).await {
        Ok(_) => None,
        Err(_) => Some(cx.t("每小时最多提交 10 次。", "At most 10 an hour.")),
    }
}

pub async fn open(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (subject, body) = (cx.form.text("subject"), cx.form.text("body"));
    if let Some(error) = wrong(&cx, Some(subject), body).await {
        return again(&list_page(&cx, error).await?);
    }
    let new = NewTicket {
        account: cx.account()?,
        subject,
        body,
        at: cx.accounts().now(),
    };
    let id = cx.accounts().store().open_ticket(&new).await?;
    see(format!("/tickets/{id}"))
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<TicketPage, Problem> {
    let (account, base) = scope(cx);
    let found = cx.accounts().store().ticket(cx.id("id")?, account).await?;
    let (ticket, posts) = found.ok_or(Problem::NotFound)?;
    Ok(TicketPage {
        f: cx.frame("工单", "Ticket"),
        base,
        ticket: line(cx, &ticket),
        posts: posts
            .into_iter()
            .map(|post| PostLine {
                at: format::time(post.at),
                author: post.author,
                body: post.body,
            })
            .collect(),
        body: cx.form.text("body").to_owned(),
        error,
    })
}

pub async fn post(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (id, body) = (cx.id("id")?, cx.form.text("body"));
    let (account, base) = scope(&cx);
    if cx.form.is_set("close") {
        let closed = cx
            .accounts()
            .store()
            .close_ticket(id, account, cx.accounts().now());
        if !closed.await? {
            return Err(Problem::NotFound);
        }
        if account.is_none() {
            super::admin::note(&cx, "ticket.close", &format!("ticket {id}"), "").await?;
        }
        return see(format!("{base}/{id}"));
    }
    if account.is_some()
        && let Some(error) = wrong(&cx, None, body).await
    {
        return again(&page(&cx, error).await?);
    }
    let by = match account {
        Some(account) => Ok(account),
        None => Err(cx.operator()?.name.as_str()),
    };
    let posted = cx
        .accounts()
        .store()
        .post(id, by, body, cx.accounts().now());
    if !posted.await? {
        return Err(Problem::NotFound);
    }
    if account.is_none() {
        super::admin::note(&cx, "ticket.answer", &format!("ticket {id}"), "").await?;
    }
    see(format!("{base}/{id}"))
}
