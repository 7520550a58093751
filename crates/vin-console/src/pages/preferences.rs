//! Language and theme.

use crate::context::{Context, Theme};
use crate::cookie;
use crate::reply::{Problem, Reply, see};
use std::sync::Arc;

pub async fn language(cx: Arc<Context>) -> Result<Reply, Problem> {
    let lang = if cx.form.get("to") == "en" {
        "en"
    } else {
        "zh"
    };
    cx.set_cookie(cookie::set(cookie::LANG, lang, cx.peer.secure, true));
    see(cx.back_to(cx.form.get("back"), "/"))
}

pub async fn theme(cx: Arc<Context>) -> Result<Reply, Problem> {
    let theme = Theme::parse(cx.form.get("to")).name();
    cx.set_cookie(cookie::set(cookie::THEME, theme, cx.peer.secure, true));
    see(cx.back_to(cx.form.get("back"), "/"))
}
