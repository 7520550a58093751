//! One module per publisher format; each writes canonical tables.

pub mod vpic_csv;
