//! Where a customer is told of alerts: an address of mail, a webhook, by which of them of what, and the
//! log of what was sent.

use super::alerts;
use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Button, Cell, Table, column, numbers, unsorted};
use askama::Template;
use std::sync::Arc;
use vin_core::Lang;
use vin_service::LinkToken;
use vin_service::people::{AlertKind, AlertWays, LinkError, Message, Purpose, SendState, SendWay};
use vin_service::sending::{ContactError, title};

/// How many messages a page has.
pub const LINES: u32 = 50;

/// What the page of alerts shows of it.
pub struct Part {
    /// Whether mail can be sent here.
    pub can_mail: bool,
    /// The address that is told, `""` for none.
    pub mail: String,
    /// The address in the form.
    pub mail_field: String,
    /// The webhook, `""` for none.
    pub url: String,
    /// The URL in the form.
    pub url_field: String,
    /// What it is signed with, right after the password was asked for.
    pub secret: Option<String>,
    pub ways: Vec<WayLine>,
    pub sent: Table,
}

/// By which ways alerts of a kind are told.
pub struct WayLine {
    pub name: &'static str,
    pub text: &'static str,
    pub mail: bool,
    pub webhook: bool,
}

#[derive(Template)]
#[template(path = "mail_link.html")]
struct MailLink {
    f: Frame,
    link: String,
    /// The address that it confirms, `""` for a link that is over.
    address: String,
}

/// The part, with what was typed where a form is shown again.
pub async fn part(cx: &Context, secret: Option<String>) -> Result<Part, Problem> {
    let account = cx.account()?;
    let store = cx.accounts().store();
    let contacts = store.contacts(account).await?;
    let ways = store.alert_ways(account).await?;
    let messages = store.messages(Some(account), i64::MAX, LINES).await?;
    let line = |(kind, ways): (AlertKind, AlertWays)| WayLine {
        name: kind.name(),
        text: title(kind, cx.lang),
        mail: ways.mail,
        webhook: ways.webhook,
    };
    let typed = |name: &str, held: &str| match cx.form.text(name) {
        "" => held.to_owned(),
        typed => typed.to_owned(),
    };
    Ok(Part {
        can_mail: cx.service().outgoing().mailer.is_some(),
        mail_field: typed("mail", &contacts.mail),
        mail: contacts.mail,
        url_field: typed("url", &contacts.hook_url),
        url: contacts.hook_url,
        secret,
        ways: ways.into_iter().map(line).collect(),
        sent: table(cx, &messages, "/alerts/messages")?,
    })
}

/// Messages as a table; what was given up can be sent again by a form below `path`.
pub fn table(cx: &Context, messages: &[Message], path: &str) -> Result<Table, Problem> {
    let columns = [
        column("time", cx.t("时间", "Time")),
        column("what", cx.t("内容", "What")),
        column("way", cx.t("方式", "By")),
        column("to", cx.t("收件人", "To")),
        column("state", cx.t("状态", "State")),
        numbers("tries", cx.t("尝试", "Tries")),
        column("error", cx.t("最近错误", "Last error")),
        unsorted(cx.t("操作", "Change")),
    ];
    let row = |message: &Message| {
        let (state, tag) = match message.state {
            SendState::Waiting => (cx.t("等待发送", "waiting"), "warn"),
            SendState::Sent => (cx.t("已送达", "delivered"), "good"),
            SendState::Failed => (cx.t("已放弃", "given up"), "bad"),
        };
        let next = match message.state {
            SendState::Waiting => message.next_at,
            SendState::Sent | SendState::Failed => message.ended_at,
        };
        let button = Button {
            token: &cx.form_token,
            path: format!("{path}/{}", message.id),
            text: cx.t("再次发送", "Send again"),
            label: String::new(),
            first: "",
        };
        Ok(vec![
            Cell::time(message.created_at, ""),
            Cell::text(what(cx, message)),
            Cell::text(match message.way {
                SendWay::Mail => cx.t("邮件", "mail"),
                SendWay::Webhook => "webhook",
            }),
            Cell::text(message.recipient.clone()).cut(),
            Cell::text(state).tag(tag).small(crate::format::time(next)),
            Cell::count(message.tries),
            Cell::text(message.error.clone()),
            match message.state {
                SendState::Failed => Cell::forms(&button, 1)?,
                SendState::Waiting | SendState::Sent => Cell::number("", 0),
            },
        ])
    };
    let rows = messages.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "sent", &columns, rows).with_search(cx))
}

/// What a message tells.
fn what(cx: &Context, message: &Message) -> String {
    let kind = message.kind.strip_prefix("alert.");
    if let Some(kind) = kind.and_then(AlertKind::parse) {
        return title(kind, cx.lang).to_owned();
    }
    let known = match message.kind.as_str() {
        "channel.down" => cx.t("通道中断", "Channel down"),
        "channel.draining" => cx.t("通道不再询问", "Channel draining"),
        "test" => cx.t("测试", "Test"),
        kind => kind,
    };
    known.to_owned()
}

/// What is wrong with an address, unless it is our fault.
pub fn told(lang: Lang, error: &ContactError) -> Result<String, Problem> {
    let text = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    Ok(match error {
        ContactError::Address => text("邮箱格式不正确。", "This is no address of mail."),
        ContactError::NoMail => text("本站未开启邮件。", "No mail is sent here."),
        ContactError::TooMany => text(
            "操作过于频繁，请一小时后再试。",
            "Too often; try again in an hour.",
        ),
        ContactError::Undelivered(why) => text(
            &format!("邮件未能发出：{why}"),
            &format!("The mail could not be sent: {why}"),
        ),
        ContactError::Url(_) => text(
            "请填写 https:// 开头、可从公网访问的地址，最多 1000 个字符。",
            "An address that begins with https:// and is on the public internet, at most 1000 characters.",
        ),
        ContactError::Nothing => text("还没有设置地址。", "There is no address yet."),
        ContactError::Cipher | ContactError::Store(_) => {
            tracing::error!(%error, "an address could not be set");
            return Err(Problem::Broken);
        }
    })
}

pub async fn set_ways(cx: Arc<Context>) -> Result<Reply, Problem> {
    let wanted = |kind: &AlertKind| {
        let is_set = |way: &str| cx.form.is_set(&format!("{}.{way}", kind.name()));
        let ways = AlertWays {
            mail: is_set("mail"),
            webhook: is_set("webhook"),
        };
        (*kind, ways)
    };
    let ways: Vec<_> = AlertKind::ALL.iter().map(wanted).collect();
    let store = cx.accounts().store();
    store.set_alert_ways(cx.account()?, &ways).await?;
    see("/alerts?done=saved")
}

/// The address may open the account, for links to set a new password go there.
pub async fn set_mail(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let account = cx.account()?;
    let accounts = cx.accounts();
    if cx.form.is_set("remove") {
        accounts
            .store()
            .set_mail(account, "", accounts.now())
            .await?;
        return see("/alerts?done=saved");
    }
    match cx
        .service()
        .ask_for_mail(account, cx.form.text("mail"))
        .await
    {
        Ok(()) => see("/alerts?done=mailed"),
        Err(error) => {
            let error = told(cx.lang, &error)?;
            again(&alerts::page(&cx, "mail", error, None).await?)
        }
    }
}

pub async fn set_webhook(cx: Arc<Context>) -> Result<Reply, Problem> {
    let url = cx.form.text("url");
    match cx.service().set_webhook(cx.account()?, url).await {
        Ok(()) => see("/alerts?done=saved"),
        Err(error) => {
            let error = told(cx.lang, &error)?;
            again(&alerts::page(&cx, "webhook", error, None).await?)
        }
    }
}

pub async fn secret(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let account = cx.account()?;
    if cx.form.is_set("renew") {
        match cx.accounts().renew_webhook_secret(account).await {
            Ok(()) | Err(ContactError::Nothing) => {}
            Err(error) => {
                tracing::error!(%error, "a secret could not be made");
                return Err(Problem::Broken);
            }
        }
    }
    let secret = cx.accounts().webhook_secret(account).await?;
    let secret = secret.ok_or(Problem::NotFound)?;
    html(&alerts::page(&cx, "", String::new(), Some(secret)).await?)
}

pub async fn test(cx: Arc<Context>) -> Result<Reply, Problem> {
    match cx.service().test_webhook(cx.account()?).await {
        Ok(message) if message.state == SendState::Sent => see("/alerts?done=tested"),
        Ok(_) => see("/alerts?done=untested"),
        Err(error) => {
            let error = told(cx.lang, &error)?;
            again(&alerts::page(&cx, "webhook", error, None).await?)
        }
    }
}

pub async fn send_again(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (id, account) = (cx.id("id")?, cx.account()?);
    let (store, now) = (cx.accounts().store(), cx.accounts().now());
    match store.send_again(id, Some(account), now).await? {
        true => see("/alerts?done=again"),
        false => Err(Problem::NotFound),
    }
}

/// A program that looks at mail opens links, too: only the button confirms.
pub async fn show_link(cx: Arc<Context>) -> Result<Reply, Problem> {
    let found = match LinkToken::parse(cx.param("link")) {
        Some(link) => cx.accounts().link(Purpose::Mail, &link).await?,
        None => None,
    };
    let address = found.map_or_else(String::new, |row| row.detail);
    html(&link_page(&cx, address))
}

fn link_page(cx: &Context, address: String) -> MailLink {
    MailLink {
        f: cx.frame("确认邮箱", "Confirm your address"),
        link: cx.param("link").to_owned(),
        address,
    }
}

pub async fn send_link(cx: Arc<Context>) -> Result<Reply, Problem> {
    let link = LinkToken::parse(cx.param("link")).ok_or(Problem::NotFound)?;
    match cx.accounts().confirm_mail(&link).await {
        Ok(()) => see(format!("/mail/{}?done=confirmed", cx.param("link"))),
        Err(LinkError::Over) => again(&link_page(&cx, String::new())),
        Err(error) => {
            tracing::error!(%error, "an address could not be confirmed");
            Err(Problem::Broken)
        }
    }
}
