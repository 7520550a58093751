//! Documentation: the request, fields, codes, and programs to copy.

use super::keys;
use crate::app::Term;
use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::samples::{Filling, SAMPLES, Sample};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_core::Vin;
use vin_core::field::{FIELDS, Field, Group, Kind};
use vin_service::people::{AccountId, KeyState};

#[derive(Template)]
#[template(path = "docs/request.html")]
struct Request {
    f: Frame,
    here: &'static str,
    base: String,
    vin: &'static str,
    params: Table,
}

#[derive(Template)]
#[template(path = "docs/api.html")]
struct Api {
    f: Frame,
    here: &'static str,
}

#[derive(Template)]
#[template(path = "docs/fields.html")]
struct Fields {
    f: Frame,
    here: &'static str,
    fields: Table,
}

#[derive(Template)]
#[template(path = "docs/codes.html")]
struct Codes {
    f: Frame,
    here: &'static str,
    codes: Table,
}

#[derive(Template)]
#[template(path = "docs/samples.html")]
struct Samples {
    f: Frame,
    here: &'static str,
    samples: &'static [Sample],
    sample: &'static Sample,
    signed: bool,
    vin: String,
    keys: Vec<(i64, String)>,
    key: i64,
    /// Whether the own key stands in the program.
    filled: bool,
    signed_in: bool,
    text: String,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let params = &cx.app.parts.reference.params;
    html(&Request {
        f: cx.frame("接口文档", "Documentation"),
        here: "",
        base: base(&cx),
        vin: cx.app.parts.reference.example_vin,
        params: param_table(&cx, params),
    })
}

fn param_table(cx: &Context, params: &[Term]) -> Table {
    let columns = [
        column("name", cx.t("参数", "Parameter")),
        column("required", cx.t("必填", "Required")),
        column("meaning", cx.t("说明", "Meaning")),
    ];
    let row = |term: &Term| {
        vec![
            Cell::text(&*term.name).code(),
            Cell::text(term.detail.get(cx.lang)),
            Cell::text(term.text.get(cx.lang)),
        ]
    };
    Table::new(cx, "", &columns, params.iter().map(row).collect()).wrapped()
}

fn code_table(cx: &Context, codes: &[Term]) -> Table {
    let columns = [
        numbers("code", "code"),
        column("msg", "msg"),
        column("when", cx.t("何时返回", "When")),
    ];
    let row = |term: &Term| {
        let code = Cell::number(&*term.name, term.name.parse().unwrap_or(0_u32));
        vec![
            code.code(),
            Cell::text(term.text.get(cx.lang)),
            Cell::text(term.detail.get(cx.lang)),
        ]
    };
    let table = Table::new(cx, "", &columns, codes.iter().map(row).collect());
    table.with_search(cx).wrapped()
}

/// Where this visitor reaches the interface.
pub fn base(cx: &Context) -> String {
    let told = (cx.app.parts.base)(&cx.head);
    match told.as_str() {
        "" => "https://…".to_owned(),
        _ => told,
    }
}

/// The interface with a form for each path, by Swagger UI.
pub async fn api(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&Api {
        f: cx.frame("接口试用", "Try the interface"),
        here: "api",
    })
}

pub async fn part(cx: Arc<Context>) -> Result<Reply, Problem> {
    match cx.param("part") {
        "fields" => fields(&cx),
        "codes" => html(&Codes {
            f: cx.frame("返回码", "Codes"),
            here: "codes",
            codes: code_table(&cx, &cx.app.parts.reference.codes),
        }),
        "samples" => samples(&cx).await,
        _ => Err(Problem::NotFound),
    }
}

fn fields(cx: &Context) -> Result<Reply, Problem> {
    let kind = |kind| match kind {
        Kind::Int => "int",
        Kind::Text => "string",
        Kind::NullableText => "string | null",
        Kind::Texts => "string[]",
        Kind::Object => "object | null",
        Kind::Candidates => "object[]",
    };
    let columns = [
        column("field", cx.t("字段", "Field")),
        column("group", cx.t("分组", "Group")),
        column("type", cx.t("类型", "Type")),
        column("meaning", cx.t("说明", "Meaning")),
        column("unit", cx.t("单位", "Unit")),
    ];
    let fields = Group::ALL
        .iter()
        .flat_map(|group| FIELDS.iter().filter(move |field| field.group == *group));
    let row = |field: &Field| {
        vec![
            Cell::text(field.path).code(),
            Cell::text(field.group.label().get(cx.lang)),
            Cell::text(kind(field.kind)),
            Cell::text(field.label.get(cx.lang)),
            Cell::text(field.unit),
        ]
    };
    let table = Table::new(cx, "", &columns, fields.map(row).collect());
    html(&Fields {
        f: cx.frame("返回字段", "Fields"),
        here: "fields",
        fields: table.with_search(cx).wrapped(),
    })
}

async fn samples(cx: &Context) -> Result<Reply, Problem> {
    let sample = Sample::find(cx.query.get("lang")).unwrap_or(&SAMPLES[0]);
    let signed = cx.query.is_set("signed");
    let typed = Vin::parse(cx.query.get("vin")).map(|parsed| parsed.vin);
    let vin = typed.map_or_else(
        |_| cx.app.parts.reference.example_vin.to_owned(),
        |vin| vin.as_str().to_owned(),
    );
    let account = cx.account().ok();
    let keys = match account {
        Some(account) => working_keys(cx, account).await?,
        None => Vec::new(),
    };
    let wanted = cx.query.number("key").unwrap_or(0);
    let key = keys.iter().find(|(id, _)| *id == wanted).or(keys.first());
    let key = key.map_or(0, |(id, _)| *id);
    // A key is shown as elsewhere: after the password was asked for.
    let confirmed = cx.session.as_ref().is_some_and(|session| session.confirmed);
    let issued = match account.filter(|_| confirmed && key != 0) {
        Some(account) => Some(cx.accounts().reveal_key(account, key).await?),
        None => None,
    };
    let (own_key, own_secret) = match &issued {
        Some(issued) => (issued.key.reveal(), issued.secret.reveal()),
        None => (cx.t("您的密钥", "YOUR_KEY"), cx.t("您的SK", "YOUR_SK")),
    };
    let base = base(cx);
    let text = sample.filled(
        signed,
        &Filling {
            base: &base,
            key: own_key,
            secret: own_secret,
            vin: &vin,
        },
    );
    html(&Samples {
        f: cx.frame("代码示例", "Samples"),
        here: "samples",
        samples: SAMPLES,
        sample,
        signed,
        vin,
        keys,
        key,
        filled: issued.is_some(),
        signed_in: account.is_some(),
        text,
    })
}

/// The keys of an account that work, with their names.
pub async fn working_keys(cx: &Context, account: AccountId) -> Result<Vec<(i64, String)>, Problem> {
    let now = cx.accounts().now();
    let keys = cx.accounts().keys(account).await?;
    let working = keys
        .into_iter()
        .filter(|key| key.state == KeyState::Active && key.expires_at > now);
    Ok(working.map(|key| (key.id, keys::name(cx, &key))).collect())
}
