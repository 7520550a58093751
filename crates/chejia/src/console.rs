//! The wiring of the web pages: what they need of the interface that callers speak.

use crate::desk::Desk;
use axum::Router;
use std::sync::Arc;
use tokio::sync::watch;
use vin_api::code::CODES;
use vin_api::param::{EXAMPLE_VIN, PARAMS, Param};
use vin_api::{Pack, address, base_url, is_secure, line};
use vin_console::{Parts, Peer, Reference, Term};
use vin_core::Bilingual;
use vin_service::{DEMO_KEY, Networks, Service};

/// What the pages are wired to.
pub struct Wiring {
    /// The service.
    pub service: Arc<Service>,
    /// The interface.
    pub api: Router,
    /// Where the server is, as clients see it, if the operator says it.
    pub public_url: Option<String>,
    /// The proxies whose word about a client's address is believed.
    pub trusted_proxies: Networks,
    /// How many vehicles a guest may look up in a day.
    pub guest_daily: u32,
    /// The vehicle data in force.
    pub pack: watch::Receiver<Pack>,
    /// Whether this is a demo.
    pub demo: bool,
    /// The machine, for operators.
    pub desk: Arc<Desk>,
}

/// The pages.
pub fn router(wiring: Wiring) -> Router {
    let Wiring {
        service,
        api,
        public_url,
        trusted_proxies,
        guest_daily,
        pack,
        demo,
        desk,
    } = wiring;
    let by_tls = public_url
        .as_ref()
        .is_some_and(|url| url.starts_with("https://"));
    let own = service.clone();
    let query = format!("/api/vin/get?key={DEMO_KEY}&vin={EXAMPLE_VIN}");
    vin_console::router(Parts {
        service,
        api,
        free: Arc::new(move |vin, lang| line::of_own_data(&own, vin, lang)),
        peer: Arc::new(move |head| Peer {
            address: address(head, &trusted_proxies),
            secure: by_tls || is_secure(head, &trusted_proxies),
        }),
        base: Arc::new(move |head| {
            let told = || base_url::of_request(head, false);
            public_url.clone().unwrap_or_else(told)
        }),
        reference: reference(),
        data: Arc::new(move || pack.borrow().detail.clone()),
        guest_daily,
        example: if demo { query } else { String::new() },
        desk,
    })
}

/// The tables of the interface, for the pages that document it.
fn reference() -> Reference {
    let codes = CODES.iter().map(|spec| Term {
        name: spec.number.to_string(),
        text: spec.msg,
        detail: spec.when,
    });
    let params = PARAMS
        .iter()
        .filter(|spec| (spec.param as u8) <= Param::ReqId as u8)
        .map(|spec| Term {
            name: spec.name.to_owned(),
            text: spec.text,
            detail: match spec.required {
                true => Bilingual {
                    zh: "必填",
                    en: "required",
                },
                false => Bilingual {
                    zh: "可选",
                    en: "optional",
                },
            },
        });
    Reference {
        codes: codes.collect(),
        params: params.collect(),
        example_vin: EXAMPLE_VIN,
    }
}
