//! What can go wrong with the store, with what is needed to act on it.

use std::io;
use std::path::PathBuf;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data directory cannot be made or written.
    #[error("data directory {} cannot be used: {source}", path.display())]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file with the master key cannot be read, or does not hold one.
    #[error("master key file {}: {reason}", path.display())]
    MasterKey {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The database URL is of a kind that this version does not speak.
    #[error("database URL {url:?}: {reason}")]
    Url {
        /// The URL without its password.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The file is no database, or its contents are damaged.
    #[error("database {place} is damaged or no database: {detail}")]
    Damaged {
        /// The database.
        place: String,
        /// The database's own words.
        detail: String,
    },
    /// The file is a database of another program.
    #[error("database {place} belongs to another program: it has tables but none of ours")]
    Foreign {
        /// The database.
        place: String,
    },
    /// A newer version of the program has written it.
    #[error(
        "database {place} has schema {found}, this program knows schemas up to {known}: use a newer program"
    )]
    Newer {
        /// The database.
        place: String,
        /// The schema in the file.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The database cannot be opened.
    #[error("database {place} cannot be opened: {detail}")]
    Open {
        /// The database.
        place: String,
        /// The database's own words.
        detail: String,
    },
    /// A setting did not take effect, so that durability is not what was promised.
    #[error("database setting {name} is {found:?}, not {wanted:?}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// An account with this phone number exists.
    #[error("an account with this phone number already exists")]
    PhoneTaken,
    /// An operator with this name exists.
    #[error("an operator with this name already exists")]
    NameTaken,
    /// Nobody would be left who may do everything.
    #[error("the last owner stays an owner")]
    LastOwner,
    /// A key with this value exists.
    #[error("this key already exists")]
    KeyTaken,
    /// No such account.
    #[error("there is no account {0}")]
    NoAccount(i64),
    /// The node has used every order number of the day.
    #[error("node {node:03} has used all order numbers of {day}")]
    OrderNumbersUsedUp {
        /// The node.
        node: u16,
        /// The day, `YYYYMMDD`.
        day: u32,
    },
    /// A statement about money touched another number of rows than the one it is about: what is
    /// believed about a balance is wrong, and going on would make it worse.
    #[error("{what}: {rows} rows were touched instead of 1")]
    Inexact {
        /// What was being done.
        what: &'static str,
        /// How many rows were touched.
        rows: u64,
    },
    /// A batch with this number was written before; its commit was of unknown outcome.
    #[error("this batch was written before")]
    Written,
    /// There is no order with this number, or it is too old to be looked up.
    #[error("there is no order {0:018} in the log of calls")]
    NoOrder(i64),
    /// The order cost nothing.
    #[error("order {0:018} was not charged")]
    NotCharged(i64),
    /// The order has been refunded.
    #[error("order {0:018} has been refunded already")]
    Refunded(i64),
    /// There is no such package.
    #[error("there is no package {0}")]
    NoLot(i64),
    /// There is no such purchase.
    #[error("there is no purchase {0}")]
    NoPurchase(String),
    /// The purchase is in another state than this needs.
    #[error("purchase {number} is {state}")]
    PurchaseState {
        /// The purchase.
        number: String,
        /// The state that it is in.
        state: &'static str,
    },
    /// A payment is not what the purchase asks for: another amount, another provider, or one that
    /// was noted for another purchase. Nothing was changed.
    #[error("the payment does not fit purchase {number}: {why}")]
    PaymentDiffers {
        /// The purchase.
        number: String,
        /// What differs.
        why: String,
    },
    /// The account has as many purchases that wait to be paid as it may.
    #[error("the account has too many purchases that wait to be paid")]
    TooManyOpen,
    /// The coupon does not hold: unknown, over, used up, used before, or for dearer purchases.
    #[error("the coupon does not hold for this purchase")]
    Coupon,
    /// A code or coupon with this text exists.
    #[error("this code already exists")]
    CodeTaken,
    /// The code is unknown, used, over or withdrawn.
    #[error("this code cannot be redeemed")]
    NoCode,
    /// The account had its trial.
    #[error("the account had its free trial")]
    TrialTaken,
    /// There is no such invoice that waits.
    #[error("there is no invoice {0} that waits")]
    NoInvoice(i64),
    /// Money of the purchases of an invoice was sent back since it was asked for.
    #[error("invoice {id} is over {fen} fen, and {kept_fen} of its purchases were kept")]
    InvoiceChanged {
        /// The invoice.
        id: i64,
        /// What it is for.
        fen: i64,
        /// What was paid and not sent back.
        kept_fen: i64,
    },
    /// The real name of the account's holder is verified already.
    #[error("the real name is verified already")]
    AlreadyVerified,
    /// Another submission of the account waits to be decided.
    #[error("a submission of this account waits to be decided")]
    SubmissionOpen,
    /// The account has handed in as much as it may in a day.
    #[error("the account has handed in as much as it may in a day")]
    TooManySubmissions,
    /// There is no such payment to be refunded, or it has been.
    #[error("there is no payment {0} that can be refunded")]
    NoPayment(i64),
    /// An adjustment would take more than there is.
    #[error("package {lot} has {free} calls that no node holds right now, fewer than {wanted}")]
    TooFew {
        /// The package.
        lot: i64,
        /// What is left in it, without what nodes hold to spend.
        free: i64,
        /// What was to be taken.
        wanted: i64,
    },
    /// There is no such attempt whose bill is unknown.
    #[error(
        "order {order:018} has no attempt {place} that is over, whose bill is unknown and not yet settled"
    )]
    NotUnknown {
        /// The order.
        order: i64,
        /// The place in its route.
        place: i64,
    },
    /// There is no such attempt that was settled.
    #[error(
        "order {order:018} has no attempt {place} that was settled, so there is nothing to correct"
    )]
    NotSettled {
        /// The order.
        order: i64,
        /// The place in its route.
        place: i64,
    },
    /// A backup would be restored over what is there.
    #[error("the database is not empty: a backup is restored into a new place only")]
    NotEmpty,
    /// A backup cannot be written or read.
    #[error("backup: {0}")]
    Backup(String),
    /// The database cannot be reached, or gave way to another node; it may be tried again.
    #[error("database: {0}")]
    Passing(String),
    /// A statement failed.
    #[error("database: {0}")]
    Database(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match crate::db::is_passing(&error) {
            true => Self::Passing(error.to_string()),
            false => Self::Database(error.to_string()),
        }
    }
}
