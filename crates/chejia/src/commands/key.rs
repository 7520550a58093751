//! `chejia key …`

use super::{first_line_of_stdin, print, print_json, with_accounts};
use crate::CommandError;
use crate::cli::Key;
use serde_json::json;
use vin_service::{ApiKey, Hosts, IssuedKey, KeySpec, Networks};
use vin_store::AccountId;

const NO_KEY: &str = "no key in use is this one";

/// Makes, replaces or revokes a key.
pub fn run(command: Key) -> Result<(), CommandError> {
    match command {
        Key::Create(args) => {
            let usage = |text: &str| CommandError::Usage(text.to_owned());
            let spec = KeySpec {
                name: args.name,
                signature: args.signature,
                rate: args.rate,
                daily_cap: args.daily_cap,
                networks: Networks::parse(&args.ip.join(" "))
                    .ok_or_else(|| usage("a key has at most 64 networks"))?,
                hosts: Hosts::parse(&args.referer.join(" ")).ok_or_else(|| {
                    usage("a host is example.com or *.example.com, and a key has at most 64")
                })?,
                lives: args.days.map(|days| i64::from(days) * 86_400),
            };
            let issued = with_accounts(&args.settings, async |accounts| {
                let account = AccountId(args.account);
                Ok(accounts.create_key(account, &spec).await?)
            })?;
            show(&issued)
        }
        Key::Rotate(args) => {
            let key = ApiKey::parse(&first_line_of_stdin()?);
            let issued = with_accounts(&args.settings, async |accounts| match &key {
                Some(key) => Ok(accounts.rotate_key(key, args.overlap.into()).await?),
                None => Ok(None),
            })?;
            let issued = issued.ok_or_else(|| CommandError::Failed(NO_KEY.to_owned()))?;
            show(&issued)
        }
        Key::Revoke(args) => {
            let key = ApiKey::parse(&first_line_of_stdin()?);
            let done = with_accounts(&args.settings, async |accounts| match &key {
                Some(key) => Ok(accounts.revoke_key(key).await?),
                None => Ok(false),
            })?;
            if !done {
                return Err(CommandError::Failed(NO_KEY.to_owned()));
            }
            print_json(&json!({ "revoked": true }))
        }
    }
}

fn show(issued: &IssuedKey) -> Result<(), CommandError> {
    let (key, secret) = (issued.key.reveal(), issued.secret.reveal());
    // Both are hexadecimal; a map would put them in another order.
    print(&format_args!(r#"{{"key":"{key}","secret":"{secret}"}}"#))
}
