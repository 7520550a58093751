//! A channel's file: TOML, laid over a preset, compiled once into what asks and reads.
//!
//! Whatever is wrong is refused here, with its place and what is allowed, so that asking meets no
//! surprise but the upstream's.

mod answers;
mod every;
mod fields;
mod identity;
mod reader;
mod request;
mod tree;

use crate::answer::Answers;
use crate::request::Ask;
use crate::secret::redact;
use crate::slot::About;
use crate::{ChannelName, Facts, Outcome, PRESETS, Price, Query, Rate, Reply, Secret, Secrets};
pub(crate) use identity::verifier;
use ipnet::IpNet;
use reader::{Reader, duration, join};
use std::fmt;
use std::time::Duration;
use tree::{Kind, Node, Place};

/// What is wrong with a channel's file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file, or the preset.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The path of the key, such as `request.url`; empty for the file as a whole.
    pub key: String,
    /// What is wrong, and what is allowed.
    pub what: String,
}

impl ConfigError {
    fn at(place: &Place, key: &str, what: impl Into<String>) -> Self {
        Self {
            file: place.file.to_string(),
            line: place.line,
            column: place.column,
            key: key.to_owned(),
            what: what.into(),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for ConfigError {}

/// A channel as its file describes it: checked, compiled, and connected to nothing.
#[derive(Clone, Debug)]
pub struct Definition {
    facts: Facts,
    pub(crate) ask: Ask,
    pub(crate) answers: Answers,
    /// Networks that the upstream may stand in although they are private.
    pub(crate) networks: Vec<IpNet>,
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    /// How many questions may be on their way at once.
    pub(crate) concurrency: usize,
    secrets: Vec<Secret>,
}

/// More questions at once than this are a sign that the upstream hangs.
const CONCURRENCY: u64 = 256;

const SECOND: Duration = Duration::from_secs(1);

/// What stands in every file, under or without a preset.
const DEFAULTS: (Duration, Duration, Duration, u8) = (
    Duration::from_secs(2),
    Duration::from_millis(800),
    Duration::from_millis(1500),
    50,
);

impl Definition {
    /// Reads a channel's file. `file` is its name for messages; `secrets` are all that there are.
    ///
    /// # Errors
    /// [`ConfigError`], the first one found.
    pub fn read(file: &str, text: &str, secrets: &Secrets) -> Result<Self, ConfigError> {
        Self::compile(&Self::whole(file, text)?, secrets)
    }

    /// A file, laid over its preset.
    fn whole(file: &str, text: &str) -> Result<Node, ConfigError> {
        let mut top = tree::parse(file, text)?;
        let own = Reader::of(&top, "")?.text("preset")?.map(str::to_owned);
        if let Some(name) = own {
            let preset = PRESETS.iter().find(|preset| preset.name == name);
            let Some(preset) = preset else {
                let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
                let what = format!("no preset {name:?}; there are: {}", names.join(", "));
                return Err(Reader::of(&top, "")?.wrong("preset", what));
            };
            let mut under = tree::parse(&format!("preset {name}"), preset.text)?;
            std::mem::swap(&mut under, &mut top);
            top.overlay(under);
        }
        Ok(top)
    }

    /// Reads all files of a server: names with texts. No two channels may have one name.
    ///
    /// # Errors
    /// Every [`ConfigError`] that can be told, file by file; at least one.
    pub fn read_all(
        files: &[(String, String)],
        secrets: &Secrets,
    ) -> Result<Vec<Self>, Vec<ConfigError>> {
        let mut all: Vec<(&str, Self)> = Vec::new();
        let mut wrong = Vec::new();
        for (file, text) in files {
            let read = every::read(file, text, secrets).and_then(|one| {
                one.is_none_of(file, text, &all)
                    .map_err(|twin| vec![twin])?;
                Ok(one)
            });
            match read {
                Ok(definition) => all.push((file, definition)),
                Err(mut found) => wrong.append(&mut found),
            }
        }
        match wrong.is_empty() {
            true => Ok(all.into_iter().map(|(_, definition)| definition).collect()),
            false => Err(wrong),
        }
    }

    /// Refuses a channel that has the name of another.
    fn is_none_of(&self, file: &str, text: &str, all: &[(&str, Self)]) -> Result<(), ConfigError> {
        let name = self.facts.name;
        let Some((twin, _)) = all.iter().find(|(_, known)| known.facts.name == name) else {
            return Ok(());
        };
        let top = tree::parse(file, text)?;
        let what = format!("{name} is the name of the channel in {twin} too");
        Err(Reader::of(&top, "")?.wrong("name", what))
    }

    fn compile(top: &Node, secrets: &Secrets) -> Result<Self, ConfigError> {
        let mut top = Reader::of(top, "")?;
        let _ = top.node("preset");
        let name = name(&mut top)?;
        let title = top.text("title")?.unwrap_or(name.as_str()).to_owned();
        let mut keys = Keys::read(&mut top, name, secrets)?;
        let (ask, networks) = request::read(&mut top, &mut keys, About::Vehicle)?;
        keys.done()?;
        let (default_timeout, default_connect, default_read, trust) = DEFAULTS;
        let span = |most| (SECOND / 20, SECOND * most);
        let (least, most) = span(30);
        let timeout = top.span("timeout", least, most)?.unwrap_or(default_timeout);
        let connect = top.span("connect_timeout", least, most)?;
        let read = top.span("read_timeout", least, most)?;
        let concurrency = top.whole("concurrency", 1, 10_000)?;
        let rate = rate(&mut top)?;
        let price = price(&mut top)?;
        let learns = learns(&mut top)?;
        let facts = Facts {
            name,
            title,
            price,
            idempotent: top.truth("idempotent")?.unwrap_or(false),
            timeout,
            rate,
            learns,
            trust: top
                .whole("trust", 0, 100)?
                .map_or(trust, |trust| trust as u8),
        };
        let answers = answers::read(&mut top)?;
        top.done()?;
        Ok(Self {
            secrets: ask.secrets(),
            facts,
            ask,
            answers,
            networks,
            connect_timeout: connect.unwrap_or(default_connect),
            read_timeout: read.unwrap_or(default_read),
            concurrency: concurrency.unwrap_or(CONCURRENCY) as usize,
        })
    }

    /// What is known of the channel.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What an answer to `query` says. It needs no network: this is the whole reading of answers.
    pub fn understand(&self, reply: &Reply, query: &Query) -> Outcome {
        self.without_secrets(self.answers.read(reply, query))
    }

    /// The outcome with no secret in it, whatever the upstream repeats of what it was sent.
    pub(crate) fn without_secrets(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Fault(mut fault) => {
                fault.detail = redact(&fault.detail, &self.secrets);
                Outcome::Fault(fault)
            }
            Outcome::Hit(_) | Outcome::NoRecord => outcome,
        }
    }
}

/// Reads a file of secrets: `name = "secret"`, and nothing else. No message repeats a value.
///
/// # Errors
/// [`ConfigError`], the first one found.
pub fn read_secrets(file: &str, text: &str) -> Result<Secrets, ConfigError> {
    let top = tree::parse(file, text)?;
    let mut secrets = Secrets::new();
    for (name, node) in Reader::of(&top, "")?.all() {
        let Kind::Text(secret) = &node.kind else {
            let what = format!("a secret is a text in quotes, not {}", node.kind.name());
            return Err(ConfigError::at(&node.place, name, what));
        };
        secrets.insert(name.clone(), Secret::new(secret.as_str()));
    }
    Ok(secrets)
}

/// The secrets of a channel: `{secret.key}` of the channel `jisu-1` is the secret `jisu_1_key`,
/// unless `[secrets]` names another.
struct Keys<'n> {
    name: ChannelName,
    all: &'n Secrets,
    /// The names that the file gives, with where they stand.
    named: Vec<(&'n String, &'n Node, bool)>,
}

impl<'n> Keys<'n> {
    fn read(
        top: &mut Reader<'n>,
        name: ChannelName,
        all: &'n Secrets,
    ) -> Result<Self, ConfigError> {
        let mut named = Vec::new();
        if let Some(mut table) = top.table("secrets")? {
            named.extend(table.all().map(|(key, node)| (key, node, false)));
        }
        Ok(Self { name, all, named })
    }

    /// The secret behind `{secret.NAME}`.
    fn get(&mut self, name: &str) -> Result<Secret, String> {
        let named = self.named.iter_mut().find(|(key, ..)| *key == name);
        let setting = match named {
            Some((_, node, used)) => {
                *used = true;
                match &node.kind {
                    Kind::Text(setting) => setting.clone(),
                    other => {
                        return Err(format!(
                            "secrets.{name} must be the name of a secret, not {}",
                            other.name()
                        ));
                    }
                }
            }
            None => format!("{}_{name}", self.name.as_str().replace('-', "_")),
        };
        match self.all.get(&setting) {
            // Most likely the end of the line that it stood in; no header could hold it.
            Some(secret) if secret.reveal().contains(char::is_control) => Err(format!(
                "the secret {setting:?} holds a line break or another control character"
            )),
            Some(secret) if !secret.reveal().is_empty() => Ok(secret.clone()),
            _ => Err(format!(
                "the secret {setting:?} is not set; {{secret.{name}}} stands for it"
            )),
        }
    }

    /// Refuses names that nothing uses: most likely they are misspelt.
    fn done(&self) -> Result<(), ConfigError> {
        match self.named.iter().find(|(_, _, used)| !used) {
            None => Ok(()),
            Some((key, node, _)) => {
                let what = format!("nothing in this channel uses {{secret.{key}}}");
                Err(ConfigError::at(&node.place, &join("secrets", key), what))
            }
        }
    }
}

fn name(top: &mut Reader<'_>) -> Result<ChannelName, ConfigError> {
    let name = top.need("name", "the channel's name, such as \"jisu-1\"")?;
    let name = ChannelName::parse(name).map_err(|e| top.wrong("name", e.to_string()))?;
    match name == ChannelName::LOCAL {
        true => Err(top.wrong("name", "local is our own engine; take another name")),
        false => Ok(name),
    }
}

fn price(top: &mut Reader<'_>) -> Result<Price, ConfigError> {
    let Some(mut cost) = top.table("cost")? else {
        return Ok(Price::default());
    };
    let price = Price {
        per_call: cost.yuan("per_call")?.unwrap_or(0),
        per_hit: cost.yuan("per_hit")?.unwrap_or(0),
    };
    cost.done()?;
    Ok(price)
}

/// Whether answers may teach: only with the words of the contract that allow it.
fn learns(top: &mut Reader<'_>) -> Result<bool, ConfigError> {
    let learns = top.truth("learns")?.unwrap_or(false);
    let because = top.text("learns_because")?.unwrap_or_default().trim();
    if learns && because.is_empty() {
        let what = "needs learns_because: where the contract with the upstream allows keeping what its answers teach";
        return Err(top.wrong("learns", what));
    }
    Ok(learns)
}

/// `10/1s`: ten questions in a second.
fn rate(top: &mut Reader<'_>) -> Result<Option<Rate>, ConfigError> {
    let Some(text) = top.text("rate")? else {
        return Ok(None);
    };
    let rate = text.split_once('/').and_then(|(count, per)| {
        let count = count.parse().ok().filter(|count| *count > 0)?;
        let per = duration(per).filter(|per| !per.is_zero())?;
        Some(Rate { count, per })
    });
    let wrong = || {
        let what = format!("{text:?} is no rate; write questions and a time, such as \"10/1s\"");
        top.wrong("rate", what)
    };
    rate.ok_or_else(wrong).map(Some)
}
