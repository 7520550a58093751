//! Our own server as an operator sets it up: a data directory, accounts, packages, keys.

use super::client;
use super::server::{Server, free_address};
use crate::run;
use md5::Digest as _;
use std::path::PathBuf;
use std::process::Command;

/// A data directory, which is removed when this is dropped, and its database.
pub struct Place {
    chejia: PathBuf,
    folder: PathBuf,
    /// The URL; `None` for SQLite in the data directory.
    database: Option<String>,
}

/// A key with its secret.
#[derive(Clone)]
pub struct Key {
    /// The key.
    pub key: String,
    /// What requests are signed with.
    pub secret: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        // What stays is overwritten by the next run.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Place {
    /// An empty one under the target folder.
    pub fn new(name: &str, database: Option<String>) -> Result<Self, String> {
        Self::of(name, database, run::release_binary()?)
    }

    /// The same for another build of the program.
    pub fn of(name: &str, database: Option<String>, chejia: PathBuf) -> Result<Self, String> {
        let folder = run::target().join("bench").join(name);
        let failed = |e| format!("{}: {e}", folder.display());
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(failed)?;
        }
        std::fs::create_dir_all(&folder).map_err(failed)?;
        Ok(Self {
            chejia,
            folder,
            database,
        })
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        let file = || format!("sqlite:{}", self.folder.join("chejia.db").display());
        self.database.clone().unwrap_or_else(file)
    }

    /// Our program with these arguments, about this place.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = run::command(&self.chejia);
        command.args(arguments).arg("--data-dir").arg(&self.folder);
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command
    }

    /// What a command prints, given `input`.
    pub fn json(&self, arguments: &[&str], input: &str) -> Result<serde_json::Value, String> {
        let file = self.folder.join("input.txt");
        run::write(&file, input)?;
        let input = std::fs::File::open(&file).map_err(|e| e.to_string())?;
        let printed = run::output(self.command(arguments).stdin(input))?;
        serde_json::from_slice(&printed).map_err(|e| e.to_string())
    }

    /// Puts the file of a channel into its place.
    pub fn channel(&self, name: &str, text: &str) -> Result<(), String> {
        let folder = self.folder.join("channels");
        let failed = |e| format!("{}: {e}", folder.display());
        std::fs::create_dir_all(&folder).map_err(failed)?;
        run::write(&folder.join(format!("{name}.toml")), text)
    }

    /// Makes a verified account; its id.
    pub fn account(&self, phone: &str) -> Result<String, String> {
        let create = [
            "account",
            "create",
            "--phone",
            phone,
            "--password-stdin",
            "--verified",
        ];
        let made = self.json(&create, "a long pass phrase for the bench\n")?;
        Ok(made["account_id"].to_string().trim_matches('"').to_owned())
    }

    /// Gives an account a package of so many calls.
    pub fn grant(&self, account: &str, calls: &str) -> Result<(), String> {
        let grant = ["package", "grant", "--calls", calls, "--reason", "bench"];
        self.json(&[&grant[..], &["--account", account]].concat(), "")?;
        Ok(())
    }

    /// Makes a key.
    pub fn key(&self, account: &str, arguments: &[&str]) -> Result<Key, String> {
        let create = [&["key", "create", "--account", account], arguments].concat();
        let made = self.json(&create, "")?;
        let text = |name: &str| {
            let text = made[name].as_str().map(str::to_owned);
            text.ok_or_else(|| format!("`key create` printed no {name}"))
        };
        Ok(Key {
            key: text("key")?,
            secret: text("secret")?,
        })
    }

    /// Serves it.
    pub fn serve(&self) -> Result<Server, String> {
        let address = free_address()?;
        let command = self.command(&["serve", "--listen", &address.to_string()]);
        Server::start(command, address)
    }

    /// Serves it for the first time; the path of the page on which the first owner is made, too.
    pub fn serve_first(&self) -> Result<(Server, String), String> {
        let address = free_address()?;
        let command = self.command(&["serve", "--listen", &address.to_string()]);
        let (server, line) = Server::start_telling(command, address)?;
        match line.split_once("/join/") {
            Some((_, link)) => Ok((server, format!("/join/{}", link.trim()))),
            None => Err(format!("no link for the first owner in {line:?}")),
        }
    }
}

impl Key {
    /// A signed GET request, whether the key demands it or not; `rest` follows the key in the query.
    pub fn get(&self, path: &str, rest: &str) -> Vec<u8> {
        let query = format!("key={}{rest}", self.key);
        let hash = md5::Md5::digest(format!("{query}{}", self.secret));
        let sign: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        client::signed(&format!("{path}?{query}"), &sign)
    }
}
