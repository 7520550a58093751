//! `chejia account …`

use super::{first_line_of_stdin, print_json, with_accounts};
use crate::CommandError;
use crate::cli::Account;
use serde_json::json;
use vin_service::{Password, Phone};

/// Makes an account.
pub fn run(command: Account) -> Result<(), CommandError> {
    let Account::Create(args) = command;
    let usage = |text: &str| CommandError::Usage(text.to_owned());
    let phone = Phone::parse(&args.phone).ok_or_else(|| {
        usage("a phone number is 13812345678, or +85212345678 outside the mainland")
    })?;
    let password = Password::parse(&first_line_of_stdin()?)
        .ok_or_else(|| usage("a password has 8 to 256 bytes"))?;
    let id = with_accounts(&args.settings, async |accounts| {
        Ok(accounts
            .create_account(&phone, &password, args.verified)
            .await?)
    })?;
    print_json(&json!({ "account_id": id.0 }))
}
