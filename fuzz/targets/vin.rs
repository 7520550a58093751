//! Fuzzes [`chejia_fuzz::vin`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| chejia_fuzz::vin(bytes));
