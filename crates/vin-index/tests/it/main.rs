//! The pack format: what was written is read, what was damaged is refused.

mod format;
