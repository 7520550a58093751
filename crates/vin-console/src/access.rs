//! Who may see a page.

use vin_service::people::{Person, Role, Session};

/// Who may see a page, or send its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Everyone,
    /// Those who are not signed in; others are sent to where they belong.
    Guest,
    /// Everybody who is signed in.
    SignedIn,
    /// Customers.
    Customer,
    /// Operators of any role.
    Operator,
    /// Operators with one of these roles.
    Roles(&'static [Role]),
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It goes on.
    Go,
    /// The visitor is to sign in at the customers' door.
    SignIn,
    /// The visitor is to sign in at the operators' door.
    SignInOperator,
    /// The visitor is signed in already.
    Home,
    /// The operator's role does not suffice.
    Forbidden,
}

/// The roles that may change accounts and tickets.
pub const SUPPORT: &[Role] = &[Role::Owner, Role::Support];
/// The roles that may change products and balances.
pub const FINANCE: &[Role] = &[Role::Owner, Role::Finance];
/// The role that may change everything else.
pub const OWNER: &[Role] = &[Role::Owner];

impl Access {
    /// What becomes of a visitor with this session, or with none.
    pub fn of(self, session: Option<&Session>) -> Admission {
        match (self, session.map(|session| &session.person)) {
            (Self::Everyone, _) | (Self::Guest, None) => Admission::Go,
            (Self::Guest, Some(_)) => Admission::Home,
            (Self::SignedIn, Some(_)) | (Self::Customer, Some(Person::Customer(_))) => {
                Admission::Go
            }
            (Self::SignedIn | Self::Customer, _) => Admission::SignIn,
            (Self::Operator, Some(Person::Operator(_))) => Admission::Go,
            (Self::Roles(roles), Some(Person::Operator(row))) => match roles.contains(&row.role) {
                true => Admission::Go,
                false => Admission::Forbidden,
            },
            (Self::Operator | Self::Roles(_), _) => Admission::SignInOperator,
        }
    }
}
