//! How messages leave, as the settings say: mail, webhooks, and where operators are told.

use crate::CommandError;
use crate::settings::{Address, Settings};
use std::sync::Arc;
use vin_channel::{Network, SystemResolver};
use vin_send::{Mailer, MailerError, is_address, is_url};
use vin_service::sending::Outgoing;

/// Reads it.
///
/// # Errors
/// [`CommandError::Usage`] that names the setting, and holds no password.
pub fn read(settings: &Settings) -> Result<Outgoing, CommandError> {
    let network = Network::new(Arc::new(SystemResolver), &[])
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    let base = settings.public_url.trim_end_matches('/').to_owned();
    let networks = settings.webhook_networks.split_whitespace();
    let networks: Result<Vec<_>, _> = networks.map(str::parse).collect();
    let allowed = networks.map_err(|_| {
        let why = "must be networks such as 10.0.0.0/8, separated by blanks";
        wrong("webhook_networks", why)
    })?;
    let mailer = settings.smtp_url.as_ref();
    let mailer = mailer.map(|url| mailer_of(url, &settings.mail_from, &base));
    let mailer = mailer.transpose()?;
    let operator_mail = settings.operator_mail.clone();
    if !operator_mail.is_empty() && (mailer.is_none() || !is_address(&operator_mail)) {
        let why = "must be an address of mail, and needs smtp_url";
        return Err(wrong("operator_mail", why));
    }
    let operator_url = settings.operator_webhook.clone();
    let operator_secret = settings.operator_webhook_secret.clone().unwrap_or_default();
    if !operator_url.is_empty() {
        is_url(&operator_url, &allowed)
            .map_err(|error| wrong("operator_webhook", &error.to_string()))?;
        if operator_secret.len() < LEAST_SECRET {
            let why = format!("must have at least {LEAST_SECRET} characters");
            return Err(wrong("operator_webhook_secret", &why));
        }
    }
    if !(1..=1_440).contains(&settings.channel_down_minutes) {
        return Err(wrong("channel_down_minutes", "must be 1 to 1440"));
    }
    Ok(Outgoing {
        mailer,
        network: Some(network),
        allowed,
        base,
        operator_mail,
        operator_url,
        operator_secret,
        channel_patience: i64::from(settings.channel_down_minutes) * 60,
    })
}

/// The shortest secret of a webhook.
const LEAST_SECRET: usize = 16;

fn mailer_of(url: &Address, from: &str, base: &str) -> Result<Mailer, CommandError> {
    let mailer = Mailer::new(url.reveal(), from).map_err(|error| {
        let name = match error {
            MailerError::From => "mail_from",
            MailerError::Url | MailerError::Clear | MailerError::Tls(_) => "smtp_url",
        };
        wrong(name, &error.to_string())
    })?;
    match base {
        "" => Err(wrong("public_url", "is needed: links in mails lead there")),
        _ => Ok(mailer),
    }
}

fn wrong(name: &str, why: &str) -> CommandError {
    CommandError::Usage(format!("{name}: {why}"))
}
