//! The table of pages: where each is, who may see it, what answers.

use crate::access::{Access, FINANCE, OWNER, SUPPORT};
use crate::context::Context;
use crate::pages::*;
use crate::reply::{Problem, Reply};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// How a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// It is shown.
    Get,
    /// Its form is sent.
    Post,
    /// Its form with a file is sent, which needs the password to have been asked for lately.
    Upload,
    /// Its form with a picture, or without, is sent. The picture is kept in memory only.
    Picture,
}

type Handle = fn(Arc<Context>) -> BoxFuture<'static, Result<Reply, Problem>>;

/// One page, or one form.
pub struct Page {
    /// How it is asked for.
    pub method: Method,
    /// Its path; parts in braces are anything.
    pub path: &'static str,
    /// Who may see it.
    pub access: Access,
    pub(crate) handle: Handle,
}

macro_rules! pages {
    ($($method:ident $path:literal $access:expr, $handle:path;)+) => {
        /// Every page and every form.
        pub static PAGES: &[Page] = &[$(Page {
            method: Method::$method,
            path: $path,
            access: $access,
            handle: |cx| Box::pin($handle(cx)),
        },)+];
    };
}

pages! {
    Get  "/"                    Access::Everyone, home::show;
    Post "/language"            Access::Everyone, preferences::language;
    Post "/theme"               Access::Everyone, preferences::theme;
    Get  "/register"            Access::Guest, register::show;
    Post "/register"            Access::Guest, register::send;
    Get  "/login"               Access::Guest, login::show;
    Post "/login"               Access::Guest, login::send;
    Post "/login/factor"        Access::Guest, login::factor;
    Post "/login/passkey"       Access::Guest, passkeys::sign_in;
    Get  "/reset"               Access::Guest, reset::show;
    Post "/reset"               Access::Guest, reset::send;
    Get  "/reset/{link}"        Access::Guest, reset::show_link;
    Post "/reset/{link}"        Access::Guest, reset::send_link;
    Post "/logout"              Access::SignedIn, login::out;
    Get  "/confirm"             Access::SignedIn, confirm::show;
    Post "/confirm"             Access::SignedIn, confirm::send;
    Get  "/vehicle"             Access::Everyone, vehicle::show;
    Post "/vehicle"             Access::Everyone, vehicle::send;
    Post "/vehicle/share"       Access::Customer, vehicle::share;
    Get  "/shared/{link}"       Access::Everyone, vehicle::shared;
    Get  "/overview"            Access::Customer, overview::show;
    Get  "/keys"                Access::Customer, keys::list;
    Post "/keys"                Access::Customer, keys::create;
    Get  "/keys/{id}"           Access::Customer, keys::show;
    Post "/keys/{id}"           Access::Customer, keys::change;
    Post "/keys/{id}/reveal"    Access::Customer, keys::reveal;
    Post "/keys/{id}/rotate"    Access::Customer, keys::rotate;
    Post "/keys/{id}/revoke"    Access::Customer, keys::revoke;
    Get  "/debug"               Access::Customer, debug::show;
    Post "/debug"               Access::Customer, debug::send;
    Get  "/docs"                Access::Everyone, docs::show;
    Get  "/docs/api"            Access::Everyone, docs::api;
    Get  "/docs/{part}"         Access::Everyone, docs::part;
    Get  "/usage"               Access::Customer, usage::show;
    Get  "/log"                 Access::Customer, log::list;
    Get  "/log/file/{format}"   Access::Customer, log::file;
    Get  "/orders/{order}"      Access::Customer, log::order;
    Get  "/alerts"              Access::Customer, alerts::show;
    Post "/alerts"              Access::Customer, alerts::set_rules;
    Post "/alerts/seen"         Access::Customer, alerts::see;
    Post "/alerts/ways"         Access::Customer, contacts::set_ways;
    Post "/alerts/mail"         Access::Customer, contacts::set_mail;
    Post "/alerts/webhook"      Access::Customer, contacts::set_webhook;
    Post "/alerts/webhook/secret" Access::Customer, contacts::secret;
    Post "/alerts/webhook/test" Access::Customer, contacts::test;
    Post "/alerts/messages/{id}" Access::Customer, contacts::send_again;
    Get  "/mail/{link}"         Access::Everyone, contacts::show_link;
    Post "/mail/{link}"         Access::Everyone, contacts::send_link;
    Get  "/packages"            Access::Customer, packages::show;
    Get  "/buy"                 Access::Customer, buy::show;
    Post "/buy"                 Access::Customer, buy::send;
    Get  "/purchases"           Access::Customer, buy::list;
    Get  "/purchases/{number}"  Access::Customer, buy::one;
    Get  "/purchases/{number}/state"  Access::Customer, buy::state;
    Get  "/purchases/{number}/receipt" Access::Customer, receipt::show;
    Post "/purchases/{number}/look"   Access::Customer, buy::look;
    Post "/purchases/{number}/cancel" Access::Customer, buy::cancel;
    Get  "/invoices"            Access::Customer, invoices::show;
    Post "/invoices"            Access::Customer, invoices::ask;
    Post "/invoices/{id}"       Access::Customer, invoices::withdraw;
    Get  "/redeem"              Access::Customer, redeem::show;
    Post "/redeem"              Access::Customer, redeem::send;
    Post "/trial"               Access::Customer, redeem::trial;
    Get  "/tickets"             Access::Customer, tickets::list;
    Post "/tickets"             Access::Customer, tickets::open;
    Get  "/tickets/{id}"        Access::Customer, tickets::show;
    Post "/tickets/{id}"        Access::Customer, tickets::post;
    Get  "/verification"        Access::Customer, verification::show;
    Picture "/verification"     Access::Customer, verification::send;
    Post "/verification/erase"  Access::Customer, verification::erase;
    Get  "/status"              Access::Everyone, status::show;
    Get  "/terms"               Access::Everyone, status::terms;
    Get  "/privacy"             Access::Everyone, status::privacy;
    Get  "/security"            Access::SignedIn, security::show;
    Post "/security/password"   Access::SignedIn, security::password;
    Post "/security/sessions"   Access::SignedIn, security::end_sessions;
    Get  "/security/totp"       Access::SignedIn, security::totp;
    Post "/security/totp"       Access::SignedIn, security::totp_send;
    Get  "/security/passkeys"   Access::SignedIn, passkeys::show;
    Post "/security/passkeys"   Access::SignedIn, passkeys::add;
    Post "/security/passkeys/{id}" Access::SignedIn, passkeys::remove;
    Post "/security/recovery"   Access::SignedIn, security::recovery;
    Post "/security/off"        Access::SignedIn, security::off;
    Get  "/admin/login"         Access::Guest, login::show_operator;
    Post "/admin/login"         Access::Guest, login::send_operator;
    Post "/admin/login/passkey" Access::Guest, passkeys::sign_in_operator;
    Get  "/join/{link}"         Access::Guest, join::show;
    Post "/join/{link}"         Access::Guest, join::send;
    Get  "/admin"               Access::Operator, admin::dashboard::show;
    Get  "/admin/accounts"      Access::Operator, admin::accounts::list;
    Get  "/admin/accounts/{id}" Access::Operator, admin::accounts::show;
    Post "/admin/accounts/{id}/state"    Access::Roles(SUPPORT), admin::accounts::state;
    Post "/admin/accounts/{id}/verified" Access::Roles(SUPPORT), admin::accounts::verified;
    Post "/admin/accounts/{id}/grant"    Access::Roles(FINANCE), admin::accounts::grant;
    Post "/admin/accounts/{id}/reset"    Access::Roles(SUPPORT), admin::accounts::reset;
    Post "/admin/accounts/{id}/adjust"   Access::Roles(FINANCE), admin::ledger::adjust;
    Get  "/admin/verification"  Access::Roles(SUPPORT), admin::verification::list;
    Get  "/admin/verification/{id}" Access::Roles(SUPPORT), admin::verification::show;
    Post "/admin/verification/{id}/look"   Access::Roles(SUPPORT), admin::verification::look;
    Post "/admin/verification/{id}/decide" Access::Roles(SUPPORT), admin::verification::decide;
    Post "/admin/verification/{id}/erase"  Access::Roles(SUPPORT), admin::verification::erase;
    Get  "/admin/log"           Access::Operator, log::list;
    Get  "/admin/log/file/{format}" Access::Operator, log::file;
    Get  "/admin/products"      Access::Operator, admin::ledger::products;
    Post "/admin/products"      Access::Roles(FINANCE), admin::ledger::set_product;
    Get  "/admin/orders"        Access::Operator, admin::ledger::order;
    Post "/admin/orders"        Access::Roles(FINANCE), admin::ledger::refund;
    Get  "/admin/purchases"     Access::Operator, admin::purchases::list;
    Get  "/admin/purchases/{number}" Access::Operator, admin::purchases::show;
    Post "/admin/purchases/{number}/confirm" Access::Roles(FINANCE), admin::purchases::confirm;
    Post "/admin/purchases/{number}/grant"   Access::Roles(FINANCE), admin::purchases::grant;
    Post "/admin/purchases/{number}/refund"  Access::Roles(FINANCE), admin::purchases::refund;
    Get  "/admin/reconcile"     Access::Roles(FINANCE), admin::reconcile::show;
    Post "/admin/reconcile/{provider}/{number}" Access::Roles(FINANCE), admin::reconcile::note_missing;
    Get  "/admin/invoices"      Access::Roles(FINANCE), admin::invoices::show;
    Post "/admin/invoices/{id}/issue"  Access::Roles(FINANCE), admin::invoices::issue;
    Post "/admin/invoices/{id}/reject" Access::Roles(FINANCE), admin::invoices::reject;
    Get  "/admin/finance"       Access::Roles(FINANCE), admin::finance::show;
    Get  "/admin/finance/file/{report}/{format}" Access::Roles(FINANCE), admin::finance::file;
    Get  "/admin/codes"         Access::Operator, admin::codes::show;
    Post "/admin/codes"         Access::Roles(FINANCE), admin::codes::make;
    Post "/admin/codes/{id}"    Access::Roles(FINANCE), admin::codes::withdraw;
    Post "/admin/coupons"       Access::Roles(FINANCE), admin::codes::make_coupon;
    Post "/admin/coupons/{id}"  Access::Roles(FINANCE), admin::codes::end_coupon;
    Get  "/admin/channels"      Access::Operator, admin::channels::list;
    Post "/admin/channels/{name}" Access::Roles(OWNER), admin::channels::change;
    Post "/admin/channels/{name}/test" Access::Roles(OWNER), admin::channels::test;
    Get  "/admin/alerts"        Access::Operator, admin::alerts::show;
    Post "/admin/alerts/test"   Access::Roles(OWNER), admin::alerts::test;
    Post "/admin/alerts/{id}"   Access::Roles(SUPPORT), admin::alerts::send_again;
    Get  "/admin/data"          Access::Operator, admin::data::show;
    Upload "/admin/data/import" Access::Roles(OWNER), admin::data::import;
    Post "/admin/data/back"     Access::Roles(OWNER), admin::data::back;
    Get  "/admin/backups"       Access::Roles(OWNER), admin::backups::list;
    Post "/admin/backups"       Access::Roles(OWNER), admin::backups::make;
    Post "/admin/backups/{name}" Access::Roles(OWNER), admin::backups::download;
    Get  "/admin/tickets"       Access::Operator, tickets::list;
    Get  "/admin/tickets/{id}"  Access::Operator, tickets::show;
    Post "/admin/tickets/{id}"  Access::Roles(SUPPORT), tickets::post;
    Get  "/admin/notices"       Access::Operator, admin::site::notices;
    Post "/admin/notices"       Access::Roles(SUPPORT), admin::site::publish;
    Post "/admin/notices/{id}"  Access::Roles(SUPPORT), admin::site::withdraw;
    Get  "/admin/ledger"        Access::Operator, admin::ledger::show;
    Post "/admin/ledger"        Access::Roles(FINANCE), admin::ledger::check;
    Get  "/admin/nodes"         Access::Operator, admin::ledger::nodes;
    Get  "/admin/site"          Access::Operator, admin::site::texts;
    Post "/admin/site"          Access::Roles(OWNER), admin::site::set_texts;
    Get  "/admin/operators"     Access::Roles(OWNER), admin::operators::list;
    Post "/admin/operators"     Access::Roles(OWNER), admin::operators::invite;
    Post "/admin/operators/{id}" Access::Roles(OWNER), admin::operators::change;
    Post "/admin/operators/{id}/factors" Access::Roles(OWNER), admin::operators::reset_factors;
    Get  "/admin/audit"         Access::Operator, admin::audit::list;
}
