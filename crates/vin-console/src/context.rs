//! One request: who sent it, what it carries, in which language it is answered.

use crate::app::{App, Peer};
use crate::desk::Upload;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::Problem;
use crate::site::Site;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use vin_core::Lang;
use vin_service::people::{AccountId, AccountRow, OperatorRow, Origin, Person, Session};
use vin_service::{Accounts, Service, SessionToken};

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// What a page's code works with.
pub struct Context {
    pub app: Arc<App>,
    pub session: Option<Session>,
    pub lang: Lang,
    pub theme: Theme,
    /// What proves that a form is the visitor's own.
    pub form_token: String,
    /// The nonce of the page's scripts.
    pub nonce: String,
    pub peer: Peer,
    /// The head of the request.
    pub head: http::request::Parts,
    pub address: String,
    pub agent: String,
    /// The path with its query, as it was asked for.
    pub here: String,
    pub path: String,
    /// The path of the page that is shown, also when its form was sent.
    pub page_path: String,
    /// The named parts of the path.
    pub params: HashMap<String, String>,
    pub query: Form,
    pub form: Form,
    /// How many open alerts the customer has not seen yet.
    pub alerts: i64,
    /// What the operator says of the site.
    pub site: Site,
    /// The file that was sent.
    pub upload: Mutex<Option<Upload>>,
    /// The picture that was sent.
    pub picture: Mutex<Option<Vec<u8>>>,
    /// Cookies that the answer sets.
    pub cookies: Mutex<Vec<String>>,
}

impl Context {
    pub fn service(&self) -> &Arc<Service> {
        self.app.service()
    }

    pub fn accounts(&self) -> &Accounts {
        self.app.service().accounts()
    }

    /// A text in the visitor's language.
    pub fn t(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    pub fn origin(&self) -> Origin<'_> {
        Origin {
            address: &self.address,
            agent: &self.agent,
        }
    }

    /// The page around a page.
    pub fn frame(&self, zh: &'static str, en: &'static str) -> Frame {
        Frame::new(self, self.t(zh, en).to_owned())
    }

    /// The customer who is signed in.
    pub fn customer(&self) -> Result<&AccountRow, Problem> {
        match self.session.as_ref().map(|session| &session.person) {
            Some(Person::Customer(row)) => Ok(row),
            _ => Err(Problem::Forbidden),
        }
    }

    /// The account of the customer who is signed in.
    pub fn account(&self) -> Result<AccountId, Problem> {
        self.customer().map(|row| row.id)
    }

    /// The operator who is signed in.
    pub fn operator(&self) -> Result<&OperatorRow, Problem> {
        match self.session.as_ref().map(|session| &session.person) {
            Some(Person::Operator(row)) => Ok(row),
            _ => Err(Problem::Forbidden),
        }
    }

    /// The session.
    pub fn signed_in(&self) -> Result<&Session, Problem> {
        self.session.as_ref().ok_or(Problem::Forbidden)
    }

    /// The password must have been asked for lately.
    pub fn must_be_confirmed(&self) -> Result<(), Problem> {
        match self.signed_in()?.confirmed {
            true => Ok(()),
            false => Err(Problem::Confirm),
        }
    }

    /// The file that was sent, if one was; its owner removes it.
    pub fn take_upload(&self) -> Option<Upload> {
        let mut upload = self.upload.lock().unwrap_or_else(PoisonError::into_inner);
        upload.take()
    }

    /// The picture that was sent, if one was.
    pub fn take_picture(&self) -> Option<Vec<u8>> {
        let mut picture = self.picture.lock().unwrap_or_else(PoisonError::into_inner);
        picture.take()
    }

    /// A named part of the path.
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// A number in the path.
    pub fn id(&self, name: &str) -> Result<i64, Problem> {
        self.param(name).parse().map_err(|_| Problem::NotFound)
    }

    pub fn set_cookie(&self, cookie: String) {
        self.cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(cookie);
    }

    /// Makes the visitor the holder of a session.
    pub fn keep_session(&self, token: &SessionToken) {
        let secure = self.peer.secure;
        self.set_cookie(crate::cookie::set(
            crate::cookie::SESSION,
            token.reveal(),
            secure,
            true,
        ));
    }

    /// Where to go after something that led away: a path of ours that was handed along, or `else_to`.
    pub fn back_to(&self, text: &str, else_to: &str) -> String {
        let plain = text
            .bytes()
            .all(|b| (0x21..0x7f).contains(&b) && b != b'\\');
        match plain && text.starts_with('/') && !text.starts_with("//") {
            true => text.to_owned(),
            false => else_to.to_owned(),
        }
    }

    /// Where someone who is signed in belongs.
    pub fn home(&self) -> &'static str {
        match self.session.as_ref().map(|session| &session.person) {
            Some(Person::Operator(_)) => "/admin",
            Some(Person::Customer(_)) => "/overview",
            None => "/",
        }
    }
}
