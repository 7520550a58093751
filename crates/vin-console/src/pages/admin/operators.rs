//! Who runs the installation.

use super::note;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::pages::join::role_name;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{OperatorId, Role, StoreError};

#[derive(Template)]
#[template(path = "admin/operators.html")]
struct Operators {
    f: Frame,
    operators: Vec<Line>,
    roles: Vec<(&'static str, &'static str)>,
    /// The path of an invitation that was just made.
    invitation: String,
    error: &'static str,
}

struct Line {
    id: i64,
    name: String,
    role: &'static str,
    role_text: &'static str,
    suspended: bool,
    created: String,
    own: bool,
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, String::new(), "").await?)
}

async fn page(cx: &Context, invitation: String, error: &'static str) -> Result<Operators, Problem> {
    let own = cx.operator()?.id;
    let text = |role| {
        let (zh, en) = role_name(role);
        cx.t(zh, en)
    };
    let rows = cx.accounts().store().operators().await?;
    let line = |row: &vin_service::people::OperatorRow| Line {
        id: row.id.0,
        name: row.name.clone(),
        role: row.role.name(),
        role_text: text(row.role),
        suspended: row.suspended,
        created: format::day(row.created_at),
        own: row.id == own,
    };
    Ok(Operators {
        f: cx.frame("操作员", "Operators"),
        operators: rows.iter().map(line).collect(),
        roles: Role::ALL
            .into_iter()
            .map(|role| (role.name(), text(role)))
            .collect(),
        invitation,
        error,
    })
}

pub async fn invite(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let role = Role::parse(cx.form.get("role")).ok_or(Problem::NotFound)?;
    let link = cx.accounts().invite(role).await?;
    note(&cx, "operator.invite", role.name(), "").await?;
    html(&page(&cx, format!("/join/{}", link.reveal()), "").await?)
}

/// Removes the second factors of another operator who lost them. One's own are switched off under
/// `/security`.
pub async fn reset_factors(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let id = OperatorId(cx.id("id")?);
    if id == cx.operator()?.id || !cx.accounts().reset_factors(id).await? {
        return Err(Problem::NotFound);
    }
    note(
        &cx,
        "operator.reset_factors",
        &format!("operator {}", id.0),
        cx.form.text("reason"),
    )
    .await?;
    see("/admin/operators?done=factors")
}

pub async fn change(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let id = OperatorId(cx.id("id")?);
    let role = Role::parse(cx.form.get("role")).ok_or(Problem::NotFound)?;
    let suspended = cx.form.get("state") == "suspended";
    let store = cx.accounts().store();
    match store.set_operator(id, role, suspended).await {
        Ok(true) => {}
        Ok(false) => return Err(Problem::NotFound),
        Err(StoreError::LastOwner) => {
            let error = cx.t(
                "至少要有一位未停用的所有者。",
                "The last owner stays an owner.",
            );
            return again(&page(&cx, String::new(), error).await?);
        }
        Err(error) => return Err(error.into()),
    }
    let detail = format!(
        "{} {}",
        role.name(),
        if suspended { "suspended" } else { "active" }
    );
    note(
        &cx,
        "operator.change",
        &format!("operator {}", id.0),
        &detail,
    )
    .await?;
    see("/admin/operators?done=saved")
}
