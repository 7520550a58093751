//! `chejia mcp`: the tools over standard input and output, or over HTTP.

use super::{print, serve::stop_signal, start_log};
use crate::CommandError;
use crate::cli::Mcp;
use crate::mcp::{self, Own, Remote, Source, Token, Tools};
use crate::outside::{SystemClock, variable};
use crate::packs::Packs;
use axum::http::Uri;
use rmcp::ServiceExt as _;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use vin_channel::{Network, SystemResolver};
use vin_service::ApiKey;

/// Standard output belongs to the protocol; the log goes to standard error.
const LOG: &str = "warn";

/// Answers until the client leaves or a signal says stop.
pub fn run(args: &Mcp) -> Result<(), CommandError> {
    start_log(LOG, "text")?;
    let tools = Tools::new(source(args)?);
    let token = secret(args.token_file.as_deref(), "CHEJIA_MCP_TOKEN")?;
    let token = token.as_deref().map(Token::new);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CommandError::io("runtime"))?;
    let done = runtime.block_on(async {
        match args.listen {
            Some(address) => listen(address, tools, token).await,
            None => speak(tools).await,
        }
    });
    // Standard input is read by a thread that cannot be woken.
    runtime.shutdown_background();
    done
}

async fn speak(tools: Tools) -> Result<(), CommandError> {
    let stop = stop_signal()?;
    let failed = |error: String| CommandError::Failed(format!("standard input: {error}"));
    let talk = async {
        let started = tools.serve(rmcp::transport::stdio()).await;
        let started = started.map_err(|error| failed(error.to_string()))?;
        let ended = started.waiting().await;
        ended.map(drop).map_err(|error| failed(error.to_string()))
    };
    tokio::select! {
        ended = talk => ended,
        () = stop => Ok(()),
    }
}

async fn listen(
    address: SocketAddr,
    tools: Tools,
    token: Option<Token>,
) -> Result<(), CommandError> {
    if token.is_none() && !address.ip().is_loopback() {
        let text = format!(
            "{address} can be reached from elsewhere: set CHEJIA_MCP_TOKEN or --token-file, or listen on 127.0.0.1"
        );
        return Err(CommandError::Usage(text));
    }
    let stop = stop_signal()?;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(CommandError::io(address.to_string()))?;
    let bound = listener.local_addr();
    let bound = bound.map_err(CommandError::io(address.to_string()))?;
    print(&format!("http://{bound}/mcp"))?;
    mcp::serve(listener, tools, token, stop).await;
    Ok(())
}

fn source(args: &Mcp) -> Result<Source, CommandError> {
    if let Some(server) = &args.server {
        let key = secret(args.key_file.as_deref(), "CHEJIA_MCP_KEY")?;
        let key = key.as_deref().and_then(ApiKey::parse);
        let key = key.ok_or_else(|| {
            let text = "--server needs a key: set CHEJIA_MCP_KEY or --key-file";
            CommandError::Usage(text.to_owned())
        })?;
        if !keeps_the_key(server) {
            let text = "--server must be https://HOST; http://, which shows the key to the network, is for this machine alone";
            return Err(CommandError::Usage(text.to_owned()));
        }
        let network = Network::new(Arc::new(SystemResolver), &[])
            .map_err(|error| CommandError::Failed(error.to_string()))?;
        return Ok(Source::Remote(Remote::new(network, server, key)));
    }
    let engine = match &args.data_dir {
        None => vin_data::engine(),
        Some(data_dir) => {
            let packs = Packs::of(data_dir);
            packs.open(packs.current()?)?.engine
        }
    };
    Ok(Source::Own(Own::new(engine, SystemClock::new())))
}

/// Whether nobody on the way to a server can read the key.
fn keeps_the_key(server: &str) -> bool {
    let Ok(uri) = server.parse::<Uri>() else {
        return false;
    };
    let is_here = |host: &str| {
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    };
    match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(_)) => true,
        (Some("http"), Some(host)) => is_here(host),
        _ => false,
    }
}

/// The text of a file, or of the environment.
fn secret(file: Option<&Path>, name: &str) -> Result<Option<String>, CommandError> {
    let text = match file {
        Some(file) => {
            let text = fs::read_to_string(file);
            Some(text.map_err(CommandError::io(file.display().to_string()))?)
        }
        None => variable(name),
    };
    let text = text.map(|text| text.trim().to_owned());
    if file.is_some() && text.as_deref() == Some("") {
        let text = format!("{name}: the file is empty");
        return Err(CommandError::Usage(text));
    }
    Ok(text.filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_in_the_clear_to_this_machine_alone() {
        for good in [
            "https://vin.example.com",
            "https://10.0.0.1:8443/",
            "http://127.0.0.1:8080",
            "http://localhost:8080/",
            "http://[::1]:8080",
        ] {
            assert!(keeps_the_key(good), "{good}");
        }
        for bad in [
            "http://vin.example.com",
            "http://10.0.0.1:8080",
            "http://127.0.0.1.example.com",
            "http://me@example.com",
            "vin.example.com",
            "ftp://127.0.0.1",
            "",
        ] {
            assert!(!keeps_the_key(bad), "{bad}");
        }
    }
}
