//! Reading the outbox: the log of what was sent, and of what was not.

use super::{Message, SendState, SendWay};
use crate::db::sql::{Row, args};
use crate::{AccountId, Store, StoreError};

/// The columns of a [`Message`].
macro_rules! select_messages {
    ($rest:literal) => {
        concat!(
            "select id, account_id, cause, kind, way, recipient, payload, created_at, state, tries,
                 next_at, ended_at, error from outbox ",
            $rest
        )
    };
}

pub(super) const ONE: &str = select_messages!("where id = $1");

impl Store {
    /// One message.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn message(&self, id: i64) -> Result<Option<Message>, StoreError> {
        let row = self.row(ONE, args![id]).await?;
        row.as_ref().map(message).transpose()
    }

    /// The messages to one account, or with `None` to all and the operators, below an id, the latest
    /// first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn messages(
        &self,
        account: Option<AccountId>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        let rows = match account {
            Some(account) => {
                let sql =
                    select_messages!("where account_id = $1 and id < $2 order by id desc limit $3");
                self.rows(sql, args![account.0, before, limit]).await?
            }
            None => {
                let sql = select_messages!("where id < $1 order by id desc limit $2");
                self.rows(sql, args![before, limit]).await?
            }
        };
        rows.iter().map(message).collect()
    }
}

pub(super) fn message(row: &Row) -> Result<Message, StoreError> {
    Ok(Message {
        id: row.int(0)?,
        account: match row.int(1)? {
            0 => None,
            id => Some(AccountId(id)),
        },
        cause: row.text(2)?,
        kind: row.text(3)?,
        way: SendWay::read(row, 4)?,
        recipient: row.text(5)?,
        payload: row.text(6)?,
        created_at: row.int(7)?,
        state: SendState::read(row, 8)?,
        tries: row.int(9)?,
        next_at: row.int(10)?,
        ended_at: row.int(11)?,
        error: row.text(12)?,
    })
}
