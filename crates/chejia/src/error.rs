//! Why a command failed, in one line.

use std::io;
use std::process::ExitCode;
use vin_batch::BatchError;
use vin_import::ImportError;
use vin_service::{AccountError, ServiceError};
use vin_store::StoreError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It was called in a wrong way.
    #[error("{0}")]
    Usage(String),
    /// It could not do what it was asked.
    #[error("{0}")]
    Failed(String),
    /// Reading or writing failed.
    #[error("{what}: {source}")]
    Io {
        /// What was read or written.
        what: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The settings cannot be read.
    #[error("settings: {0}")]
    Settings(Box<figment::Error>),
    /// A file or table cannot be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A file of VINs cannot be read, decoded or written.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The service cannot start.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// An account or key was not made.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl CommandError {
    /// A failure of reading or writing `what`.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// The exit status: 2 for wrong usage, otherwise 1.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_)
            | Self::Settings(_)
            | Self::Batch(BatchError::NoSuchChoice { .. } | BatchError::NoSuchColumn { .. }) => {
                ExitCode::from(2)
            }
            _ => ExitCode::FAILURE,
        }
    }
}
