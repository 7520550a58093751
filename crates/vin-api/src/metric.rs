//! The table of metrics: names, kinds and what they tell. Their values are read elsewhere.

use vin_core::Bilingual;

/// How a metric moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Up and down.
    Gauge,
    /// Up, from 0 at the start of the process.
    Counter,
    /// Counters of what took no longer than each of several times.
    Histogram,
}

impl Kind {
    /// What it is called in the format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Counter => "counter",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// How many nodes live.
    Nodes,
    /// How old the snapshot of the keys is.
    KeysAge,
    /// Whether limits are those of one node.
    LimitsDegraded,
    /// How many calls were limited by one node.
    LimitsAlone,
    /// Whether Redis is there.
    RedisUp,
    /// How often it was lost.
    RedisLosses,
}

/// A row of a table of metrics: `M` says of what.
#[derive(Clone, Copy, Debug)]
pub struct Row<M> {
    /// Which it is.
    pub metric: M,
    /// Its name.
    pub name: &'static str,
    /// How it moves.
    pub kind: Kind,
    /// What it tells.
    pub text: Bilingual,
}

const fn row<M: Copy>(
    metric: M,
    name: &'static str,
    kind: Kind,
    zh: &'static str,
    en: &'static str,
) -> Row<M> {
    let text = Bilingual { zh, en };
    Row {
        metric,
        name,
        kind,
        text,
    }
}

/// Every metric.
pub const METRICS: [Row<Metric>; 6] = [
    row(
        Metric::Nodes,
        "chejia_nodes",
        Kind::Gauge,
        "同一数据库上存活的节点数，含本节点",
        "Nodes that live on this database, this one included",
    ),
    row(
        Metric::KeysAge,
        "chejia_keys_age_seconds",
        Kind::Gauge,
        "内存中密钥快照的年龄；超过 5 秒说明数据库未应答",
        "Age of the snapshot of the keys in memory; beyond 5 the database does not answer",
    ),
    row(
        Metric::LimitsDegraded,
        "chejia_limits_degraded",
        Kind::Gauge,
        "告警：1 表示设置了 Redis 但不可用，各节点按限额除以节点数单独限流",
        "The alarm: 1 while Redis is set and away, and each node allows its part of every limit by itself",
    ),
    row(
        Metric::LimitsAlone,
        "chejia_limits_alone_total",
        Kind::Counter,
        "Redis 不可用期间由本节点单独限流的请求数",
        "Calls that this node limited by itself while Redis was away",
    ),
    row(
        Metric::RedisUp,
        "chejia_redis_up",
        Kind::Gauge,
        "Redis 是否可用；未设置 Redis 时没有此项",
        "Whether Redis is there; absent when none is set",
    ),
    row(
        Metric::RedisLosses,
        "chejia_redis_losses_total",
        Kind::Counter,
        "失去 Redis 连接的次数；未设置 Redis 时没有此项",
        "How often Redis was lost; absent when none is set",
    ),
];

/// A metric that each channel has, with its name as the label `channel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelMetric {
    /// How often it was asked.
    Calls,
    /// What came of it.
    Ends,
    /// Whether its breaker lets questions through.
    Breaker,
    /// What it cost.
    Cost,
    /// How long it took.
    Seconds,
}

/// Every metric of channels.
pub const CHANNEL_METRICS: [Row<ChannelMetric>; 5] = [
    row(
        ChannelMetric::Calls,
        "chejia_channel_calls_total",
        Kind::Counter,
        "本节点询问该通道的次数",
        "How often this node asked the channel",
    ),
    row(
        ChannelMetric::Ends,
        "chejia_channel_ends_total",
        Kind::Counter,
        "按结果 end 计：hit、no_record、abandoned 或故障名称",
        "The same by what came of it, end: hit, no_record, abandoned or the name of a fault",
    ),
    row(
        ChannelMetric::Breaker,
        "chejia_channel_breaker",
        Kind::Gauge,
        "熔断器处于该 state（closed、open、half_open）时为 1",
        "1 for the state of its breaker: closed, open or half_open",
    ),
    row(
        ChannelMetric::Cost,
        "chejia_channel_cost_yuan_total",
        Kind::Counter,
        "花费（元），计费不明的按最多计",
        "What was spent, in yuan; where the bill is unknown, the most that it can be",
    ),
    row(
        ChannelMetric::Seconds,
        "chejia_channel_seconds",
        Kind::Histogram,
        "每次询问的时长（秒）",
        "How long a question took, in seconds",
    ),
];
