//! Invoices: what customers may ask for, and what an operator notes.

use crate::Accounts;
use vin_core::CreditCode;
use vin_store::{AccountId, Deed, InvoiceKind, MAX_INVOICED, NewInvoice, StoreError};

/// The longest name on an invoice, in characters.
pub const TITLE_CHARS: usize = 100;

/// The longest address of mail, in bytes (RFC 5321).
const MAIL_BYTES: usize = 254;

/// What a customer asks for.
#[derive(Clone, Copy, Debug)]
pub struct InvoiceForm<'a> {
    /// Whom it names.
    pub kind: InvoiceKind,
    /// The name.
    pub title: &'a str,
    /// The tax number; left aside for a person.
    pub tax_number: &'a str,
    /// Where it is sent.
    pub mail: &'a str,
    /// The purchases, by their numbers.
    pub purchases: &'a [&'a str],
}

/// Why an invoice is not asked for, or not issued.
#[derive(Debug, thiserror::Error)]
pub enum InvoiceError {
    /// The name is empty or too long.
    #[error("the name on an invoice has 1 to {TITLE_CHARS} characters")]
    Title,
    /// The tax number of a company is none.
    #[error(
        "a tax number has 15 to 20 letters and digits; one of 18 ends with its check character"
    )]
    TaxNumber,
    /// The address of mail is none.
    #[error("this is no address of mail")]
    Mail,
    /// No purchase was chosen, or too many.
    #[error("an invoice is about 1 to {MAX_INVOICED} purchases")]
    Purchases,
    /// The tax office's number is none.
    #[error("the number of an invoice has 8 to 20 digits")]
    Number,
    /// The store says no, or is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// Asks for an invoice; its id.
    ///
    /// # Errors
    /// [`InvoiceError`]; [`StoreError::NoPurchase`] for a purchase that no invoice can be asked for.
    pub async fn ask_for_invoice(
        &self,
        account: AccountId,
        form: &InvoiceForm<'_>,
    ) -> Result<i64, InvoiceError> {
        let title = form.title.trim();
        if !(1..=TITLE_CHARS).contains(&title.chars().count())
            || title.chars().any(char::is_control)
        {
            return Err(InvoiceError::Title);
        }
        let tax_number = match form.kind {
            InvoiceKind::Person => String::new(),
            InvoiceKind::Company => tax_number(form.tax_number).ok_or(InvoiceError::TaxNumber)?,
        };
        let mail = form.mail.trim();
        if !is_mail(mail) {
            return Err(InvoiceError::Mail);
        }
        let mut purchases = form.purchases.to_vec();
        purchases.sort_unstable();
        purchases.dedup();
        if !(1..=MAX_INVOICED).contains(&purchases.len()) {
            return Err(InvoiceError::Purchases);
        }
        let new = NewInvoice {
            account,
            kind: form.kind,
            title,
            tax_number: &tax_number,
            mail,
            purchases: &purchases,
            at: self.now(),
        };
        Ok(self.store().request_invoice(&new).await?)
    }

    /// Takes an invoice back that the account has asked for.
    ///
    /// # Errors
    /// [`StoreError::NoInvoice`] when it does not wait.
    pub async fn withdraw_invoice(&self, account: AccountId, id: i64) -> Result<(), StoreError> {
        let deed = Deed {
            at: self.now(),
            reason: "",
            actor: &format!("account {}", account.0),
        };
        self.store().withdraw_invoice(id, account, deed).await
    }

    /// Notes that the tax office's paper exists, under its number.
    ///
    /// # Errors
    /// [`InvoiceError::Number`]; [`StoreError::NoInvoice`], [`StoreError::InvoiceChanged`].
    pub async fn issue_invoice(
        &self,
        id: i64,
        number: &str,
        actor: &str,
    ) -> Result<(), InvoiceError> {
        let number = number.trim();
        let plain = number.bytes().all(|b| b.is_ascii_digit());
        if !plain || !(8..=20).contains(&number.len()) {
            return Err(InvoiceError::Number);
        }
        let deed = Deed {
            at: self.now(),
            reason: "",
            actor,
        };
        Ok(self.store().issue_invoice(id, number, deed).await?)
    }
}

/// A tax number in capitals. One of 18 characters is the organisation's code, with its check character.
fn tax_number(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
    let good = match text.len() {
        18 => CreditCode::parse(&text).is_ok(),
        length => (15..=20).contains(&length),
    };
    (plain && good).then_some(text)
}

/// Whether a text can be an address of mail.
fn is_mail(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| !c.is_whitespace() && !c.is_control())
    };
    let parts = text.split_once('@');
    text.len() <= MAIL_BYTES
        && parts.is_some_and(|(name, host)| {
            plain(name) && plain(host) && host.contains('.') && !host.contains('@')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_no_address_of_mail_is_refused() {
        for good in [
            "a@b.cn",
            "财务@例子.公司",
            "first.last+tag@mail.example.com",
        ] {
            assert!(is_mail(good), "{good}");
        }
        let long = format!("{}@b.cn", "a".repeat(250));
        for bad in [
            "",
            "a",
            "@b.cn",
            "a@",
            "a@b",
            "a b@c.cn",
            "a@b@c.cn",
            "a@b.cn\r\nBcc: x@y.cn",
            &long,
        ] {
            assert!(!is_mail(bad), "{bad}");
        }
    }

    #[test]
    fn a_tax_number_is_letters_and_digits() {
        assert_eq!(
            tax_number(" 91350100m000100y43 ").as_deref(),
            Some("91350100M000100Y43")
        );
        for bad in [
            "",
            "9135010",
            "91350100M000100Y4-",
            "九一三五零一零零零零零零零零零",
        ] {
            assert_eq!(tax_number(bad), None, "{bad}");
        }
    }
}
