//! Fuzzes [`chejia_fuzz::pack`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chejia_fuzz::pack(bytes));
