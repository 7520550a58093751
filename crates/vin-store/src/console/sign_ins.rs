//! Attempts to sign in: for the history that a holder sees, and for who guesses.

use super::Holder;
use crate::db::sql::{Row, args, plain};
use crate::{Lookup, Store, StoreError};

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Signed in.
    In,
    /// The name or the password was wrong.
    Password,
    /// The second factor was wrong.
    Factor,
    /// Too many attempts before.
    Barred,
    /// The holder is suspended.
    Suspended,
}

impl Outcome {
    const ALL: [Self; 5] = [
        Self::In,
        Self::Password,
        Self::Factor,
        Self::Barred,
        Self::Suspended,
    ];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Password => "password",
            Self::Factor => "factor",
            Self::Barred => "barred",
            Self::Suspended => "suspended",
        }
    }
}

/// An attempt to be noted.
#[derive(Clone, Copy, Debug)]
pub struct NewSignIn<'a> {
    /// Whether it was at the door of the operators.
    pub operator: bool,
    /// The keyed hash of the name that was typed.
    pub who: Lookup,
    /// Whose name it is.
    pub holder: Option<Holder>,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// From where.
    pub address: &'a str,
    /// With which program, as it says itself.
    pub agent: &'a str,
}

/// An attempt, as the holder sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInRow {
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// From where.
    pub address: String,
    /// With which program, as it said itself.
    pub agent: String,
}

/// How many attempts failed lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// With this name, since it last worked.
    pub name: i64,
    /// From this address.
    pub address: i64,
}

impl Store {
    /// Notes an attempt.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn note_sign_in(&self, new: &NewSignIn<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        tx.run(
            "insert into sign_ins (kind, who, holder, at, outcome, address, agent)
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![
                kind(new.operator),
                &new.who.0,
                new.holder.map_or(0, Holder::id),
                new.at,
                new.outcome.name(),
                new.address,
                &*plain(new.agent)
            ],
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// How many attempts failed since `since`; those that were barred do not count.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn failed_sign_ins(
        &self,
        operator: bool,
        who: &Lookup,
        address: &str,
        since: i64,
    ) -> Result<Tries, StoreError> {
        let name = self
            .row(
                "select count(*) from sign_ins
                 where kind = $1 and who = $2 and at > $3 and outcome in ('password', 'factor')
                   and id > coalesce((select max(id) from sign_ins
                        where kind = $1 and who = $2 and at > $3 and outcome = 'in'), 0)",
                args![kind(operator), &who.0, since],
            )
            .await?;
        let address = self
            .row(
                "select count(*) from sign_ins
                 where address = $1 and at > $2 and outcome in ('password', 'factor')",
                args![address, since],
            )
            .await?;
        Ok(Tries {
            name: name.ok_or(sqlx::Error::RowNotFound)?.int(0)?,
            address: address.ok_or(sqlx::Error::RowNotFound)?.int(0)?,
        })
    }

    /// The last attempts with the name of a holder, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn sign_ins(&self, holder: Holder, limit: u32) -> Result<Vec<SignInRow>, StoreError> {
        let sql = "select at, outcome, address, agent from sign_ins
                   where kind = $1 and holder = $2 order by id desc limit $3";
        let rows = self
            .rows(sql, args![holder.kind(), holder.id(), limit])
            .await?;
        rows.iter().map(read).collect()
    }

    /// Forgets the attempts before a time; how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_sign_ins(&self, before: i64) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let sql = "delete from sign_ins where at < $1";
        let done = tx.run(sql, args![before]).await?;
        tx.commit().await?;
        Ok(done)
    }
}

const fn kind(operator: bool) -> &'static str {
    if operator { "operator" } else { "account" }
}

fn read(row: &Row) -> Result<SignInRow, StoreError> {
    let name = row.text(1)?;
    let outcome = Outcome::ALL.into_iter().find(|o| o.name() == name);
    Ok(SignInRow {
        at: row.int(0)?,
        outcome: outcome
            .ok_or_else(|| StoreError::Database(format!("sign_ins.outcome holds {name:?}")))?,
        address: row.text(2)?,
        agent: row.text(3)?,
    })
}
