//! Fuzzes [`chejia_fuzz::upstream`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chejia_fuzz::upstream(bytes));
