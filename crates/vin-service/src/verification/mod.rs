//! Real names: handing them in, looking at them, deciding about them, erasing them.
//!
//! What tells who somebody is is sealed before it reaches the store, and whoever opens it is noted
//! first: an operator with a reason, or the channel.

mod asking;
mod identity;
mod picture;

pub use asking::CHANNEL;
pub use identity::{Identity, IdentityError, MAX_COMPANY, MAX_PERSON};
pub use picture::{MAX_PICTURE, Picture, PictureError};
pub use vin_store::{MAX_SUBMISSIONS, PictureKind, Submission, SubmissionKind, SubmissionState};

use crate::Accounts;
use crate::people::Origin;
use vin_core::Lang;
use vin_store::{AccountId, Deed, Lookup, NewAudit, NewSubmission, OperatorRow, StoreError};

/// The longest reason, in characters.
pub const MAX_REASON: usize = 200;

/// Why nothing was handed in, shown or decided.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The account is verified already.
    #[error("the real name is verified already")]
    Done,
    /// Another submission waits.
    #[error("another submission waits to be decided")]
    Open,
    /// Too much was handed in within a day.
    #[error("at most {MAX_SUBMISSIONS} submissions are taken in 24 hours")]
    TooMany,
    /// A company hands in a picture of its licence.
    #[error("a picture of the licence is needed")]
    NoPicture,
    /// There is no reason, or a very long one.
    #[error("a reason of 1 to {MAX_REASON} characters is needed")]
    Reason,
    /// There is no such submission, or its data are erased.
    #[error("there is no such submission, or its data were erased")]
    Nothing,
    /// The data do not open: they were changed, or belong elsewhere.
    #[error("the sealed data do not open")]
    Damaged,
    /// A cipher refused to work.
    #[error("the data could not be encrypted")]
    Cipher,
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl VerifyError {
    /// The reason in words; `None` when it is our fault.
    pub fn text(&self, lang: Lang) -> Option<String> {
        let zh = match self {
            Self::Done => "该账户已通过实名认证".to_owned(),
            Self::Open => "已有资料等待审核，请等待结果，或先撤回".to_owned(),
            Self::TooMany => format!("24 小时内最多提交 {MAX_SUBMISSIONS} 次，请明天再试"),
            Self::NoPicture => "企业认证需要上传营业执照图片".to_owned(),
            Self::Reason => format!("请填写原因，1 至 {MAX_REASON} 个字"),
            Self::Nothing => "没有这份资料，或者已经删除".to_owned(),
            Self::Damaged | Self::Cipher | Self::Store(_) => return None,
        };
        Some(match lang {
            Lang::Zh => zh,
            Lang::En => self.to_string(),
        })
    }
}

impl From<StoreError> for VerifyError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AlreadyVerified => Self::Done,
            StoreError::SubmissionOpen => Self::Open,
            StoreError::TooManySubmissions => Self::TooMany,
            error => Self::Store(error),
        }
    }
}

/// What an operator looked at.
#[derive(Debug)]
pub struct Looked {
    /// The name and the number.
    pub identity: Identity,
    /// The picture of the licence.
    pub picture: Option<Picture>,
}

impl Accounts {
    /// Takes what a customer hands in; its id. A picture is kept of a company's only.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub async fn submit(
        &self,
        account: AccountId,
        identity: &Identity,
        picture: Option<&Picture>,
    ) -> Result<i64, VerifyError> {
        let picture = match identity.kind() {
            SubmissionKind::Person => None,
            SubmissionKind::Company => Some(picture.ok_or(VerifyError::NoPicture)?),
        };
        let reference = self.fresh_text();
        let sealed = self.seal_part("identity", &reference, identity.to_json().as_bytes())?;
        let picture = picture
            .map(|picture| {
                let sealed = self.seal_part("licence", &reference, picture.bytes())?;
                Ok::<_, VerifyError>((picture.kind(), sealed))
            })
            .transpose()?;
        let new = NewSubmission {
            account,
            kind: identity.kind(),
            reference: &reference,
            sealed: &sealed,
            masked: &identity.masked(),
            picture: picture.as_ref().map(|(kind, sealed)| (*kind, &**sealed)),
            at: self.now(),
        };
        Ok(self.store().submit(&new).await?)
    }

    /// Opens a submission for an operator. That he or she does, and why, is noted before.
    ///
    /// # Errors
    /// [`VerifyError::Reason`], [`VerifyError::Nothing`]; [`VerifyError::Damaged`].
    pub async fn look_at_submission(
        &self,
        id: i64,
        operator: &OperatorRow,
        reason: &str,
        origin: Origin<'_>,
    ) -> Result<Looked, VerifyError> {
        let reason = checked(reason)?;
        let row = self.waiting(id).await?;
        let subject = subject(&row);
        self.note_deed(operator, "verification.look", &subject, reason, origin)
            .await?;
        let identity = self.open_identity(&row).await?;
        let picture = match row.picture {
            None => None,
            Some(kind) => {
                let sealed = self.store().sealed_picture(id).await?;
                let sealed = sealed.ok_or(VerifyError::Nothing)?;
                let lookup = self.part("licence", &row.reference);
                let bytes = self.vault().open_bytes(&lookup, &sealed);
                Some(Picture::of(kind, bytes.ok_or(VerifyError::Damaged)?))
            }
        };
        Ok(Looked { identity, picture })
    }

    /// Approves a submission, which verifies its account, or rejects it with a reason; whether it still
    /// waited.
    ///
    /// # Errors
    /// [`VerifyError::Reason`], [`VerifyError::Nothing`].
    pub async fn decide_submission(
        &self,
        id: i64,
        approved: bool,
        operator: &OperatorRow,
        reason: &str,
        origin: Origin<'_>,
    ) -> Result<bool, VerifyError> {
        let reason = match (approved, reason.trim()) {
            (true, "") => "",
            (_, reason) => checked(reason)?,
        };
        let row = self.store().submission(id, None).await?;
        let row = row.ok_or(VerifyError::Nothing)?;
        let actor = format!("operator {}", operator.name);
        let deed = Deed {
            at: self.now(),
            reason,
            actor: &actor,
        };
        let decided = self.store().decide_submission(id, approved, deed).await?;
        if decided {
            let action = match approved {
                true => "verification.approve",
                false => "verification.reject",
            };
            self.note_deed(operator, action, &subject(&row), reason, origin)
                .await?;
        }
        Ok(decided)
    }

    /// Erases what an account has handed in, for ever; of how many submissions. That it was verified, and
    /// when, stays. `actor` is who wants it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn erase_submissions(
        &self,
        account: AccountId,
        actor: &str,
        reason: &str,
        origin: Origin<'_>,
    ) -> Result<u64, StoreError> {
        let erased = self.store().erase_submissions(account, self.now()).await?;
        let deed = NewAudit {
            at: self.now(),
            actor,
            action: "verification.erase",
            subject: &format!("account {}", account.0),
            detail: &format!("{erased} submissions: {reason}"),
            address: origin.address,
        };
        self.store().note_deed(&deed).await?;
        Ok(erased)
    }

    /// A submission whose data are there.
    async fn waiting(&self, id: i64) -> Result<Submission, VerifyError> {
        let row = self.store().submission(id, None).await?;
        row.filter(|row| row.erased_at == 0)
            .ok_or(VerifyError::Nothing)
    }

    /// Opens what a submission says; whoever calls has noted it.
    async fn open_identity(&self, row: &Submission) -> Result<Identity, VerifyError> {
        let sealed = self.store().sealed_submission(row.id).await?;
        let sealed = sealed.ok_or(VerifyError::Nothing)?;
        let lookup = self.part("identity", &row.reference);
        let text = self.vault().open(&lookup, &sealed);
        let identity = text.and_then(|text| Identity::of_json(row.kind, &text));
        identity.ok_or(VerifyError::Damaged)
    }

    /// What a part of a submission is sealed for: it opens there and nowhere else.
    fn part(&self, part: &str, reference: &str) -> Lookup {
        self.vault().token(part, reference)
    }

    fn seal_part(&self, part: &str, reference: &str, bytes: &[u8]) -> Result<Vec<u8>, VerifyError> {
        let lookup = self.part(part, reference);
        let sealed = self.vault().seal_bytes(self.random(), &lookup, bytes);
        sealed.ok_or(VerifyError::Cipher)
    }
}

/// What a submission is called in the log of deeds.
fn subject(row: &Submission) -> String {
    format!("submission {} of account {}", row.id, row.account.0)
}

fn checked(reason: &str) -> Result<&str, VerifyError> {
    let reason = reason.trim();
    let fits = (1..=MAX_REASON).contains(&reason.chars().count());
    fits.then_some(reason).ok_or(VerifyError::Reason)
}
