//! Making an account of one's own.

use super::Gate;
use crate::{AccountError, Accounts, Password, Phone};
use vin_store::StoreError;

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// It is no phone number.
    #[error("this is no phone number")]
    Phone,
    /// The password is too short or too long.
    #[error("a password has 8 to 256 bytes")]
    Password,
    /// The work was not done, was done before, or too long ago.
    #[error("the check of this browser was not finished, or is too old")]
    Work,
    /// Too many accounts were made from this address.
    #[error("too many accounts were made from this address")]
    TooMany,
    /// It is our fault.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl Accounts {
    /// Makes an account. A number that has one already is no error and changes nothing: whether a
    /// number is somebody's is nobody else's business.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn register(
        &self,
        phone: &str,
        password: &str,
        challenge: &str,
        number: &str,
        address: &str,
    ) -> Result<(), RegisterError> {
        let phone = Phone::parse(phone).ok_or(RegisterError::Phone)?;
        let password = Password::parse(password).ok_or(RegisterError::Password)?;
        if !self.worked(challenge, number) {
            return Err(RegisterError::Work);
        }
        let taken = self.pass(Gate::Register, address).await;
        taken.map_err(|_| RegisterError::TooMany)?;
        match self.create_account(&phone, &password, false).await {
            Ok(_) | Err(AccountError::Store(StoreError::PhoneTaken)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
