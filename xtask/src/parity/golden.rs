//! The golden corpus: the oracle's answers to a covering selection, with our named deviations in them.

use super::deviations::Deviations;
use super::oracle::Oracle;
use crate::run;
use serde_json::Value;
use std::path::Path;

const PATH: &str = "data/golden/vpic.txt.zst";

/// How many lines are selected; those of the deviations come on top.
const LINES: usize = 2200;

/// Selects, asks and writes.
pub fn write(
    oracle: &Oracle,
    chejia: &Path,
    folder: &Path,
    deviations: &Deviations,
) -> Result<(), String> {
    let mut lines = oracle.golden(folder, LINES)?;
    for line in deviations.lines() {
        if !lines
            .split('\n')
            .any(|l| l.starts_with(&format!("{line}\t")))
        {
            lines += &format!("{line}\t{}", oracle.answer(folder, line)?);
        }
    }
    let mut out = String::with_capacity(lines.len());
    for line in lines.split_terminator('\n') {
        let (question, answer) = line.split_once('\t').unwrap_or((line, ""));
        out += question;
        out.push('\t');
        match deviations.0.iter().any(|d| d.is_about(question)) {
            true => out += &with_deviations(chejia, folder, question, answer, deviations)?,
            false => out += answer,
        }
        out.push('\n');
    }
    let packed = zstd::encode_all(out.as_bytes(), 19).map_err(|e| e.to_string())?;
    run::write(&run::root().join(PATH), &packed)?;
    let count = out.matches('\n').count();
    println!("{count} lines, {} bytes, in {PATH}", packed.len());
    println!("`cargo xtask sources` writes its digest");
    Ok(())
}

/// The oracle's answer, where the excused attributes are as we answer them.
fn with_deviations(
    chejia: &Path,
    folder: &Path,
    question: &str,
    answer: &str,
    deviations: &Deviations,
) -> Result<String, String> {
    let (asked, answered) = (folder.join("one.txt"), folder.join("one.jsonl"));
    run::write(&asked, format!("{question}\n"))?;
    super::decode(chejia, &asked, &answered)?;
    let ours = run::read(&answered)?;
    let json = |text: &str| serde_json::from_str::<Value>(text).map_err(|e| e.to_string());
    let (mut answer, ours) = (json(answer)?, json(&ours)?);
    let ours = &ours["attributes"];
    let Some(attributes) = answer["attributes"].as_object_mut() else {
        return Err(format!("{question}: the oracle gave no attributes"));
    };
    let excused = |name: &str| deviations.excusing(question, name).is_some();
    attributes.retain(|name, _| !excused(name));
    let ours = ours.as_object().into_iter().flatten();
    let ours = ours.filter(|(name, _)| excused(name));
    attributes.extend(ours.map(|(name, value)| (name.clone(), value.clone())));
    Ok(answer.to_string())
}
