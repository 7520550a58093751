//! Password, second factor, sessions and history of one who is signed in.

use super::confirm::told;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Button, Cell, Table, column, unsorted};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{
    Enrolment, FactorError, Method, Outcome, PasskeyRow, SessionRow, SignInRow,
};

/// How many attempts to sign in are shown.
const HISTORY: u32 = 20;

#[derive(Template)]
#[template(path = "security.html")]
struct Security {
    f: Frame,
    totp: bool,
    recovery: usize,
    passkeys: Table,
    sessions: Table,
    history: Table,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "totp.html")]
struct Totp {
    f: Frame,
    secret: String,
    uri: String,
    sealed: String,
    qr: String,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "recovery.html")]
pub struct Recovery {
    f: Frame,
    codes: Vec<String>,
}

/// How long ago something was, or that it never was.
fn passkey_table(cx: &Context, passkeys: &[PasskeyRow]) -> Result<Table, Problem> {
    let columns = [
        column("name", cx.t("名称", "Name")),
        column("added", cx.t("添加", "Added")),
        column("used", cx.t("最近使用", "Last used")),
        unsorted(cx.t("删除", "Remove")),
    ];
    let row = |row: &PasskeyRow| {
        let button = Button {
            token: &cx.form_token,
            path: format!("/security/passkeys/{}", row.id),
            text: cx.t("确认删除", "Yes, remove it"),
            label: String::new(),
            first: cx.t("删除…", "Remove…"),
        };
        Ok(vec![
            Cell::text(row.name.clone()),
            Cell::number(format::day(row.created_at), row.created_at as f64),
            Cell::ago(cx, row.used_at),
            Cell::forms(&button, 0)?,
        ])
    };
    let rows = passkeys.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "passkeys", &columns, rows).with_search(cx))
}

fn session_table(cx: &Context, sessions: &[SessionRow]) -> Result<Table, Problem> {
    let own = &cx.signed_in()?.lookup;
    let columns = [
        column("begun", cx.t("开始", "Begun")),
        column("used", cx.t("最近使用", "Last used")),
        column("address", cx.t("地址", "Address")),
        column("browser", cx.t("浏览器", "Browser")),
    ];
    let row = |row: &SessionRow| {
        let begun = Cell::time(row.created_at, "—");
        vec![
            match row.lookup == *own {
                true => begun.mark("good", cx.t("当前", "this one")),
                false => begun,
            },
            Cell::ago(cx, row.seen_at),
            Cell::text(row.address.clone()),
            Cell::text(row.agent.clone()).cut(),
        ]
    };
    let rows = sessions.iter().map(row).collect();
    Ok(Table::new(cx, "sessions", &columns, rows).with_search(cx))
}

fn history_table(cx: &Context, history: &[SignInRow]) -> Table {
    let columns = [
        column("time", cx.t("时间", "Time")),
        column("result", cx.t("结果", "Result")),
        column("address", cx.t("地址", "Address")),
        column("browser", cx.t("浏览器", "Browser")),
    ];
    let row = |row: &SignInRow| {
        let (tag, what) = match row.outcome {
            Outcome::In => ("good", cx.t("登录成功", "signed in")),
            Outcome::Password => ("bad", cx.t("密码错误", "wrong password")),
            Outcome::Factor => ("bad", cx.t("验证码错误", "wrong code")),
            Outcome::Barred => ("bad", cx.t("尝试过多", "barred")),
            Outcome::Suspended => ("bad", cx.t("账户停用", "suspended")),
        };
        vec![
            Cell::time(row.at, "—"),
            Cell::text(what).tag(tag),
            Cell::text(row.address.clone()),
            Cell::text(row.agent.clone()).cut(),
        ]
    };
    Table::new(cx, "history", &columns, history.iter().map(row).collect()).with_search(cx)
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<Security, Problem> {
    let session = cx.signed_in()?;
    let accounts = cx.accounts();
    let factors = accounts.factors(&session.person).await?;
    let sessions = accounts.sessions(&session.person).await?;
    let history = accounts
        .store()
        .sign_ins(session.person.holder(), HISTORY)
        .await?;
    let passkeys = accounts.passkeys(&session.person).await?;
    let has = |method| factors.iter().filter(|f| f.method == method).count();
    Ok(Security {
        f: cx.frame("安全", "Security"),
        totp: has(Method::Totp) > 0,
        recovery: has(Method::Recovery),
        passkeys: passkey_table(cx, &passkeys)?,
        sessions: session_table(cx, &sessions)?,
        history: history_table(cx, &history),
        error,
    })
}

pub async fn password(cx: Arc<Context>) -> Result<Reply, Problem> {
    let form = &cx.form;
    if form.get("password") != form.get("again") {
        let error = cx.t("两次输入的密码不一致。", "The two passwords differ.");
        return again(&page(&cx, error).await?);
    }
    let (present, new) = (form.get("present"), form.get("password"));
    let session = cx.signed_in()?;
    let changed = cx
        .accounts()
        .change_password(session, present, new, cx.origin());
    match changed.await {
        Ok(token) => {
            cx.keep_session(&token);
            see("/security?done=password")
        }
        Err(error) => {
            let error = told(&cx, error)?;
            again(&page(&cx, error).await?)
        }
    }
}

pub async fn end_sessions(cx: Arc<Context>) -> Result<Reply, Problem> {
    let session = cx.signed_in()?;
    let holder = session.person.holder();
    let store = cx.accounts().store();
    store.end_sessions(holder, Some(&session.lookup)).await?;
    see("/security?done=ended")
}

pub async fn totp(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let session = cx.signed_in()?;
    let begun = cx.accounts().begin_totp(&session.person, "Chejia");
    html(&totp_page(&cx, begun.map_err(broken)?, ""))
}

fn totp_page(cx: &Context, begun: Enrolment, error: &'static str) -> Totp {
    Totp {
        f: cx.frame("开启两步验证", "Second factor"),
        qr: crate::qr::svg(&begun.uri),
        secret: begun.base32,
        uri: begun.uri,
        sealed: begun.sealed,
        error,
    }
}

pub async fn totp_send(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let session = cx.signed_in()?;
    let (sealed, code) = (cx.form.get("sealed"), cx.form.get("code"));
    match cx.accounts().end_totp(&session.person, sealed, code).await {
        Ok(codes) => html(&recovery_page(&cx, codes)),
        Err(FactorError::Wrong) => {
            let error = cx.t(
                "验证码不正确，请检查手机时间。下面是新的密钥，请重新扫描。",
                "The code is not the present one: is the clock of the phone right? Scan this new secret.",
            );
            let begun = cx.accounts().begin_totp(&session.person, "Chejia");
            again(&totp_page(&cx, begun.map_err(broken)?, error))
        }
        Err(FactorError::Foreign) => Err(Problem::ForeignForm),
        Err(error) => Err(broken(error)),
    }
}

/// The page that tells recovery codes, once.
pub fn recovery_page(cx: &Context, codes: Vec<String>) -> Recovery {
    Recovery {
        f: cx.frame("恢复码", "Recovery codes"),
        codes,
    }
}

pub async fn recovery(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let session = cx.signed_in()?;
    let codes = cx.accounts().renew_recovery(&session.person).await;
    html(&recovery_page(&cx, codes.map_err(broken)?))
}

pub async fn off(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let session = cx.signed_in()?;
    cx.accounts().remove_factors(&session.person).await?;
    see("/security?done=off")
}

fn broken(error: FactorError) -> Problem {
    tracing::error!(%error, "a second factor could not be set");
    Problem::Broken
}
