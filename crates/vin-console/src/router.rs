//! From a request to a page: who sent it, may it be, what is answered, with which headers.

use crate::access::{Access, Admission};
use crate::app::{App, Parts};
use crate::context::{Context, Theme};
use crate::form::Form;
use crate::page::{Method, PAGES, Page};
use crate::reply::{Problem, Reply, problem};
use crate::site::Site;
use crate::upload::Incoming;
use crate::work::Works;
use crate::{FORM_BYTES, assets, cookie};
use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::{MethodFilter, any, get, on};
use futures_util::FutureExt as _;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, LOCATION, REFERRER_POLICY, SET_COOKIE, USER_AGENT, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use tower::ServiceExt as _;
use vin_core::Lang;
use vin_service::SessionToken;
use vin_service::verification::MAX_PICTURE;

/// Every page, and the files that pages need.
pub fn router(parts: Parts) -> Router {
    let works = Works::default();
    let app = Arc::new(App { parts, works });
    let mut router = Router::new();
    for page in PAGES {
        let handle = move |State(app), params, request| answer(app, page, params, request);
        let filter = match page.method {
            Method::Get => MethodFilter::GET,
            Method::Post | Method::Upload | Method::Picture => MethodFilter::POST,
        };
        router = router.route(page.path, on(filter, handle));
    }
    router
        .route("/assets/{file}", get(assets::asset))
        .route("/{*elsewhere}", any(elsewhere))
        .with_state(app)
}

/// What stands at no path: people get a page that says so, programs what the interface says.
static NO_PAGE: Page = Page {
    method: Method::Get,
    path: "/{*elsewhere}",
    access: Access::Everyone,
    handle: |_| Box::pin(async { Err(Problem::NotFound) }),
};

async fn elsewhere(
    State(app): State<Arc<App>>,
    params: RawPathParams,
    request: Request,
) -> Response {
    let path = request.uri().path();
    let is_api = path == "/api" || path.starts_with("/api/");
    let accepts = request.headers().get(ACCEPT).map(HeaderValue::as_bytes);
    let is_person = accepts.is_some_and(|kinds| kinds.starts_with(b"text/html"));
    if is_api || !is_person {
        return match app.parts.api.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
    }
    answer(app, &NO_PAGE, params, request).await
}

async fn answer(
    app: Arc<App>,
    page: &'static Page,
    params: RawPathParams,
    request: Request,
) -> Response {
    let params = params.iter();
    let params = params.map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let (head, body) = request.into_parts();
    let mut cx = context(app, head);
    cx.params = params;
    cx.page_path = page_path(&cx.path, page);
    let looked = admit(&mut cx, page, body).await;
    let cx = Arc::new(cx);
    let reply = match looked {
        Ok(()) => {
            // A panic loses this page and nothing else.
            let answered = AssertUnwindSafe((page.handle)(cx.clone())).catch_unwind();
            answered.await.unwrap_or(Err(Problem::Broken))
        }
        Err(Stop::See(path)) => Ok(Reply::See(path)),
        Err(Stop::Problem(problem)) => Err(problem),
    };
    let reply = match reply {
        Ok(reply) => reply,
        Err(Problem::Confirm) => Reply::See(format!("/confirm?back={}", encoded(&back(&cx, page)))),
        Err(error) => problem(&cx, &error),
    };
    send(&cx, reply)
}

/// Why a page's code does not run.
enum Stop {
    See(String),
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

/// Finds out who it is, reads the form, and lets those in who may.
async fn admit(cx: &mut Context, page: &Page, body: Body) -> Result<(), Stop> {
    let headers = cx.head.headers.clone();
    cx.site = Site::new(cx.accounts().store().site().await?);
    let token = cookie::read(&headers, cookie::SESSION).and_then(SessionToken::parse);
    if let Some(token) = &token {
        cx.session = cx.accounts().session(token).await?;
    }
    if let Ok(account) = cx.account() {
        cx.alerts = cx.accounts().store().unseen_alerts(account).await?;
    }
    let visit = match (&token, cookie::read(&headers, cookie::VISIT)) {
        (Some(token), _) if cx.session.is_some() => token.reveal().to_owned(),
        (_, Some(visit)) if visit.len() == 32 => visit.to_owned(),
        _ => {
            let fresh = cx.accounts().fresh_text();
            cx.set_cookie(cookie::set(cookie::VISIT, &fresh, cx.peer.secure, false));
            fresh
        }
    };
    cx.form_token = cx.accounts().form_token(&visit);
    let mut incoming = None;
    match page.method {
        Method::Get => {}
        Method::Post => cx.form = Form::parse(&whole(body).await?),
        Method::Upload | Method::Picture => {
            let most = match page.method {
                Method::Picture => MAX_PICTURE as u64,
                _ => cx.app.parts.desk.most_bytes(),
            };
            let mut opened = Incoming::open(&headers, body, most).await?;
            cx.form = std::mem::take(&mut opened.form);
            incoming = Some(opened);
        }
    }
    if page.method != Method::Get {
        let own = cx
            .accounts()
            .is_form_token(&visit, cx.form.get("form_token"));
        if !own || is_cross_site(&headers) {
            return Err(Problem::ForeignForm.into());
        }
    }
    let sign_in = |door: &str| match page.method {
        Method::Get => Stop::See(format!("{door}?back={}", encoded(&cx.here))),
        _ => Stop::See(door.to_owned()),
    };
    match page.access.of(cx.session.as_ref()) {
        Admission::Go => match incoming {
            None => Ok(()),
            Some(incoming) if page.method == Method::Picture => {
                cx.picture = Mutex::new(incoming.read().await?);
                Ok(())
            }
            Some(incoming) => Ok(take_in(cx, incoming).await?),
        },
        Admission::SignIn => Err(sign_in("/login")),
        Admission::SignInOperator => Err(sign_in("/admin/login")),
        Admission::Home => Err(Stop::See(cx.home().to_owned())),
        Admission::Forbidden => Err(Problem::Forbidden.into()),
    }
}

/// Takes in the file of a form that is the visitor's own.
async fn take_in(cx: &mut Context, incoming: Incoming) -> Result<(), Problem> {
    cx.must_be_confirmed()?;
    let folder = cx.app.parts.desk.uploads().map_err(|error| {
        tracing::error!(%error, "there is no folder for uploads");
        Problem::Broken
    })?;
    let fresh = cx.accounts().fresh_text();
    let kept = incoming.keep(&folder, &fresh).await?;
    cx.upload = Mutex::new(kept);
    Ok(())
}

fn context(app: Arc<App>, head: http::request::Parts) -> Context {
    let headers = &head.headers;
    let peer = (app.parts.peer)(&head);
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let agent = text(USER_AGENT).unwrap_or_default();
    let here = head
        .uri
        .path_and_query()
        .map_or("/", |whole| whole.as_str());
    Context {
        session: None,
        lang: match cookie::read(headers, cookie::LANG) {
            Some("en") => Lang::En,
            _ => Lang::Zh,
        },
        theme: Theme::parse(cookie::read(headers, cookie::THEME).unwrap_or_default()),
        form_token: String::new(),
        nonce: app.service().accounts().fresh_text(),
        address: peer.address.to_string(),
        agent: agent.chars().take(200).collect(),
        peer,
        here: here.to_owned(),
        path: head.uri.path().to_owned(),
        page_path: String::new(),
        params: Default::default(),
        query: Form::parse(head.uri.query().unwrap_or_default().as_bytes()),
        form: Form::default(),
        site: Default::default(),
        alerts: 0,
        cookies: Default::default(),
        upload: Default::default(),
        picture: Default::default(),
        head,
        app,
    }
}

/// The body, up to the limit of forms.
async fn whole(body: Body) -> Result<Vec<u8>, Problem> {
    let limited = Limited::new(body, FORM_BYTES);
    match limited.collect().await {
        Ok(read) => Ok(read.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::TooLarge),
        // The visitor broke off, and sees nothing of this.
        Err(_) => Err(Problem::ForeignForm),
    }
}

/// Whether a browser says that another site sends this.
fn is_cross_site(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    site.is_some_and(|site| !matches!(site, b"same-origin" | b"none"))
}

/// Where a visitor goes on after the password was asked for: to the page, not to its form.
fn back(cx: &Context, page: &Page) -> String {
    match page.method {
        Method::Get => cx.here.clone(),
        _ => cx.page_path.clone(),
    }
}

/// The path of a page, or of the page that a form stands on.
fn page_path(path: &str, page: &Page) -> String {
    let is_page = |path: &str| {
        let found = PAGES.iter().filter(|p| p.method == Method::Get);
        found.into_iter().any(|p| matches(p.path, path))
    };
    let mut path = path;
    while page.method != Method::Get && !is_page(path) && path.len() > 1 {
        path = path.rsplit_once('/').map_or("/", |(parent, _)| parent);
    }
    path.to_owned()
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut a, mut b) = (pattern.split('/'), path.split('/'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(part), Some(own)) if part == own || part.starts_with('{') => {}
            _ => return false,
        }
    }
}

pub(crate) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn send(cx: &Context, reply: Reply) -> Response {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{}'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
        cx.nonce
    );
    let (mut extra, mut long) = (None, None);
    let (status, body, kind) = match reply {
        Reply::Html(status, html) => (status, html.into_bytes(), "text/html; charset=utf-8"),
        Reply::See(path) => {
            extra = Some((LOCATION, path));
            (
                StatusCode::SEE_OTHER,
                Vec::new(),
                "text/plain; charset=utf-8",
            )
        }
        Reply::Stream(name, length, bytes) => {
            let name = format!("attachment; filename=\"{name}\"");
            extra = Some((CONTENT_DISPOSITION, name));
            long = Some((length, bytes));
            (StatusCode::OK, Vec::new(), "application/octet-stream")
        }
        Reply::File(name, kind, bytes) => {
            let name = format!("attachment; filename=\"{name}\"");
            extra = Some((CONTENT_DISPOSITION, name));
            (StatusCode::OK, bytes, kind)
        }
    };
    let (body, length) = match long {
        Some((length, bytes)) => (Body::from_stream(bytes), Some(length)),
        None => (Body::from(body), None),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.append(name, value);
        }
    };
    put(CONTENT_TYPE, kind);
    if let Some(length) = length {
        put(CONTENT_LENGTH, &length.to_string());
    }
    put(CONTENT_SECURITY_POLICY, &policy);
    put(CACHE_CONTROL, "no-store");
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(REFERRER_POLICY, "same-origin");
    if let Some((name, text)) = extra {
        put(name, &text);
    }
    let cookies = cx.cookies.lock().unwrap_or_else(PoisonError::into_inner);
    for cookie in &*cookies {
        put(SET_COOKIE, cookie);
    }
    response
}
