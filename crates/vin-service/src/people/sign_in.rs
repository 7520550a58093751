//! Signing in: name and password, then the second factor where there is one.

use super::{Origin, SessionToken, totp};
use crate::Accounts;
use vin_store::{
    AccountId, FactorRow, Holder, Lookup, Method, NewSignIn, OperatorId, Outcome, StoreError,
};

/// How many attempts may fail with one name before it is barred.
pub const MAX_TRIES: i64 = 10;
/// The same from one address, with any names.
const MAX_TRIES_ADDRESS: i64 = 50;
/// In how many seconds, which is also for how long it is barred.
pub const BAR_SECONDS: i64 = 900;
/// For how many seconds the second factor may follow the password.
const FACTOR_SECONDS: i64 = 300;
/// What a password is compared with when nobody has the name: as slow, and never right.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Where somebody wants in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// As a customer, with a phone number.
    Customer,
    /// As an operator, with a name.
    Operator,
}

/// What came of a right password.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in.
    In(SessionToken),
    /// The second factor is wanted; this text comes back with it.
    Factor(String),
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The name or the password is wrong; which one is not told.
    #[error("the name or the password is wrong")]
    Wrong,
    /// The second factor is wrong, or was used before.
    #[error("the code is wrong or was used before")]
    WrongFactor,
    /// The second factor came too late, or not from where the password came.
    #[error("the password was given too long ago")]
    TooLate,
    /// Too many attempts failed.
    #[error("too many attempts failed; wait {} minutes", BAR_SECONDS / 60)]
    Barred,
    /// The holder is suspended.
    #[error("this account is suspended")]
    Suspended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody with a name, whether or not it is anybody's.
struct Known {
    holder: Holder,
    hash: String,
    suspended: bool,
}

impl Accounts {
    /// Signs in with a name and a password. Comparing it takes some 20 ms of one core.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(
        &self,
        door: Door,
        name: &str,
        password: &str,
        origin: Origin<'_>,
    ) -> Result<SignIn, SignInError> {
        let name = name.trim();
        let who = self.who(door, name);
        self.let_try(door, &who, origin).await?;
        let known = match door {
            Door::Customer => self.customer(name).await?,
            Door::Operator => self.operator(name).await?,
        };
        let hash = known.as_ref().map_or(NOBODY, |known| &known.hash);
        let right = self.is_password(hash, password).await;
        let holder = known.as_ref().map(|known| known.holder);
        let Some(known) = known.filter(|_| right) else {
            self.note(door, who, holder, Outcome::Password, origin)
                .await?;
            return Err(SignInError::Wrong);
        };
        let holder = known.holder;
        if known.suspended {
            self.note(door, who, Some(holder), Outcome::Suspended, origin)
                .await?;
            return Err(SignInError::Suspended);
        }
        let factors = self.store().factors(holder).await?;
        let has_passkey = !self.store().passkeys(holder).await?.is_empty();
        if has_passkey || factors.iter().any(|f| f.method != Method::Recovery) {
            let ends = self.clock().unix() + FACTOR_SECONDS;
            let text = format!("{}.{}.{}.{ends}", door as u8, holder_id(holder), hex(&who));
            let tag = self.vault().tag("factor", &text);
            return Ok(SignIn::Factor(format!("{text}.{tag}")));
        }
        self.note(door, who, Some(holder), Outcome::In, origin)
            .await?;
        Ok(SignIn::In(self.begin_session(holder, origin).await?))
    }

    /// Goes on with the second factor: a one-time password, or a recovery code, which is used up.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in_factor(
        &self,
        pending: &str,
        code: &str,
        origin: Origin<'_>,
    ) -> Result<SessionToken, SignInError> {
        let (door, holder, who) = self.pending(pending).ok_or(SignInError::TooLate)?;
        self.let_try(door, &who, origin).await?;
        if !self.shows_factor(holder, code).await? {
            self.note(door, who, Some(holder), Outcome::Factor, origin)
                .await?;
            return Err(SignInError::WrongFactor);
        }
        self.note(door, who, Some(holder), Outcome::In, origin)
            .await?;
        Ok(self.begin_session(holder, origin).await?)
    }

    /// Whether a text is the holder's one-time password of now, or an unused recovery code.
    pub(super) async fn shows_factor(
        &self,
        holder: Holder,
        code: &str,
    ) -> Result<bool, StoreError> {
        let now = self.clock().unix();
        let factors = self.store().factors(holder).await?;
        for factor in factors.iter().filter(|f| f.method == Method::Totp) {
            let secret = self.totp_secret(holder, factor);
            let step = secret.and_then(|secret| totp::matches(&secret, code, now));
            if let Some(step) = step {
                return self.store().take_step(factor.id, step, now).await;
            }
        }
        let wanted = self.recovery_lookup(holder, code);
        let is_code = |f: &&FactorRow| f.method == Method::Recovery && f.sealed == wanted.0;
        match factors.iter().find(is_code) {
            Some(factor) => self.store().remove_factor(holder, factor.id).await,
            None => Ok(false),
        }
    }

    pub(super) fn pending(&self, text: &str) -> Option<(Door, Holder, Lookup)> {
        let (text, tag) = text.rsplit_once('.')?;
        if !self.vault().is_tag("factor", text, tag) {
            return None;
        }
        let mut parts = text.split('.');
        let door = match parts.next()? {
            "0" => Door::Customer,
            _ => Door::Operator,
        };
        let id = parts.next()?.parse().ok()?;
        let who = unhex(parts.next()?)?;
        let ends: i64 = parts.next()?.parse().ok()?;
        let holder = match door {
            Door::Customer => Holder::Account(AccountId(id)),
            Door::Operator => Holder::Operator(OperatorId(id)),
        };
        (ends > self.clock().unix()).then_some((door, holder, who))
    }

    pub(super) async fn let_try(
        &self,
        door: Door,
        who: &Lookup,
        origin: Origin<'_>,
    ) -> Result<(), SignInError> {
        let since = self.clock().unix() - BAR_SECONDS;
        let is_operator = door == Door::Operator;
        let tries = self
            .store()
            .failed_sign_ins(is_operator, who, origin.address, since)
            .await?;
        if tries.name >= MAX_TRIES || tries.address >= MAX_TRIES_ADDRESS {
            self.note(door, *who, None, Outcome::Barred, origin).await?;
            return Err(SignInError::Barred);
        }
        Ok(())
    }

    /// What attempts of a holder are counted by.
    pub(super) async fn who_is(&self, holder: Holder) -> Result<Lookup, StoreError> {
        let (door, name) = match holder {
            Holder::Account(id) => {
                let row = self.store().account(id).await?;
                (Door::Customer, row.map(|row| row.phone))
            }
            Holder::Operator(id) => {
                let row = self.store().operator(id).await?;
                (Door::Operator, row.map(|row| row.name))
            }
        };
        Ok(self.who(door, &name.unwrap_or_default()))
    }

    fn who(&self, door: Door, name: &str) -> Lookup {
        let phone = crate::Phone::parse(name);
        let name = match (door, &phone) {
            (Door::Customer, Some(phone)) => phone.as_str(),
            _ => name,
        };
        self.vault().token("name", name)
    }

    async fn customer(&self, name: &str) -> Result<Option<Known>, StoreError> {
        let Some(phone) = crate::Phone::parse(name) else {
            return Ok(None);
        };
        let Some(id) = self.store().account_by_phone(phone.as_str()).await? else {
            return Ok(None);
        };
        let row = self.store().account(id).await?;
        Ok(Some(Known {
            holder: Holder::Account(id),
            hash: self.store().password_hash(id).await?,
            suspended: row.is_none_or(|row| row.suspended),
        }))
    }

    async fn operator(&self, name: &str) -> Result<Option<Known>, StoreError> {
        let found = self.store().operator_by_name(name).await?;
        Ok(found.map(|(row, hash)| Known {
            holder: Holder::Operator(row.id),
            hash,
            suspended: row.suspended,
        }))
    }

    pub(super) async fn note(
        &self,
        door: Door,
        who: Lookup,
        holder: Option<Holder>,
        outcome: Outcome,
        origin: Origin<'_>,
    ) -> Result<(), StoreError> {
        let new = NewSignIn {
            operator: door == Door::Operator,
            who,
            holder,
            at: self.clock().unix(),
            outcome,
            address: origin.address,
            agent: origin.agent,
        };
        self.store().note_sign_in(&new).await
    }
}

fn holder_id(holder: Holder) -> i64 {
    match holder {
        Holder::Account(AccountId(id)) | Holder::Operator(OperatorId(id)) => id,
    }
}

fn hex(lookup: &Lookup) -> String {
    lookup.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Lookup> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(Lookup(bytes))
}
