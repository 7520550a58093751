//! What the pages work with.

use crate::desk::Desk;
use crate::work::Works;
use axum::Router;
use std::net::IpAddr;
use std::sync::Arc;
use vin_core::{Bilingual, Date, Lang};
use vin_service::Service;

/// Who sent a request, found out by the one who took it in.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// The address of the client.
    pub address: IpAddr,
    /// Whether it came over TLS, here or at a trusted proxy.
    pub secure: bool,
}

/// Looks a VIN up in our own data: JSON with `result`, `match` and `explain`, or with `error`. Nothing is
/// charged and nothing logged.
pub type FreeLookUp = Arc<dyn Fn(&str, Lang) -> Vec<u8> + Send + Sync>;

/// Tells who sent a request from its headers and its connection.
pub type WhoSent = Arc<dyn Fn(&http::request::Parts) -> Peer + Send + Sync>;

/// A row of a table of the interface: a code or a parameter.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its number or name.
    pub name: String,
    /// What it means.
    pub text: Bilingual,
    /// What else is to be known.
    pub detail: Bilingual,
}

/// What the interface is, walked out of its own tables.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// The codes of the envelope.
    pub codes: Vec<Term>,
    /// The parameters of a look-up.
    pub params: Vec<Term>,
    /// A VIN to try.
    pub example_vin: &'static str,
}

/// What the pages are made of.
pub struct Parts {
    /// The service.
    pub service: Arc<Service>,
    /// The interface that callers speak, to be asked on a customer's behalf and with that customer's key.
    pub api: Router,
    /// The look-up of guests.
    pub free: FreeLookUp,
    /// Who sent a request.
    pub peer: WhoSent,
    /// Which vehicle data answer, in words.
    pub data: Arc<dyn Fn() -> String + Send + Sync>,
    /// What comes before the path of an address of the interface, as a request tells.
    pub base: Arc<dyn Fn(&http::request::Parts) -> String + Send + Sync>,
    /// The codes and parameters of the interface.
    pub reference: Reference,
    /// How many vehicles a guest may ask for in a day, from one address; 0 for none.
    pub guest_daily: u32,
    /// A query that works for everybody, in a demo; else `""`.
    pub example: String,
    /// The machine, for operators.
    pub desk: Arc<dyn Desk>,
}

/// The same, shared by all requests.
pub(crate) struct App {
    pub parts: Parts,
    /// Long work of operators.
    pub works: Works,
}

impl App {
    pub fn service(&self) -> &Arc<Service> {
        &self.parts.service
    }

    pub fn today(&self) -> Date {
        self.parts.service.today()
    }
}
