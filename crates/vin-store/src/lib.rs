//! What must survive a restart: accounts, keys, packages, the ledger, the log of calls,
//! order-number blocks, purchases and payments, real names, alerts, messages that wait to be sent, channels
//! and what each attempt cost, what the console keeps, and the master key beside them.
//!
//! The only crate with SQL, for SQLite and PostgreSQL alike. It stores what it is given and knows
//! no clock and no cryptography: times, hashes and sealed secrets arrive ready-made. What it does
//! know is that calls are spent once: see [`batch`], [`lots`] and [`leases`].

mod accounts;
mod alerts;
mod attempts;
mod backup;
pub mod batch;
mod calls;
mod channels;
mod check;
mod console;
mod data_dir;
mod db;
mod error;
mod keys;
mod learned;
pub mod leases;
pub mod lots;
mod margin;
mod named;
mod orders;
mod outbox;
mod purchases;
mod settings;
mod submissions;
mod usage;

pub use accounts::{AccountId, AccountRow, NewAccount};
pub use alerts::{
    Alert, AlertKind, AlertRules, AlertWays, ChannelAlert, ChannelReason, Contacts, Found,
};
pub use attempts::{ASKED, Attempt, Bill, ChannelSum, LoggedAttempt, Settlement, Settling};
pub use batch::{Batch, Committed, Entry, Kept, Refused};
pub use calls::{Call, LoggedCall};
pub use channels::{ChannelChange, ChannelRow};
pub use check::Checked;
pub use console::{
    AuditRow, CallFilter, CallPage, EntryRow, FactorRow, HeldKey, Holder, KeyState, LinkRow,
    Method, NewAudit, NewFactor, NewLink, NewNotice, NewPasskey, NewSession, NewSignIn, NewTicket,
    Notice, OperatorId, OperatorRow, Outcome, PasskeyRow, Post, Purpose, Role, SessionRow,
    SignInRow, Ticket, TicketState, Tries, UsageSum,
};
pub use data_dir::DataDir;
pub use db::{DatabaseUrl, Store};
pub use error::StoreError;
pub use keys::{KeyRow, KeyRules, KeySnapshot, Lookup, NewKey};
pub use learned::{LearnedRow, Lesson};
pub use leases::{Beat, Granted, InstanceId, Leased, Wish};
pub use lots::{Deed, Lot, LotId, NEVER, POLICIES, Product};
pub use margin::ProductSum;
pub use orders::{Block, NUMBERS_PER_DAY};
pub use outbox::{Message, NewMessage, SendState, SendWay};
pub use purchases::{
    Batch as CodeBatch, Change, Coupon, Invoice, InvoiceKind, InvoiceState, Invoiceable, Liability,
    MAX_INVOICED, MAX_OPEN, MoneySum, NewBatch, NewCoupon, NewInvoice, NewPurchase, Owed, Paid,
    Payment, PaymentRow, Provider, Purchase, PurchaseId, PurchaseState, Receipt, Refund, Refunding,
    Way,
};
pub use submissions::{
    MAX_SUBMISSIONS, NewSubmission, PictureKind, SUBMISSIONS_SPAN, Submission, SubmissionKind,
    SubmissionState,
};
pub use usage::DayUsage;
