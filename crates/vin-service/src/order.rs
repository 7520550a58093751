//! Order numbers: 18 digits, unique over all nodes for ever, handed out from memory.
//!
//! `NNN YYMMDD SSSSSSSSS`: the node, the day in China, and a number that counts up within
//! both. Blocks are reserved in the store before use, so neither a crash nor a clock that
//! steps back can give a number twice; what a crashed process had reserved stays unused.

use crate::Clock;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;
use vin_core::Date;
use vin_store::{Block, Store, StoreError};

/// How many numbers are reserved at once.
const BLOCK: u32 = 10_000;

/// How many seconds before midnight the next day's first block is reserved.
const AHEAD: i64 = 600;

/// How many blocks are held, so that a wandering clock cannot fill the memory.
const MAX_BLOCKS: usize = 8;

/// The three digits that begin this node's order numbers, 0 … 999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node(u16);

impl Node {
    /// `None` for a number above 999.
    pub const fn new(number: u16) -> Option<Self> {
        if number <= 999 {
            Some(Self(number))
        } else {
            None
        }
    }

    pub(crate) const fn number(self) -> u16 {
        self.0
    }
}

/// An order number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderNumber([u8; 18]);

impl OrderNumber {
    fn new(node: Node, day: u32, sequence: u32) -> Self {
        let mut digits = [b'0'; 18];
        write_digits(&mut digits[..3], u32::from(node.0));
        write_digits(&mut digits[3..9], day % 1_000_000);
        write_digits(&mut digits[9..], sequence);
        Self(digits)
    }

    /// Reserves one number for a command that runs beside servers.
    ///
    /// # Errors
    /// As of [`Store::reserve_orders`].
    pub async fn reserve(store: &Store, node: Node, today: Date) -> Result<Self, StoreError> {
        let block = store.reserve_orders(node.0, today.number(), 1).await?;
        Ok(Self::new(node, block.day, block.start))
    }

    /// Reads the 18 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = <[u8; 18]>::try_from(text.trim().as_bytes()).ok()?;
        let plain = digits.iter().all(u8::is_ascii_digit);
        plain.then_some(Self(digits))
    }

    /// The same as a number.
    pub fn number(&self) -> i64 {
        let digit = |number: i64, digit: &u8| number * 10 + i64::from(digit - b'0');
        self.0.iter().fold(0, digit)
    }

    /// The 18 digits.
    pub fn as_str(&self) -> &str {
        // Only digits were ever written, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn write_digits(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrderNumber({self})")
    }
}

/// The numbers that this process has reserved.
#[derive(Debug)]
pub(crate) struct Orders {
    node: Node,
    store: Store,
    blocks: Mutex<Vec<Block>>,
    reserving: tokio::sync::Mutex<()>,
    /// Told when a block is half used.
    pub(crate) low: Notify,
}

impl Orders {
    pub(crate) fn new(node: Node, store: Store) -> Self {
        Self {
            node,
            store,
            blocks: Mutex::default(),
            reserving: tokio::sync::Mutex::default(),
            low: Notify::new(),
        }
    }

    /// The next number; it asks the store only when no block for the day is at hand.
    pub(crate) async fn next(&self, today: Date) -> Result<OrderNumber, StoreError> {
        let day = today.number();
        loop {
            if let Some(number) = self.take(day) {
                return Ok(number);
            }
            // Apart, as everything that is rare on the way of a query: what one waits in is as large
            // as the largest thing that it may wait for, and is moved with every query.
            Box::pin(self.reserve_more(day)).await?;
        }
    }

    async fn reserve_more(&self, day: u32) -> Result<(), StoreError> {
        let _one_at_a_time = self.reserving.lock().await;
        match self.left(day) {
            0 => self.reserve(day).await,
            _ => Ok(()),
        }
    }

    /// Reserves what will soon be needed: more of today, or the first of tomorrow.
    pub(crate) async fn top_up(&self, clock: &dyn Clock) -> Result<(), StoreError> {
        let _one_at_a_time = self.reserving.lock().await;
        let soon = Date::from_unix(clock.unix() + AHEAD, crate::CHINA_OFFSET).number();
        for day in [clock.china_date().number(), soon] {
            if self.left(day) < BLOCK / 2 {
                self.reserve(day).await?;
            }
        }
        Ok(())
    }

    async fn reserve(&self, day: u32) -> Result<(), StoreError> {
        let block = self.store.reserve_orders(self.node.0, day, BLOCK).await?;
        let mut blocks = self.blocks();
        blocks.retain(|b| b.start < b.end);
        if blocks.len() >= MAX_BLOCKS {
            blocks.remove(0);
        }
        blocks.push(block);
        Ok(())
    }

    fn take(&self, day: u32) -> Option<OrderNumber> {
        let mut blocks = self.blocks();
        let block = blocks
            .iter_mut()
            .find(|b| b.day == day && b.start < b.end)?;
        let sequence = block.start;
        block.start += 1;
        if block.end - block.start == BLOCK / 2 {
            self.low.notify_one();
        }
        Some(OrderNumber::new(self.node, day, sequence))
    }

    fn left(&self, day: u32) -> u32 {
        let blocks = self.blocks();
        let of_day = blocks.iter().filter(|b| b.day == day);
        of_day.map(|b| b.end - b.start).sum()
    }

    fn blocks(&self) -> std::sync::MutexGuard<'_, Vec<Block>> {
        // No code panics while it holds the lock, and a block is consistent at every moment.
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_node_day_and_sequence() {
        let node = Node::new(77).expect("a node");
        let number = OrderNumber::new(node, 20_261_124, 42);
        assert_eq!(number.as_str(), "077261124000000042");
        assert_eq!(number.number(), 77_261_124_000_000_042);
        assert_eq!(OrderNumber::parse("077261124000000042"), Some(number));
        assert_eq!(OrderNumber::parse("77261124000000042"), None);
        assert_eq!(OrderNumber::parse("07726112400000004x"), None);
        assert_eq!(Node::new(1000), None);
    }
}
