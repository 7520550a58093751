//! The limits of a request, in numbers; each has an answer that names it.

use std::time::Duration;

/// The longest query string in bytes; beyond it the answer is code 403.
pub const QUERY_BYTES: usize = 16 * 1024;

/// The largest body of a single look-up in bytes; beyond it the answer is code 403.
pub const BODY_BYTES: usize = 64 * 1024;

/// How long a body may take to arrive; beyond it the answer is code 403.
pub const BODY_TIME: Duration = Duration::from_secs(10);

/// How long a request line with its headers may take to arrive, and how long a connection may
/// idle between two requests; beyond it the connection is closed.
pub const HEAD_TIME: Duration = Duration::from_secs(30);

/// The largest request line with its headers in bytes, to one read of the network more; beyond
/// it HTTP 431 is the answer.
pub const HEAD_BYTES: usize = 64 * 1024;

/// How long requests under way may take to finish once the server is told to stop.
pub const STOP_TIME: Duration = Duration::from_secs(20);

/// The longest `callback`, in characters.
pub const CALLBACK_CHARS: usize = 128;

/// The longest `reqid`, in characters.
pub const REQID_CHARS: usize = vin_service::REQID_CHARS;

/// The most VINs of one batch; beyond it the answer is code 403.
pub const BATCH_VINS: usize = 100;

/// The most days of one question about usage; beyond it the answer is code 403.
pub const USAGE_DAYS: i64 = 366;

/// The longest `keyword`, in characters; beyond it the answer is code 403.
pub const KEYWORD_CHARS: usize = 64;

/// The last page that can be asked for; beyond it the answer is code 403.
pub const PAGES: usize = 1000;

/// The most entries of a page; beyond it the answer is code 403.
pub const PAGE_SIZE: usize = 1000;

/// The entries of a page of a search that does not say how many.
pub const SEARCH_PAGE_SIZE: usize = 20;

/// The largest file of a brand's mark in bytes; a larger one is not shown.
pub const LOGO_BYTES: u64 = 256 * 1024;

/// The longest name of a host in a request that is repeated in an address.
pub const HOST_BYTES: usize = 255;
