//! Operators: those who run the installation.

use crate::db::sql::{Row, args};
use crate::named::named;
use crate::{Store, StoreError, db};

/// The id of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperatorId(pub i64);

named! {
    /// What an operator may do, the mightiest first.
    Role {
        /// Everything, operators and settings among it.
        Owner = "owner"
        /// Products, balances, the ledger.
        Finance = "finance"
        /// Accounts, tickets, notices; no balance.
        Support = "support"
        /// Looks, changes nothing.
        Reader = "reader"
    }
}

/// An operator, without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorRow {
    /// The id.
    pub id: OperatorId,
    /// The name to sign in with.
    pub name: String,
    /// What he or she may do.
    pub role: Role,
    /// Whether nothing may be done for now.
    pub suspended: bool,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
}

impl Store {
    /// Makes an operator.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`] when there is one of that name.
    pub async fn create_operator(
        &self,
        name: &str,
        password_hash: &str,
        role: Role,
        at: i64,
    ) -> Result<OperatorId, StoreError> {
        let mut tx = self.write().await?;
        let made = tx
            .row(
                "insert into operators (name, password_hash, role, created_at)
                 values ($1, $2, $3, $4) returning id",
                args![name, password_hash, role.name(), at],
            )
            .await
            .map_err(|error| match db::is_taken(&error) {
                true => StoreError::NameTaken,
                false => error.into(),
            })?;
        let id = made.ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        tx.commit().await?;
        Ok(OperatorId(id))
    }

    /// Every operator, by id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn operators(&self) -> Result<Vec<OperatorRow>, StoreError> {
        let sql = "select id, name, role, state, created_at from operators order by id";
        let rows = self.rows(sql, args![]).await?;
        rows.iter().map(read).collect()
    }

    /// One operator.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn operator(&self, id: OperatorId) -> Result<Option<OperatorRow>, StoreError> {
        let sql = "select id, name, role, state, created_at from operators where id = $1";
        let row = self.row(sql, args![id.0]).await?;
        row.as_ref().map(read).transpose()
    }

    /// The operator of that name, with the hash of the password.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn operator_by_name(
        &self,
        name: &str,
    ) -> Result<Option<(OperatorRow, String)>, StoreError> {
        let sql = "select id, name, role, state, created_at, password_hash
                   from operators where name = $1";
        let row = self.row(sql, args![name]).await?;
        row.map(|row| Ok((read(&row)?, row.text(5)?))).transpose()
    }

    /// The hash of an operator's password.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn operator_password_hash(&self, id: OperatorId) -> Result<String, StoreError> {
        let sql = "select password_hash from operators where id = $1";
        let row = self.row(sql, args![id.0]).await?;
        row.ok_or(sqlx::Error::RowNotFound)?.text(0)
    }

    /// Gives an operator another role or state. The last owner who is not suspended stays one.
    ///
    /// # Errors
    /// [`StoreError::LastOwner`]; [`StoreError::Database`].
    pub async fn set_operator(
        &self,
        id: OperatorId,
        role: Role,
        suspended: bool,
    ) -> Result<bool, StoreError> {
        let state = if suspended { "suspended" } else { "active" };
        let mut tx = self.write().await?;
        let done = tx
            .run(
                "update operators set role = $2, state = $3 where id = $1",
                args![id.0, role.name(), state],
            )
            .await?;
        let left = tx
            .int(
                "select count(*) from operators where role = 'owner' and state = 'active'",
                args![],
            )
            .await?;
        if left == 0 {
            return Err(StoreError::LastOwner);
        }
        if suspended {
            let sql = "delete from sessions where kind = 'operator' and holder = $1";
            tx.run(sql, args![id.0]).await?;
        }
        tx.commit().await?;
        Ok(done == 1)
    }
}

fn read(row: &Row) -> Result<OperatorRow, StoreError> {
    Ok(OperatorRow {
        id: OperatorId(row.int(0)?),
        name: row.text(1)?,
        role: Role::read(row, 2)?,
        suspended: row.text(3)? == "suspended",
        created_at: row.int(4)?,
    })
}
