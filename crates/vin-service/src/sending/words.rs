//! What is told in words: titles and sentences of alerts, and the text of each mail, Chinese first.

use crate::{Service, format};
use serde_json::Value;
use vin_core::Lang;
use vin_store::{Alert, AlertKind, Message, StoreError};

/// A mail without its address.
pub(super) struct Text {
    pub(super) subject: String,
    pub(super) body: String,
}

/// What an alert is about.
pub const fn title(kind: AlertKind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (AlertKind::Balance, Lang::Zh) => "余额不足",
        (AlertKind::Balance, Lang::En) => "Low balance",
        (AlertKind::Expiry, Lang::Zh) => "次数包将到期",
        (AlertKind::Expiry, Lang::En) => "Package expiring",
        (AlertKind::Errors, Lang::Zh) => "错误增多",
        (AlertKind::Errors, Lang::En) => "Many errors",
    }
}

/// The cause of an alert in a sentence.
pub fn sentence(alert: &Alert, lang: Lang) -> String {
    let (amount, level) = (format::count(alert.amount), format::count(alert.level));
    match (alert.kind, lang) {
        (AlertKind::Balance, Lang::Zh) => format!("剩余 {amount} 次，少于 {level} 次。"),
        (AlertKind::Balance, Lang::En) => {
            format!("{amount} calls were left, fewer than {level}.")
        }
        (AlertKind::Expiry, lang) => {
            let (lot, end) = (alert.subject, format::time(alert.beside));
            match lang {
                Lang::Zh => format!("次数包 #{lot} 将于 {end} 到期，剩余 {amount} 次。"),
                Lang::En => format!("Package #{lot} ends on {end} with {amount} calls left."),
            }
        }
        (AlertKind::Errors, lang) => {
            let calls = format::count(alert.beside);
            let part = alert.amount as f64 * 100.0 / alert.beside.max(1) as f64;
            match lang {
                Lang::Zh => format!(
                    "一小时内 {calls} 次调用中有 {amount} 次（{part:.1} %）返回 500 至 699 的状态码。"
                ),
                Lang::En => format!(
                    "Of {calls} calls in an hour {amount} ({part:.1} %) ended in codes of 500 to 699."
                ),
            }
        }
    }
}

impl Service {
    /// A mail of what a message tells.
    pub(super) async fn text_of(&self, message: &Message) -> Result<Text, StoreError> {
        let data: Value = serde_json::from_str(&message.payload).unwrap_or_default();
        let told = match message.cause.strip_prefix("alert ").map(str::parse) {
            Some(Ok(id)) => self.accounts().store().alert(id).await?,
            _ => None,
        };
        if let Some(alert) = told {
            let titles = [title(alert.kind, Lang::Zh), title(alert.kind, Lang::En)];
            let texts = [sentence(&alert, Lang::Zh), sentence(&alert, Lang::En)];
            return self.text(titles, texts, "/alerts").await;
        }
        let channel = data["channel"].as_str().unwrap_or_default();
        let since = format::time(data["since"].as_i64().unwrap_or_default());
        let (titles, texts) = match message.kind.as_str() {
            "channel.down" => (
                ["通道中断", "Channel down"],
                [
                    format!("通道 {channel} 自 {since} 起无法使用。"),
                    format!("Channel {channel} has not worked since {since}."),
                ],
            ),
            "channel.draining" => (
                ["通道不再询问", "Channel draining"],
                [
                    format!("通道 {channel} 自 {since} 起不再接受新的询问。"),
                    format!("Channel {channel} has taken no new questions since {since}."),
                ],
            ),
            super::TEST => (
                ["测试邮件", "Test"],
                [
                    "收到此邮件，说明邮件发送正常。".to_owned(),
                    "This mail arrived, so mail works.".to_owned(),
                ],
            ),
            kind => (
                ["通知", "Notice"],
                [format!("{kind} {data}"), format!("{kind} {data}")],
            ),
        };
        let path = match message.account {
            None => "/admin/alerts",
            Some(_) => "/alerts",
        };
        self.text(titles, texts, path).await
    }

    /// A mail of these titles and sentences, with the address of a page of ours.
    pub(super) async fn text(
        &self,
        [zh_title, en_title]: [&str; 2],
        [zh, en]: [String; 2],
        path: &str,
    ) -> Result<Text, StoreError> {
        let site = self.accounts().store().site().await?;
        let name = site.iter().find(|(name, _)| name == "site_name");
        let name = name.map_or("车架 Chejia", |(_, value)| value);
        let subject = format!("{name}：{zh_title} · {en_title}");
        let base = &self.outgoing().base;
        Ok(Text {
            subject: subject.replace(char::is_control, " "),
            body: format!("{zh}\n{base}{path}\n\n{en}\n{base}{path}\n"),
        })
    }
}
