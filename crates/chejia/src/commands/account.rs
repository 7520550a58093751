//! `chejia account …`

use super::{first_line_of_stdin, print_json, with_accounts};
use crate::CommandError;
use crate::cli::Account;
use serde_json::json;
use vin_service::{Password, Phone};
use vin_store::{AccountId, Store};

/// How many accounts are read at once.
const PAGE: u32 = 1_000;

/// Manages accounts.
pub fn run(command: Account) -> Result<(), CommandError> {
    match command {
        Account::Create(args) => {
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
        Account::Suspend(args) => {
            let id = AccountId(args.account);
            let done = with_accounts(&args.settings, async |accounts| {
                Ok(accounts.suspend(id, true).await?)
            })?;
            changed(id, done, "suspended", true)
        }
        Account::Resume(args) => {
            let id = AccountId(args.account);
            let done = with_accounts(&args.settings, async |accounts| {
                Ok(accounts.suspend(id, false).await?)
            })?;
            changed(id, done, "suspended", false)
        }
        Account::Verify(args) => {
            let id = AccountId(args.account);
            let done = with_accounts(&args.settings, async |accounts| {
                Ok(accounts.store().verify_account(id, true).await?)
            })?;
            changed(id, done, "verified", true)
        }
        Account::List(args) => with_accounts(&args.settings, async |accounts| {
            list(accounts.store()).await
        }),
    }
}

fn changed(id: AccountId, done: bool, what: &str, now: bool) -> Result<(), CommandError> {
    match done {
        true => print_json(&json!({ "account_id": id.0, what: now })),
        false => Err(vin_store::StoreError::NoAccount(id.0).into()),
    }
}

async fn list(store: &Store) -> Result<(), CommandError> {
    let mut after = AccountId(0);
    loop {
        let page = store.accounts(after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        for account in &page {
            print_json(&json!({
                "account_id": account.id.0,
                "phone": account.phone,
                "verified": account.verified,
                "suspended": account.suspended,
                "created_at": account.created_at,
            }))?;
        }
    }
}
