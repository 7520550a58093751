//! What the console keeps: operators, sessions, second factors, links that work once, the log of
//! what operators did, texts and notices for customers, tickets.

mod audit;
mod factors;
mod held_keys;
mod history;
mod links;
mod log;
mod operators;
mod passkeys;
mod sessions;
mod sign_ins;
mod site;
mod tickets;

pub use audit::{AuditRow, NewAudit};
pub use factors::{FactorRow, Method, NewFactor};
pub use held_keys::{HeldKey, KeyState};
pub use history::{EntryRow, UsageSum};
pub use links::{LinkRow, NewLink, Purpose};
pub use log::{CallFilter, CallPage};
pub use operators::{OperatorId, OperatorRow, Role};
pub use passkeys::{NewPasskey, PasskeyRow};
pub use sessions::{NewSession, SessionRow};
pub use sign_ins::{NewSignIn, Outcome, SignInRow, Tries};
pub use site::{NewNotice, Notice};
pub use tickets::{NewTicket, Post, Ticket, TicketState};

use crate::AccountId;

/// Who can be signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A customer.
    Account(AccountId),
    /// Someone who runs the installation.
    Operator(OperatorId),
}

impl Holder {
    /// What the columns `kind` hold.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Operator(_) => "operator",
        }
    }

    /// What the columns `holder` hold.
    pub(crate) const fn id(self) -> i64 {
        match self {
            Self::Account(AccountId(id)) | Self::Operator(OperatorId(id)) => id,
        }
    }

    pub(crate) fn read(kind: &str, id: i64) -> Self {
        match kind {
            "operator" => Self::Operator(OperatorId(id)),
            _ => Self::Account(AccountId(id)),
        }
    }
}
