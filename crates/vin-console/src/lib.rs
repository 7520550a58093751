//! The HTML: portal, pages of customers, pages of operators.
//!
//! The only crate with templates. It shows what the service says and never sees the JSON contract:
//! what it needs of that is handed in, see [`Parts`]. Every page stands in one table,
//! [`page::PAGES`], with who may see it; who that is, and that a form is the visitor's own, is
//! decided before a page's code runs. Every page works without scripts.

pub mod access;
mod answer;
mod app;
mod assets;
mod chart;
mod compare;
mod context;
mod cookie;
pub mod desk;
mod form;
mod format;
mod frame;
pub mod page;
mod pages;
mod qr;
mod reply;
mod router;
pub mod samples;
mod sheet;
mod site;
mod swagger;
mod table;
mod upload;
mod vehicle;
mod work;

pub use app::{FreeLookUp, Parts, Peer, Reference, Term};
pub use router::router;

/// The most bytes that a form may have.
pub const FORM_BYTES: usize = 64 << 10;
