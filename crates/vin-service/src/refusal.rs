//! What can go wrong, in the words of the business.

use crate::Pace;
use vin_store::StoreError;

/// Why a question gets no vehicle.
#[derive(Debug)]
pub enum Refusal {
    /// The key is unknown or revoked.
    UnknownKey,
    /// The key is past its end.
    ExpiredKey,
    /// The real name of the account's holder has not been verified.
    Unverified,
    /// The account never held a package.
    NeverServed,
    /// The signature is missing or wrong, out of time, or was used before.
    BadSignature,
    /// The key may not be used from this address or page.
    NotFromHere,
    /// The key asks faster or more than it may.
    TooFast(Pace),
    /// The account is suspended.
    Suspended,
    /// The balance is used up.
    UsedUp,
    /// The operator has switched this interface off.
    SwitchedOff,
    /// The client's number stands for another request.
    OtherRequest,
    /// Not even the brand is known.
    NoVehicle,
    /// Nobody who could know the vehicle has answered.
    NoAnswer,
    /// Everybody who could know the vehicle says that we have no right to ask, or have used it up.
    NoRight,
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
