//! The pages of operators.

pub mod accounts;
pub mod audit;
pub mod channels;
pub mod codes;
pub mod dashboard;
pub mod ledger;
pub mod operators;
pub mod purchases;
pub mod reconcile;
pub mod site;

use crate::context::Context;
use crate::reply::Problem;

/// How the operator who is signed in is called in the ledger.
pub fn actor(cx: &Context) -> Result<String, Problem> {
    Ok(format!("operator {}", cx.operator()?.name))
}

/// Notes what the operator who is signed in did. Called before the answer is sent, after the deed.
pub async fn note(cx: &Context, action: &str, subject: &str, detail: &str) -> Result<(), Problem> {
    let operator = cx.operator()?;
    let accounts = cx.accounts();
    accounts
        .note_deed(operator, action, subject, detail, cx.origin())
        .await?;
    Ok(())
}
