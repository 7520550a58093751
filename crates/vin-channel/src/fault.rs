//! What can go wrong with a channel, and what follows from it: one table of kinds.

use std::fmt;
use vin_core::Bilingual;

/// Why a channel gave neither a vehicle nor "no record".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong.
    pub kind: FaultKind,
    /// The circumstances for the operator, in English; it holds no secret, no query of a URL and
    /// nothing longer than [`Fault::MOST_DETAIL`] bytes.
    pub detail: String,
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The host has no address, or nobody listens there. Nothing was sent.
    Unreachable,
    /// The certificate is not the host's, or TLS failed otherwise. Nothing was sent.
    Tls,
    /// The time was over before the question was sent.
    ConnectTimeout,
    /// The time was over after the question was sent.
    AnswerTimeout,
    /// The connection ended after the question was sent, before the whole answer was there.
    Cut,
    /// The answer, or what it unpacks to, is larger than allowed.
    TooLarge,
    /// The JSON of the answer is nested deeper than allowed.
    TooDeep,
    /// The answer is no JSON, or not of the shape that was agreed.
    Garbage,
    /// An HTTP status that the channel's file says nothing about; redirections are among them.
    Status(u16),
    /// The upstream answered that it failed.
    Failed,
    /// The upstream is too busy, or we ask too often.
    Busy,
    /// What we paid the upstream for is used up.
    Quota,
    /// The upstream does not let us in: key, signature, network or contract.
    NoRight,
    /// The upstream takes the VIN for none.
    BadVin,
    /// The host leads to an address that is not allowed. Nothing was sent.
    Address,
    /// The question is not as the upstream wants it, or the channel's file does not make one.
    Misconfigured,
    /// That it is about to be asked could not be written down in time. Nothing was sent.
    Unrecorded,
}

/// On whose side a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The upstream's.
    Theirs,
    /// Ours: network rules, keys, quotas, configuration.
    Ours,
    /// It cannot be told.
    Ambiguous,
}

/// Whether the upstream will ask money for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billed {
    /// It will not.
    No,
    /// It will.
    Yes,
    /// Only its bill will tell; such attempts are listed for reconciliation.
    Unknown,
}

/// Whether the same question may be put to the same channel once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It would end in the same way, or is not for us to repeat.
    Never,
    /// Only where a call costs nothing or a repeated one is not billed twice.
    IfFree,
    /// Nothing was bought by the first attempt.
    Always,
}

impl FaultKind {
    /// One of every kind, in the order of the documents.
    pub const ALL: [Self; 17] = [
        Self::Unreachable,
        Self::Tls,
        Self::ConnectTimeout,
        Self::AnswerTimeout,
        Self::Cut,
        Self::TooLarge,
        Self::TooDeep,
        Self::Garbage,
        Self::Status(500),
        Self::Failed,
        Self::Busy,
        Self::Quota,
        Self::NoRight,
        Self::BadVin,
        Self::Address,
        Self::Misconfigured,
        Self::Unrecorded,
    ];

    /// The stable name, for logs, metrics and the record of attempts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::ConnectTimeout => "connect_timeout",
            Self::AnswerTimeout => "answer_timeout",
            Self::Cut => "cut",
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
            Self::Garbage => "garbage",
            Self::Status(_) => "http_status",
            Self::Failed => "failed",
            Self::Busy => "busy",
            Self::Quota => "quota",
            Self::NoRight => "no_right",
            Self::BadVin => "bad_vin",
            Self::Address => "address",
            Self::Misconfigured => "misconfigured",
            Self::Unrecorded => "unrecorded",
        }
    }

    /// What it is, for people.
    pub const fn text(self) -> Bilingual {
        const fn both(zh: &'static str, en: &'static str) -> Bilingual {
            Bilingual { zh, en }
        }
        match self {
            Self::Unreachable => both(
                "域名无法解析或端口无人监听",
                "the host has no address, or nobody listens",
            ),
            Self::Tls => both("证书或 TLS 握手有误", "the certificate or TLS is wrong"),
            Self::ConnectTimeout => both(
                "发出请求之前超时",
                "the time was over before the question was sent",
            ),
            Self::AnswerTimeout => both(
                "发出请求之后超时",
                "the time was over after the question was sent",
            ),
            Self::Cut => both(
                "发出请求之后连接中断",
                "the connection ended after the question was sent",
            ),
            Self::TooLarge => both("回答过大（解压后计）", "the answer, unpacked, is too large"),
            Self::TooDeep => both(
                "回答的 JSON 嵌套过深",
                "the JSON of the answer is nested too deep",
            ),
            Self::Garbage => both(
                "回答不是约定的 JSON",
                "the answer is not the JSON that was agreed",
            ),
            Self::Status(_) => both(
                "文件中没有说明的 HTTP 状态",
                "an HTTP status that the file says nothing about",
            ),
            Self::Failed => both("上游报告自身出错", "the upstream answered that it failed"),
            Self::Busy => both(
                "上游繁忙，或查询过频",
                "the upstream is busy, or asked too often",
            ),
            Self::Quota => both(
                "在上游购买的次数已用完",
                "the calls that we paid for are used up",
            ),
            Self::NoRight => both("上游不允许访问", "the upstream does not let us in"),
            Self::BadVin => both("上游认为不是车架号", "the upstream takes the VIN for none"),
            Self::Address => both(
                "主机指向不允许的地址",
                "the host leads to an address that is not allowed",
            ),
            Self::Misconfigured => both(
                "请求不合上游要求，或配置无法组成请求",
                "the question is not as the upstream wants it, or cannot be put",
            ),
            Self::Unrecorded => both(
                "询问之前未能及时记账，没有发出",
                "it could not be written into the books in time, and was not sent",
            ),
        }
    }

    /// On whose side it is.
    pub const fn whose(self) -> Whose {
        match self {
            Self::TooLarge | Self::TooDeep | Self::Garbage | Self::Failed | Self::Busy => {
                Whose::Theirs
            }
            Self::Status(status) if status >= 500 => Whose::Theirs,
            Self::Quota
            | Self::NoRight
            | Self::Address
            | Self::Misconfigured
            | Self::Unrecorded => Whose::Ours,
            Self::Unreachable
            | Self::Tls
            | Self::ConnectTimeout
            | Self::AnswerTimeout
            | Self::Cut
            | Self::Status(_)
            | Self::BadVin => Whose::Ambiguous,
        }
    }

    /// Whether the question may be repeated on the same channel.
    pub const fn repeat(self) -> Repeat {
        match self {
            Self::Unreachable | Self::ConnectTimeout | Self::Busy => Repeat::Always,
            Self::AnswerTimeout | Self::Cut | Self::Failed => Repeat::IfFree,
            Self::Status(status) if status >= 500 => Repeat::IfFree,
            Self::Tls
            | Self::TooLarge
            | Self::TooDeep
            | Self::Garbage
            | Self::Status(_)
            | Self::Quota
            | Self::NoRight
            | Self::BadVin
            | Self::Address
            | Self::Misconfigured
            | Self::Unrecorded => Repeat::Never,
        }
    }

    /// Whether it speaks against the channel, and not only about this VIN or about us.
    pub const fn counts_for_breaker(self) -> bool {
        match self {
            Self::BadVin | Self::Unrecorded => false,
            Self::Unreachable
            | Self::Tls
            | Self::ConnectTimeout
            | Self::AnswerTimeout
            | Self::Cut
            | Self::TooLarge
            | Self::TooDeep
            | Self::Garbage
            | Self::Status(_)
            | Self::Failed
            | Self::Busy
            | Self::Quota
            | Self::NoRight
            | Self::Address
            | Self::Misconfigured => true,
        }
    }

    /// Whether a channel that costs money may ask some for it.
    pub const fn billed(self) -> Billed {
        match self {
            // The question arrived, and nobody can tell what was made of it.
            Self::AnswerTimeout | Self::Cut | Self::TooLarge | Self::TooDeep | Self::Garbage => {
                Billed::Unknown
            }
            Self::Status(status) if status >= 500 => Billed::Unknown,
            Self::Unreachable
            | Self::Tls
            | Self::ConnectTimeout
            | Self::Status(_)
            | Self::Failed
            | Self::Busy
            | Self::Quota
            | Self::NoRight
            | Self::BadVin
            | Self::Address
            | Self::Misconfigured
            | Self::Unrecorded => Billed::No,
        }
    }
}

impl Fault {
    /// The most bytes of a detail.
    pub const MOST_DETAIL: usize = 300;

    /// A fault with its circumstances; the text is cut to [`Self::MOST_DETAIL`] bytes.
    pub fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        let mut detail = detail.into();
        let end = detail.floor_char_boundary(Self::MOST_DETAIL);
        detail.truncate(end);
        Self { kind, detail }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{} {status}", self.name()),
            kind => f.pad(kind.name()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: HashSet<_> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), FaultKind::ALL.len());
    }

    #[test]
    fn what_may_have_been_billed_is_never_repeated_for_money() {
        for kind in FaultKind::ALL {
            if kind.billed() != Billed::No {
                assert_ne!(kind.repeat(), Repeat::Always, "{kind}");
            }
        }
    }

    #[test]
    fn a_long_detail_is_cut_between_characters() {
        let fault = Fault::new(FaultKind::Garbage, "车".repeat(200));
        assert_eq!(fault.detail, "车".repeat(100));
    }
}
