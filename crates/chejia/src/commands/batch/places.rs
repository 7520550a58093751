//! Where a batch is read and written, and in which formats.

use crate::CommandError;
use crate::cli::Batch;
use std::io;
use std::path::{Path, PathBuf};
use vin_batch::Format;
use vin_batch::input::Origin;

/// The places and formats of a run.
pub struct Places {
    /// The input; none is standard input.
    pub input: Option<PathBuf>,
    pub from: Format,
    /// The output; none is standard output.
    pub output: Option<PathBuf>,
    pub to: Format,
}

impl Places {
    pub fn of(args: &Batch) -> Result<Self, CommandError> {
        let named = |path: &Path| (path != Path::new("-")).then(|| path.to_owned());
        let input = named(&args.input);
        let output = args.output.as_deref().and_then(named);
        let usage = |text: String| CommandError::Usage(text);
        let by_ending = |path: &Path, option: &str| {
            Format::of(path).ok_or_else(|| {
                let path = path.display();
                usage(format!("the name of {path} says no format: add {option}"))
            })
        };
        let from = match (args.from, &input) {
            (Some(from), _) => from.into(),
            (None, Some(path)) => by_ending(path, "--from")?,
            (None, None) => {
                return Err(usage("standard input has no name: add --from".to_owned()));
            }
        };
        let to = match (args.to, &output) {
            (Some(to), _) => to.into(),
            (None, Some(path)) => by_ending(path, "--to")?,
            (None, None) if matches!(from, Format::Tsv | Format::Jsonl) => from,
            (None, None) => Format::Csv,
        };
        if to == Format::Txt {
            return Err(usage("txt is only read: write csv or jsonl".to_owned()));
        }
        if input.is_none() && from.needs_a_file() {
            let name = from.name();
            return Err(usage(format!("{name} is read from its end: name a file")));
        }
        if output.is_none() && to == Format::Xlsx {
            return Err(usage("xlsx needs a file: -o".to_owned()));
        }
        let same = |a: &PathBuf, b: &PathBuf| {
            let (a, b) = (a.canonicalize(), b.canonicalize());
            a.is_ok_and(|a| b.is_ok_and(|b| a == b))
        };
        if let (Some(input), Some(output)) = (&input, &output)
            && same(input, output)
        {
            return Err(usage(
                "the output would take the place of the input".to_owned(),
            ));
        }
        Ok(Self {
            input,
            from,
            output,
            to,
        })
    }

    pub fn origin(&self) -> Origin {
        match &self.input {
            Some(path) => Origin::File(path.clone()),
            None => Origin::Stream(Box::new(io::stdin())),
        }
    }
}
