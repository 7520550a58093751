//! How much a file may demand; beyond it there is an error that names the limit.

/// Columns of a table.
pub const COLUMNS: usize = 1_000;

/// Bytes of one row of a text, so that a quote that is never closed does not take all memory.
pub const ROW_BYTES: usize = 1 << 20;

/// Bytes of the cells of a piece; a piece ends with the row that reaches it.
pub const PIECE_BYTES: usize = 8 << 20;

/// Rows of a piece of input.
pub const PIECE_ROWS: usize = 16_384;

/// Bytes of a workbook when it is unpacked.
pub const WORKBOOK_BYTES: u64 = 1 << 30;

/// Bytes of the texts that the cells of a workbook share, which are held in memory.
pub const SHARED_BYTES: u64 = 128 << 20;

/// Members of a workbook's archive.
pub const WORKBOOK_MEMBERS: usize = 10_000;

/// Bytes of one column in a row group of a Parquet file when it is unpacked.
pub const COLUMN_CHUNK_BYTES: u64 = 512 << 20;

/// Bytes of the metadata at the end of a Parquet file.
pub const FOOTER_BYTES: u64 = 64 << 20;

/// Rows of a sheet, its header among them, as the format has it.
pub const SHEET_ROWS: u64 = 1_048_576;

/// Characters of a cell of a sheet, as the format has it.
pub const SHEET_CELL: usize = 32_767;

/// Rows that are looked at to find the column of the VINs, and the names of a file of JSON lines
/// that cannot be read twice.
pub const SAMPLE_ROWS: usize = 1_000;
