//! `chejia ledger …`

use super::package::deed;
use super::{print_json, with_accounts};
use crate::CommandError;
use crate::cli::Ledger;
use crate::outside::SystemClock;
use serde_json::json;
use vin_service::Clock as _;
use vin_store::LotId;

/// Checks or corrects the ledger.
pub fn run(command: Ledger) -> Result<(), CommandError> {
    let now = SystemClock::new().unix();
    match command {
        Ledger::Check(args) => {
            let checked = with_accounts(&args.settings, async |accounts| {
                Ok(accounts.store().check().await?)
            })?;
            let ok = checked.wrong.is_empty();
            print_json(&json!({
                "ok": ok,
                "accounts": checked.accounts,
                "packages": checked.lots,
                "entries": checked.entries,
                "charges": checked.charges,
                "wrong": checked.wrong,
            }))?;
            let text =
                || CommandError::Failed(format!("{} balances are wrong", checked.wrong.len()));
            ok.then_some(()).ok_or_else(text)
        }
        Ledger::Adjust(args) => {
            if args.calls == 0 {
                return Err(CommandError::Usage("--calls must not be 0".to_owned()));
            }
            with_accounts(&args.settings, async |accounts| {
                let deed = deed(&args.why, now);
                Ok(accounts
                    .store()
                    .adjust(LotId(args.package), args.calls, deed)
                    .await?)
            })?;
            print_json(&json!({ "package_id": args.package, "adjusted": args.calls }))
        }
        Ledger::Refund(args) => {
            let (lot, calls) = with_accounts(&args.settings, async |accounts| {
                let deed = deed(&args.why, now);
                Ok(accounts.store().refund(args.order.number(), deed).await?)
            })?;
            print_json(&json!({ "package_id": lot.0, "refunded": calls }))
        }
    }
}
