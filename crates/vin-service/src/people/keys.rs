//! The keys of an account, managed by its holder.

use crate::{AccountError, Accounts, ApiKey, IssuedKey, KeySpec, Secret};
use vin_store::{AccountId, HeldKey, KeyRules, KeyState, NEVER, NewKey, StoreError};

/// How many keys in use an account has at most.
pub const MAX_KEYS: usize = 50;

/// Why nothing was done with a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The account has no such key in use.
    #[error("there is no such key in use")]
    NoKey,
    /// The account has as many keys as it may.
    #[error("an account has at most {MAX_KEYS} keys in use")]
    TooMany,
    /// The master key does not open it.
    #[error("the key cannot be decrypted")]
    Sealed,
    /// It is our fault, or the name is wrong.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<StoreError> for KeyError {
    fn from(error: StoreError) -> Self {
        Self::Account(error.into())
    }
}

impl Accounts {
    /// The keys of an account that its holder made, the newest first; revoked ones too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keys(&self, account: AccountId) -> Result<Vec<HeldKey>, StoreError> {
        let keys = self.store().held_keys(account).await?;
        Ok(keys.into_iter().filter(|key| !key.console).collect())
    }

    /// Makes a key, as long as the account has not too many.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn add_key(&self, account: AccountId, spec: &KeySpec) -> Result<IssuedKey, KeyError> {
        let keys = self.keys(account).await?;
        let in_use = keys.iter().filter(|key| key.state == KeyState::Active);
        if in_use.count() >= MAX_KEYS {
            return Err(KeyError::TooMany);
        }
        Ok(self.create_key(account, spec).await?)
    }

    /// A key and its secret in clear, for their holder, whose password was asked for.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn reveal_key(&self, account: AccountId, key: i64) -> Result<IssuedKey, KeyError> {
        let row = self.store().held_key(account, key).await?;
        let row = row.filter(|row| row.state == KeyState::Active && !row.console);
        self.opened(&row.ok_or(KeyError::NoKey)?)
    }

    /// Changes what a key may do, and until when.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn change_key(
        &self,
        account: AccountId,
        key: i64,
        spec: &KeySpec,
    ) -> Result<(), KeyError> {
        let ends = self.ends(spec)?;
        let rules = spec.rules();
        let store = self.store();
        let done = store.set_key(account, key, &spec.name, &rules, ends);
        if !done.await? {
            return Err(KeyError::NoKey);
        }
        self.announce().await;
        Ok(())
    }

    /// Revokes a key of an account for ever.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn revoke_key_of(&self, account: AccountId, key: i64) -> Result<(), KeyError> {
        let issued = self.reveal_key(account, key).await?;
        match self.revoke_key(&issued.key).await? {
            true => Ok(()),
            false => Err(KeyError::NoKey),
        }
    }

    /// Makes a key with the rules of another, which works on for `overlap` seconds.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn rotate_key_of(
        &self,
        account: AccountId,
        key: i64,
        overlap: i64,
    ) -> Result<IssuedKey, KeyError> {
        let issued = self.reveal_key(account, key).await?;
        let made = self.rotate_key(&issued.key, overlap).await?;
        made.ok_or(KeyError::NoKey)
    }

    /// The key of an account's own web pages, which nobody sees; made when it is first needed.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn console_key(&self, account: AccountId) -> Result<ApiKey, KeyError> {
        if let Some(row) = self.store().console_key(account).await? {
            return Ok(self.opened(&row)?.key);
        }
        match self.create_console_key(account).await {
            // Another request was faster.
            Err(AccountError::Store(StoreError::KeyTaken)) => {
                let row = self.store().console_key(account).await?;
                Ok(self.opened(&row.ok_or(KeyError::NoKey)?)?.key)
            }
            made => Ok(made?.key),
        }
    }

    /// Makes the key of an account's own web pages.
    async fn create_console_key(&self, account: AccountId) -> Result<IssuedKey, AccountError> {
        let issued = self.fresh_key();
        let rules = KeyRules::default();
        let sealed = self.seal(&issued)?;
        let new = sealed.row(account, "console", &rules, NEVER, self.clock().unix());
        let new = NewKey {
            console: true,
            ..new
        };
        self.store().create_key(&new).await?;
        Ok(issued)
    }

    fn opened(&self, row: &HeldKey) -> Result<IssuedKey, KeyError> {
        let open = |sealed| self.vault().open(&row.lookup, sealed);
        let key = open(&row.sealed_key).and_then(|text| ApiKey::parse(&text));
        let secret = open(&row.sealed_secret).map(Secret::from_vault);
        let (key, secret) = key.zip(secret).ok_or(KeyError::Sealed)?;
        Ok(IssuedKey { key, secret })
    }
}
