//! How much an operator's input may hold; each is an error of its own when it is exceeded.

/// Bytes of an input file.
pub const FILE_BYTES: u64 = 1 << 30;
/// Bytes that a member of an archive may unpack to, where it is read piece by piece.
pub const UNPACKED_BYTES: u64 = 4 << 30;
/// Bytes of a text, a page or an unpacked workbook, which are held in memory as a whole.
pub const WHOLE_BYTES: u64 = 256 << 20;
/// Members of an archive.
pub const MEMBERS: u64 = 10_000;
/// Bytes of a dump's tables that are held in memory together.
pub const TABLE_BYTES: u64 = 1 << 30;
/// Bytes of one line of a dump.
pub const LINE_BYTES: u64 = 1 << 20;
/// Rows of a file, all sheets together.
pub const ROWS: u64 = 1_000_000;
/// Columns of a sheet.
pub const COLUMNS: usize = 512;
/// Characters of one of its cells.
pub const CELL_CHARS: usize = 4_000;
/// Patterns of VINs in one cell.
pub const PATTERNS: usize = 200;
/// Refused rows that a report lists one by one.
pub const KEPT_REFUSALS: usize = 1_000;
/// Characters of a refused value that are shown.
pub const SHOWN_CHARS: usize = 120;
