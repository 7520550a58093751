//! `chejia package …`

use super::{print_json, with_accounts};
use crate::CommandError;
use crate::cli::{Package, PolicyArg, Why};
use crate::outside::SystemClock;
use serde_json::json;
use vin_service::Clock as _;
use vin_store::{AccountId, Deed, NEVER, Product};

/// Manages packages.
pub fn run(command: Package) -> Result<(), CommandError> {
    let now = SystemClock::new().unix();
    match command {
        Package::Grant(args) => {
            let account = AccountId(args.account);
            let ends = args
                .days
                .map_or(NEVER, |days| now + i64::from(days) * 86_400);
            let (lot, remaining) = with_accounts(&args.settings, async |accounts| {
                let store = accounts.store();
                let deed = deed(&args.why, now);
                let lot = store.grant(account, args.calls, ends, deed).await?;
                let lots = store.lots(account, now).await?;
                Ok((lot, lots.iter().map(|lot| lot.remaining).sum::<i64>()))
            })?;
            print_json(&json!({ "package_id": lot.0, "remaining": remaining }))
        }
        Package::List(args) => {
            let lots = with_accounts(&args.settings, async |accounts| {
                Ok(accounts.store().lots(AccountId(args.account), now).await?)
            })?;
            for lot in lots {
                print_json(&json!({
                    "package_id": lot.id.0,
                    "total": lot.total,
                    "remaining": lot.remaining,
                    "expires_at": lot.end(),
                }))?;
            }
            Ok(())
        }
        Package::Products(args) => {
            let products = with_accounts(&args.settings, async |accounts| {
                Ok(accounts.store().products().await?)
            })?;
            products.iter().try_for_each(show)
        }
        Package::Price(args) => {
            let product = Product {
                calls: args.calls.into(),
                price_fen: args.price,
                days: args.days.unwrap_or(0).into(),
                policy: args.policy.map_or("", PolicyArg::name),
                named: !args.unnamed,
            };
            with_accounts(&args.settings, async |accounts| {
                Ok(accounts.store().set_product(&product).await?)
            })?;
            show(&product)
        }
    }
}

/// Who changes a balance, why and when.
pub fn deed(why: &Why, at: i64) -> Deed<'_> {
    Deed {
        at,
        reason: &why.reason,
        actor: &why.actor,
    }
}

fn show(product: &Product) -> Result<(), CommandError> {
    let Product {
        calls,
        price_fen,
        days,
        policy,
        named,
    } = product;
    print_json(&json!({
        "calls": calls, "price_fen": price_fen, "days": days, "policy": policy, "verified_name": named,
    }))
}
