//! Tickets: what customers ask people.

use crate::db::sql::{Row, Tx, args};
use crate::named::named;
use crate::{AccountId, Store, StoreError};

named! {
    /// Whose turn it is.
    TicketState {
        /// The operator's.
        Open = "open"
        /// The customer's.
        Answered = "answered"
        /// Nobody's.
        Closed = "closed"
    }
}

/// A ticket to be opened.
#[derive(Clone, Copy, Debug)]
pub struct NewTicket<'a> {
    /// Whose it is.
    pub account: AccountId,
    /// What it is about.
    pub subject: &'a str,
    /// Its first post.
    pub body: &'a str,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub account: AccountId,
    /// What it is about.
    pub subject: String,
    /// Whose turn it is.
    pub state: TicketState,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// When something was last posted or closed.
    pub changed_at: i64,
}

/// One post of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// The operator's name, or `""` for the customer.
    pub author: String,
    /// What was written.
    pub body: String,
}

const COLUMNS: &str = "id, account_id, subject, state, created_at, changed_at";

impl Store {
    /// Opens a ticket.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_ticket(&self, new: &NewTicket<'_>) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let row = tx
            .row(
                "insert into tickets (account_id, subject, state, created_at, changed_at)
                 values ($1, $2, 'open', $3, $3) returning id",
                args![new.account.0, new.subject, new.at],
            )
            .await?;
        let id = row.ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        add(&mut tx, id, "", new.body, new.at).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Adds a post: of the customer whose ticket it is, or of an operator; whether there is such an
    /// open ticket.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn post(
        &self,
        ticket: i64,
        by: Result<AccountId, &str>,
        body: &str,
        at: i64,
    ) -> Result<bool, StoreError> {
        let (account, author, state) = match by {
            Ok(account) => (account.0, "", TicketState::Open),
            Err(operator) => (0, operator, TicketState::Answered),
        };
        let mut tx = self.write().await?;
        let done = tx
            .run(
                "update tickets set state = $3, changed_at = $4
                 where id = $1 and ($2 = 0 or account_id = $2) and state <> 'closed'",
                args![ticket, account, state.name(), at],
            )
            .await?;
        if done == 1 {
            add(&mut tx, ticket, author, body, at).await?;
            tx.commit().await?;
        }
        Ok(done == 1)
    }

    /// Closes a ticket, of one account or with `None` of any; whether there was an open one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn close_ticket(
        &self,
        ticket: i64,
        account: Option<AccountId>,
        at: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let done = tx
            .run(
                "update tickets set state = 'closed', changed_at = $3
                 where id = $1 and ($2 = 0 or account_id = $2) and state <> 'closed'",
                args![ticket, account.map_or(0, |account| account.0), at],
            )
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// A ticket, of one account or with `None` of any, and its posts.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ticket(
        &self,
        ticket: i64,
        account: Option<AccountId>,
    ) -> Result<Option<(Ticket, Vec<Post>)>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from tickets where id = $1 and ($2 = 0 or account_id = $2)"
        ));
        let of = account.map_or(0, |account| account.0);
        let Some(row) = self.row(sql, args![ticket, of]).await? else {
            return Ok(None);
        };
        let sql = "select at, author, body from ticket_posts where ticket_id = $1 order by id";
        let posts = self.rows(sql, args![ticket]).await?;
        let post = |row: &Row| {
            Ok(Post {
                at: row.int(0)?,
                author: row.text(1)?,
                body: row.text(2)?,
            })
        };
        let posts = posts.iter().map(post).collect::<Result<_, StoreError>>()?;
        Ok(Some((read(&row)?, posts)))
    }

    /// The tickets before an id, of one account or with `None` of all, in one state or any, the
    /// newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tickets(
        &self,
        account: Option<AccountId>,
        state: Option<TicketState>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Ticket>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from tickets
             where id < $1 and ($2 = 0 or account_id = $2) and ($3 = '' or state = $3)
             order by id desc limit $4"
        ));
        let account = account.map_or(0, |account| account.0);
        let state = state.map_or("", TicketState::name);
        let rows = self.rows(sql, args![before, account, state, limit]).await?;
        rows.iter().map(read).collect()
    }
}

async fn add(tx: &mut Tx, id: i64, author: &str, body: &str, at: i64) -> Result<(), StoreError> {
    tx.run(
        "insert into ticket_posts (ticket_id, at, author, body) values ($1, $2, $3, $4)",
        args![id, at, author, body],
    )
    .await?;
    Ok(())
}

fn read(row: &Row) -> Result<Ticket, StoreError> {
    Ok(Ticket {
        id: row.int(0)?,
        account: AccountId(row.int(1)?),
        subject: row.text(2)?,
        state: TicketState::read(row, 3)?,
        created_at: row.int(4)?,
        changed_at: row.int(5)?,
    })
}
