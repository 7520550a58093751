//! Values that the database remembers about itself.

use crate::{Store, StoreError};

impl Store {
    /// Sets a value that is set only once; returns the one that holds, old or new.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn settle(&self, name: &str, value: &str) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        sqlx::query(
            "insert into settings (name, value) values ($1, $2) on conflict (name) do nothing",
        )
        .bind(name)
        .bind(value)
        .execute(&mut *tx)
        .await?;
        let held = sqlx::query_scalar("select value from settings where name = $1")
            .bind(name)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(held)
    }
}
