//! Every page and every form, by everyone: a table with a test per cell.

use super::*;
use vin_console::access::{Access, FINANCE, OWNER, SUPPORT};
use vin_console::page::{Method, PAGES};

/// Who tries.
const VISITORS: [&str; 6] = ["guest", "customer", "owner", "finance", "support", "reader"];

/// What each of them gets: `g`oes on, to sign `i`n, `h`ome, `f`orbidden.
fn wanted(access: Access) -> &'static str {
    match access {
        Access::Everyone => "gggggg",
        Access::Guest => "ghhhhh",
        Access::SignedIn => "iggggg",
        Access::Customer => "igiiii",
        Access::Operator => "iigggg",
        Access::Roles(roles) if roles == OWNER => "iigfff",
        Access::Roles(roles) if roles == FINANCE => "iiggff",
        Access::Roles(roles) if roles == SUPPORT => "iigfgf",
        Access::Roles(_) => panic!("roles that no row of this table names"),
    }
}

#[test]
fn each_page_is_for_whom_the_table_says() {
    on_site(async |site| {
        let (customer, id) = site.customer("13812345678", 10).await;
        let mut visitors = vec![site.browser(), customer];
        for (name, role) in [
            ("owner", Role::Owner),
            ("finance", Role::Finance),
            ("support", Role::Support),
            ("reader", Role::Reader),
        ] {
            visitors.push(site.operator(name, role).await);
        }
        for browser in &mut visitors {
            let got = browser.get("/vehicle").await;
            assert_eq!(got.status, 200);
        }
        for page in PAGES {
            let path = page.path.replace("{id}", &id.0.to_string());
            let path = path.replace("{link}", &"0".repeat(64));
            for (at, browser) in visitors.iter().enumerate() {
                // A copy, for what is done here must not change the next cell.
                let mut browser = browser.clone();
                if page.path == "/logout" && at > 0 {
                    continue;
                }
                let got = match page.method {
                    Method::Get => browser.get(&path).await,
                    Method::Post => browser.post(&path, &[]).await,
                    Method::Upload | Method::Picture => {
                        let token = browser.token.clone();
                        browser.upload(&path, &token, b"").await
                    }
                };
                let cell = format!("{:?} {path} by {}", page.method, VISITORS[at]);
                let became = match (got.status, got.to.as_str()) {
                    (403, _) if got.body.contains("权限不足") => 'f',
                    (303, to) if to.starts_with("/login") && page.access != Access::Guest => 'i',
                    (303, to) if to.starts_with("/admin/login") => 'i',
                    (303, "/overview" | "/admin") => 'h',
                    (500, _) => panic!("{cell}: {}", got.body),
                    _ => 'g',
                };
                let wanted = wanted(page.access).as_bytes()[at];
                assert_eq!(
                    became,
                    char::from(wanted),
                    "{cell}: {} {}",
                    got.status,
                    got.to
                );
            }
        }
    });
}

#[test]
fn nothing_of_another_customer_is_shown_or_changed() {
    on_site(async |site| {
        let (mut one, id) = site.customer("13812345678", 10).await;
        let (mut two, _) = site.customer("13912345678", 10).await;
        one.get("/keys").await;
        one.post("/keys", &[("name", "mine")]).await;
        let key = site.accounts().keys(id).await.expect("read")[0].id;
        for (path, form) in [
            (format!("/keys/{key}"), false),
            (format!("/keys/{key}"), true),
            (format!("/keys/{key}/reveal"), true),
            (format!("/keys/{key}/rotate"), true),
            (format!("/keys/{key}/revoke"), true),
        ] {
            let got = match form {
                true => two.post(&path, &[("name", "theirs")]).await,
                false => two.get(&path).await,
            };
            assert_eq!(got.status, 404, "{path} {form}");
        }
        let keys = site.accounts().keys(id).await.expect("read");
        assert_eq!((keys.len(), keys[0].name.as_str()), (1, "mine"));
    });
}

#[test]
fn a_form_from_elsewhere_is_refused_and_changes_nothing() {
    on_site(async |site| {
        let (mut one, id) = site.customer("13812345678", 10).await;
        let (mut two, _) = site.customer("13912345678", 10).await;
        one.get("/keys").await;
        two.get("/keys").await;
        let foreign = two.token.clone();
        for token in ["", "0123", &foreign] {
            let got = one.post_with("/keys", &[("name", "x")], token).await;
            assert_eq!(got.status, 403, "{token}");
            assert!(got.body.contains("表单已失效"));
        }
        let own = one.token.clone();
        let request = Request::post("/keys").header("sec-fetch-site", "cross-site");
        let got = one
            .send(request, Body::from(format!("form_token={own}")))
            .await;
        assert_eq!(got.status, 403);
        assert!(site.accounts().keys(id).await.expect("read").is_empty());
        let large = "x".repeat(vin_console::FORM_BYTES);
        let got = one.post("/keys", &[("name", &large)]).await;
        assert_eq!(got.status, 413);
    });
}

#[test]
fn no_address_leads_to_another_host() {
    on_site(async |site| {
        let mut browser = site.browser();
        browser.get("/").await;
        for back in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/a\r\nx: y",
        ] {
            let got = browser
                .post("/theme", &[("to", "dark"), ("back", back)])
                .await;
            assert_eq!((got.status, got.to.as_str()), (303, "/"), "{back:?}");
        }
        let got = browser
            .post("/theme", &[("to", "dark"), ("back", "/vehicle?vin=1")])
            .await;
        assert_eq!(got.to, "/vehicle?vin=1");
        let shown = browser.get("/").await;
        assert!(shown.body.contains("data-theme=\"dark\""));
        let done = browser.get("/?done=%3Cscript%3E").await;
        assert!(!done.body.contains("role=\"status\""));
    });
}

#[test]
fn every_page_has_the_headers_that_protect_it() {
    on_site(async |site| {
        let mut browser = site.browser();
        let (one, two) = (browser.get("/").await, browser.get("/").await);
        let header = |got: &Got, name: &str| {
            let value = got.headers.get(name).expect("there");
            value.to_str().expect("text").to_owned()
        };
        let policy = header(&one, "content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert_ne!(
            policy,
            header(&two, "content-security-policy"),
            "a nonce is used once"
        );
        assert_eq!(header(&one, "x-content-type-options"), "nosniff");
        assert_eq!(header(&one, "cache-control"), "no-store");
        assert!(!one.body.contains("http://") || !one.body.contains("src=\"http"));
        let request = Request::get("/").header("x-secure", "1");
        let fresh = site.browser().send(request, Body::empty()).await;
        assert!(header(&fresh, "set-cookie").contains("; Secure"));
    });
}
