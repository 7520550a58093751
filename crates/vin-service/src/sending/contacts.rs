//! Where an account is told: an address of mail, once a link that was sent there came back, and a
//! webhook with the secret that it is signed with.
//!
//! Mail with a link in it never stands in the outbox, for what opens something is in the database as a
//! keyed hash only. It is sent at once, and who wants it tries again.

use super::words::Text;
use crate::people::{Gate, LinkError, LinkToken};
use crate::{Accounts, Service};
use std::sync::Arc;
use vin_send::{HookError, SECRET_BYTES, Undelivered, is_address, is_url};
use vin_store::{AccountId, Contacts, Lookup, Message, NewMessage, Purpose, SendWay, StoreError};

/// For how many seconds a link to confirm an address works.
pub const MAIL_LIVES: i64 = 24 * 3_600;

/// Why an address was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// It is no address of mail.
    #[error("this is no address of mail")]
    Address,
    /// No mail can be sent here.
    #[error("mail is not set up")]
    NoMail,
    /// Too many were wanted lately.
    #[error("too many mails or tests in an hour")]
    TooMany,
    /// The mail did not arrive at the operator's server.
    #[error(transparent)]
    Undelivered(#[from] Undelivered),
    /// The URL is none that is posted to.
    #[error(transparent)]
    Url(#[from] HookError),
    /// A cipher refused to work.
    #[error("the secret could not be encrypted")]
    Cipher,
    /// There is nothing that could be tried.
    #[error("there is no such address")]
    Nothing,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// Takes the address of mail that a link confirms.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn confirm_mail(&self, link: &LinkToken) -> Result<(), LinkError> {
        let row = self.link(Purpose::Mail, link).await?;
        let row = row.ok_or(LinkError::Over)?;
        self.use_link(Purpose::Mail, link).await?;
        let (account, now) = (AccountId(row.holder), self.now());
        self.store().set_mail(account, &row.detail, now).await?;
        Ok(())
    }

    /// What the webhooks of an account are signed with, if it has one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn webhook_secret(&self, account: AccountId) -> Result<Option<String>, StoreError> {
        let contacts = self.store().contacts(account).await?;
        Ok(self.open_secret(account, &contacts))
    }

    /// Signs the webhooks of an account with another secret from now on.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn renew_webhook_secret(&self, account: AccountId) -> Result<(), ContactError> {
        let contacts = self.store().contacts(account).await?;
        if contacts.hook_url.is_empty() {
            return Err(ContactError::Nothing);
        }
        let sealed = self.fresh_secret(account)?;
        let (store, now) = (self.store(), self.now());
        store
            .set_webhook(account, &contacts.hook_url, &sealed, now)
            .await?;
        Ok(())
    }

    pub(super) fn open_secret(&self, account: AccountId, contacts: &Contacts) -> Option<String> {
        let lookup = self.webhook_lookup(account);
        self.vault().open(&lookup, &contacts.hook_sealed)
    }

    fn fresh_secret(&self, account: AccountId) -> Result<Vec<u8>, ContactError> {
        let mut bytes = [0; SECRET_BYTES];
        self.random().fill(&mut bytes);
        let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let lookup = self.webhook_lookup(account);
        let sealed = self.vault().seal(self.random(), &lookup, &secret);
        sealed.ok_or(ContactError::Cipher)
    }

    fn webhook_lookup(&self, account: AccountId) -> Lookup {
        self.vault().token("webhook", &account.0.to_string())
    }
}

impl Service {
    /// Sends a link to an address of mail; the account is told there once somebody has opened it.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn ask_for_mail(
        &self,
        account: AccountId,
        address: &str,
    ) -> Result<(), ContactError> {
        if !is_address(address) {
            return Err(ContactError::Address);
        }
        self.may_mail(&format!("account {}", account.0)).await?;
        // Nobody is flooded by many accounts either.
        self.may_mail(&format!("to {address}")).await?;
        let accounts = self.accounts();
        let link = accounts
            .make_link(Purpose::Mail, account.0, address, MAIL_LIVES)
            .await?;
        let titles = ["确认邮箱", "Confirm your address"];
        let texts = [
            "有人希望在此邮箱接收账户通知。如果是您，请在 24 小时内打开链接并确认；否则请忽略。".to_owned(),
            "Somebody wants to be told of an account at this address. If it was you, open the link within 24 hours; if not, ignore this.".to_owned(),
        ];
        let path = format!("/mail/{}", link.reveal());
        let text = self.text(titles, texts, &path).await?;
        Ok(self.mail_link(address, &text).await?)
    }

    /// Sends a link to set a new password, where the number has an account with a confirmed address. It
    /// goes on beside the page, which is the same for every number.
    ///
    /// # Errors
    /// [`ContactError::NoMail`], [`ContactError::TooMany`].
    pub async fn mail_reset(self: &Arc<Self>, phone: &str, from: &str) -> Result<(), ContactError> {
        self.may_mail(&format!("reset from {from}")).await?;
        let (service, phone) = (self.clone(), phone.to_owned());
        tokio::spawn(async move {
            if let Err(error) = service.mail_reset_to(&phone).await {
                tracing::warn!(%error, "a link to set a new password was not sent");
            }
        });
        Ok(())
    }

    async fn mail_reset_to(&self, phone: &str) -> Result<(), ContactError> {
        let accounts = self.accounts();
        let store = accounts.store();
        let phone = crate::Phone::parse(phone);
        let phone = phone.ok_or(ContactError::Nothing)?;
        let account = store.account_by_phone(phone.as_str()).await?;
        let account = account.ok_or(ContactError::Nothing)?;
        let address = store.contacts(account).await?.mail;
        if address.is_empty() {
            return Err(ContactError::Nothing);
        }
        self.may_mail(&format!("reset of account {}", account.0))
            .await?;
        let link = accounts.reset_link(account).await?;
        let titles = ["设置新密码", "Set a new password"];
        let texts = [
            "请在一小时内打开链接设置新密码，链接只能使用一次。不是您本人操作请忽略。".to_owned(),
            "Open the link within an hour to set a new password; it works once. If it was not you, ignore this.".to_owned(),
        ];
        let path = format!("/reset/{}", link.reveal());
        let text = self.text(titles, texts, &path).await?;
        Ok(self.mail_link(&address, &text).await?)
    }

    /// Sets the webhook of an account, `""` for none. One that had none gets a secret.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn set_webhook(&self, account: AccountId, url: &str) -> Result<(), ContactError> {
        let accounts = self.accounts();
        let (store, now) = (accounts.store(), accounts.now());
        if url.is_empty() {
            return Ok(store.set_webhook(account, "", &[], now).await?);
        }
        is_url(url, &self.outgoing().allowed)?;
        let contacts = store.contacts(account).await?;
        let sealed = match contacts.hook_sealed.is_empty() {
            true => accounts.fresh_secret(account)?,
            false => contacts.hook_sealed,
        };
        Ok(store.set_webhook(account, url, &sealed, now).await?)
    }

    /// Posts a test to the webhook of an account; what came of it.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn test_webhook(&self, account: AccountId) -> Result<Message, ContactError> {
        let contacts = self.accounts().store().contacts(account).await?;
        let to = contacts.hook_url;
        self.test(Some(account), SendWay::Webhook, &to).await
    }

    /// Sends a test to the operators by mail or webhook; what came of it.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn test_operators(&self, way: SendWay) -> Result<Message, ContactError> {
        let all = self.outgoing().operators();
        let to = all.into_iter().find(|(own, _)| *own == way);
        let (_, to) = to.ok_or(ContactError::Nothing)?;
        self.test(None, way, to).await
    }

    async fn test(
        &self,
        account: Option<AccountId>,
        way: SendWay,
        recipient: &str,
    ) -> Result<Message, ContactError> {
        if recipient.is_empty() {
            return Err(ContactError::Nothing);
        }
        let place = account.map_or_else(String::new, |account| account.0.to_string());
        let passed = self.accounts().pass(Gate::Test, &place).await;
        passed.map_err(|_| ContactError::TooMany)?;
        let new = NewMessage {
            account,
            cause: "",
            kind: "",
            way,
            recipient,
            payload: "",
            at: 0,
        };
        let sent = self.send_test(new).await?;
        sent.ok_or(ContactError::Nothing)
    }

    /// Whether mail with a link may be sent to or for somebody now.
    async fn may_mail(&self, place: &str) -> Result<(), ContactError> {
        if self.outgoing().mailer.is_none() {
            return Err(ContactError::NoMail);
        }
        let passed = self.accounts().pass(Gate::Mail, place).await;
        passed.map(drop).map_err(|_| ContactError::TooMany)
    }

    async fn mail_link(&self, to: &str, text: &Text) -> Result<(), Undelivered> {
        let accounts = self.accounts();
        let id = accounts.fresh_text();
        self.mail(to, text, &id, accounts.now()).await
    }
}
