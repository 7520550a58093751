//! The outbox: messages that wait to be sent, and the log of those that were. Sending is not done here.
//!
//! A message is put in by the transaction of what it tells of, so that neither is there without the
//! other. Who sends it claims it first, for a while: a node that dies loses its claim, and another one
//! sends. What was sent when a node died before it could say so is sent again; its id stays.

mod read;

use crate::db::sql::{Tx, args, plain};
use crate::named::named;
use crate::{AccountId, InstanceId, Store, StoreError};

named! {
    /// How a message goes.
    SendWay {
        /// By mail.
        Mail = "mail"
        /// To a URL.
        Webhook = "webhook"
    }
}

named! {
    /// Where a message stands.
    SendState {
        /// It waits to be sent, for the first time or again.
        Waiting = "waiting"
        /// Its receiver has taken it.
        Sent = "sent"
        /// It was given up.
        Failed = "failed"
    }
}

/// A message to be sent.
#[derive(Clone, Copy, Debug)]
pub struct NewMessage<'a> {
    /// Who is told; `None` for the operators.
    pub account: Option<AccountId>,
    /// What it is about, such as `alert 17`; of one cause each recipient is told once by each way.
    pub cause: &'a str,
    /// What happened, such as `alert.balance`.
    pub kind: &'a str,
    /// How it goes.
    pub way: SendWay,
    /// An address of mail, or a URL.
    pub recipient: &'a str,
    /// What is known of it, as JSON.
    pub payload: &'a str,
    /// When it happened, in seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id; later ones are greater, and none is given twice.
    pub id: i64,
    /// Who is told; `None` for the operators.
    pub account: Option<AccountId>,
    /// What it is about.
    pub cause: String,
    /// What happened.
    pub kind: String,
    /// How it goes.
    pub way: SendWay,
    /// An address of mail, or a URL.
    pub recipient: String,
    /// What is known of it, as JSON.
    pub payload: String,
    /// When it happened, in seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// Where it stands.
    pub state: SendState,
    /// How often it was tried since somebody last wanted it sent.
    pub tries: i64,
    /// When it is tried next, while it waits.
    pub next_at: i64,
    /// When it was sent or given up, 0 for not yet.
    pub ended_at: i64,
    /// Why the last try failed, `""` for none.
    pub error: String,
}

/// The longest reason that is kept, in characters.
const MOST_ERROR: usize = 300;

impl Store {
    /// Puts a message in; its id, or `None` when this recipient is told of this cause already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn post_message(&self, new: &NewMessage<'_>) -> Result<Option<i64>, StoreError> {
        let mut tx = self.write().await?;
        let id = put(&mut tx, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Claims messages whose time has come, the longest waiting first; until then nobody else sends
    /// them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_messages(
        &self,
        instance: InstanceId,
        now: i64,
        until: i64,
        most: u32,
    ) -> Result<Vec<Message>, StoreError> {
        let sql = "select id from outbox
                   where state = 'waiting' and next_at <= $1 and claimed_until <= $1
                   order by next_at, id limit $2";
        let mut claimed = Vec::new();
        for row in self.rows(sql, args![now, most]).await? {
            claimed.extend(
                self.claim_message(instance, row.int(0)?, now, until)
                    .await?,
            );
        }
        Ok(claimed)
    }

    /// Claims one message; `None` when its time has not come, or somebody else sends it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_message(
        &self,
        instance: InstanceId,
        id: i64,
        now: i64,
        until: i64,
    ) -> Result<Option<Message>, StoreError> {
        let mut tx = self.write().await?;
        // What was read before decides nothing: the update claims it or does not.
        let sql = "update outbox set claimed_by = $2, claimed_until = $4
                   where id = $1 and state = 'waiting' and next_at <= $3 and claimed_until <= $3";
        let claimed = tx.run(sql, args![id, instance.0, now, until]).await?;
        let row = match claimed {
            0 => None,
            _ => tx.row(read::ONE, args![id]).await?,
        };
        tx.commit().await?;
        row.as_ref().map(read::message).transpose()
    }

    /// Says that a claimed message was sent; whether the claim still held.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn message_sent(
        &self,
        id: i64,
        instance: InstanceId,
        now: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update outbox set state = 'sent', tries = tries + 1, ended_at = $3, error = '',
                       claimed_by = 0, claimed_until = 0
                   where id = $1 and claimed_by = $2 and state = 'waiting'";
        let done = tx.run(sql, args![id, instance.0, now]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Says that sending a claimed message failed, and when it is tried again; with `None` it is given
    /// up. Whether the claim still held.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn message_failed(
        &self,
        id: i64,
        instance: InstanceId,
        error: &str,
        next: Option<i64>,
        now: i64,
    ) -> Result<bool, StoreError> {
        let error: String = plain(error).chars().take(MOST_ERROR).collect();
        let (state, ended) = match next {
            Some(_) => (SendState::Waiting, 0),
            None => (SendState::Failed, now),
        };
        let mut tx = self.write().await?;
        let sql = "update outbox set state = $4, tries = tries + 1, next_at = $5, ended_at = $6,
                       error = $3, claimed_by = 0, claimed_until = 0
                   where id = $1 and claimed_by = $2 and state = 'waiting'";
        let args = args![
            id,
            instance.0,
            &*error,
            state.name(),
            next.unwrap_or(now),
            ended
        ];
        let done = tx.run(sql, args).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Lets a message that was given up be sent after all, of one account or with `None` of any;
    /// whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn send_again(
        &self,
        id: i64,
        account: Option<AccountId>,
        now: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update outbox set state = 'waiting', tries = 0, next_at = $3, ended_at = 0
                   where id = $1 and state = 'failed' and ($2 = -1 or account_id = $2)";
        let of = account.map_or(-1, |account| account.0);
        let done = tx.run(sql, args![id, of, now]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Forgets messages from before a moment; how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_messages(&self, before: i64) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let sql = "delete from outbox where created_at < $1";
        let gone = tx.run(sql, args![before]).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

/// Puts a message in, within the transaction of what it tells of.
pub(crate) async fn put(tx: &mut Tx, new: &NewMessage<'_>) -> Result<Option<i64>, StoreError> {
    let sql = "insert into outbox
                   (account_id, cause, kind, way, recipient, payload, created_at, next_at)
               values ($1, $2, $3, $4, $5, $6, $7, $7)
               on conflict (cause, way, recipient) do nothing returning id";
    let args = args![
        new.account.map_or(0, |account| account.0),
        new.cause,
        new.kind,
        new.way.name(),
        new.recipient,
        new.payload,
        new.at
    ];
    let row = tx.row(sql, args).await?;
    row.map(|row| row.int(0)).transpose()
}

/// Leads what an account is not told yet to another address; with `""` it is given up.
pub(crate) async fn lead(
    tx: &mut Tx,
    account: AccountId,
    way: SendWay,
    to: &str,
    now: i64,
) -> Result<(), StoreError> {
    let (account, way) = (account.0, way.name());
    if to.is_empty() {
        let sql = "update outbox set state = 'failed', ended_at = $3, error = 'no address'
                   where account_id = $1 and way = $2 and state = 'waiting'
                       and claimed_until <= $3";
        tx.run(sql, args![account, way, now]).await?;
        return Ok(());
    }
    let sql = "update outbox set recipient = $3
               where account_id = $1 and way = $2 and state <> 'sent' and claimed_until <= $4
                   and not exists (select 1 from outbox o where o.cause = outbox.cause
                       and o.way = $2 and o.recipient = $3)";
    tx.run(sql, args![account, way, to, now]).await?;
    Ok(())
}
