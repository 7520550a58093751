//! What can go wrong, in the words of the business.

use vin_store::StoreError;

/// Why a question gets no vehicle.
#[derive(Debug)]
pub enum Refusal {
    /// The key is unknown, revoked or expired.
    UnknownKey,
    /// Not even the brand is known.
    NoVehicle,
    /// It is our fault; already logged.
    Broken,
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database was made with another master key, so that no key of it would be known.
    #[error("the master key is not the one that this database was made with")]
    MasterKey,
}
