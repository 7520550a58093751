//! Making accounts and keys.

use crate::people::{Done, Turnstile};
use crate::{
    ApiKey, Clock, Hosts, Networks, Password, Phone, Random, Rate, Secret, ServiceError, Vault,
    vault,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use vin_redis::{Redis, RedisUrl};
use vin_store::{AccountId, Deed, KeyRules, Lookup, NEVER, NewAccount, NewKey, Store, StoreError};

/// The key of the demo account. It works only in a process that was started as a demo.
pub const DEMO_KEY: &str = "demo";

/// How many calls the demo account begins with.
pub const DEMO_CALLS: u32 = 1_000;

/// What the demo account has in place of a phone number; nobody's number is this.
const DEMO_PHONE: &str = "demo";

/// A password hash that no password matches.
const NO_PASSWORD: &str = "!";

/// How many passwords are compared at once.
const COMPARED_AT_ONCE: usize = 2;

/// How long a change waits to be announced.
const ANNOUNCE_TIME: Duration = Duration::from_secs(1);

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

/// What a new key is to be.
#[derive(Clone, Debug, Default)]
pub struct KeySpec {
    /// The holder's name for it.
    pub name: String,
    /// Whether every request must be signed.
    pub signature: bool,
    /// How fast it may ask.
    pub rate: Option<Rate>,
    /// How many calls it may make in a day of China.
    pub daily_cap: Option<u32>,
    /// From which networks.
    pub networks: Networks,
    /// From the pages of which hosts.
    pub hosts: Hosts,
    /// For how many seconds; `None` for ever.
    pub lives: Option<i64>,
}

impl KeySpec {
    pub(crate) fn rules(&self) -> KeyRules {
        KeyRules {
            signature: self.signature,
            rate_calls: self.rate.map_or(0, |rate| rate.calls),
            rate_seconds: self.rate.map_or(0, |rate| rate.seconds),
            daily_cap: self.daily_cap.unwrap_or(0),
            addresses: self.networks.to_string(),
            referers: self.hosts.to_string(),
        }
    }
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
    redis: Option<Redis>,
    turnstile: Arc<Turnstile>,
    done: Arc<Done>,
    comparing: Arc<Semaphore>,
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
            redis: None,
            turnstile: Arc::default(),
            done: Arc::default(),
            comparing: Arc::new(Semaphore::new(COMPARED_AT_ONCE)),
        })
    }

    /// Shares limits, nonces and announcements with the other nodes of this installation over a
    /// Redis, which need not be there yet. A question waits for it no longer than `patience`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn share(self, url: RedisUrl, patience: Duration) -> Result<Self, StoreError> {
        let mut fresh = [0; 8];
        self.random.fill(&mut fresh);
        let fresh: String = fresh.iter().map(|byte| format!("{byte:02x}")).collect();
        let installation = self.store.settle("installation", &fresh).await?;
        let space = format!("chejia:{installation}");
        let redis = Some(Redis::start(url, &space, patience));
        Ok(Self { redis, ..self })
    }

    /// The store, for commands that manage packages and the ledger.
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn redis(&self) -> Option<&Redis> {
        self.redis.as_ref()
    }

    /// Tells every node that a key or an account may do less than before. Those that do not hear
    /// it find out within [`MAX_AGE`](crate::MAX_AGE).
    pub(crate) async fn announce(&self) {
        let Some(redis) = &self.redis else { return };
        let announced = match redis.wait(ANNOUNCE_TIME).await {
            Ok(link) => link.announce().await,
            Err(away) => Err(away),
        };
        if announced.is_err() {
            tracing::warn!("Redis is away: nodes find out within 5 s");
        }
    }

    pub(crate) fn done(&self) -> &Done {
        &self.done
    }

    pub(crate) fn comparing(&self) -> &Semaphore {
        &self.comparing
    }

    pub(crate) fn turnstile(&self) -> &Turnstile {
        &self.turnstile
    }

    /// The time since some fixed moment.
    pub fn steady(&self) -> Duration {
        self.clock.steady()
    }

    /// Seconds since 1970-01-01 UTC.
    pub fn now(&self) -> i64 {
        self.clock.unix()
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.random
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
        spec: &KeySpec,
    ) -> Result<IssuedKey, AccountError> {
        let ends = self.ends(spec)?;
        let issued = self.fresh_key();
        let rules = spec.rules();
        let sealed = self.seal(&issued)?;
        let new = sealed.row(account, &spec.name, &rules, ends, self.clock.unix());
        self.store.create_key(&new).await?;
        Ok(issued)
    }

    /// When a key of this kind ends to work.
    ///
    /// # Errors
    /// [`AccountError::Name`], when its name is none.
    pub(crate) fn ends(&self, spec: &KeySpec) -> Result<i64, AccountError> {
        let is_plain =
            spec.name.chars().count() <= MAX_NAME && !spec.name.contains(char::is_control);
        if !is_plain {
            return Err(AccountError::Name);
        }
        let ends = |seconds| self.clock.unix().saturating_add(seconds);
        Ok(spec.lives.map_or(NEVER, ends))
    }

    /// Makes a key with the rules of another, which works on for `overlap` seconds; `None` when
    /// the other is not in use.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn rotate_key(
        &self,
        old: &ApiKey,
        overlap: i64,
    ) -> Result<Option<IssuedKey>, AccountError> {
        let old = self.vault.lookup(old);
        let Some(row) = self.store.key(&old).await? else {
            return Ok(None);
        };
        let issued = self.fresh_key();
        let sealed = self.seal(&issued)?;
        let now = self.clock.unix();
        let new = sealed.row(row.account, &row.name, &row.rules, NEVER, now);
        let done = self
            .store
            .rotate_key(&old, &new, now.saturating_add(overlap))
            .await?;
        self.announce().await;
        Ok(done.map(|_| issued))
    }

    /// Revokes a key for ever; whether it was in use.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn revoke_key(&self, key: &ApiKey) -> Result<bool, AccountError> {
        let done = self.store.revoke_key(&self.vault.lookup(key)).await?;
        self.announce().await;
        Ok(done)
    }

    /// Suspends an account, or lets it go on; whether there is one.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn suspend(&self, account: AccountId, yes: bool) -> Result<bool, AccountError> {
        let done = self.store.suspend_account(account, yes).await?;
        self.announce().await;
        Ok(done)
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
        // The key comes last: what is there once it is, is whole.
        if self
            .store
            .lots(account, self.clock.unix())
            .await?
            .is_empty()
        {
            let deed = Deed {
                at: self.clock.unix(),
                reason: "demo",
                actor: "serve --demo",
            };
            self.store.grant(account, DEMO_CALLS, NEVER, deed).await?;
        }
        let secret = Secret::random(&*self.random);
        let sealed = self.seal(&IssuedKey { key, secret })?;
        let rules = KeyRules::default();
        let new = sealed.row(account, "demo", &rules, NEVER, self.clock.unix());
        self.store.create_key(&new).await?;
        Ok(())
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    pub(crate) fn fresh_key(&self) -> IssuedKey {
        IssuedKey {
            key: ApiKey::random(&*self.random),
            secret: Secret::random(&*self.random),
        }
    }

    pub(crate) fn seal(&self, issued: &IssuedKey) -> Result<SealedKey, AccountError> {
        let lookup = self.vault.lookup(&issued.key);
        let seal = |text| self.vault.seal(&*self.random, &lookup, text);
        Ok(SealedKey {
            lookup,
            key: seal(issued.key.reveal()).ok_or(AccountError::Cipher)?,
            secret: seal(issued.secret.reveal()).ok_or(AccountError::Cipher)?,
        })
    }
}

/// A key as the store may see it.
pub(crate) struct SealedKey {
    lookup: Lookup,
    key: Vec<u8>,
    secret: Vec<u8>,
}

impl SealedKey {
    pub(crate) fn row<'k>(
        &'k self,
        account: AccountId,
        name: &'k str,
        rules: &'k KeyRules,
        expires_at: i64,
        created_at: i64,
    ) -> NewKey<'k> {
        NewKey {
            account,
            name,
            lookup: self.lookup,
            sealed_key: &self.key,
            sealed_secret: &self.secret,
            rules,
            expires_at,
            created_at,
            console: false,
        }
    }
}
