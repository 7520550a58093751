//! What is around every page: head, navigation, foot.

use crate::assets;
use crate::context::Context;
use crate::site::Site;
use askama::Template;
use vin_core::Lang;
use vin_service::people::Person;

/// A line of the navigation.
pub struct Link {
    pub path: &'static str,
    pub text: &'static str,
    pub here: bool,
    /// How much is new there.
    pub count: i64,
}

/// What the layout needs to know.
pub struct Frame {
    pub title: String,
    pub lang: Lang,
    pub theme: &'static str,
    pub form_token: String,
    pub nonce: String,
    pub version: &'static str,
    pub here: String,
    /// Who is signed in, `""` for nobody.
    pub who: String,
    pub is_operator: bool,
    pub nav: Vec<Link>,
    /// What the page before has done.
    pub done: &'static str,
    pub demo: bool,
    /// What the operator says of the site.
    pub site: Site,
}

/// The navigation of a guest.
const PORTAL: &[(&str, &str, &str)] = &[
    ("/", "首页", "Home"),
    ("/vehicle", "车架号查询", "Look up a VIN"),
    ("/docs", "文档", "Docs"),
    ("/status", "状态", "Status"),
];

/// The navigation of a customer.
const CUSTOMER: &[(&str, &str, &str)] = &[
    ("/overview", "概览", "Overview"),
    ("/vehicle", "车架号查询", "Look up a VIN"),
    ("/keys", "密钥", "Keys"),
    ("/debug", "调试", "Debug"),
    ("/usage", "用量", "Usage"),
    ("/log", "日志", "Log"),
    ("/alerts", "告警", "Alerts"),
    ("/packages", "次数包", "Packages"),
    ("/buy", "购买", "Buy"),
    ("/verification", "实名认证", "Real name"),
    ("/tickets", "工单", "Tickets"),
    ("/docs", "文档", "Docs"),
    ("/security", "安全", "Security"),
];

/// The navigation of an operator.
const OPERATOR: &[(&str, &str, &str)] = &[
    ("/admin", "总览", "Dashboard"),
    ("/admin/accounts", "账户", "Accounts"),
    ("/admin/verification", "实名审核", "Real names"),
    ("/admin/products", "产品", "Products"),
    ("/admin/log", "日志", "Log"),
    ("/admin/orders", "调用订单", "Orders"),
    ("/admin/purchases", "购买订单", "Purchases"),
    ("/admin/invoices", "发票", "Invoices"),
    ("/admin/finance", "财务", "Finance"),
    ("/admin/codes", "兑换码", "Codes"),
    ("/admin/channels", "通道", "Channels"),
    ("/admin/alerts", "告警", "Alerts"),
    ("/admin/data", "数据", "Data"),
    ("/admin/tickets", "工单", "Tickets"),
    ("/admin/notices", "公告", "Notices"),
    ("/admin/ledger", "账本", "Ledger"),
    ("/admin/nodes", "节点", "Nodes"),
    ("/admin/backups", "备份", "Backups"),
    ("/admin/site", "站点", "Site"),
    ("/admin/operators", "操作员", "Operators"),
    ("/admin/audit", "审计", "Audit"),
    ("/security", "安全", "Security"),
];

/// What `?done=` may say, so that an address cannot put words into a page.
const DONE: &[(&str, &str, &str)] = &[
    ("saved", "已保存。", "Saved."),
    (
        "revoked",
        "密钥已吊销，5 秒内在所有节点失效。",
        "The key is revoked and stops working everywhere within 5 s.",
    ),
    (
        "password",
        "密码已修改，其他会话已退出。",
        "The password is changed; other sessions have ended.",
    ),
    ("ended", "其他会话已退出。", "Other sessions have ended."),
    (
        "off",
        "两步验证已关闭。",
        "The second factor is switched off.",
    ),
    (
        "registered",
        "注册已提交，请登录。若该手机号此前已注册，请使用原来的密码。",
        "Done: sign in. If this number had an account before, use its password.",
    ),
    (
        "reset",
        "密码已设置，请登录。",
        "The password is set: sign in.",
    ),
    (
        "submitted",
        "已提交，请等待审核。",
        "Handed in; it will be looked at.",
    ),
    (
        "erased",
        "认证资料已删除，无法恢复。",
        "The data are erased for ever.",
    ),
    (
        "approved",
        "已通过，账户即时生效。",
        "Approved; the account is verified at once.",
    ),
    ("rejected", "已驳回。", "Rejected."),
    (
        "decided",
        "未改变：这份资料已经处理过或已撤回。",
        "Nothing was changed: it was decided or withdrawn before.",
    ),
    ("granted", "次数包已发放。", "The package is granted."),
    (
        "suspended",
        "账户已停用，5 秒内在所有节点生效。",
        "The account is suspended; this holds everywhere within 5 s.",
    ),
    (
        "channel",
        "已保存，5 秒内在所有节点生效。",
        "Saved; it holds on every node within 5 s.",
    ),
    (
        "wrong",
        "调整未执行：请填写次数包、非零次数与原因。",
        "Nothing was adjusted: a package, a number other than 0 and a reason are needed.",
    ),
    (
        "toofew",
        "调整未执行：次数包中可扣的次数不足。",
        "Nothing was adjusted: the package has fewer calls to take.",
    ),
    (
        "begun",
        "已开始，进度见下。",
        "Begun; how far it is stands below.",
    ),
    (
        "busy",
        "同类任务正在进行，请等它结束。",
        "Work of this kind goes on; wait until it has ended.",
    ),
    (
        "swapped",
        "已切换，2 秒内生效。",
        "Put in force; it answers within 2 s.",
    ),
    (
        "factors",
        "该操作员的第二因素与会话已清除。",
        "The operator's second factors and sessions are removed.",
    ),
    (
        "mailed",
        "邮件已发送，打开其中的链接后生效。",
        "A mail was sent; the address holds once its link was opened.",
    ),
    ("confirmed", "邮箱已确认。", "The address is confirmed."),
    (
        "reset_mailed",
        "如果该手机号有账户且确认过邮箱，链接已发往该邮箱，一小时内有效。",
        "If this number has an account with a confirmed address, a link was sent there; it works for one hour.",
    ),
    ("tested", "测试已送达。", "The test was delivered."),
    (
        "untested",
        "测试未送达，原因见发送记录。",
        "The test was not delivered; the log below says why.",
    ),
    (
        "again",
        "已重新排队，几秒内发送。",
        "It waits to be sent again, within seconds.",
    ),
    ("active", "账户已恢复。", "The account is active again."),
];

impl Frame {
    pub fn new(cx: &Context, title: String) -> Self {
        let person = cx.session.as_ref().map(|session| &session.person);
        let (links, who) = match person {
            None => (PORTAL, String::new()),
            Some(Person::Customer(row)) => (CUSTOMER, masked(&row.phone)),
            Some(Person::Operator(row)) => (OPERATOR, row.name.clone()),
        };
        let link = |&(path, zh, en): &(&'static str, &'static str, &'static str)| Link {
            path,
            text: cx.t(zh, en),
            here: cx.path == path
                || path.len() > 1 && path != "/admin" && cx.path.starts_with(path),
            count: if path == "/alerts" { cx.alerts } else { 0 },
        };
        // Who is verified finds it under security.
        let verified = matches!(person, Some(Person::Customer(row)) if row.verified);
        let is_done = |path: &str| verified && path == "/verification" && cx.path != path;
        let done = DONE.iter().find(|(name, ..)| *name == cx.query.get("done"));
        Self {
            title,
            lang: cx.lang,
            theme: cx.theme.name(),
            form_token: cx.form_token.clone(),
            nonce: cx.nonce.clone(),
            version: &assets::VERSION,
            here: cx.here.clone(),
            who,
            is_operator: matches!(person, Some(Person::Operator(_))),
            nav: links
                .iter()
                .filter(|(path, ..)| !is_done(path))
                .map(link)
                .collect(),
            done: done.map_or("", |&(_, zh, en)| cx.t(zh, en)),
            site: cx.site.clone(),
            demo: !cx.app.parts.example.is_empty(),
        }
    }

    /// A text in the visitor's language.
    pub fn t<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// What the site is called.
    pub fn site_name(&self) -> &str {
        match self.site.get("site_name") {
            "" => "车架 Chejia",
            name => name,
        }
    }

    /// The language as HTML names it.
    pub fn html_lang(&self) -> &'static str {
        self.t("zh-CN", "en")
    }
}

/// A phone number without its middle.
pub fn masked(phone: &str) -> String {
    let digits: Vec<_> = phone.chars().collect();
    match digits.len() {
        0..8 => phone.to_owned(),
        n => {
            let (a, b) = (&digits[..3], &digits[n - 4..]);
            format!("{}****{}", String::from_iter(a), String::from_iter(b))
        }
    }
}

/// A page that tells of a problem.
#[derive(Template)]
#[template(path = "problem.html")]
pub struct ProblemPage {
    pub f: Frame,
    pub text: &'static str,
}
