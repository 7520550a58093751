//! `/api/car/*`, `/api/vin/oil` and `/api/vin/gearbox`: the catalogue. None of them is charged.
//!
//! An answer depends on nothing but the data in force and the request, so that it has a strong
//! tag; a client that holds the same one is told so (HTTP 304) once its key was checked.

mod ask;
mod tag;
mod write;

use crate::call::{self, What};
use crate::envelope::{Failure, Reply};
use crate::fault::Fault;
use crate::interface::Interface;
use crate::param::{Param, Params};
use crate::question;
use crate::raw::Raw;
use crate::router::App;
use ask::Asked;
use axum::extract::Request;
use axum::response::Response;
use hyper::Method;
use hyper::header::IF_NONE_MATCH;
use std::sync::Arc;
pub use tag::names as tag_names;
use vin_core::{FieldId, Lang};
use vin_service::{Caller, Refusal, Shelf};
use write::Writer;

/// Takes the request, looks into the catalogue, shows what is there.
pub async fn handle(app: Arc<App>, request: Request, interface: Interface) -> Response {
    call::handle(&app, request, What::Catalogue(interface)).await
}

/// Answers a caller who may ask.
pub async fn ask(
    app: &App,
    raw: &Raw,
    params: &Params<'_>,
    interface: Interface,
    caller: &Caller,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let lang = question::lang(params)?;
    let asked = Asked::of(interface, params)?;
    // Not used up: what is free takes no place in the day.
    let paced = app.service.pace(caller).await?;
    reply.pace(paced.pace);
    let shelf = app.service.shelf();
    if raw.head.method == Method::GET {
        let tag = tag::of(&shelf, interface, lang, params, reply.base());
        let held = raw.head.headers.get_all(IF_NONE_MATCH);
        let same = held.iter().any(|value| tag::names(value, &tag));
        reply.tag(tag);
        if same {
            reply.not_modified();
            return Ok(());
        }
    }
    show(&shelf, interface, &asked, lang, reply)
}

/// Writes what a keyword finds as `/api/car/search` does; logos have addresses without a host.
///
/// # Errors
/// The [`Fault`] of the keyword or the page.
pub fn search(
    out: &mut Vec<u8>,
    shelf: &Shelf,
    keyword: &str,
    page: &str,
    lang: Lang,
) -> Result<(), Fault> {
    let mut params = Params::default();
    params.set(Param::Keyword, keyword.into());
    params.set(Param::Page, page.into());
    if let Asked::Search(keyword, page) = Asked::of(Interface::Search, &params)? {
        Writer { base: "", shelf }.search(out, &keyword, lang, &page);
    }
    Ok(())
}

fn show(
    shelf: &Shelf,
    interface: Interface,
    asked: &Asked,
    lang: Lang,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let unknown = || Failure::Refusal(Refusal::NoVehicle);
    let base = reply.base().to_owned();
    let writer = Writer { base: &base, shelf };
    match asked {
        Asked::Brands(page) => {
            let part = shelf.brands(lang, &page.range());
            reply.object(lang, |out| {
                writer.list(out, page, &part, |out, brand| writer.brand(out, brand));
            });
        }
        Asked::Types(brand, page) => {
            let part = shelf
                .types(*brand, lang, &page.range())
                .ok_or_else(unknown)?;
            reply.object(lang, |out| {
                writer.list(out, page, &part, |out, kind| writer.kind(out, kind));
            });
        }
        Asked::Cars(kind, page) => {
            let part = shelf.cars(*kind, lang, &page.range()).ok_or_else(unknown)?;
            reply.object(lang, |out| {
                writer.list(out, page, &part, |out, car| writer.car(out, car));
            });
        }
        Asked::Search(keyword, page) => {
            reply.object(lang, |out| writer.search(out, keyword, lang, page));
        }
        Asked::One(one) => {
            let mut vehicle = one.look_up(shelf, lang).ok_or_else(unknown)?;
            reply.object(lang, |out| match interface {
                Interface::Oil => writer.member(out, &vehicle, FieldId::MachineOil),
                Interface::Gearbox => writer.member(out, &vehicle, FieldId::GearboxInfo),
                _ => writer.detail(out, one.level(), &mut vehicle),
            });
        }
    }
    Ok(())
}
