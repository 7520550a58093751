//! The commands: serve, decode, account, key, data.
