//! Links that open something without a password.

use super::{LinkToken, PasswordError};
use crate::{Accounts, Password};
use vin_core::Vin;
use vin_store::{AccountId, Holder, LinkRow, NewLink, Purpose, StoreError};

/// For how many seconds a link to set a new password works.
pub const RESET_LIVES: i64 = 3_600;
/// For how many seconds a vehicle is shared.
pub const SHARE_LIVES: i64 = 7 * 86_400;
/// For how many seconds an invitation works.
const INVITE_LIVES: i64 = 24 * 3_600;

/// Why a link opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It was used, is over, or never was.
    #[error("this link was used before or is too old")]
    Over,
    /// The password was not taken.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// A link with which a customer sets a new password; an earlier one stops working.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reset_link(&self, account: AccountId) -> Result<LinkToken, StoreError> {
        self.make_link(Purpose::Reset, account.0, "account", RESET_LIVES)
            .await
    }

    /// Sets the password that a link allows to be set; every session of the account ends.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn reset_by_link(&self, link: &LinkToken, new: &str) -> Result<(), LinkError> {
        let new = Password::parse(new).ok_or(PasswordError::New)?;
        let row = self.link(Purpose::Reset, link).await?;
        let row = row.ok_or(LinkError::Over)?;
        self.use_link(Purpose::Reset, link).await?;
        let holder = Holder::Account(AccountId(row.holder));
        self.set_password(holder, &new, None).await?;
        Ok(())
    }

    /// A link with which anybody sees one vehicle, until it is over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn share_vehicle(
        &self,
        account: AccountId,
        vin: &Vin,
    ) -> Result<LinkToken, StoreError> {
        self.make_link(Purpose::Share, account.0, vin.as_str(), SHARE_LIVES)
            .await
    }

    /// What a link opens, if it works.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn link(
        &self,
        purpose: Purpose,
        link: &LinkToken,
    ) -> Result<Option<LinkRow>, StoreError> {
        let lookup = self.vault().token("link", link.reveal());
        self.store()
            .link(purpose, &lookup, self.clock().unix())
            .await
    }

    pub(crate) async fn use_link(
        &self,
        purpose: Purpose,
        link: &LinkToken,
    ) -> Result<(), LinkError> {
        let lookup = self.vault().token("link", link.reveal());
        let now = self.clock().unix();
        match self.store().use_link(purpose, &lookup, now).await? {
            true => Ok(()),
            false => Err(LinkError::Over),
        }
    }

    pub(super) async fn invitation(
        &self,
        purpose: Purpose,
        detail: &str,
    ) -> Result<LinkToken, StoreError> {
        self.make_link(purpose, 0, detail, INVITE_LIVES).await
    }

    pub(crate) async fn make_link(
        &self,
        purpose: Purpose,
        holder: i64,
        detail: &str,
        lives: i64,
    ) -> Result<LinkToken, StoreError> {
        let link = LinkToken::random(self.random());
        let at = self.clock().unix();
        let new = NewLink {
            lookup: self.vault().token("link", link.reveal()),
            purpose,
            holder,
            detail,
            at,
            expires_at: at + lives,
        };
        self.store().make_link(&new).await?;
        Ok(link)
    }
}
