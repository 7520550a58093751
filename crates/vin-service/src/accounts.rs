//! Making accounts and keys.

use crate::{ApiKey, Clock, Password, Phone, Random, Secret, ServiceError, Vault, vault};
use std::sync::Arc;
use vin_store::{AccountId, KeyRules, NEVER, NewAccount, NewKey, Store, StoreError};

/// The key of the demo account. It works only in a process that was started as a demo.
pub const DEMO_KEY: &str = "demo";

/// What the demo account has in place of a phone number; nobody's number is this.
const DEMO_PHONE: &str = "demo";

/// A password hash that no password matches.
const NO_PASSWORD: &str = "!";

/// The longest name of a key, in characters.
const MAX_NAME: usize = 64;

/// Why an account or a key was not made.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name is too long, or has control characters.
    #[error("a key's name has at most {MAX_NAME} characters and no control characters")]
    Name,
    /// A cipher refused to work.
    #[error("the secret could not be encrypted")]
    Cipher,
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A key as its owner gets to see it.
#[derive(Clone, Debug)]
pub struct IssuedKey {
    /// The key.
    pub key: ApiKey,
    /// What requests are signed with, where the key demands it.
    pub secret: Secret,
}

/// The use cases around accounts; they work whether or not a server runs on the same data.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    vault: Vault,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Accounts {
    /// Takes the store, after seeing that it was made with this master key.
    ///
    /// # Errors
    /// [`ServiceError::MasterKey`] when it was not.
    pub async fn open(
        store: Store,
        vault: Vault,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ServiceError> {
        let held = store
            .settle("master_key_check", vault.check_value())
            .await?;
        if held != vault.check_value() {
            return Err(ServiceError::MasterKey);
        }
        Ok(Self {
            store,
            vault,
            clock,
            random,
        })
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Makes an account. Hashing the password takes some 20 ms of one core.
    ///
    /// # Errors
    /// [`StoreError::PhoneTaken`] when the number has one.
    pub async fn create_account(
        &self,
        phone: &Phone,
        password: &Password,
        verified: bool,
    ) -> Result<AccountId, AccountError> {
        let hash = vault::hash_password(&*self.random, password).ok_or(AccountError::Cipher)?;
        let new = NewAccount {
            phone: phone.as_str(),
            password_hash: &hash,
            verified,
            created_at: self.clock.unix(),
        };
        Ok(self.store.create_account(&new).await?)
    }

    /// Makes a key and its secret, both random.
    ///
    /// # Errors
    /// [`AccountError::Name`], or [`StoreError::NoAccount`].
    pub async fn create_key(
        &self,
        account: AccountId,
        name: &str,
        signature: bool,
    ) -> Result<IssuedKey, AccountError> {
        if name.chars().count() > MAX_NAME || name.contains(char::is_control) {
            return Err(AccountError::Name);
        }
        let issued = IssuedKey {
            key: ApiKey::random(&*self.random),
            secret: Secret::random(&*self.random),
        };
        self.insert_key(account, name, &issued, signature).await?;
        Ok(issued)
    }

    /// Revokes a key for ever; whether it was in use.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn revoke_key(&self, key: &ApiKey) -> Result<bool, AccountError> {
        Ok(self.store.revoke_key(&self.vault.lookup(key)).await?)
    }

    /// Makes the demo account and its key, once.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn seed_demo(&self) -> Result<(), AccountError> {
        let Some(key) = ApiKey::parse(DEMO_KEY) else {
            return Ok(());
        };
        if self.store.has_key(&self.vault.lookup(&key)).await? {
            return Ok(());
        }
        let account = match self.store.account_by_phone(DEMO_PHONE).await? {
            Some(account) => account,
            None => {
                let new = NewAccount {
                    phone: DEMO_PHONE,
                    password_hash: NO_PASSWORD,
                    verified: true,
                    created_at: self.clock.unix(),
                };
                self.store.create_account(&new).await?
            }
        };
        let secret = Secret::random(&*self.random);
        self.insert_key(account, "demo", &IssuedKey { key, secret }, false)
            .await
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    async fn insert_key(
        &self,
        account: AccountId,
        name: &str,
        issued: &IssuedKey,
        signature: bool,
    ) -> Result<(), AccountError> {
        let lookup = self.vault.lookup(&issued.key);
        let seal = |text| self.vault.seal(&*self.random, &lookup, text);
        let new = NewKey {
            account,
            name,
            lookup,
            sealed_key: &seal(issued.key.reveal()).ok_or(AccountError::Cipher)?,
            sealed_secret: &seal(issued.secret.reveal()).ok_or(AccountError::Cipher)?,
            rules: &KeyRules {
                signature,
                ..KeyRules::default()
            },
            expires_at: NEVER,
            created_at: self.clock.unix(),
        };
        self.store.create_key(&new).await?;
        Ok(())
    }
}
