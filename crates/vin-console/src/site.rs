//! The texts that an operator can set, and what stands in their place until then.

/// One text.
pub struct Text {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// Whether it has paragraphs.
    pub long: bool,
}

const fn text(name: &'static str, zh: &'static str, en: &'static str, long: bool) -> Text {
    Text { name, zh, en, long }
}

/// Every text.
pub const TEXTS: &[Text] = &[
    text("site_name", "站点名称", "Name of the site", false),
    text("contact_phone", "客服电话", "Phone of support", false),
    text(
        "contact_wechat",
        "客服微信号（显示为二维码）",
        "WeChat of support (shown as a QR code)",
        false,
    ),
    text("contact_mail", "客服邮箱", "Mail of support", false),
    text("contact_hours", "服务时间", "Hours", false),
    text(
        "bank_account",
        "对公收款账户（户名、开户行、账号；填写后可银行转账购买）",
        "Account for bank transfers (they are offered once it is set)",
        true,
    ),
    text("icp", "备案号", "ICP licence", false),
    text("terms", "服务条款", "Terms", true),
    text("privacy", "隐私政策", "Privacy", true),
];

/// The texts that the operator has set.
#[derive(Clone, Debug, Default)]
pub struct Site(Vec<(String, String)>);

impl Site {
    pub fn new(texts: Vec<(String, String)>) -> Self {
        Self(texts)
    }

    /// A text, `""` when it is not set.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether there is anything to contact somebody by.
    pub fn has_contact(&self) -> bool {
        let mut ways = TEXTS
            .iter()
            .filter(|text| text.name.starts_with("contact_"));
        ways.any(|text| !self.get(text.name).is_empty())
    }

    /// The WeChat name as a QR code; an address is taken as it is.
    pub fn wechat_qr(&self) -> Option<String> {
        let text = self.get("contact_wechat");
        let svg = crate::qr::svg(text);
        (!text.is_empty() && !svg.is_empty()).then_some(svg)
    }
}
