//! The use cases: authenticate, look up, create accounts and keys.
