//! What is wrong with a request, in words that tell its sender what to do (code 403).

use crate::limits::{
    BATCH_VINS, BODY_BYTES, BODY_TIME, CALLBACK_CHARS, KEYWORD_CHARS, PAGE_SIZE, PAGES,
    QUERY_BYTES, REQID_CHARS, USAGE_DAYS,
};
use vin_core::{Lang, VinError};

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No `key`.
    NoKey,
    /// No `vin`.
    NoVin,
    /// `vins` has none, or too many.
    Vins {
        /// How many it has.
        found: usize,
    },
    /// A parameter that this interface needs is missing.
    Missing(&'static str),
    /// A parameter that should be an id is none.
    Id(&'static str),
    /// None of `carid`, `groupid` and `typeid`.
    NoId,
    /// `keyword` is too long.
    Keyword,
    /// `page` is out of reach.
    Page,
    /// `pagesize` is out of reach.
    PageSize,
    /// `vin` is none.
    Vin(VinError),
    /// `year` is no year in reach.
    Year {
        /// The latest year that makes sense.
        latest: u16,
    },
    /// `lang` is none that we speak.
    Lang,
    /// `explain` is neither yes nor no.
    Explain,
    /// `callback` is no function name.
    Callback,
    /// `reqid` is too long or not visible.
    ReqId,
    /// `from` or `to` is no date, or they are the wrong way round or too far apart.
    Days,
    /// The query string is too long.
    QueryBytes,
    /// The body is too large.
    BodyBytes,
    /// The body did not arrive in time.
    BodyTime,
    /// The body broke off.
    BodyBroken,
    /// The body is no JSON.
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The body is JSON but no object.
    JsonObject,
    /// A parameter in the JSON object is itself an object or an array.
    JsonValue(&'static str),
    /// The body is no multipart form.
    Multipart,
}

impl Fault {
    /// The fault in words.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NoKey => "缺少 key".into(),
            Self::NoVin => VinError::Empty.text(Lang::Zh),
            Self::Vin(error) => error.text(Lang::Zh),
            Self::Vins { found: 0 } => "缺少 vins".into(),
            Self::Vins { found } => {
                format!("vins 最多 {BATCH_VINS} 个车架号，收到 {found} 个")
            }
            Self::Missing(name) => format!("缺少 {name}"),
            Self::Id(name) => format!("{name} 应为 1 至 {} 的整数", u32::MAX),
            Self::NoId => "缺少 carid、groupid 或 typeid".into(),
            Self::Keyword => format!("keyword 最长 {KEYWORD_CHARS} 个字符"),
            Self::Page => format!("page 应为 1 至 {PAGES} 的整数"),
            Self::PageSize => format!("pagesize 应为 1 至 {PAGE_SIZE} 的整数"),
            Self::Year { latest } => format!("year 应为 1980 至 {latest} 的四位年份"),
            Self::Lang => "lang 应为 zh 或 en".into(),
            Self::Explain => "explain 应为 0 或 1".into(),
            Self::Callback => format!(
                "callback 应为函数名：字母、数字、_、$，可用点连接，最长 {CALLBACK_CHARS} 个字符"
            ),
            Self::ReqId => format!("reqid 应为最长 {REQID_CHARS} 个可见 ASCII 字符"),
            Self::Days => format!("from、to 应为 YYYY-MM-DD，先后有序，最多 {USAGE_DAYS} 天"),
            Self::QueryBytes => format!("查询字符串超过 {QUERY_BYTES} 字节"),
            Self::BodyBytes => format!("请求体超过 {BODY_BYTES} 字节"),
            Self::BodyTime => format!("请求体未在 {} 秒内送达", BODY_TIME.as_secs()),
            Self::BodyBroken => "请求体不完整".into(),
            Self::Json { line, column } => {
                format!("请求体不是有效的 JSON（第 {line} 行第 {column} 列）")
            }
            Self::JsonObject => "请求体应为 JSON 对象".into(),
            Self::JsonValue(name) => format!("JSON 中的 {name} 应为字符串或数字"),
            Self::Multipart => "请求体不是有效的 multipart 表单".into(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NoKey => "key is missing".into(),
            Self::NoVin => "vin is missing".into(),
            Self::Vins { found: 0 } => "vins is missing".into(),
            Self::Vins { found } => {
                format!("vins has {found} VINs, and at most {BATCH_VINS} are answered at once")
            }
            Self::Missing(name) => format!("{name} is missing"),
            Self::Id(name) => format!("{name} must be a whole number, 1 to {}", u32::MAX),
            Self::NoId => "carid, groupid or typeid is missing".into(),
            Self::Keyword => format!("keyword must have at most {KEYWORD_CHARS} characters"),
            Self::Page => format!("page must be a whole number, 1 to {PAGES}"),
            Self::PageSize => format!("pagesize must be a whole number, 1 to {PAGE_SIZE}"),
            Self::Vin(error) => error.text(Lang::En),
            Self::Year { latest } => format!("year must have four digits, 1980 to {latest}"),
            Self::Lang => "lang must be zh or en".into(),
            Self::Explain => "explain must be 0 or 1".into(),
            Self::Callback => format!(
                "callback must be a function name: letters, digits, _ and $, joined by dots, at most {CALLBACK_CHARS} characters"
            ),
            Self::ReqId => {
                format!("reqid must have at most {REQID_CHARS} visible ASCII characters")
            }
            Self::Days => format!(
                "from and to must be dates YYYY-MM-DD in this order, at most {USAGE_DAYS} days"
            ),
            Self::QueryBytes => format!("query string over {QUERY_BYTES} bytes"),
            Self::BodyBytes => format!("request body over {BODY_BYTES} bytes"),
            Self::BodyTime => {
                format!(
                    "the body did not arrive within {} seconds",
                    BODY_TIME.as_secs()
                )
            }
            Self::BodyBroken => "the body broke off".into(),
            Self::Json { line, column } => {
                format!("the body is no valid JSON (line {line}, column {column})")
            }
            Self::JsonObject => "the body must be a JSON object".into(),
            Self::JsonValue(name) => format!("{name} in the JSON must be a string or a number"),
            Self::Multipart => "the body is no valid multipart form".into(),
        }
    }
}
