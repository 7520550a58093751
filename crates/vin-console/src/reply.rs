//! What a page's code hands back.

use crate::context::Context;
use crate::desk::Bytes;
use crate::frame;
use askama::Template;
use http::StatusCode;
use vin_service::people::{KeyError, StoreError};
use vin_service::{AccountError, Refusal};

/// An answer to a visitor.
pub enum Reply {
    /// A page.
    Html(StatusCode, String),
    /// Another page is to be opened.
    See(String),
    /// A file to be saved, with its name and its type.
    File(String, &'static str, Vec<u8>),
    /// The same for a long one: its name, its size, and its bytes as they are read.
    Stream(String, u64, Bytes),
}

/// A page that cannot be shown.
#[derive(Debug)]
pub enum Problem {
    /// There is no such thing, or it is not the visitor's.
    NotFound,
    /// The form is not the visitor's own, or was open for too long.
    ForeignForm,
    /// The visitor's role does not suffice.
    Forbidden,
    /// The form is too large.
    TooLarge,
    /// The password is to be asked for again first.
    Confirm,
    /// It is our fault; already logged.
    Broken,
}

impl Problem {
    /// The status of HTTP.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::ForeignForm | Self::Forbidden | Self::Confirm => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What it is called, and what can be done, in Chinese and English.
    pub const fn texts(&self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::NotFound => [
                ("没有这个页面", "No such page"),
                (
                    "地址有误，或者该内容不属于您的账户。",
                    "The address is wrong, or this belongs to another account.",
                ),
            ],
            Self::ForeignForm => [
                ("表单已失效", "This form is out of date"),
                (
                    "页面打开太久或来自别处。请返回、刷新后重新提交，什么都没有改变。",
                    "It was open too long, or came from elsewhere. Go back, reload and send it again; nothing was changed.",
                ),
            ],
            Self::Forbidden => [
                ("权限不足", "Not allowed"),
                (
                    "您的角色不能进行此操作，请联系所有者。",
                    "Your role may not do this. Ask an owner.",
                ),
            ],
            Self::TooLarge => [
                ("提交内容过大", "Too large"),
                (
                    "超过了允许的大小：表单 64 KB，图片 4 MB，导入文件 1 GB。",
                    "It is larger than is allowed: 64 KB for a form, 4 MB for a picture, 1 GB for a file to import.",
                ),
            ],
            Self::Confirm => [
                ("请先确认密码", "Confirm your password first"),
                (
                    "此操作需要再次输入密码。",
                    "This needs your password again.",
                ),
            ],
            Self::Broken => [
                ("服务出错", "Something went wrong"),
                (
                    "这是我们的问题，已记录。请稍后再试。",
                    "This is our fault and was noted. Try again in a while.",
                ),
            ],
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a page could not be shown");
        Self::Broken
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        tracing::error!(%error, "a page could not be shown");
        Self::Broken
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::NoKey => Self::NotFound,
            error => {
                tracing::error!(%error, "a page could not be shown");
                Self::Broken
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        tracing::error!(?refusal, "a page could not be shown");
        Self::Broken
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a template failed");
        Self::Broken
    }
}

/// A page from its template.
pub fn html(template: &impl Template) -> Result<Reply, Problem> {
    Ok(Reply::Html(StatusCode::OK, template.render()?))
}

/// A form that is shown again, with what is wrong.
pub fn again(template: &impl Template) -> Result<Reply, Problem> {
    Ok(Reply::Html(
        StatusCode::UNPROCESSABLE_ENTITY,
        template.render()?,
    ))
}

/// Another page is to be opened.
pub fn see(path: impl Into<String>) -> Result<Reply, Problem> {
    Ok(Reply::See(path.into()))
}

/// The page that tells of a problem.
pub fn problem(cx: &Context, problem: &Problem) -> Reply {
    let [(title, title_en), (text, text_en)] = problem.texts();
    let page = frame::ProblemPage {
        f: cx.frame(title, title_en),
        text: cx.t(text, text_en),
    };
    match page.render() {
        Ok(html) => Reply::Html(problem.status(), html),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            Reply::Html(problem.status(), format!("{title}\n"))
        }
    }
}
