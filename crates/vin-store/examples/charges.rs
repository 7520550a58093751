//! Fills a log with charges, through the writer that a server uses: `charges URL COUNT NOW DAYS`.
//!
//! The database must have accounts with packages that hold enough, and keys: half of the charges are
//! of the first key's account, the rest of the others', and they spread evenly over the DAYS before
//! that of NOW (seconds since 1970-01-01 UTC). Every batch is committed and synced as usual, and what
//! is left of the leases goes back in the end, so that `ledger check` finds all of it right.

use std::collections::{BTreeMap, VecDeque};
use std::error::Error;
use vin_core::Date;
use vin_store::{
    AccountId, Batch, Call, DatabaseUrl, Entry, InstanceId, KeyRow, LotId, Store, Wish,
};

/// China's time is so many seconds east of UTC.
const CHINA: i32 = 8 * 3600;
/// The node of the order numbers, unlike that of a server.
const NODE: u16 = 1;
/// How many calls one transaction takes in, as with a busy server.
const BATCH: u32 = 2_048;
const DAY: i64 = 86_400;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "a command reads its arguments")]
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [url, count, now, days] = &words[..] else {
        return Err("charges URL COUNT NOW DAYS".into());
    };
    let (count, now, days): (i64, i64, i64) = (count.parse()?, now.parse()?, days.parse()?);
    let store = Store::open(&DatabaseUrl::parse(url)?).await?;
    let mut till = Till::open(store, now).await?;
    let midnight = Date::from_unix(now, CHINA).days() * DAY - i64::from(CHINA);
    for day in 0..days {
        let calls = count * (day + 1) / days - count * day / days;
        let from = midnight - (days - day) * DAY;
        till.day(from, u32::try_from(calls)?).await?;
    }
    till.close().await
}

/// What is spent from.
struct Till {
    store: Store,
    instance: InstanceId,
    /// The number of the last batch.
    batch: i64,
    keys: Vec<KeyRow>,
    /// What is leased of each account, in the order in which it is spent.
    leased: BTreeMap<i64, VecDeque<(LotId, u32)>>,
    /// How many calls were made so far.
    made: u64,
}

impl Till {
    /// Begins an instance, and leases all that there is.
    async fn open(store: Store, now: i64) -> Result<Self, Box<dyn Error>> {
        let instance = store.begin_instance(NODE, now).await?;
        let keys = store.key_snapshot().await?.keys;
        let mut accounts: Vec<_> = keys.iter().map(|key| key.account).collect();
        accounts.dedup();
        let wish = |account: AccountId| Wish {
            account,
            most: u32::MAX,
            waiting: u32::MAX,
        };
        let batch = Batch {
            wishes: accounts.into_iter().map(wish).collect(),
            now,
            number: 1,
            ..Batch::default()
        };
        let granted = store.commit(instance, &batch).await?.granted;
        let leased = granted.into_iter().map(|granted| {
            let lots = granted.leased.iter().map(|one| (one.lot, one.calls));
            (granted.account.0, lots.collect())
        });
        Ok(Self {
            instance,
            batch: 1,
            keys,
            leased: leased.collect(),
            made: 0,
            store,
        })
    }

    /// Makes so many calls over the day that begins at `from`.
    async fn day(&mut self, from: i64, calls: u32) -> Result<(), Box<dyn Error>> {
        let date = Date::from_unix(from, CHINA);
        let block = self
            .store
            .reserve_orders(NODE, date.number(), calls.max(1))
            .await?;
        for first in (0..calls).step_by(BATCH as usize) {
            let mut batch = Batch::default();
            for n in first..calls.min(first + BATCH) {
                batch.now = from + DAY * i64::from(n) / i64::from(calls);
                let order = order(date, block.start + n);
                let call = self.call(batch.now, order)?;
                batch.entries.push(Entry {
                    call,
                    day: date.number(),
                    kept: None,
                });
            }
            self.batch += 1;
            batch.number = self.batch;
            self.store.commit(self.instance, &batch).await?;
        }
        Ok(())
    }

    fn call(&mut self, at: i64, order: i64) -> Result<Call, Box<dyn Error>> {
        self.made += 1;
        let mixed = mix(self.made);
        let first = self.keys.first().ok_or("there is no key")?.account;
        let of_first = self.keys.iter().filter(|key| key.account == first).count();
        let others = self.keys.len() - of_first;
        let place = (mixed >> 8) as usize;
        let key = match mixed.is_multiple_of(2) || others == 0 {
            true => &self.keys[place % of_first],
            false => &self.keys[of_first + place % others],
        };
        let lots = self.leased.get_mut(&key.account.0);
        let lots = lots.ok_or("an account has no package")?;
        let (lot, left) = lots.front_mut().ok_or("a package is used up")?;
        let call = Call {
            order,
            at,
            account: key.account,
            key: key.id,
            lot: Some(*lot),
            count: 1,
            code: 200,
            level: "type",
            channel: "local".into(),
            vin: format!("LHG{:014}", mixed % 100_000_000_000_000),
        };
        *left -= 1;
        if *left == 0 {
            lots.pop_front();
        }
        Ok(call)
    }

    /// Gives back what is left.
    async fn close(self) -> Result<(), Box<dyn Error>> {
        self.store.end_instance(self.instance).await?;
        self.store.close().await;
        Ok(())
    }
}

/// The order number `NNN YYMMDD SSSSSSSSS`.
fn order(date: Date, sequence: u32) -> i64 {
    let day = i64::from(date.number() % 1_000_000);
    (i64::from(NODE) * 1_000_000 + day) * 1_000_000_000 + i64::from(sequence)
}

/// A number that looks like chance and is the same in every run (SplitMix64).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
