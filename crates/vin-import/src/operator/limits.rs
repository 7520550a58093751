//! How much an input may hold; each is an error of its own when it is exceeded.

/// Bytes of an input file.
pub const FILE_BYTES: u64 = 1 << 30;
/// Bytes that a member of an archive may unpack to.
pub const UNPACKED_BYTES: u64 = 4 << 30;
/// Bytes of a text, workbook or page that is held in memory as a whole.
pub const WHOLE_BYTES: u64 = 256 << 20;
/// Rows of an operator's own file.
pub const ROWS: u64 = 1_000_000;
/// Columns of such a file.
pub const COLUMNS: usize = 512;
/// Characters of one of its cells.
pub const CELL_CHARS: usize = 4_000;
/// Refused rows that a report lists one by one.
pub const KEPT_REFUSALS: usize = 1_000;
/// Characters of a refused value that are shown.
pub const SHOWN_CHARS: usize = 120;
