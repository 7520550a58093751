//! The file of a verification channel: how persons and companies are asked about, each a table with what
//! a channel of vehicles has at the top.

use super::reader::Reader;
use super::{ConfigError, Keys, SECOND, answers, name, request, tree};
use crate::Secrets;
use crate::identity::{Line, VERDICTS, Verdict, VerifierFile};
use crate::slot::About;
use std::time::Duration;

/// How long a question may take, unless the file says another time; and the most that it may say.
const TIMEOUT: (Duration, u32) = (Duration::from_secs(10), 60);

/// Reads a file.
pub(crate) fn verifier(
    file: &str,
    text: &str,
    secrets: &Secrets,
) -> Result<VerifierFile, ConfigError> {
    let top = tree::parse(file, text)?;
    let mut top = Reader::of(&top, "")?;
    let name = name(&mut top)?;
    let mut keys = Keys::read(&mut top, name, secrets)?;
    let person = line(&mut top, "person", &mut keys, About::Person)?;
    let company = line(&mut top, "company", &mut keys, About::Company)?;
    keys.done()?;
    if person.is_none() && company.is_none() {
        let what = "is missing: a table person, or company, or both";
        return Err(top.wrong("person", what));
    }
    let timeout = top.span("timeout", SECOND / 20, SECOND * TIMEOUT.1)?;
    top.done()?;
    Ok(VerifierFile {
        name,
        person,
        company,
        timeout: timeout.unwrap_or(TIMEOUT.0),
    })
}

fn line(
    top: &mut Reader<'_>,
    key: &'static str,
    keys: &mut Keys<'_>,
    about: About,
) -> Result<Option<Line>, ConfigError> {
    let Some(mut table) = top.table(key)? else {
        return Ok(None);
    };
    let (ask, networks) = request::read(&mut table, keys, about)?;
    let Some(mut answer) = table.table("answer")? else {
        let what = "is missing: a table with the path of the verdict, and what means yes";
        return Err(table.wrong("answer", what));
    };
    let path = answers::path(&mut answer, "path")?;
    let missing = "is missing: where the verdict stands in the answer, such as result.res";
    let path = path.ok_or_else(|| answer.wrong("path", missing))?;
    let verdicts = answers::codes(&mut answer, &VERDICTS)?;
    if !verdicts.values().any(|verdict| *verdict == Verdict::Yes) {
        return Err(answer.wrong("yes", "is missing: which values mean yes"));
    }
    let limits = answers::limits(&mut answer)?;
    answer.done()?;
    table.done()?;
    Ok(Some(Line {
        ask,
        networks,
        path,
        verdicts,
        limits,
    }))
}
