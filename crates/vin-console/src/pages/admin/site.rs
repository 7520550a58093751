//! What is said to all: texts of the portal and notices.

use super::note;
use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::site::TEXTS;
use crate::table::{Button, Cell, Table, column, unsorted};
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;
use vin_service::people::{NewNotice, Notice};

/// The longest text, in characters.
const LONGEST: usize = 20_000;

#[derive(Template)]
#[template(path = "admin/site.html")]
struct Site {
    f: Frame,
    texts: Vec<TextLine>,
    error: &'static str,
}

struct TextLine {
    name: &'static str,
    label: &'static str,
    value: String,
    long: bool,
}

#[derive(Template)]
#[template(path = "admin/notices.html")]
struct Notices {
    f: Frame,
    notices: Table,
    title: String,
    body: String,
    days: String,
    error: &'static str,
}

pub async fn texts(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&texts_page(&cx, "").await?)
}

async fn texts_page(cx: &Context, error: &'static str) -> Result<Site, Problem> {
    let held = cx.accounts().store().site().await?;
    let held: HashMap<_, _> = held.into_iter().collect();
    let line = |text: &'static crate::site::Text| TextLine {
        name: text.name,
        label: cx.t(text.zh, text.en),
        value: match error {
            "" => held.get(text.name).cloned().unwrap_or_default(),
            _ => cx.form.get(text.name).to_owned(),
        },
        long: text.long,
    };
    Ok(Site {
        f: cx.frame("站点设置", "Site"),
        texts: TEXTS.iter().map(line).collect(),
        error,
    })
}

pub async fn set_texts(cx: Arc<Context>) -> Result<Reply, Problem> {
    let values: Vec<_> = TEXTS
        .iter()
        .map(|text| {
            (
                text.name,
                cx.form.get(text.name).trim().replace("\r\n", "\n"),
            )
        })
        .collect();
    if values
        .iter()
        .any(|(_, value)| value.chars().count() > LONGEST)
    {
        let error = cx.t(
            "每段文字最多 20000 个字。",
            "A text has at most 20000 characters.",
        );
        return again(&texts_page(&cx, error).await?);
    }
    let pairs: Vec<_> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let store = cx.accounts().store();
    store.set_site(&pairs, cx.accounts().now()).await?;
    note(&cx, "site.texts", "site", "").await?;
    see("/admin/site?done=saved")
}

pub async fn notices(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&notices_page(&cx, "").await?)
}

/// The notices as a table.
fn notice_table(cx: &Context, notices: &[Notice]) -> Result<Table, Problem> {
    let now = cx.accounts().now();
    let columns = [
        column("title", cx.t("标题", "Title")),
        column("text", cx.t("正文", "Text")),
        column("from", cx.t("显示自", "From")),
        column("until", cx.t("至", "Until")),
        unsorted(cx.t("操作", "Change")),
    ];
    let row = |notice: &Notice| {
        let title = Cell::text(notice.title.clone());
        let button = Button {
            token: &cx.form_token,
            path: format!("/admin/notices/{}", notice.id),
            text: cx.t("撤下", "Take it back"),
            label: String::new(),
            first: "",
        };
        Ok(vec![
            match (notice.starts_at..notice.ends_at).contains(&now) {
                true => title.mark("good", cx.t("显示中", "shown")),
                false => title,
            },
            Cell::text(notice.body.clone()).cut(),
            Cell::time(notice.starts_at, "—"),
            Cell::time(notice.ends_at, "—"),
            Cell::forms(&button, 0)?,
        ])
    };
    let rows = notices.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "", &columns, rows).with_search(cx))
}

async fn notices_page(cx: &Context, error: &'static str) -> Result<Notices, Problem> {
    let rows = cx.accounts().store().notices(None).await?;
    Ok(Notices {
        f: cx.frame("公告", "Notices"),
        notices: notice_table(cx, &rows)?,
        title: cx.form.text("title").to_owned(),
        body: cx.form.text("body").to_owned(),
        days: cx.form.text("days").to_owned(),
        error,
    })
}

pub async fn publish(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (title, body) = (cx.form.text("title"), cx.form.text("body"));
    let days = cx
        .form
        .number::<i64>("days")
        .filter(|days| (1..=365).contains(days));
    let fits = (1..=100).contains(&title.chars().count()) && body.chars().count() <= 2_000;
    let Some(days) = days.filter(|_| fits) else {
        let error = cx.t(
            "标题 1 至 100 个字，正文最多 2000 个字，显示 1 至 365 天。",
            "A title has 1 to 100 characters, a text at most 2000, and 1 to 365 days.",
        );
        return again(&notices_page(&cx, error).await?);
    };
    let now = cx.accounts().now();
    let new = NewNotice {
        title,
        body,
        starts_at: now,
        ends_at: now + days * 86_400,
        at: now,
    };
    cx.accounts().store().publish(&new).await?;
    note(&cx, "notice.publish", "notice", title).await?;
    see("/admin/notices?done=saved")
}

pub async fn withdraw(cx: Arc<Context>) -> Result<Reply, Problem> {
    let id = cx.id("id")?;
    if !cx.accounts().store().withdraw_notice(id).await? {
        return Err(Problem::NotFound);
    }
    note(&cx, "notice.withdraw", &format!("notice {id}"), "").await?;
    see("/admin/notices?done=saved")
}
