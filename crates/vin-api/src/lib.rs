//! The JSON contract: shapes, envelope, codes.
