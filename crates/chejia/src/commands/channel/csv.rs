//! `chejia channel csv`: the attempts of a month, to be laid beside an upstream's bill.
//!
//! Spreadsheets take cells that begin with certain characters for formulas. What an upstream sent
//! must not become one, so such a cell begins with an apostrophe.

use super::yuan;
use crate::CommandError;
use crate::cli::ChannelCsv;
use crate::commands::{quiet_when_closed, with_accounts};
use std::io::{self, Write as _};
use vin_store::LoggedAttempt;

/// How many rows are read at once.
const PAGE: u32 = 1_000;

/// The first line.
const HEAD: &str = "order_no,place,at,channel,kind,took_ms,outcome,billed,settled,cost_yuan,\
                    detail,settled_at,settled_reason,settled_by";

/// Writes the attempts of one channel or all, by channel and order.
pub fn write(args: &ChannelCsv) -> Result<(), CommandError> {
    with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let names = match &args.name {
            Some(name) => vec![name.clone()],
            None => {
                let sums = store.channel_sums(args.month).await?;
                sums.into_iter().map(|sum| sum.channel).collect()
            }
        };
        let mut out = io::BufWriter::new(io::stdout().lock());
        quiet_when_closed(write!(out, "{HEAD}\r\n"))?;
        for name in names {
            let mut after = (0, 0);
            loop {
                let page = store.attempts_of(&name, args.month, after, PAGE).await?;
                for logged in &page {
                    quiet_when_closed(out.write_all(row(logged).as_bytes()))?;
                    after = (logged.attempt.order, logged.attempt.place.into());
                }
                if page.len() < PAGE as usize {
                    break;
                }
            }
        }
        quiet_when_closed(out.flush())
    })
}

fn row(logged: &LoggedAttempt) -> String {
    let attempt = &logged.attempt;
    let settled = logged.settled.as_ref().map(|said| {
        let verdict = if said.billed { "billed" } else { "free" };
        (verdict, said.at.to_string(), &*said.reason, &*said.actor)
    });
    let (verdict, settled_at, reason, actor) = settled.unwrap_or_default();
    let cells = [
        format!("{:018}", attempt.order),
        attempt.place.to_string(),
        attempt.at.to_string(),
        attempt.channel.clone(),
        attempt.kind.to_string(),
        attempt.took_ms.to_string(),
        attempt.outcome.to_string(),
        attempt.billed.name().to_owned(),
        verdict.to_owned(),
        yuan(attempt.cost.into()),
        attempt.detail.clone(),
        settled_at,
        reason.to_owned(),
        actor.to_owned(),
    ];
    let cells: Vec<_> = cells.iter().map(|text| cell(text)).collect();
    cells.join(",") + "\r\n"
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = format!("{}{text}", if formula { "'" } else { "" });
    match text.contains([',', '"', '\r', '\n', ';', '\'']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (text, wanted) in [
            ("hit", "hit"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-1+2", "\"'-1+2\""),
            ("\t=1", "\"'\t=1\""),
        ] {
            assert_eq!(cell(text), wanted, "{text:?}");
        }
    }
}
