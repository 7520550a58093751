//! Sessions: from a cookie to a person.

use super::{Origin, SessionToken};
use crate::Accounts;
use vin_store::{
    AccountId, AccountRow, Holder, Lookup, NewSession, OperatorRow, SessionRow, StoreError,
};

/// For how many seconds a customer's session lives on after its last use.
const IDLE: i64 = 14 * 86_400;
/// The same of an operator.
const IDLE_OPERATOR: i64 = 2 * 3_600;
/// For how many seconds a session lives at most.
const LONGEST: i64 = 90 * 86_400;
/// The same of an operator.
const LONGEST_OPERATOR: i64 = 12 * 3_600;
/// How often the store is told that a session is used, in seconds.
const TOUCH_EVERY: i64 = 60;

/// For how many seconds after the password was asked for secrets are shown without asking again.
pub const CONFIRMED_FOR: i64 = 600;

/// Who is signed in.
#[derive(Clone, Debug)]
pub enum Person {
    /// A customer.
    Customer(AccountRow),
    /// Someone who runs the installation.
    Operator(OperatorRow),
}

impl Person {
    /// The holder of the session.
    pub fn holder(&self) -> Holder {
        match self {
            Self::Customer(row) => Holder::Account(row.id),
            Self::Operator(row) => Holder::Operator(row.id),
        }
    }
}

/// A session that is going on.
#[derive(Clone, Debug)]
pub struct Session {
    /// What its cookie carries.
    pub token: SessionToken,
    /// What its cookie is found by.
    pub lookup: Lookup,
    /// Who is signed in.
    pub person: Person,
    /// Whether the password was asked for lately.
    pub confirmed: bool,
}

impl Session {
    /// The account of a customer.
    pub fn account(&self) -> Option<AccountId> {
        match &self.person {
            Person::Customer(row) => Some(row.id),
            Person::Operator(_) => None,
        }
    }
}

impl Accounts {
    /// The session of a cookie, if it is going on and its holder is not suspended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session(&self, token: &SessionToken) -> Result<Option<Session>, StoreError> {
        let now = self.clock().unix();
        let lookup = self.vault().token("session", token.reveal());
        let Some(row) = self.store().session(&lookup, now).await? else {
            return Ok(None);
        };
        let person = match row.holder {
            Holder::Account(id) => {
                let account = self.store().account(id).await?;
                account.filter(|a| !a.suspended).map(Person::Customer)
            }
            Holder::Operator(id) => {
                let operator = self.store().operator(id).await?;
                operator.filter(|o| !o.suspended).map(Person::Operator)
            }
        };
        if person.is_some() && now - row.seen_at >= TOUCH_EVERY {
            let (idle, longest) = lives(row.holder);
            let ends = (now + idle).min(row.created_at + longest);
            self.store().touch_session(&lookup, now, ends).await?;
        }
        Ok(person.map(|person| Session {
            token: token.clone(),
            lookup,
            person,
            confirmed: now - row.confirmed_at < CONFIRMED_FOR,
        }))
    }

    pub(super) async fn begin_session(
        &self,
        holder: Holder,
        origin: Origin<'_>,
    ) -> Result<SessionToken, StoreError> {
        let token = SessionToken::random(self.random());
        let now = self.clock().unix();
        let new = NewSession {
            lookup: self.vault().token("session", token.reveal()),
            holder,
            at: now,
            expires_at: now + lives(holder).0,
            address: origin.address,
            agent: origin.agent,
        };
        self.store().begin_session(&new).await?;
        Ok(token)
    }

    /// What forms of one visitor carry, so that no other page can send them: it belongs to the cookie.
    pub fn form_token(&self, cookie: &str) -> String {
        self.vault().tag("form", cookie)
    }

    /// Whether a form carries the token of its visitor.
    pub fn is_form_token(&self, cookie: &str, token: &str) -> bool {
        self.vault().is_tag("form", cookie, token)
    }

    /// Random text for what is neither kept nor secret for long: a visitor's cookie, a page's nonce.
    pub fn fresh_text(&self) -> String {
        let mut bytes = [0; 16];
        self.random().fill(&mut bytes);
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sign_out(&self, session: &Session) -> Result<(), StoreError> {
        let holder = session.person.holder();
        self.store().end_session(holder, &session.lookup).await?;
        Ok(())
    }

    /// The sessions of a person that are going on, the last used first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sessions(&self, person: &Person) -> Result<Vec<SessionRow>, StoreError> {
        let now = self.clock().unix();
        self.store().sessions(person.holder(), now).await
    }
}

/// How long a session lives after its last use, and at most.
fn lives(holder: Holder) -> (i64, i64) {
    match holder {
        Holder::Account(_) => (IDLE, LONGEST),
        Holder::Operator(_) => (IDLE_OPERATOR, LONGEST_OPERATOR),
    }
}
