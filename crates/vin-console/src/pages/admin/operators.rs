//! Who runs the installation.

use super::note;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::pages::join::role_name;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column, unsorted};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{OperatorId, OperatorRow, Role, StoreError};

#[derive(Template)]
#[template(path = "admin/operators.html")]
struct Operators {
    f: Frame,
    operators: Table,
    roles: Vec<(&'static str, &'static str)>,
    /// The path of an invitation that was just made.
    invitation: String,
    error: &'static str,
}

/// The forms of an operator's row.
#[derive(Template)]
#[template(path = "admin/operator_forms.html")]
struct Forms<'a> {
    f: &'a Frame,
    id: i64,
    role: &'static str,
    roles: &'a [(&'static str, &'static str)],
    suspended: bool,
    own: bool,
}

/// What each role is called.
fn roles(cx: &Context) -> Vec<(&'static str, &'static str)> {
    let text = |role: Role| {
        let (zh, en) = role_name(role);
        (role.name(), cx.t(zh, en))
    };
    Role::ALL.iter().copied().map(text).collect()
}

/// The operators as a table.
fn table(cx: &Context, f: &Frame, operators: &[OperatorRow]) -> Result<Table, Problem> {
    let (own, roles) = (cx.operator()?.id, &roles(cx));
    let columns = [
        column("name", cx.t("名称", "Name")),
        column("role", cx.t("角色", "Role")),
        column("state", cx.t("状态", "State")),
        column("since", cx.t("加入", "Since")),
        unsorted(cx.t("更改", "Change")),
    ];
    let row = |row: &OperatorRow| {
        let (name, role) = (Cell::text(row.name.clone()), row.role.name());
        let named = roles.iter().find(|(name, _)| *name == role);
        let forms = Forms {
            f,
            id: row.id.0,
            role,
            roles,
            suspended: row.suspended,
            own: row.id == own,
        };
        Ok(vec![
            match forms.own {
                true => name.mark("plain", cx.t("您", "you")),
                false => name,
            },
            Cell::text(named.map_or(role, |(_, text)| text)),
            match row.suspended {
                true => Cell::text(cx.t("停用", "suspended")).tag("bad"),
                false => Cell::text(cx.t("正常", "active")).tag("good"),
            },
            Cell::number(format::day(row.created_at), row.created_at as f64),
            Cell::forms(&forms, 0)?,
        ])
    };
    let rows = operators.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "", &columns, rows).with_search(cx))
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, String::new(), "").await?)
}

async fn page(cx: &Context, invitation: String, error: &'static str) -> Result<Operators, Problem> {
    let rows = cx.accounts().store().operators().await?;
    let f = cx.frame("操作员", "Operators");
    Ok(Operators {
        operators: table(cx, &f, &rows)?,
        f,
        roles: roles(cx),
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
