//! The tools for assistants, called by the protocol's own library, in both ways and from both sources.

use super::{output, python, source};
use crate::{Server, chejia, run};
use serde_json::Value as Json;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// The tools over HTTP, and their address; killed when dropped.
struct Listening(Child, String);

impl Listening {
    fn start(args: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = chejia(&["mcp", "--listen", "127.0.0.1:0"]);
        command.args(args).envs(variables.iter().copied());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut url = String::new();
        stdout.read_line(&mut url).expect("an address");
        Self(child, url.trim().to_owned())
    }

    /// The HTTP status of a request for the list of tools.
    fn status(&self, headers: &[&str], body: &str) -> String {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-o", "/dev/null", "-w", "%{http_code}", "-d", body]);
        let usual = [
            "Content-Type: application/json",
            "Accept: application/json, text/event-stream",
        ];
        for header in usual.iter().chain(headers) {
            curl.args(["-H", header]);
        }
        output(curl.arg(&self.1))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the client prints: the tools, then one answer per call.
fn talk(args: &[&str], variables: &[(&str, &str)]) -> Vec<Json> {
    let mut client = Command::new(python());
    client.arg(source("client_mcp.py")).args(args);
    let printed = output(client.envs(variables.iter().copied()));
    let lines = printed.lines();
    let lines = lines.map(|line| serde_json::from_str(line).expect("JSON"));
    lines.collect()
}

/// What holds for every source: the tools, the vehicles, the catalogue, and what is refused.
#[track_caller]
fn expect_tools(said: &[Json]) {
    assert_eq!(said.len(), 10, "{said:?}");
    assert_eq!(said[0]["name"], "chejia");
    let tools = said[0]["tools"].as_array().expect("a list");
    let names: Vec<_> = tools.iter().map(|tool| &tool["name"]).collect();
    let wanted = ["decode_vin", "explain_vin", "search_catalogue", "balance"];
    assert_eq!(names, wanted);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
    }
    let decoded = &said[2]["structuredContent"];
    assert_eq!(decoded["result"]["brand"], "Porsche");
    assert_eq!(decoded["explain"], Json::Null);
    let explained = &said[3]["structuredContent"];
    assert_eq!(explained["result"]["brand"], "保时捷");
    assert_eq!(explained["explain"][0]["rule"], "wmi");
    let found = &said[4]["structuredContent"]["result"][0];
    assert_eq!(found["name"], "Panamera");
    for (at, part) in [(6, "17"), (7, "`vni`"), (8, "1980"), (9, "page")] {
        let text = said[at]["content"][0]["text"].as_str().expect("a text");
        assert_eq!(said[at]["isError"], true, "{text}");
        assert!(text.contains(part), "{text}");
    }
}

/// Our own data have no balance, and say how to get one.
#[track_caller]
fn expect_no_account(said: &[Json]) {
    expect_tools(said);
    let text = said[1]["content"][0]["text"].as_str().expect("a text");
    assert_eq!(said[1]["isError"], true);
    assert!(text.contains("--server"), "{text}");
}

/// The two vehicles were charged, and nothing else.
#[track_caller]
fn expect_two_charges(said: &[Json]) {
    expect_tools(said);
    let left = |at: usize| said[at]["structuredContent"]["remaining"].as_i64();
    let before = left(1).expect("a number");
    assert_eq!(left(5), Some(before - 2));
}

#[test]
fn an_assistant_uses_our_own_data() {
    let program = env!("CARGO_BIN_EXE_chejia");
    expect_no_account(&talk(&["stdio", program, "mcp"], &[]));
    let listening = Listening::start(&[], &[]);
    expect_no_account(&talk(&["http", &listening.1, "none"], &[]));
}

#[test]
fn an_assistant_asks_a_server_which_charges() {
    let dir = tempfile::tempdir().expect("a directory");
    let server = Server::demo(dir.path());
    let base = format!("http://{}", server.address);
    let key = [("CHEJIA_MCP_KEY", "demo")];
    let program = env!("CARGO_BIN_EXE_chejia");
    expect_two_charges(&talk(&["stdio", program, "mcp", "--server", &base], &key));
    let secrets = [key[0], ("CHEJIA_MCP_TOKEN", "a-token")];
    let listening = Listening::start(&["--server", &base], &secrets);
    expect_two_charges(&talk(&["http", &listening.1, "a-token"], &[]));

    let wrong = [("CHEJIA_MCP_KEY", "nobodys")];
    let said = talk(&["stdio", program, "mcp", "--server", &base], &wrong);
    assert_eq!(said[1]["isError"], true);
    assert_eq!(said[2]["isError"], true);
}

#[test]
fn who_may_not_is_refused() {
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let open = Listening::start(&[], &[]);
    assert_eq!(open.status(&[], list), "200");
    assert_eq!(open.status(&["Origin: http://evil.example"], list), "403");
    assert_eq!(open.status(&["Host: evil.example"], list), "403");
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(65 << 10));
    assert_eq!(open.status(&[], &large), "413");

    let closed = Listening::start(&[], &[("CHEJIA_MCP_TOKEN", "a-token")]);
    assert_eq!(closed.status(&[], list), "401");
    assert_eq!(closed.status(&["Authorization: Bearer b"], list), "401");
    let good = "Authorization: Bearer a-token";
    assert_eq!(closed.status(&[good], list), "200");
    let foreign = [good, "Origin: http://evil.example"];
    assert_eq!(closed.status(&foreign, list), "403");

    for (args, part) in [
        (vec!["mcp", "--listen", "0.0.0.0:0"], "CHEJIA_MCP_TOKEN"),
        (
            vec!["mcp", "--server", "http://127.0.0.1:1"],
            "CHEJIA_MCP_KEY",
        ),
    ] {
        let ended = run(&args, b"");
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{told}");
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn a_signal_ends_it_in_order() {
    let mut listening = Listening::start(&[], &[]);
    let id = listening.0.id().to_string();
    output(Command::new("kill").args(["-TERM", &id]));
    assert!(listening.0.wait().expect("ends").success());
}
