//! What the web pages take to answer beside a long log: every page of the table of pages, asked for by
//! whom it is for, on SQLite with ten million calls.

use super::client::{self, Answer};
use super::document::Section;
use super::ledger;
use super::median;
use super::place::Place;
use crate::run::{self, Failure};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Instant;

/// How many calls the log holds.
const CALLS: u64 = 10_000_000;
/// How often each page is asked for.
const ROUNDS: usize = 15;
/// No page may take longer, in milliseconds.
const LIMIT: f64 = 50.0;
const PASSWORD: &str = "a long pass phrase for the bench";

/// Measures every page.
pub fn measure() -> Result<Section, Failure> {
    let filled = ledger::fill("pages", CALLS, None)?;
    let (server, invitation) = filled.place.serve_first()?;
    let address = server.address;
    let mut guest = Visitor::new(address);
    let mut customer = Visitor::new(address);
    customer.ask("/login")?;
    customer.send("/login", &[("name", "13800138000"), ("password", PASSWORD)])?;
    let mut owner = Visitor::new(address);
    owner.ask(&invitation)?;
    let who = [
        ("name", "bench"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    owner.send(&invitation, &who)?;
    customer.ask("/tickets")?;
    customer.send("/tickets", &[("subject", "bench"), ("body", "bench")])?;
    let purchase = sell(&filled.place, &mut owner, &mut customer)?;
    hand_in(&filled.place, address)?;

    let order = customer.first("/log", "/orders/")?;
    let key = customer.first("/keys", "/keys/")?;
    let ticket = customer.first("/tickets", "/tickets/")?;
    let mut rows = Vec::new();
    let mut slow = Vec::new();
    for (path, access) in pages()? {
        let id = match path.as_str() {
            "/keys/{id}" => &key,
            "/tickets/{id}" | "/admin/tickets/{id}" => &ticket,
            _ => "1",
        };
        let path = path.replace("{id}", id).replace("{order}", &order);
        let path = path.replace("{link}", &"0".repeat(64));
        let path = path.replace("{part}", "samples").replace("{format}", "csv");
        let path = path
            .replace("{number}", &purchase)
            .replace("{report}", "receipts");
        let (name, visitor) = match access.as_str() {
            "Customer" | "SignedIn" => ("customer", &mut customer),
            "Operator" | "Roles" => ("operator", &mut owner),
            _ => ("guest", &mut guest),
        };
        for path in [vec![path.clone()], choices(&path, &order)].concat() {
            // A file is no page: it has up to a hundred thousand rows.
            let (usual, slowest) = visitor.time(&path)?;
            let shown = path.replace(&"0".repeat(64), "…");
            rows.push(format!(
                "| `{shown}` | {name} | {usual:.1} ms | {slowest:.1} ms |"
            ));
            if slowest > LIMIT && !path.contains("/file/") {
                slow.push(format!("{shown}: {slowest:.1} ms"));
            }
        }
    }
    drop(server);
    if !slow.is_empty() {
        println!("slower than {LIMIT} ms: {}", slow.join(", "));
    }
    Ok(Section {
        name: "pages",
        command: "cargo xtask bench pages --write",
        head: "| page | asked by | median | slowest |",
        rows,
        how: format!(
            "SQLite with {CALLS} calls in the log, over 150 days, half of them of the customer who asks. The release build \
             and its client on the same machine; each page {ROUNDS} times after one warm-up, one request after another on \
             connections of their own, from connecting to the last byte. Searches for what is not there are the worst case \
             of the log. Files (`/file/`) hold up to 100 000 rows and are no pages; the limit of a page is {LIMIT} ms."
        ),
    })
}

/// Sells calls for a transfer, and has an invoice asked for; the number of the purchase.
fn sell(place: &Place, owner: &mut Visitor, customer: &mut Visitor) -> Result<String, String> {
    place.json(
        &["package", "price", "--calls", "1000", "--price", "99"],
        "",
    )?;
    owner.ask("/confirm")?;
    owner.send("/confirm", &[("password", PASSWORD)])?;
    owner.ask("/admin/site")?;
    owner.send("/admin/site", &[("bank_account", "bench")])?;
    customer.ask("/buy")?;
    customer.send("/buy", &[("product", "1000"), ("way", "transfer")])?;
    let purchase = customer.first("/purchases", "/purchases/")?;
    let page = format!("/admin/purchases/{purchase}");
    owner.ask(&page)?;
    let money = [("reference", "1"), ("amount", "99.00")];
    owner.send(&format!("{page}/confirm"), &money)?;
    customer.ask("/invoices")?;
    let invoice = [
        ("kind", "person"),
        ("title", "bench"),
        ("mail", "bench@example.com"),
        ("purchase", &*purchase),
    ];
    customer.send("/invoices", &invoice)?;
    Ok(purchase)
}

/// Somebody else hands a real name in. The number is made up; its check character is right.
fn hand_in(place: &Place, address: SocketAddr) -> Result<(), String> {
    const PHONE: &str = "13900139000";
    let create = ["account", "create", "--phone", PHONE, "--password-stdin"];
    place.json(&create, PASSWORD)?;
    let mut other = Visitor::new(address);
    other.ask("/login")?;
    other.send("/login", &[("name", PHONE), ("password", PASSWORD)])?;
    other.ask("/verification")?;
    let name = [
        ("kind", "person"),
        ("name", "bench"),
        ("number", "11010519491231002X"),
    ];
    other.send_parts("/verification", &name)
}

/// Searches that find nothing, or much of it, on the pages that search the log.
fn choices(path: &str, order: &str) -> Vec<String> {
    let before = order.parse::<i64>().unwrap_or(0) - 500_000;
    match path {
        "/log" | "/admin/log" => [
            "vin=LHG00000000000000",
            "code=404",
            "charged=no",
            "key=1",
            &format!("before={before}"),
            "sort=-vin",
        ]
        .map(|query| format!("{path}?{query}"))
        .into(),
        "/usage" => vec!["/usage?days=90".to_owned()],
        "/admin/orders" => vec![format!("/admin/orders?order={order}")],
        _ => Vec::new(),
    }
}

/// Every page that is shown, with whom it is for, out of the table of pages.
fn pages() -> Result<Vec<(String, String)>, String> {
    let table = run::read(&run::root().join("crates/vin-console/src/page.rs"))?;
    let rows = table.lines().filter_map(|line| {
        let (_, rest) = line.strip_prefix("    Get ")?.split_once('"')?;
        let (path, rest) = rest.split_once('"')?;
        let (_, rest) = rest.split_once("Access::")?;
        let access = rest.split([',', '(']).next()?;
        Some((path.to_owned(), access.to_owned()))
    });
    Ok(rows.collect())
}

/// Somebody with cookies.
struct Visitor {
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
    /// What proves that a form is the visitor's own.
    token: String,
}

impl Visitor {
    fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: BTreeMap::new(),
            token: String::new(),
        }
    }

    fn head(&self, line: &str) -> String {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\nCookie: {}\r\n",
            self.address,
            cookies.join("; ")
        )
    }

    fn take(&mut self, path: &str, request: &str) -> Result<Answer, String> {
        let answer = client::send(self.address, request.as_bytes());
        let answer = answer.map_err(|error| format!("{path}: {error}"))?;
        for (name, value) in &answer.headers {
            let pair = value
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='));
            if let (true, Some((name, value))) = (name.eq_ignore_ascii_case("set-cookie"), pair) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = String::from_utf8_lossy(&answer.body);
        if let Some((_, rest)) = body.split_once("name=\"form_token\" value=\"") {
            self.token = rest.split('"').next().unwrap_or_default().to_owned();
        }
        match answer.status {
            200 | 303 => Ok(answer),
            404 if path.contains(&"0".repeat(64)) => Ok(answer),
            status => Err(format!("{path} answers {status}: {body}")),
        }
    }

    fn ask(&mut self, path: &str) -> Result<Answer, String> {
        let request = self.head(&format!("GET {path}")) + "\r\n";
        self.take(path, &request)
    }

    fn send(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer, String> {
        let fields = form
            .iter()
            .map(|(n, v)| format!("{n}={}", v.replace(' ', "+")));
        let fields: Vec<_> = fields
            .chain([format!("form_token={}", self.token)])
            .collect();
        let body = fields.join("&");
        let head = self.head(&format!("POST {path}"));
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let request = format!(
            "{head}{kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.take(path, &request)
    }

    /// Sends a form that could hold a file.
    fn send_parts(&mut self, path: &str, form: &[(&str, &str)]) -> Result<(), String> {
        let mut body = String::new();
        for (name, value) in [("form_token", &*self.token)].iter().chain(form) {
            body += &format!(
                "--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        body += "--part--\r\n";
        let head = self.head(&format!("POST {path}"));
        let kind = "Content-Type: multipart/form-data; boundary=part";
        let request = format!(
            "{head}{kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.take(path, &request).map(drop)
    }

    /// What follows `before` in the first link of a page that begins with it.
    fn first(&mut self, path: &str, before: &str) -> Result<String, String> {
        let body = String::from_utf8_lossy(&self.ask(path)?.body).into_owned();
        let mark = format!("href=\"{before}");
        let mut links = body.split(&mark);
        let id = links.nth(1).and_then(|rest| rest.split('"').next());
        id.map(str::to_owned)
            .ok_or_else(|| format!("{path} has no link to {before}"))
    }

    /// How many milliseconds a page usually takes, and at most.
    fn time(&mut self, path: &str) -> Result<(f64, f64), String> {
        let mut times = Vec::new();
        for round in 0..=ROUNDS {
            let began = Instant::now();
            let answer = self.ask(path)?;
            let took = began.elapsed().as_secs_f64() * 1e3;
            if answer.status == 303 && path != "/login" && path != "/confirm" {
                return Err(format!("{path} leads elsewhere"));
            }
            times.extend((round > 0).then_some(took));
        }
        let slowest = times.iter().copied().fold(0.0, f64::max);
        Ok((median(&mut times), slowest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_pages_is_read_whole() {
        let pages = pages().expect("the table");
        assert!(pages.len() > 40, "{pages:?}");
        for wanted in [
            ("/", "Everyone"),
            ("/log", "Customer"),
            ("/admin/operators", "Roles"),
        ] {
            let wanted = (wanted.0.to_owned(), wanted.1.to_owned());
            assert!(pages.contains(&wanted), "{wanted:?}");
        }
    }
}
