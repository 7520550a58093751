//! Every program of the page of samples, run as it is shown, with and without a signature.
//!
//! They need what [`super`] needs, and a C and C++ compiler with libcurl and OpenSSL, and Mono's C#
//! compiler. 易语言 and VB run nowhere here: what they send is read out of their texts and sent. The
//! samples for browsers are run by the test of the pages.

use super::output;
use crate::PAGE_VIN;
use crate::money::{Place, account};
use std::path::{Path, PathBuf};
use std::process::Command;
use vin_console::samples::{Filling, Sample};

/// A server with a key that needs no signature and one that does.
struct Stage {
    _place: Place,
    server: crate::Server,
    plain: String,
    signed: (String, String),
}

fn stage() -> Stage {
    let [place, _] = Place::both();
    let server = place.demo();
    let id = account(&place, "13812345678");
    let grant = [
        "package",
        "grant",
        "--account",
        &id,
        "--calls",
        "100",
        "--reason",
        "test",
    ];
    place.json(&grant, "");
    let create = ["key", "create", "--account", &id];
    let plain = place.json(&create, "");
    let signed = place.json(&[&create[..], &["--signature"]].concat(), "");
    let text =
        |made: &serde_json::Value, name: &str| made[name].as_str().expect("a text").to_owned();
    Stage {
        server,
        plain: text(&plain, "key"),
        signed: (text(&signed, "key"), text(&signed, "secret")),
        _place: place,
    }
}

impl Stage {
    /// The two programs of a language.
    fn programs(&self, id: &str) -> [String; 2] {
        let base = format!("http://{}", self.server.address);
        let sample = Sample::find(id).expect("a sample");
        [false, true].map(|signed| {
            let key = if signed { &self.signed.0 } else { &self.plain };
            let with = Filling {
                base: &base,
                key,
                secret: &self.signed.1,
                vin: PAGE_VIN,
            };
            sample.filled(signed, &with)
        })
    }

    /// Runs both programs of a language, in files of that name; each must show the vehicle.
    #[track_caller]
    fn check(&self, id: &str, file: &str, run: impl Fn(&Path) -> Command) {
        for program in self.programs(id) {
            let dir = tempfile::tempdir().expect("a directory");
            let path = dir.path().join(file);
            std::fs::write(&path, &program).expect("written");
            let printed = output(&mut run(&path));
            let shows = printed.contains("200") && printed.contains("Panamera");
            assert!(shows, "{id}: {printed}\n{program}");
        }
    }
}

fn interpreted(program: &str) -> impl Fn(&Path) -> Command {
    move |path| {
        let mut command = Command::new(program);
        command.arg(path);
        command
    }
}

/// Compiles with a command line whose last words are libraries, and hands back what was made.
fn compiled(compiler: &str, path: &Path, libraries: &[&str]) -> Command {
    let program: PathBuf = path.with_extension("out");
    let mut compile = Command::new(compiler);
    compile.arg(path).arg("-o").arg(&program).args(libraries);
    output(&mut compile);
    Command::new(program)
}

#[test]
fn scripts() {
    let stage = stage();
    stage.check("shell", "look.sh", interpreted("sh"));
    stage.check("php", "look.php", interpreted("php"));
    stage.check("python", "look.py", interpreted("python3"));
    stage.check("node", "look.mjs", interpreted("node"));
}

#[test]
fn java_and_go() {
    let stage = stage();
    stage.check("java", "Look.java", |path| {
        let mut java = Command::new("java");
        java.args(["-Dstdout.encoding=UTF-8", "-Dfile.encoding=UTF-8"])
            .arg(path);
        java
    });
    stage.check("go", "look.go", |path| {
        let mut go = Command::new("go");
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache");
        go.env("GOCACHE", cache).env("GO111MODULE", "off");
        go.arg("run").arg(path);
        go
    });
}

#[test]
fn c_and_c_plus_plus() {
    let stage = stage();
    let libraries = ["-lcurl", "-lcrypto"];
    stage.check("c", "look.c", |path| compiled("cc", path, &libraries));
    stage.check("cpp", "look.cpp", |path| compiled("c++", path, &libraries));
}

#[test]
fn c_sharp() {
    stage().check("csharp", "look.cs", |path| {
        let program = path.with_extension("exe");
        let mut compile = Command::new("mcs");
        compile.arg("-r:System.Net.Http.dll");
        compile.arg(format!("-out:{}", program.display())).arg(path);
        output(&mut compile);
        let mut mono = Command::new("mono");
        mono.arg(program);
        mono
    });
}

/// The text between two marks.
#[track_caller]
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text
        .split_once(from)
        .unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split_once(to)
        .unwrap_or_else(|| panic!("no {to} in {text}"))
        .0
}

/// 易语言 hashes one text constant followed by another; VB joins its query of two escaped values,
/// which are letters and digits.
#[test]
fn what_cannot_run_here_signs_what_it_sends() {
    let stage = stage();
    let [_, e] = stage.programs("e");
    let query = between(&e, "查询 ＝ “", "”");
    let secret = between(&e, "查询 ＋ “", "”");
    assert!(e.contains("get?” ＋ 查询, 假)"));
    sent(&stage, query, secret);
    let [_, vb] = stage.programs("vb");
    let key = between(&vb, "\"key=\" & Uri.EscapeDataString(\"", "\"");
    let vin = between(&vb, "\"&vin=\" & Uri.EscapeDataString(\"", "\"");
    assert!(vb.contains("Md5Hex(query & secret)"));
    let secret = between(&vb, "Dim secret = \"", "\"");
    sent(&stage, &format!("key={key}&vin={vin}"), secret);
}

/// A request with that query, signed with that secret, is answered.
#[track_caller]
fn sent(stage: &Stage, query: &str, secret: &str) {
    let script = "printf '%s%s' \"$1\" \"$2\" | md5sum | cut -d ' ' -f 1";
    let sign = output(Command::new("sh").args(["-c", script, "sh", query, secret]));
    let url = format!("http://{}/api/vin/get?{query}", stage.server.address);
    let header = format!("sign: {}", sign.trim());
    let printed = output(Command::new("curl").args(["-sS", "-H", &header, &url]));
    assert!(printed.contains("\"code\":200"), "{printed}");
}
