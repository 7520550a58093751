//! Passkeys: made by someone who is signed in, then used to sign in alone, or after the password.

use super::webauthn::{self, Said};
use super::{Door, Origin, Person, SessionToken, SignInError};
use crate::Accounts;
use vin_store::{Holder, NewPasskey, Outcome, PasskeyRow, StoreError};

/// For how many seconds a challenge may be answered.
const CHALLENGE_SECONDS: i64 = 300;
/// How many passkeys a person may have.
pub const MAX_PASSKEYS: usize = 20;

/// Why a passkey was not added.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// What the device said is not for this site, too late, or not of a kind that can be checked.
    #[error("the device did not confirm it")]
    Wrong,
    /// The device has a passkey here already.
    #[error("this passkey is known already")]
    Taken,
    /// There are too many.
    #[error("at most {MAX_PASSKEYS} passkeys")]
    TooMany,
    /// The recovery codes could not be made.
    #[error(transparent)]
    Factor(#[from] super::FactorError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How somebody shows a passkey.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The challenge that was given out.
    pub challenge: String,
    /// What the device calls the passkey.
    pub credential: Vec<u8>,
    /// What the device said.
    pub said: Said,
    /// Its signature.
    pub signature: Vec<u8>,
}

impl Accounts {
    /// What a device is asked to sign. It belongs to a visitor, whose form token `visitor` is, and is
    /// good for 5 minutes.
    pub fn passkey_challenge(&self, visitor: &str) -> String {
        let ends = self.clock().unix() + CHALLENGE_SECONDS;
        let text = format!("{ends}.{}", self.fresh_text());
        let tag = self.vault().tag("passkey", &format!("{text}.{visitor}"));
        format!("{text}.{tag}")
    }

    fn is_challenge(&self, challenge: &str, visitor: &str) -> bool {
        let Some((text, tag)) = challenge.rsplit_once('.') else {
            return false;
        };
        let ends = text
            .split('.')
            .next()
            .and_then(|ends| ends.parse::<i64>().ok());
        ends.is_some_and(|ends| ends > self.clock().unix())
            && self
                .vault()
                .is_tag("passkey", &format!("{text}.{visitor}"), tag)
    }

    /// What devices call a person; it tells nothing and stays the same.
    pub fn passkey_user(&self, person: &Person) -> String {
        self.vault()
            .tag("passkey user", &format!("{:?}", person.holder()))
    }

    /// The passkeys of a person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn passkeys(&self, person: &Person) -> Result<Vec<PasskeyRow>, StoreError> {
        self.store().passkeys(person.holder()).await
    }

    /// Adds a passkey that a device has just made. Somebody without recovery codes gets some, for
    /// devices are lost.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn add_passkey(
        &self,
        person: &Person,
        name: &str,
        shown: &Shown,
        public_key: &[u8],
        visitor: &str,
        site: &str,
    ) -> Result<Vec<String>, PasskeyError> {
        let holder = person.holder();
        let device = shown
            .said
            .checked("webauthn.create", &shown.challenge, site);
        let own = self.is_challenge(&shown.challenge, visitor) && webauthn::is_key(public_key);
        let device = device.filter(|_| own).ok_or(PasskeyError::Wrong)?;
        let credential = device.credential.ok_or(PasskeyError::Wrong)?;
        if self.store().passkeys(holder).await?.len() >= MAX_PASSKEYS {
            return Err(PasskeyError::TooMany);
        }
        let name: String = name.trim().chars().take(64).collect();
        let new = NewPasskey {
            holder,
            name: &name,
            credential: &credential,
            public_key,
            counter: device.counter,
            at: self.clock().unix(),
        };
        if !self.store().add_passkey(&new).await? {
            return Err(PasskeyError::Taken);
        }
        match self.store().factors(holder).await?.is_empty() {
            true => Ok(self.renew_recovery(person).await?),
            false => Ok(Vec::new()),
        }
    }

    /// Signs in with a passkey; with `pending`, as the second factor of one whose password was right.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in_passkey(
        &self,
        door: Door,
        pending: &str,
        shown: &Shown,
        visitor: &str,
        site: &str,
        origin: Origin<'_>,
    ) -> Result<SessionToken, SignInError> {
        let awaited = match pending {
            "" => None,
            text => Some(self.pending(text).ok_or(SignInError::TooLate)?),
        };
        let found = self.store().passkey(&shown.credential).await?;
        let holder = found.as_ref().map(|row| row.holder);
        let who = match (&awaited, holder) {
            (Some((_, _, who)), _) => *who,
            (None, Some(holder)) => self.who_is(holder).await?,
            (None, None) => self
                .vault()
                .token("name", &format!("{:?}", shown.credential)),
        };
        self.let_try(door, &who, origin).await?;
        let fits = |row: &PasskeyRow| match awaited {
            Some((own_door, own, _)) => own_door == door && row.holder == own,
            None => matches!(
                (door, row.holder),
                (Door::Customer, Holder::Account(_)) | (Door::Operator, Holder::Operator(_))
            ),
        };
        let known = found.filter(fits).filter(|row| {
            self.is_challenge(&shown.challenge, visitor)
                && shown.said.is_signed(&row.public_key, &shown.signature)
        });
        let device = shown.said.checked("webauthn.get", &shown.challenge, site);
        let right = match known.zip(device) {
            Some((row, device)) => {
                let now = self.clock().unix();
                let used = self
                    .store()
                    .use_passkey(row.id, device.counter, now)
                    .await?;
                used.then_some(row.holder)
            }
            None => None,
        };
        let Some(holder) = right else {
            self.note(door, who, holder, Outcome::Factor, origin)
                .await?;
            return Err(SignInError::WrongFactor);
        };
        if self.is_suspended(holder).await? {
            self.note(door, who, Some(holder), Outcome::Suspended, origin)
                .await?;
            return Err(SignInError::Suspended);
        }
        self.note(door, who, Some(holder), Outcome::In, origin)
            .await?;
        Ok(self.begin_session(holder, origin).await?)
    }

    async fn is_suspended(&self, holder: Holder) -> Result<bool, StoreError> {
        Ok(match holder {
            Holder::Account(id) => self
                .store()
                .account(id)
                .await?
                .is_none_or(|row| row.suspended),
            Holder::Operator(id) => self
                .store()
                .operator(id)
                .await?
                .is_none_or(|row| row.suspended),
        })
    }
}
