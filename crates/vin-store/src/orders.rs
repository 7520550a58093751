//! Blocks of order numbers, reserved before a number of them is used.

use crate::db::sql::args;
use crate::{Store, StoreError};

/// How many order numbers a node has for each day.
pub const NUMBERS_PER_DAY: u32 = 1_000_000_000;

/// Order numbers that belong to one process alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The day that they are for, `YYYYMMDD`.
    pub day: u32,
    /// The first.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

impl Store {
    /// Reserves `count` (at least 1) order numbers of a node and day.
    ///
    /// When this returns they are on disk, so no other process, node with the same number, or
    /// later start can be given one of them again. A process that dies loses what it had left.
    ///
    /// # Errors
    /// [`StoreError::OrderNumbersUsedUp`] when fewer than `count` are left.
    pub async fn reserve_orders(
        &self,
        node: u16,
        day: u32,
        count: u32,
    ) -> Result<Block, StoreError> {
        let mut tx = self.write().await?;
        let row = tx
            .row(
                "insert into order_blocks (node, day, next) values ($1, $2, $3)
                 on conflict (node, day) do update set next = order_blocks.next + $3
                 where order_blocks.next + $3 <= $4
                 returning next",
                args![node, day, count, NUMBERS_PER_DAY],
            )
            .await?;
        tx.commit().await?;
        let end: u32 = match row {
            Some(row) => row.number(0)?,
            None => return Err(StoreError::OrderNumbersUsedUp { node, day }),
        };
        Ok(Block {
            day,
            start: end - count,
            end,
        })
    }
}
