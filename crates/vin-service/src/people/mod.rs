//! People in front of the console: who they are, how they sign in, what they may change of their own.
//!
//! It knows neither cookies nor forms. Names that nobody has are treated as those that somebody
//! has, in what is answered and in how long that takes.

mod confirm;
mod factors;
mod keys;
mod links;
mod operators;
mod passkeys;
mod register;
mod sessions;
mod sign_in;
mod token;
mod totp;
mod turnstile;
mod webauthn;
mod work;

pub use confirm::PasswordError;
pub use factors::{Enrolment, FactorError, RECOVERY_CODES};
pub use keys::{KeyError, MAX_KEYS};
pub use links::{LinkError, RESET_LIVES, SHARE_LIVES};
pub use operators::{OperatorError, OperatorName};
pub use passkeys::{MAX_PASSKEYS, PasskeyError, Shown};
pub use register::RegisterError;
pub use sessions::{CONFIRMED_FOR, Person, Session};
pub use sign_in::{BAR_SECONDS, Door, MAX_TRIES, SignIn, SignInError};
pub use token::{LinkToken, SessionToken};
pub use turnstile::{Gate, Turnstile};
pub use webauthn::Said;
pub(crate) use work::Done;
pub use work::{WORK_BITS, WORK_LIVES};

/// What the store knows of people, for those who show it.
pub use vin_store::{
    AccountId, AccountRow, Alert, AlertKind, AlertRules, AlertWays, AuditRow, CallFilter, CallPage,
    Change, ChannelAlert, ChannelChange, ChannelReason, ChannelRow, ChannelSum, Checked, CodeBatch,
    Contacts, Coupon, DayUsage, Deed, EntryRow, FactorRow, HeldKey, Holder, Invoice, InvoiceKind,
    InvoiceState, Invoiceable, KeyRules, KeyState, Liability, LoggedAttempt, LoggedCall, Lot,
    LotId, MAX_INVOICED, Message, Method, MoneySum, NEVER, NewCoupon, NewNotice, NewTicket, Notice,
    OperatorId, OperatorRow, Outcome, Owed, POLICIES, Paid, PasskeyRow, PaymentRow, Post, Product,
    ProductSum, Provider, Purchase, PurchaseState, Purpose, Receipt, Refund, Refunding, Role,
    SendState, SendWay, SessionRow, SignInRow, Store, StoreError, Ticket, TicketState, UsageSum,
    Way,
};

/// From where and with which program somebody comes.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The address.
    pub address: &'a str,
    /// The header `User-Agent`, or `""`.
    pub agent: &'a str,
}
