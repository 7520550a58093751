//! Where an account is told of what happens, and which alerts it wants there.

use super::AlertKind;
use crate::db::sql::{Tx, args};
use crate::outbox::{self, NewMessage, SendWay};
use crate::{AccountId, Store, StoreError};

/// Where an account is told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Contacts {
    /// The address of mail, which was confirmed; `""` for none.
    pub mail: String,
    /// The URL of the webhook, `""` for none.
    pub hook_url: String,
    /// What webhooks are signed with, sealed; empty for none.
    pub hook_sealed: Vec<u8>,
}

/// By which ways an account wants to be told of alerts of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertWays {
    /// By mail.
    pub mail: bool,
    /// By webhook.
    pub webhook: bool,
}

impl Default for AlertWays {
    fn default() -> Self {
        Self {
            mail: true,
            webhook: true,
        }
    }
}

impl Store {
    /// Where an account is told.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn contacts(&self, account: AccountId) -> Result<Contacts, StoreError> {
        let sql = "select mail, hook_url, hook_sealed from contacts where account_id = $1";
        let row = self.row(sql, args![account.0]).await?;
        let Some(row) = row else {
            return Ok(Contacts::default());
        };
        Ok(Contacts {
            mail: row.text(0)?,
            hook_url: row.text(1)?,
            hook_sealed: row.bytes(2)?,
        })
    }

    /// Sets the address of mail, `""` for none; what waits to be sent goes there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_mail(
        &self,
        account: AccountId,
        mail: &str,
        at: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        tx.run_one(
            "setting an address",
            "insert into contacts (account_id, mail, hook_url, hook_sealed, changed_at)
             values ($1, $2, '', $4, $3)
             on conflict (account_id) do update set mail = $2, changed_at = $3",
            args![account.0, mail, at, &[][..]],
        )
        .await?;
        outbox::lead(&mut tx, account, SendWay::Mail, mail, at).await?;
        Ok(tx.commit().await?)
    }

    /// Sets the webhook and what it is signed with, `""` for none; what waits to be sent goes there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_webhook(
        &self,
        account: AccountId,
        url: &str,
        sealed: &[u8],
        at: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        tx.run_one(
            "setting a webhook",
            "insert into contacts (account_id, mail, hook_url, hook_sealed, changed_at)
             values ($1, '', $2, $3, $4)
             on conflict (account_id) do update set hook_url = $2, hook_sealed = $3,
                 changed_at = $4",
            args![account.0, url, sealed, at],
        )
        .await?;
        outbox::lead(&mut tx, account, SendWay::Webhook, url, at).await?;
        Ok(tx.commit().await?)
    }

    /// By which ways an account wants to be told, in the order of [`AlertKind::ALL`].
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn alert_ways(
        &self,
        account: AccountId,
    ) -> Result<Vec<(AlertKind, AlertWays)>, StoreError> {
        let sql = "select kind, mail, webhook from alert_ways where account_id = $1";
        let all = AlertKind::ALL.iter();
        let mut ways: Vec<_> = all.map(|kind| (*kind, AlertWays::default())).collect();
        for row in self.rows(sql, args![account.0]).await? {
            let kind = AlertKind::read(&row, 0)?;
            let told = AlertWays {
                mail: row.flag(1)?,
                webhook: row.flag(2)?,
            };
            ways.iter_mut()
                .filter(|(own, _)| *own == kind)
                .for_each(|(_, ways)| *ways = told);
        }
        Ok(ways)
    }

    /// Sets by which ways an account wants to be told.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_alert_ways(
        &self,
        account: AccountId,
        ways: &[(AlertKind, AlertWays)],
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for (kind, ways) in ways {
            tx.run_one(
                "setting a way",
                "insert into alert_ways (account_id, kind, mail, webhook) values ($1, $2, $3, $4)
                 on conflict (account_id, kind) do update set mail = $3, webhook = $4",
                args![account.0, kind.name(), ways.mail, ways.webhook],
            )
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Tells an account of something by every way that it has, once for each cause; how many messages
    /// that are.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn tell_account(
        &self,
        account: AccountId,
        cause: &str,
        kind: &str,
        payload: &str,
        at: i64,
    ) -> Result<usize, StoreError> {
        let mut tx = self.write().await?;
        let sql = "select mail, hook_url from contacts where account_id = $1";
        let row = tx.row(sql, args![account.0]).await?;
        let to = match row {
            None => [String::new(), String::new()],
            Some(row) => [row.text(0)?, row.text(1)?],
        };
        let told = tell(&mut tx, account, to, cause, kind, payload, at).await?;
        tx.commit().await?;
        Ok(told)
    }
}

/// Tells an account of an alert by the ways that it wants, within the transaction that raised it.
pub(super) async fn tell_of(
    tx: &mut Tx,
    account: AccountId,
    alert: i64,
    kind: AlertKind,
    payload: &str,
    at: i64,
) -> Result<usize, StoreError> {
    let sql = "select case when coalesce(w.mail, 1) = 1 then c.mail else '' end,
                   case when coalesce(w.webhook, 1) = 1 then c.hook_url else '' end
               from contacts c left join alert_ways w
                   on w.account_id = c.account_id and w.kind = $2
               where c.account_id = $1";
    let Some(row) = tx.row(sql, args![account.0, kind.name()]).await? else {
        return Ok(0);
    };
    let to = [row.text(0)?, row.text(1)?];
    let (cause, kind) = (format!("alert {alert}"), format!("alert.{}", kind.name()));
    tell(tx, account, to, &cause, &kind, payload, at).await
}

/// Puts a message in for each address that is one; first that of mail, then that of the webhook.
async fn tell(
    tx: &mut Tx,
    account: AccountId,
    to: [String; 2],
    cause: &str,
    kind: &str,
    payload: &str,
    at: i64,
) -> Result<usize, StoreError> {
    let mut told = 0;
    for (way, recipient) in [SendWay::Mail, SendWay::Webhook].into_iter().zip(&to) {
        if recipient.is_empty() {
            continue;
        }
        let new = NewMessage {
            account: Some(account),
            cause,
            kind,
            way,
            recipient,
            payload,
            at,
        };
        told += usize::from(outbox::put(tx, &new).await?.is_some());
    }
    Ok(told)
}
