//! The pages, one module each: what is asked of the service, what the template is given.

pub mod admin;
pub mod alerts;
pub mod buy;
pub mod confirm;
pub mod debug;
pub mod docs;
pub mod home;
pub mod invoices;
pub mod join;
pub mod keys;
pub mod log;
pub mod login;
pub mod overview;
pub mod packages;
pub mod passkeys;
pub mod preferences;
pub mod receipt;
pub mod redeem;
pub mod register;
pub mod reset;
pub mod security;
pub mod status;
pub mod tickets;
pub mod usage;
pub mod vehicle;
pub mod verification;
