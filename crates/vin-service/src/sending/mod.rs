//! Sending what stands in the outbox: mail and webhooks, tried again later when they fail.
//!
//! What is sent belongs to this node for [`LEASE`] seconds, so that no other sends it too. Everything
//! that is to be told has a kind and a payload; `words` turns them into mail, a webhook carries them
//! as they are.

mod contacts;
mod words;

pub use contacts::{ContactError, MAIL_LIVES};
pub use words::{sentence, title};

use crate::Service;
use futures_util::future::join_all;
use ipnet::IpNet;
use std::fmt;
use std::time::Duration;
use vin_channel::Network;
use vin_send::{Event, Hook, Mail, Mailer, Undelivered};
use vin_store::{Message, NewMessage, SendWay, StoreError};

/// After how many seconds it is tried again, by how often it was tried.
pub const DELAYS: [i64; 5] = [60, 300, 1_800, 7_200, 21_600];
/// For how many days the log is kept.
pub const KEEP_DAYS: i64 = 90;
/// For how many seconds a message belongs to the node that sends it: much longer than that takes.
pub const LEASE: i64 = 120;
/// How many messages a node sends at once.
const AT_ONCE: u32 = 16;
/// How often a node looks for messages.
const SEND_EVERY: Duration = Duration::from_secs(5);

/// What a message for trying is called; it is sent once.
const TEST: &str = "test";

/// How messages leave, as the operator has set it up.
#[derive(Clone, Default)]
pub struct Outgoing {
    /// What sends mail.
    pub mailer: Option<Mailer>,
    /// What reaches webhooks.
    pub network: Option<Network>,
    /// Networks that webhooks may be in beside the public internet.
    pub allowed: Vec<IpNet>,
    /// Where people reach this server, such as `https://vin.example.com`.
    pub base: String,
    /// Where operators get mail, `""` for nowhere.
    pub operator_mail: String,
    /// Where operators are told by webhook, `""` for nowhere.
    pub operator_url: String,
    /// What that is signed with.
    pub operator_secret: String,
    /// After how many seconds operators are told of a channel that does not work.
    pub channel_patience: i64,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({:?}, {})", self.mailer, self.base)
    }
}

impl Outgoing {
    /// Where operators are told.
    pub(crate) fn operators(&self) -> Vec<(SendWay, &str)> {
        let all = [
            (SendWay::Mail, self.operator_mail.as_str()),
            (SendWay::Webhook, self.operator_url.as_str()),
        ];
        let mut all = Vec::from(all);
        all.retain(|(_, to)| !to.is_empty());
        all
    }
}

impl Service {
    /// How messages leave.
    pub fn outgoing(&self) -> &Outgoing {
        &self.policy.outgoing
    }

    /// Sends messages whose time has come; how many were tried. With several nodes each sends others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn send_waiting(&self) -> Result<usize, StoreError> {
        let (store, now) = (self.accounts().store(), self.accounts().now());
        let instance = self.meter.instance();
        let claimed = store
            .claim_messages(instance, now, now + LEASE, AT_ONCE)
            .await?;
        let sent = claimed.iter().map(|message| self.send(message));
        let tried = claimed.len();
        for sent in join_all(sent).await {
            sent?;
        }
        Ok(tried)
    }

    /// Sends messages as long as the service runs, apart from what must be fresh.
    pub(crate) async fn send_messages(&self) {
        loop {
            match self.send_waiting().await {
                // There may be more.
                Ok(tried) if tried == AT_ONCE as usize => continue,
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "messages could not be sent"),
            }
            tokio::time::sleep(SEND_EVERY).await;
        }
    }

    /// Sends a message for trying, at once and once; what came of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn send_test(
        &self,
        new: NewMessage<'_>,
    ) -> Result<Option<Message>, StoreError> {
        let accounts = self.accounts();
        let (store, now) = (accounts.store(), accounts.now());
        let cause = format!("test {}", accounts.fresh_text());
        let new = NewMessage {
            cause: &cause,
            kind: TEST,
            payload: "{}",
            at: now,
            ..new
        };
        let Some(id) = store.post_message(&new).await? else {
            return Ok(None);
        };
        let instance = self.meter.instance();
        let claimed = store.claim_message(instance, id, now, now + LEASE).await?;
        if let Some(message) = claimed {
            self.send(&message).await?;
        }
        store.message(id).await
    }

    /// Sends a message that this node has claimed, and notes what came of it.
    async fn send(&self, message: &Message) -> Result<(), StoreError> {
        let sent = match message.way {
            SendWay::Mail => self.send_mail(message).await?,
            SendWay::Webhook => self.send_webhook(message).await?,
        };
        let (store, now) = (self.accounts().store(), self.accounts().now());
        let (id, instance) = (message.id, self.meter.instance());
        let held = match sent {
            Ok(()) => store.message_sent(id, instance, now).await?,
            Err(Undelivered { why, lasting }) => {
                let once = lasting || message.kind == TEST;
                let tries = usize::try_from(message.tries).unwrap_or(usize::MAX);
                let delay = DELAYS.get(tries).filter(|_| !once);
                let next = delay.map(|delay| now + delay);
                let way = message.way.name();
                tracing::warn!(id, way, why, given_up = next.is_none(), "not delivered");
                store.message_failed(id, instance, &why, next, now).await?
            }
        };
        if !held {
            tracing::warn!(id, "a message took longer than its claim, and may go twice");
        }
        Ok(())
    }

    async fn send_mail(&self, message: &Message) -> Result<Result<(), Undelivered>, StoreError> {
        let text = self.text_of(message).await?;
        Ok(self
            .mail(
                &message.recipient,
                &text,
                &self.message_id(message),
                message.created_at,
            )
            .await)
    }

    /// Sends a mail now.
    async fn mail(
        &self,
        to: &str,
        text: &words::Text,
        id: &str,
        at: i64,
    ) -> Result<(), Undelivered> {
        let Some(mailer) = &self.outgoing().mailer else {
            let why = "mail is not set up".to_owned();
            return Err(Undelivered {
                why,
                lasting: false,
            });
        };
        let mail = Mail {
            to,
            subject: &text.subject,
            text: &text.body,
            id,
            at,
        };
        mailer.send(&mail).await
    }

    async fn send_webhook(&self, message: &Message) -> Result<Result<(), Undelivered>, StoreError> {
        let out = self.outgoing();
        let undelivered = |why: &str, lasting| {
            let why = why.to_owned();
            Ok(Err(Undelivered { why, lasting }))
        };
        let secret = match message.account {
            None if message.recipient == out.operator_url => Some(out.operator_secret.clone()),
            None => None,
            Some(account) => {
                let contacts = self.accounts().store().contacts(account).await?;
                let known = contacts.hook_url == message.recipient;
                let secret = self.accounts().open_secret(account, &contacts);
                secret.filter(|_| known)
            }
        };
        let (Some(secret), Some(network)) = (secret, &out.network) else {
            return undelivered("this address is not in use any more", true);
        };
        let data = serde_json::from_str(&message.payload).unwrap_or_default();
        let id = self.message_id(message);
        let event = Event {
            id: &id,
            kind: &message.kind,
            account: message.account.map(|account| account.0),
            time: message.created_at,
            data: &data,
        };
        let hook = Hook {
            url: &message.recipient,
            secret: &secret,
            allowed: &out.allowed,
        };
        Ok(hook.post(network, &event, self.accounts().now()).await)
    }

    /// What receivers know a message by, however often it comes.
    fn message_id(&self, message: &Message) -> String {
        let vault = self.accounts().vault();
        vault.tag("message", &message.id.to_string())
    }
}
