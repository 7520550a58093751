//! Mail: one text to one recipient, over an SMTP server of the operator's.

use crate::Undelivered;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, UNIX_EPOCH};
use tokio::time::timeout;
use url::Url;

/// How long a connection may take.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How long all of one mail may take.
const MAIL_TIME: Duration = Duration::from_secs(20);
/// The longest address that SMTP can carry.
const MOST_ADDRESS: usize = 254;

/// A mail to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'a> {
    /// The address that it goes to.
    pub to: &'a str,
    /// What it is about, in one line.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// What becomes its `Message-ID`, with the domain of the sender: the same mail keeps it.
    pub id: &'a str,
    /// When it was written, in seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// What sends mail.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// What is told of the server: no user, no password.
    server: String,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailer({})", self.server)
    }
}

/// Why no mail can be sent with such settings.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The server's address is none.
    #[error(
        "must be smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST?tls=required, or smtp://HOST"
    )]
    Url,
    /// A password would be sent in the clear.
    #[error("sends the password in the clear: use smtps://, or ?tls=required")]
    Clear,
    /// TLS cannot be prepared.
    #[error("TLS cannot be prepared: {0}")]
    Tls(String),
    /// The sender is none.
    #[error("must be an address, such as VIN <no-reply@example.com>")]
    From,
}

/// Whether a text is an address that mail can go to.
pub fn is_address(text: &str) -> bool {
    let plain = text.is_ascii() && text.len() <= MOST_ADDRESS && !text.contains(['"', '[']);
    plain && text.parse::<Address>().is_ok()
}

impl Mailer {
    /// Sends by the server at a URL, as this sender.
    ///
    /// # Errors
    /// [`MailerError`]; no text of it holds the password.
    pub fn new(url: &str, from: &str) -> Result<Self, MailerError> {
        let from: Mailbox = from.parse().map_err(|_| MailerError::From)?;
        if !is_address(from.email.as_ref()) {
            return Err(MailerError::From);
        }
        let parsed = Url::parse(url).map_err(|_| MailerError::Url)?;
        let host = parsed.host_str().ok_or(MailerError::Url)?;
        let query = parsed.query();
        match (parsed.scheme(), query, parsed.password()) {
            ("smtps", None, _) | ("smtp", Some("tls=required"), _) | ("smtp", None, None) => {}
            ("smtp", None, Some(_)) if is_here(host) => {}
            ("smtp", None, Some(_)) => return Err(MailerError::Clear),
            _ => return Err(MailerError::Url),
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        let builder = builder.map_err(|error| match error.is_tls() {
            true => MailerError::Tls(error.to_string()),
            false => MailerError::Url,
        })?;
        let hello = ClientId::Domain(from.email.domain().to_owned());
        Ok(Self {
            transport: builder
                .hello_name(hello)
                .timeout(Some(CONNECT_TIME))
                .build(),
            server: format!("{}://{host}", parsed.scheme()),
            from,
        })
    }

    /// Which server sends, without user and password.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// As whom it sends.
    pub fn sender(&self) -> String {
        self.from.to_string()
    }

    /// Sends a mail; once this returns `Ok` the server has it.
    ///
    /// # Errors
    /// [`Undelivered`]. The server may have it all the same when the connection was lost at the end.
    pub async fn send(&self, mail: &Mail<'_>) -> Result<(), Undelivered> {
        let message = self.message(mail)?;
        let sent = timeout(MAIL_TIME, self.transport.send(message)).await;
        let Ok(sent) = sent else {
            let why = format!("SMTP: no end within {} s", MAIL_TIME.as_secs());
            let lasting = false;
            return Err(Undelivered { why, lasting });
        };
        sent.map(drop).map_err(|error| Undelivered {
            why: format!("SMTP: {}", chain(&error)),
            // What is wrong with the password, 53x, an operator sets right.
            lasting: error.is_permanent()
                && error
                    .status()
                    .is_none_or(|code| !code.to_string().starts_with("53")),
        })
    }

    fn message(&self, mail: &Mail<'_>) -> Result<Message, Undelivered> {
        let lasting = |why: String| Undelivered { why, lasting: true };
        let to: Address = match is_address(mail.to) {
            true => mail.to.parse().map_err(|_| lasting(mail.to.to_owned())),
            false => Err(lasting("this is no address".to_owned())),
        }?;
        let since = Duration::from_secs(mail.at.max(0).cast_unsigned());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .date(UNIX_EPOCH + since)
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.to_owned())
            .map_err(|error| lasting(error.to_string()))
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// An error with what it comes from.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
