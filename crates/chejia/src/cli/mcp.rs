//! The arguments of `mcp`.

use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// `mcp`.
///
/// A key or token is never an argument: everybody on the machine sees those.
#[derive(Debug, Args)]
pub struct Mcp {
    /// Ask this server, which charges for its answers; the key is in CHEJIA_MCP_KEY [default: the own data]
    #[arg(long, value_name = "URL", conflicts_with = "data_dir")]
    pub server: Option<String>,
    /// A file with the key, instead of CHEJIA_MCP_KEY
    #[arg(long, value_name = "FILE", requires = "server")]
    pub key_file: Option<PathBuf>,
    /// Use the data that was imported into this data directory [default: the built-in data]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Listen on this address, at the path /mcp [default: standard input and output]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// A file with the token that clients must send, instead of CHEJIA_MCP_TOKEN; needed beyond this machine
    #[arg(long, value_name = "FILE", requires = "listen")]
    pub token_file: Option<PathBuf>,
}
