//! `chejia data …`: which vehicle data is in force, and an operator's own beside it.

pub mod generations;
pub mod import;
pub mod info;

use super::print_json;
use crate::CommandError;
use crate::cli::{Data, DataArgs};
use crate::packs::Packs;
use crate::settings::{SettingArgs, Settings};

/// Runs a command.
pub fn run(command: &Data) -> Result<(), CommandError> {
    match command {
        Data::Info(args) => info::info(&Place::of(args)?),
        Data::Verify(args) => info::verify(&Place::of(args)?),
        Data::Import(args) => import::import(&Place::of(&args.data)?, &args.from, args.kind),
        Data::Template(args) => import::template(&args.out),
        Data::Rebuild(args) => import::rebuild(&Place::of(args)?),
        Data::List(args) => generations::list(&Place::of(args)?),
        Data::Back(args) => generations::back(&Place::of(&args.data)?, args.to),
    }
}

/// Where the generations are, and how many are kept.
#[derive(Clone)]
pub struct Place {
    /// The settings.
    pub settings: Settings,
    /// The generations.
    pub packs: Packs,
}

impl Place {
    fn of(args: &DataArgs) -> Result<Self, CommandError> {
        Self::with(Settings::load(&SettingArgs::from(args), None)?)
    }

    /// The same of settings that were read already.
    ///
    /// # Errors
    /// When the number of generations to keep cannot be.
    pub fn with(settings: Settings) -> Result<Self, CommandError> {
        let keep = settings.data_generations;
        if !(1..=100).contains(&keep) {
            let text = format!("data_generations must be 1 to 100, not {keep}");
            return Err(CommandError::Usage(text));
        }
        let packs = Packs::of(&settings.data_dir);
        Ok(Self { settings, packs })
    }
}
