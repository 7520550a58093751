//! Operators: the first one, those who are invited, and what each of them did.

use super::{LinkError, LinkToken, Origin, PasswordError, SessionToken};
use crate::{Accounts, Password, vault};
use vin_store::{Holder, NewAudit, OperatorId, OperatorRow, Purpose, Role, StoreError};

/// The name of an operator: 2 to 32 letters, digits, `.`, `-` or `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorName(String);

impl OperatorName {
    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        let fits = (2..=32).contains(&text.chars().count()) && text.chars().all(plain);
        fits.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why nobody became an operator.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// It is no name.
    #[error("a name has 2 to 32 letters, digits, dots, dashes or underscores")]
    Name,
    /// There is one of that name.
    #[error("there is an operator of this name")]
    Taken,
    /// The link does not work.
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl Accounts {
    /// A link with which somebody becomes the first owner; `None` when there are operators.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn first_owner_link(&self) -> Result<Option<LinkToken>, StoreError> {
        if !self.store().operators().await?.is_empty() {
            return Ok(None);
        }
        self.invitation(Purpose::Owner, "").await.map(Some)
    }

    /// A link with which somebody becomes an operator.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invite(&self, role: Role) -> Result<LinkToken, StoreError> {
        self.invitation(Purpose::Operator, role.name()).await
    }

    /// The role that an invitation is for, if it works.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invited(&self, link: &LinkToken) -> Result<Option<Role>, StoreError> {
        if self.link(Purpose::Owner, link).await?.is_some() {
            return Ok(Some(Role::Owner));
        }
        let row = self.link(Purpose::Operator, link).await?;
        Ok(row.and_then(|row| Role::parse(&row.detail)))
    }

    /// Makes the operator that a link invites, and signs in.
    ///
    /// # Errors
    /// [`OperatorError`].
    pub async fn join(
        &self,
        link: &LinkToken,
        name: &str,
        password: &str,
        origin: Origin<'_>,
    ) -> Result<SessionToken, OperatorError> {
        let name = OperatorName::parse(name).ok_or(OperatorError::Name)?;
        let password = Password::parse(password).ok_or(PasswordError::New);
        let password = password.map_err(LinkError::from)?;
        let store_failed = |error| OperatorError::Link(LinkError::Store(error));
        let role = self.invited(link).await.map_err(store_failed)?;
        let role = role.ok_or(LinkError::Over)?;
        let taken = self.store().operator_by_name(name.as_str()).await;
        if taken.map_err(store_failed)?.is_some() {
            return Err(OperatorError::Taken);
        }
        let hash = vault::hash_password(self.random(), &password);
        let hash = hash.ok_or(PasswordError::Cipher).map_err(LinkError::from)?;
        // Used up first: of two who try at once one becomes an operator.
        match self.use_link(Purpose::Owner, link).await {
            Err(LinkError::Over) => self.use_link(Purpose::Operator, link).await?,
            used => used?,
        }
        let now = self.clock().unix();
        let made = self
            .store()
            .create_operator(name.as_str(), &hash, role, now)
            .await;
        let id = made.map_err(|error| match error {
            StoreError::NameTaken => OperatorError::Taken,
            error => store_failed(error),
        })?;
        let deed = format!("{} {}", role.name(), name.as_str());
        let noted = NewAudit {
            at: now,
            actor: name.as_str(),
            action: "operator.join",
            subject: &deed,
            detail: "",
            address: origin.address,
        };
        self.store().note_deed(&noted).await.map_err(store_failed)?;
        let token = self.begin_session(Holder::Operator(id), origin).await;
        token.map_err(store_failed)
    }

    /// Removes the second factors of an operator who lost them, and ends the sessions; whether there
    /// is such an operator.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reset_factors(&self, id: OperatorId) -> Result<bool, StoreError> {
        if self.store().operator(id).await?.is_none() {
            return Ok(false);
        }
        let holder = Holder::Operator(id);
        self.store().remove_factors(holder).await?;
        self.store().remove_passkeys(holder, 0).await?;
        self.store().end_sessions(holder, None).await?;
        Ok(true)
    }

    /// Notes what an operator did.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_deed(
        &self,
        operator: &OperatorRow,
        action: &str,
        subject: &str,
        detail: &str,
        origin: Origin<'_>,
    ) -> Result<(), StoreError> {
        let new = NewAudit {
            at: self.clock().unix(),
            actor: &operator.name,
            action,
            subject,
            detail,
            address: origin.address,
        };
        self.store().note_deed(&new).await
    }
}
