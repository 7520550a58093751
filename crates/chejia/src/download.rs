//! Loads a file from an address that the operator typed. The only place with an HTTP client.

use crate::CommandError;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, Url};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a server may take to be there.
const CONNECT_TIME: Duration = Duration::from_secs(20);
/// How long it may take between two pieces of the file.
const READ_TIME: Duration = Duration::from_secs(60);
/// How many redirections are followed.
const REDIRECTIONS: usize = 5;

/// The address, if this is one and no name of a file.
pub fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// The address without what may be secret in it: name, password and query.
pub fn shown(url: &Url) -> String {
    let (origin, path) = (url.origin().ascii_serialization(), url.path());
    format!("{origin}{path}")
}

/// Loads a file into `folder`; `at` is told how many bytes are there, and of how many (0: unknown).
///
/// # Errors
/// When the server cannot be reached, answers with another status than 200, breaks off, is silent
/// for too long, or has more than `limit` bytes.
pub fn load(
    url: &Url,
    folder: &Path,
    limit: u64,
    at: &dyn Fn(u64, u64),
) -> Result<PathBuf, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandError::io("runtime"))?;
    runtime.block_on(async {
        let response = client()?.get(url.clone()).send().await;
        let response = response.map_err(|error| failed(url, &error))?;
        let status = response.status();
        if status != reqwest::StatusCode::OK {
            let text = format!("{}: the server answered {status}", shown(url));
            return Err(CommandError::Failed(text));
        }
        let path = folder.join(file_name(url));
        save(response, url, &path, limit, at).await?;
        Ok(path)
    })
}

fn client() -> Result<Client, CommandError> {
    // A provider that is installed already is this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("chejia/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIME)
        .read_timeout(READ_TIME)
        .redirect(Policy::custom(redirect))
        .build()
        .map_err(|error| CommandError::Failed(format!("no HTTP client: {error}")))
}

fn redirect(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let was_safe = attempt.previous().iter().any(|url| url.scheme() == "https");
    if attempt.previous().len() > REDIRECTIONS {
        return attempt.error(format!("more than {REDIRECTIONS} redirections"));
    }
    if was_safe && attempt.url().scheme() != "https" {
        return attempt.error("a redirection from https to http");
    }
    attempt.follow()
}

async fn save(
    mut response: Response,
    url: &Url,
    path: &Path,
    limit: u64,
    at: &dyn Fn(u64, u64),
) -> Result<(), CommandError> {
    let too_large = || {
        let text = format!("{}: larger than {limit} bytes", shown(url));
        CommandError::Failed(text)
    };
    let total = response.content_length().unwrap_or(0);
    if total > limit {
        return Err(too_large());
    }
    let io = || CommandError::io(path.display().to_string());
    let mut file = File::create(path).map_err(io())?;
    let mut done = 0;
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| failed(url, &error))?
    {
        done += piece.len() as u64;
        if done > limit {
            return Err(too_large());
        }
        file.write_all(&piece).map_err(io())?;
        at(done, total);
    }
    Ok(())
}

/// The error with its causes, which say what really happened.
fn failed(url: &Url, error: &reqwest::Error) -> CommandError {
    let mut text = shown(url);
    let mut cause = std::error::Error::source(error);
    if cause.is_none() {
        text += &format!(": {error}");
    }
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    CommandError::Failed(text)
}

/// A safe name for the file: the last part of the address, where the month often stands.
fn file_name(url: &Url) -> String {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    let safe = |c: &char| c.is_ascii_alphanumeric() || "._-".contains(*c);
    let name: String = last.chars().filter(safe).take(100).collect();
    match name.trim_start_matches('.') {
        "" => "download".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_a_file_and_keeps_its_secrets() {
        for file in [
            "cars.csv",
            "/srv/cars.csv",
            "C:\\cars.csv",
            "http:",
            "ftp://x/y",
            "",
        ] {
            assert!(address(file).is_none(), "{file}");
        }
        let url = address("https://me:pw@example.org:8443/a/b.zip?token=1#x").expect("an address");
        assert_eq!(shown(&url), "https://example.org:8443/a/b.zip");
    }

    #[test]
    fn a_file_gets_a_safe_name() {
        for (url, name) in [
            (
                "https://x/a/vPICList_lite_2026_10.plain.zip",
                "vPICList_lite_2026_10.plain.zip",
            ),
            ("https://x/", "download"),
            ("https://x/..%2F..%2Fetc", "2F..2Fetc"),
            ("https://x/%E8%BD%A6.csv", "E8BDA6.csv"),
        ] {
            let url = address(url).expect("an address");
            assert_eq!(file_name(&url), name);
        }
    }

    #[test]
    fn a_file_of_unknown_length_ends_at_the_limit() {
        use std::io::Read as _;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/a.csv", listener.local_addr().expect("it"));
        let url = address(&url).expect("an address");
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("connects");
                let _ = stream.read(&mut [0; 4096]).expect("a request");
                let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789";
                stream.write_all(answer.as_bytes()).expect("sent");
            }
        });
        let folder = tempfile::tempdir().expect("a folder");
        let path = load(&url, folder.path(), 10, &|_, _| {}).expect("not too large");
        assert_eq!(std::fs::read(path).expect("a file"), b"0123456789");
        let error = load(&url, folder.path(), 9, &|_, _| {}).expect_err("too large");
        assert!(error.to_string().contains("larger than 9 bytes"), "{error}");
    }
}
