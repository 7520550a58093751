//! The channels: how each is doing on this node, what it costs, and what is wanted of it.

use super::{actor, note};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;
use vin_core::{FieldId, Vin};
use vin_service::people::{ChannelChange, ChannelRow, ChannelSum, Deed};
use vin_service::{ChannelState, Told};

/// How many changes are shown.
const CHANGES: u32 = 30;

#[derive(Template)]
#[template(path = "admin/channels.html")]
struct Channels {
    f: Frame,
    table: Table,
    /// The same channels, for their forms.
    channels: Vec<Line>,
    sums: Table,
    month: u32,
    changes: Table,
    states: [(&'static str, &'static str); 3],
    /// What came of a test that was just made.
    tested: Option<Tested>,
    error: &'static str,
}

struct Line {
    name: String,
    title: String,
    mode: &'static str,
    tier: u32,
    weight: u32,
    price: String,
}

/// A test of a channel.
struct Tested {
    name: String,
    order: String,
    outcome: String,
    took: String,
    billed: &'static str,
    cost: String,
    detail: String,
    car: String,
}

/// An amount in 1/10000 yuan.
fn yuan(amount: i64) -> String {
    format!("¥{}.{:04}", format::count(amount / 10_000), amount % 10_000)
}

fn states(cx: &Context) -> [(&'static str, &'static str); 3] {
    [
        ("enabled", cx.t("启用", "enabled")),
        ("draining", cx.t("排空", "draining")),
        ("disabled", cx.t("停用", "disabled")),
    ]
}

fn line(channel: &ChannelState, said: &HashMap<String, ChannelRow>) -> Line {
    let name = channel.facts.name.as_str();
    // What was wanted a moment ago holds before this node has followed.
    let wanted = said.get(name);
    let (tier, weight) =
        wanted.map_or((channel.tier, channel.weight), |row| (row.tier, row.weight));
    Line {
        name: name.to_owned(),
        title: channel.facts.title.clone(),
        mode: channel.mode.name(),
        tier,
        weight,
        price: yuan(channel.facts.price.most().into()),
    }
}

/// The channels as a table, each beside its line.
fn table(cx: &Context, channels: &[ChannelState], lines: &[Line]) -> Table {
    let columns = [
        column("channel", cx.t("通道", "Channel")),
        column("state", cx.t("状态", "State")),
        column("breaker", cx.t("熔断器", "Breaker")),
        numbers("tier", cx.t("层级", "Tier")),
        numbers("weight", cx.t("权重", "Weight")),
        numbers("asked", cx.t("询问", "Asked")),
        numbers("hits", cx.t("命中", "Hits")),
        numbers("time", cx.t("平均耗时", "Mean time")),
        numbers("price", cx.t("单价", "Price")),
    ];
    let row = |(channel, line): (&ChannelState, &Line)| {
        let tally = &channel.tally;
        let hits = tally.ends.get("hit").copied().unwrap_or(0);
        let title = Cell::text(line.title.clone()).small(line.name.clone());
        let named = states(cx).into_iter().find(|(name, _)| *name == line.mode);
        let (tag, breaker) = match channel.breaker.name() {
            "closed" => ("good", cx.t("正常", "works")),
            "open" => ("bad", cx.t("熔断中", "rests")),
            _ => ("warn", cx.t("试探中", "being tried")),
        };
        let mean = |of: f64, digits, unit| match tally.calls {
            0 => Cell::number("—", 0),
            calls => {
                let mean = of / calls as f64;
                Cell::number(format!("{mean:.digits$} {unit}"), mean)
            }
        };
        vec![
            match channel.facts.learns {
                true => title.mark("plain", cx.t("学习", "learns")),
                false => title,
            },
            Cell::text(named.map_or(line.mode, |(_, text)| text)).tag(match line.mode {
                "enabled" => "good",
                _ => "warn",
            }),
            Cell::text(breaker).tag(tag),
            Cell::number(line.tier.to_string(), line.tier),
            Cell::number(line.weight.to_string(), line.weight),
            Cell::count(tally.calls.cast_signed()),
            mean(hits as f64 * 100.0, 1, "%"),
            mean(tally.total.as_secs_f64() * 1e3, 0, "ms"),
            Cell::number(line.price.clone(), channel.facts.price.most()),
        ]
    };
    let rows = channels.iter().zip(lines).map(row).collect();
    Table::new(cx, "channels", &columns, rows).with_search(cx)
}

fn sum_table(cx: &Context, sums: &[ChannelSum]) -> Table {
    let columns = [
        column("channel", cx.t("通道", "Channel")),
        numbers("asked", cx.t("询问", "Asked")),
        numbers("hits", cx.t("命中", "Hits")),
        numbers("billed", cx.t("上游计费", "Billed")),
        numbers("cost", cx.t("费用", "Cost")),
        numbers("unknown", cx.t("待核对", "To be settled")),
    ];
    let row = |sum: &ChannelSum| {
        let unknown = match sum.unknown {
            0 => "—".to_owned(),
            unknown => format!("{} ≤ {}", format::count(unknown), yuan(sum.unknown_cost)),
        };
        vec![
            Cell::text(sum.channel.clone()),
            Cell::count(sum.calls),
            Cell::count(sum.hits),
            Cell::count(sum.billed),
            Cell::number(yuan(sum.cost), sum.cost as f64),
            Cell::number(unknown, sum.unknown as f64),
        ]
    };
    Table::new(cx, "sums", &columns, sums.iter().map(row).collect()).with_search(cx)
}

fn change_table(cx: &Context, changes: &[ChannelRow]) -> Table {
    let columns = [
        column("at", cx.t("时间", "Time")),
        column("channel", cx.t("通道", "Channel")),
        column("state", cx.t("状态", "State")),
        numbers("tier", cx.t("层级", "Tier")),
        numbers("weight", cx.t("权重", "Weight")),
        column("reason", cx.t("原因", "Reason")),
        column("by", cx.t("经办", "By")),
    ];
    let row = |row: &ChannelRow| {
        vec![
            Cell::time(row.changed_at, "—"),
            Cell::text(row.name.clone()),
            Cell::text(row.state.clone()),
            Cell::number(row.tier.to_string(), row.tier),
            Cell::number(row.weight.to_string(), row.weight),
            Cell::text(row.reason.clone()),
            Cell::text(row.actor.clone()),
        ]
    };
    Table::new(cx, "changes", &columns, changes.iter().map(row).collect()).with_search(cx)
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<Channels, Problem> {
    let store = cx.accounts().store();
    let month = cx.app.today().number() / 100;
    let sums = store.channel_sums(month.into()).await?;
    let changes = store.channel_changes(None, CHANGES).await?;
    let said: HashMap<_, _> = store
        .channels()
        .await?
        .into_iter()
        .map(|row| (row.name.clone(), row))
        .collect();
    let channels = cx.service().channels();
    let lines: Vec<_> = channels
        .iter()
        .map(|channel| line(channel, &said))
        .collect();
    Ok(Channels {
        f: cx.frame("通道", "Channels"),
        table: table(cx, &channels, &lines),
        channels: lines,
        sums: sum_table(cx, &sums),
        month,
        changes: change_table(cx, &changes),
        states: states(cx),
        tested: None,
        error,
    })
}

/// Asks a channel about a VIN, which may cost money; the books hold it as a test.
pub async fn test(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let name = cx.param("name");
    let Ok(vin) = Vin::parse(cx.form.text("vin")) else {
        let error = cx.t("请输入 17 位车架号。", "Type a VIN of 17 characters.");
        return again(&page(&cx, error).await?);
    };
    if !cx.form.is_set("paid") {
        let error = cx.t(
            "测试是真实调用，可能产生费用，请勾选确认。",
            "A test is a real call and may cost money: tick the box.",
        );
        return again(&page(&cx, error).await?);
    }
    let trial = cx.service().test_channel(name, vin).await?;
    let trial = trial.ok_or(Problem::NotFound)?;
    let attempt = &trial.attempt;
    let order = format!("{:018}", attempt.order);
    let detail = format!(
        "order {order}: {}, {}",
        attempt.outcome,
        yuan(attempt.cost.into())
    );
    note(&cx, "channel.test", &format!("channel {name}"), &detail).await?;
    let mut page = page(&cx, "").await?;
    let car = match &trial.outcome {
        Told::Hit(found) => {
            let text = |field| found.vehicle.text(field);
            match text(FieldId::Name) {
                "" => [text(FieldId::Brand), text(FieldId::TypeName)].join(" "),
                name => name.to_owned(),
            }
        }
        Told::NoRecord | Told::Fault(_) => String::new(),
    };
    page.tested = Some(Tested {
        name: name.to_owned(),
        order,
        outcome: attempt.outcome.to_string(),
        took: format!("{} ms", attempt.took_ms),
        billed: attempt.billed.name(),
        cost: yuan(attempt.cost.into()),
        detail: attempt.detail.clone(),
        car,
    });
    html(&page)
}

pub async fn change(cx: Arc<Context>) -> Result<Reply, Problem> {
    let name = cx.param("name");
    let known = cx.service().channels();
    if !known
        .iter()
        .any(|channel| channel.facts.name.as_str() == name)
    {
        return Err(Problem::NotFound);
    }
    let form = &cx.form;
    let state = states(&cx)
        .into_iter()
        .find(|(name, _)| *name == form.get("state"));
    let tier = form.number::<u32>("tier").filter(|tier| *tier <= 99);
    let weight = form
        .number::<u32>("weight")
        .filter(|weight| *weight <= 10_000);
    let reason = form.text("reason");
    let (Some((state, _)), Some(tier), Some(weight), false) =
        (state, tier, weight, reason.is_empty())
    else {
        let error = cx.t(
            "层级为 0 至 99，权重为 0 至 10000，并须填写原因。",
            "A tier is 0 to 99, a weight 0 to 10000, and a reason is needed.",
        );
        return again(&page(&cx, error).await?);
    };
    let actor = actor(&cx)?;
    let wanted = ChannelChange {
        state: Some(state),
        tier: Some(tier),
        weight: Some(weight),
    };
    let deed = Deed {
        at: cx.accounts().now(),
        reason,
        actor: &actor,
    };
    cx.accounts()
        .store()
        .set_channel(name, wanted, deed)
        .await?;
    let detail = format!("{state}, tier {tier}, weight {weight}: {reason}");
    note(&cx, "channel.change", &format!("channel {name}"), &detail).await?;
    see("/admin/channels?done=channel")
}
