//! Verification channels: services that say whether a name and a number belong together, described by a
//! file as upstreams are, with the same templates, signatures and rules about the network.
//!
//! What it is asked with appears nowhere else: no fault and no message repeats it.

mod verdict;

pub(crate) use verdict::VERDICTS;
pub use verdict::Verdict;

use crate::answer::{Limits, Reply, code, not_fine};
use crate::map::path::Path;
use crate::net::{Network, once};
use crate::request::{Ask, Moment};
use crate::template::Values;
use crate::{ChannelName, ConfigError, Fault, Outside, Secrets};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use vin_core::Date;

/// What is to be verified. `{:?}` of it prints `***`.
#[derive(Clone, Copy)]
pub enum Claim<'a> {
    /// That a person of this name has this number.
    Person {
        /// The name.
        name: &'a str,
        /// The number of the identity card.
        id_number: &'a str,
    },
    /// That a company of this name has this code.
    Company {
        /// The name.
        company: &'a str,
        /// The unified social credit code.
        code: &'a str,
    },
}

impl fmt::Debug for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person { .. } => "Person(***)",
            Self::Company { .. } => "Company(***)",
        })
    }
}

/// How one kind of claim is put to a channel, and how its answers are read.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub ask: Ask,
    /// Networks that the channel may stand in although they are private.
    pub networks: Vec<IpNet>,
    /// Where the verdict stands in the answer.
    pub path: Path,
    pub verdicts: BTreeMap<String, Verdict>,
    pub limits: Limits,
}

/// A verification channel as its file describes it: checked, compiled, and connected to nothing.
#[derive(Clone, Debug)]
pub struct VerifierFile {
    pub(crate) name: ChannelName,
    pub(crate) person: Option<Line>,
    pub(crate) company: Option<Line>,
    pub(crate) timeout: Duration,
}

impl VerifierFile {
    /// Reads a file. `file` is its name for messages; `secrets` are all that there are.
    ///
    /// # Errors
    /// [`ConfigError`], the first one found.
    pub fn read(file: &str, text: &str, secrets: &Secrets) -> Result<Self, ConfigError> {
        crate::config::verifier(file, text, secrets)
    }
}

/// A verification channel, ready to be asked.
#[derive(Clone)]
pub struct Verifier {
    file: VerifierFile,
    network: Network,
    outside: Arc<dyn Outside>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({})", self.file.name.as_str())
    }
}

impl Verifier {
    /// Connects a file to the network; nothing is sent until a question comes.
    pub fn new(file: VerifierFile, network: Network, outside: Arc<dyn Outside>) -> Self {
        Self {
            file,
            network,
            outside,
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        self.file.name.as_str()
    }

    /// Whether it can be asked about persons, and about companies.
    pub fn knows(&self) -> (bool, bool) {
        (self.file.person.is_some(), self.file.company.is_some())
    }

    /// Asks once, over a connection of its own. `None` for a kind that its file says nothing of.
    ///
    /// # Errors
    /// Every fault of the network, and an answer that is none.
    pub async fn ask(&self, claim: &Claim<'_>, today: Date) -> Option<Result<Verdict, Fault>> {
        let nothing = Values::default();
        let (line, values) = match *claim {
            Claim::Person { name, id_number } => {
                let values = Values {
                    name,
                    id_number,
                    ..nothing
                };
                (self.file.person.as_ref()?, values)
            }
            Claim::Company { company, code } => {
                let values = Values {
                    company,
                    code,
                    ..nothing
                };
                (self.file.company.as_ref()?, values)
            }
        };
        Some(self.put(line, &values, today).await)
    }

    async fn put(&self, line: &Line, values: &Values<'_>, today: Date) -> Result<Verdict, Fault> {
        let moment = Moment::now(&*self.outside);
        let request = line.ask.about(values, today, &moment)?;
        let (network, allowed) = (&self.network, &line.networks);
        let (limit, most) = (self.file.timeout, line.limits.most_bytes);
        let reply = once(network, &line.ask.origin, allowed, request, limit, most).await?;
        line.read(&reply)
    }
}

impl Line {
    /// What an answer says; a value that the file does not name says nothing.
    fn read(&self, reply: &Reply) -> Result<Verdict, Fault> {
        if !(200..300).contains(&reply.status) {
            return Err(not_fine(reply.status));
        }
        let document = self.limits.document(reply)?;
        let found = code(&document, &self.path)?;
        Ok(self
            .verdicts
            .get(&found)
            .copied()
            .unwrap_or(Verdict::Unsure))
    }
}
