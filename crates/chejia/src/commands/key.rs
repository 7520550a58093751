//! `chejia key …`

use super::{first_line_of_stdin, print, print_json, with_accounts};
use crate::CommandError;
use crate::cli::Key;
use serde_json::json;
use vin_service::ApiKey;
use vin_store::AccountId;

/// Makes or revokes a key.
pub fn run(command: Key) -> Result<(), CommandError> {
    match command {
        Key::Create(args) => {
            let issued = with_accounts(&args.settings, async |accounts| {
                let account = AccountId(args.account);
                Ok(accounts
                    .create_key(account, &args.name, args.signature)
                    .await?)
            })?;
            let (key, secret) = (issued.key.reveal(), issued.secret.reveal());
            // Both are hexadecimal; a map would put them in another order.
            print(&format_args!(r#"{{"key":"{key}","secret":"{secret}"}}"#))
        }
        Key::Revoke(args) => {
            let key = ApiKey::parse(&first_line_of_stdin()?);
            let done = with_accounts(&args.settings, async |accounts| match &key {
                Some(key) => Ok(accounts.revoke_key(key).await?),
                None => Ok(false),
            })?;
            if !done {
                return Err(CommandError::Failed("no key in use is this one".to_owned()));
            }
            print_json(&json!({ "revoked": true }))
        }
    }
}
