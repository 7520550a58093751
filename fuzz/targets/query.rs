//! Fuzzes [`chejia_fuzz::query`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chejia_fuzz::query(bytes));
