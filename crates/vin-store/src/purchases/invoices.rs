//! Invoices: what customers ask for, and what the operator's tax office has issued.

use super::PurchaseId;
use crate::db::sql::{Row, args};
use crate::lots::Deed;
use crate::named::named;
use crate::{AccountId, Store, StoreError, db};

/// How many purchases an invoice can be about.
pub const MAX_INVOICED: usize = 100;

named! {
    /// Where an invoice stands.
    InvoiceState {
        /// It waits for the operator.
        Requested = "requested"
        /// The tax office's paper exists.
        Issued = "issued"
        /// The operator said no.
        Rejected = "rejected"
        /// The customer took it back.
        Withdrawn = "withdrawn"
    }
}

named! {
    /// Whom an invoice names.
    InvoiceKind {
        /// A person.
        Person = "person"
        /// A company, with its tax number.
        Company = "company"
    }
}

/// An invoice that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewInvoice<'a> {
    /// Who asks.
    pub account: AccountId,
    /// Whom it names.
    pub kind: InvoiceKind,
    /// The name.
    pub title: &'a str,
    /// The tax number of a company, else `""`.
    pub tax_number: &'a str,
    /// Where it is sent.
    pub mail: &'a str,
    /// The purchases, by their numbers, each once.
    pub purchases: &'a [&'a str],
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Its id.
    pub id: i64,
    /// Who asked.
    pub account: AccountId,
    /// Where it stands.
    pub state: InvoiceState,
    /// Whom it names.
    pub kind: InvoiceKind,
    /// The name.
    pub title: String,
    /// The tax number of a company, else `""`.
    pub tax_number: String,
    /// Where it is sent.
    pub mail: String,
    /// How much it is for, in hundredths of a yuan.
    pub fen: i64,
    /// What was paid for its purchases and not sent back, as of now.
    pub kept_fen: i64,
    /// The tax office's number, once it is issued.
    pub number: String,
    /// Why it was rejected.
    pub reason: String,
    /// When it was asked for.
    pub requested_at: i64,
    /// When it was issued or rejected, 0 while it waits.
    pub decided_at: i64,
    /// Who did that.
    pub actor: String,
}

/// A purchase that an invoice can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoiceable {
    /// The number of the purchase.
    pub number: String,
    /// The calls that were bought.
    pub calls: i64,
    /// What was paid and not sent back.
    pub fen: i64,
    /// When it was ordered.
    pub created_at: i64,
}

/// What was paid for a purchase `u` and not sent back; money that came twice is none of it.
const KEPT: &str = "(select coalesce(sum(p.fen - coalesce(r.fen, 0)), 0) from payments p
     left join refunds r on r.payment_id = p.id where p.purchase_id = u.id and p.surplus = 0)";

impl Store {
    /// Asks for an invoice of granted purchases of an account.
    ///
    /// # Errors
    /// [`StoreError::NoPurchase`] for one that is none of the account's, was not granted, was paid back,
    /// or is on another invoice.
    pub async fn request_invoice(&self, new: &NewInvoice<'_>) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        // The row of the account is held: two requests at once are looked at one after the other.
        let sql = "update accounts set created_at = created_at where id = $1";
        if tx.run(sql, args![new.account.0]).await? != 1 {
            return Err(StoreError::NoAccount(new.account.0));
        }
        let (mut fen, mut ids) = (0, Vec::new());
        for number in new.purchases {
            let none = || StoreError::NoPurchase((*number).to_owned());
            let sql = sqlx::AssertSqlSafe(format!(
                "select u.id, cast({KEPT} as bigint) from purchases u
                 where u.number = $1 and u.account_id = $2 and u.state = 'granted' and not exists (
                     select 1 from invoice_purchases i where i.purchase_id = u.id and i.holds = 1)"
            ));
            let row = tx.row(sql, args![*number, new.account.0]).await?;
            let row = row.ok_or_else(none)?;
            let kept = row.int(1)?;
            if kept <= 0 {
                return Err(none());
            }
            fen += kept;
            ids.push(PurchaseId(row.int(0)?));
        }
        let made = tx
            .row(
                "insert into invoices (account_id, state, kind, title, tax_number, mail, fen, requested_at)
                 values ($1, 'requested', $2, $3, $4, $5, $6, $7) returning id",
                args![
                    new.account.0,
                    new.kind.name(),
                    new.title,
                    new.tax_number,
                    new.mail,
                    fen,
                    new.at
                ],
            )
            .await?;
        let id = made.ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        for purchase in ids {
            let sql =
                "insert into invoice_purchases (invoice_id, purchase_id, holds) values ($1, $2, 1)";
            let added = tx.run(sql, args![id, purchase.0]).await;
            added.map_err(|error| match db::is_taken(&error) {
                // Named twice.
                true => StoreError::NoPurchase(format!("{} once more", purchase.0)),
                false => error.into(),
            })?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Notes that an invoice was issued, over `fen`, with the tax office's number.
    ///
    /// # Errors
    /// [`StoreError::NoInvoice`] when it does not wait; [`StoreError::InvoiceChanged`] when money was
    /// sent back since it was asked for.
    pub async fn issue_invoice(
        &self,
        id: i64,
        number: &str,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "update invoices set state = 'issued', number = $2, decided_at = $3, actor = $4
                   where id = $1 and state = 'requested' returning fen";
        let row = tx.row(sql, args![id, number, deed.at, deed.actor]).await?;
        let fen = row.ok_or(StoreError::NoInvoice(id))?.int(0)?;
        let sql = sqlx::AssertSqlSafe(format!(
            "select cast(coalesce(sum({KEPT}), 0) as bigint) from purchases u
             join invoice_purchases i on i.purchase_id = u.id where i.invoice_id = $1"
        ));
        let kept_fen = tx.int(sql, args![id]).await?;
        if kept_fen != fen {
            return Err(StoreError::InvoiceChanged { id, fen, kept_fen });
        }
        Ok(tx.commit().await?)
    }

    /// Rejects an invoice; its purchases can be on another.
    ///
    /// # Errors
    /// [`StoreError::NoInvoice`] when it does not wait.
    pub async fn reject_invoice(&self, id: i64, deed: Deed<'_>) -> Result<(), StoreError> {
        self.end_invoice(id, None, InvoiceState::Rejected, deed)
            .await
    }

    /// Takes an invoice back that its account has asked for.
    ///
    /// # Errors
    /// [`StoreError::NoInvoice`] when it does not wait.
    pub async fn withdraw_invoice(
        &self,
        id: i64,
        account: AccountId,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        self.end_invoice(id, Some(account), InvoiceState::Withdrawn, deed)
            .await
    }

    async fn end_invoice(
        &self,
        id: i64,
        account: Option<AccountId>,
        state: InvoiceState,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let sql = "update invoices set state = $3, reason = $4, decided_at = $5, actor = $6
                   where id = $1 and ($2 = 0 or account_id = $2) and state = 'requested'";
        let account = account.map_or(0, |account| account.0);
        let values = args![id, account, state.name(), deed.reason, deed.at, deed.actor];
        if tx.run(sql, values).await? != 1 {
            return Err(StoreError::NoInvoice(id));
        }
        let sql = "update invoice_purchases set holds = 0 where invoice_id = $1";
        tx.run(sql, args![id]).await?;
        Ok(tx.commit().await?)
    }

    /// The purchases of an account that an invoice can be asked for, the newest first, at most
    /// [`MAX_INVOICED`].
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn invoiceable(&self, account: AccountId) -> Result<Vec<Invoiceable>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select number, calls, fen, created_at from (
                 select u.id, u.number, u.calls, u.created_at, cast({KEPT} as bigint) as fen
                 from purchases u where u.account_id = $1 and u.state = 'granted' and not exists (
                     select 1 from invoice_purchases i where i.purchase_id = u.id and i.holds = 1)) t
             where fen > 0 order by id desc limit $2"
        ));
        let rows = self
            .rows(sql, args![account.0, MAX_INVOICED as i64])
            .await?;
        let read = |row: &Row| {
            Ok(Invoiceable {
                number: row.text(0)?,
                calls: row.int(1)?,
                fen: row.int(2)?,
                created_at: row.int(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The invoices before an id, of one account or with `None` of all, in one state or any, the newest
    /// first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn invoices(
        &self,
        account: Option<AccountId>,
        state: Option<InvoiceState>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Invoice>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "select v.id, v.account_id, v.state, v.kind, v.title, v.tax_number, v.mail, v.fen,
                 cast(coalesce((select sum({KEPT}) from purchases u
                     join invoice_purchases i on i.purchase_id = u.id where i.invoice_id = v.id), 0) as bigint),
                 v.number, v.reason, v.requested_at, v.decided_at, v.actor
             from invoices v
             where v.id < $1 and ($2 = 0 or v.account_id = $2) and ($3 = '' or v.state = $3)
             order by v.id desc limit $4"
        ));
        let account = account.map_or(0, |account| account.0);
        let state = state.map_or("", InvoiceState::name);
        let rows = self.rows(sql, args![before, account, state, limit]).await?;
        rows.iter().map(read).collect()
    }

    /// The purchases that an invoice is or was about, by their numbers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn invoice_purchases(&self, id: i64) -> Result<Vec<String>, StoreError> {
        let sql =
            "select u.number from purchases u join invoice_purchases i on i.purchase_id = u.id
                   where i.invoice_id = $1 order by u.id";
        let rows = self.rows(sql, args![id]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }
}

fn read(row: &Row) -> Result<Invoice, StoreError> {
    Ok(Invoice {
        id: row.int(0)?,
        account: AccountId(row.int(1)?),
        state: InvoiceState::read(row, 2)?,
        kind: InvoiceKind::read(row, 3)?,
        title: row.text(4)?,
        tax_number: row.text(5)?,
        mail: row.text(6)?,
        fen: row.int(7)?,
        kept_fen: row.int(8)?,
        number: row.text(9)?,
        reason: row.text(10)?,
        requested_at: row.int(11)?,
        decided_at: row.int(12)?,
        actor: row.text(13)?,
    })
}
