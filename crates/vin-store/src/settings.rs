//! Values that the database remembers about itself.

use crate::db::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// Sets a value that is set only once; returns the one that holds, old or new.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn settle(&self, name: &str, value: &str) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        tx.run(
            "insert into settings (name, value) values ($1, $2) on conflict (name) do nothing",
            args![name, value],
        )
        .await?;
        let held = tx
            .row("select value from settings where name = $1", args![name])
            .await?
            .ok_or(sqlx::Error::RowNotFound)?
            .text(0)?;
        tx.commit().await?;
        Ok(held)
    }
}
