//! Alerts of customers, looked for in the background. Nothing is sent anywhere here.

use crate::Service;
use vin_store::{Found, StoreError};

impl Service {
    /// Raises and ends alerts of all accounts, when it is this node's turn; with several nodes it is
    /// that of one in each minute.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_alerts(&self) -> Result<Found, StoreError> {
        let (store, now) = (self.accounts().store(), self.accounts().now());
        match store.take_alert_turn(now).await? {
            true => store.find_alerts(None, now).await,
            false => Ok(Found::default()),
        }
    }
}
