//! The verification channel: the file that a setting names, ready to be asked.

use crate::CommandError;
use crate::channels::ChannelFiles;
use crate::outside::SystemOutside;
use crate::settings::Settings;
use std::fs;
use std::sync::Arc;
use vin_channel::{Network, SystemResolver, Verifier, VerifierFile};

/// Reads it; `None` without the setting. Its secrets stand where those of channels do.
///
/// # Errors
/// [`CommandError`] with file, line, column and key of what is wrong.
pub fn read(settings: &Settings) -> Result<Option<Verifier>, CommandError> {
    let Some(path) = &settings.verification_channel else {
        return Ok(None);
    };
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| CommandError::Usage(format!("verification_channel: {name}: {error}")))?;
    let secrets = ChannelFiles::of(settings).secrets()?;
    let file = VerifierFile::read(&name, &text, &secrets);
    let file = file.map_err(|error| CommandError::Failed(error.to_string()))?;
    let network = Network::new(Arc::new(SystemResolver), &[])
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    Ok(Some(Verifier::new(file, network, Arc::new(SystemOutside))))
}
