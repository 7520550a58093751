//! The password of one who is signed in: asked for again before secrets, and changed.

use super::{BAR_SECONDS, MAX_TRIES, Origin, Session, SessionToken};
use crate::{Accounts, Password, vault};
use vin_store::{Holder, Lookup, NewSignIn, Outcome, StoreError};

/// Why a password was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// It is not the present one.
    #[error("the present password is wrong")]
    Wrong,
    /// Too many attempts failed.
    #[error("too many attempts failed; wait {} minutes", BAR_SECONDS / 60)]
    Barred,
    /// The new one is too short or too long.
    #[error("a password has 8 to 256 bytes")]
    New,
    /// A cipher refused to work.
    #[error("the password could not be hashed")]
    Cipher,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// Takes the password again; the session goes on with another token.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn confirm(
        &self,
        session: &Session,
        password: &str,
        origin: Origin<'_>,
    ) -> Result<SessionToken, PasswordError> {
        self.check_password(session, password, origin).await?;
        let token = SessionToken::random(self.random());
        let lookup = self.vault().token("session", token.reveal());
        let now = self.clock().unix();
        self.store()
            .confirm_session(&session.lookup, &lookup, now)
            .await?;
        Ok(token)
    }

    /// Sets another password. Every other session of the person ends.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn change_password(
        &self,
        session: &Session,
        present: &str,
        new: &str,
        origin: Origin<'_>,
    ) -> Result<SessionToken, PasswordError> {
        let new = Password::parse(new).ok_or(PasswordError::New)?;
        let token = self.confirm(session, present, origin).await?;
        let lookup = self.vault().token("session", token.reveal());
        self.set_password(session.person.holder(), &new, Some(&lookup))
            .await?;
        Ok(token)
    }

    pub(super) async fn set_password(
        &self,
        holder: Holder,
        new: &Password,
        but: Option<&Lookup>,
    ) -> Result<(), PasswordError> {
        let hash = vault::hash_password(self.random(), new).ok_or(PasswordError::Cipher)?;
        self.store().set_password(holder, &hash, but).await?;
        Ok(())
    }

    /// Compares a password on a thread of its own, a few at once: it takes some 20 ms of a core, which
    /// neither callers nor other visitors shall wait for.
    pub(super) async fn is_password(&self, hash: &str, password: &str) -> bool {
        let (hash, password) = (hash.to_owned(), password.to_owned());
        // The semaphore is never closed.
        let Ok(_turn) = self.comparing().acquire().await else {
            return false;
        };
        let compared = tokio::task::spawn_blocking(move || vault::is_password(&hash, &password));
        compared.await.unwrap_or(false)
    }

    /// Guesses count as those at the door do.
    async fn check_password(
        &self,
        session: &Session,
        password: &str,
        origin: Origin<'_>,
    ) -> Result<(), PasswordError> {
        let holder = session.person.holder();
        let who = self.vault().token("session of", &format!("{holder:?}"));
        let is_operator = matches!(holder, Holder::Operator(_));
        let since = self.clock().unix() - BAR_SECONDS;
        let tries = self
            .store()
            .failed_sign_ins(is_operator, &who, origin.address, since)
            .await?;
        if tries.name >= MAX_TRIES {
            return Err(PasswordError::Barred);
        }
        let hash = match holder {
            Holder::Account(id) => self.store().password_hash(id).await?,
            Holder::Operator(id) => self.store().operator_password_hash(id).await?,
        };
        if self.is_password(&hash, password).await {
            return Ok(());
        }
        let failed = NewSignIn {
            operator: is_operator,
            who,
            holder: Some(holder),
            at: self.clock().unix(),
            outcome: Outcome::Password,
            address: origin.address,
            agent: origin.agent,
        };
        self.store().note_sign_in(&failed).await?;
        Err(PasswordError::Wrong)
    }
}
