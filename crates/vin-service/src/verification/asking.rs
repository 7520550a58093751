//! Putting submissions to the verification channel, in the background: each once, for it may cost money.
//! What it does not decide, a person does.

use super::{Identity, VerifyError, subject};
use crate::Service;
use crate::people::AccountId;
use std::time::Duration;
use vin_channel::{Verdict, Verifier};
use vin_store::{Deed, NewAudit, StoreError, Submission};

/// Who decided where the channel did.
pub const CHANNEL: &str = "channel";

/// How often it is looked whether something waits that another node has taken in.
const LOOK_EVERY: Duration = Duration::from_secs(20);

impl Service {
    /// Takes what a customer hands in, and has it put to the channel soon.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub async fn submit(
        &self,
        account: AccountId,
        identity: &Identity,
        picture: Option<&super::Picture>,
    ) -> Result<i64, VerifyError> {
        let id = self.accounts().submit(account, identity, picture).await?;
        self.submitted.notify_one();
        Ok(id)
    }

    /// Puts what waits to the channel, as long as there is one.
    pub(crate) async fn look_at_submissions(&self) {
        let Some(verifier) = &self.policy.verifier else {
            return;
        };
        loop {
            if let Err(error) = self.verify_waiting(verifier).await {
                tracing::error!(%error, "submissions could not be looked at");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.submitted.notified() => {}
            }
        }
    }

    /// Puts everything that waits to a channel, one after the other.
    async fn verify_waiting(&self, verifier: &Verifier) -> Result<(), StoreError> {
        let (persons, companies) = verifier.knows();
        let store = self.accounts().store();
        loop {
            let now = self.accounts().now();
            let Some(id) = store.take_submission(persons, companies, now).await? else {
                return Ok(());
            };
            let Some(row) = store.submission(id, None).await? else {
                continue;
            };
            match self.verify(verifier, &row).await {
                Ok(()) => {}
                Err(VerifyError::Store(error)) => return Err(error),
                // Erased meanwhile.
                Err(VerifyError::Nothing) => {}
                Err(error) => tracing::error!(%error, id, "a submission could not be opened"),
            }
        }
    }

    /// Puts one submission to a channel, and decides it when the channel knows.
    async fn verify(&self, verifier: &Verifier, row: &Submission) -> Result<(), VerifyError> {
        let accounts = self.accounts();
        let deed = NewAudit {
            at: accounts.now(),
            actor: CHANNEL,
            action: "verification.ask",
            subject: &subject(row),
            detail: verifier.name(),
            address: "",
        };
        accounts.store().note_deed(&deed).await?;
        let identity = accounts.open_identity(row).await?;
        let asked = verifier.ask(&identity.claim(), self.today()).await;
        let approved = match asked {
            Some(Ok(Verdict::Yes)) => true,
            Some(Ok(Verdict::No)) => false,
            Some(Ok(Verdict::Unsure)) | None => return Ok(()),
            Some(Err(fault)) => {
                // A fault repeats nothing of what was asked.
                let name = verifier.name();
                tracing::warn!(channel = name, id = row.id, %fault, "a person has to verify this");
                return Ok(());
            }
        };
        let reason = match approved {
            true => "name and number belong together",
            false => "name and number do not belong together",
        };
        let deed = Deed {
            at: accounts.now(),
            reason,
            actor: CHANNEL,
        };
        accounts
            .store()
            .decide_submission(row.id, approved, deed)
            .await?;
        Ok(())
    }
}
