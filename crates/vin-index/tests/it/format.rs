//! Writing and opening, with everything that can be wrong with the bytes.

use proptest::prelude::*;
use vin_index::{Pack, PackError, StringPool, Strings, Writer};

fn sample() -> Vec<u8> {
    let mut writer = Writer::default();
    writer.section(7, b"seven".to_vec());
    writer.section(2, vec![9; 300]);
    writer.finish()
}

#[test]
fn what_was_written_is_read_from_memory_and_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sample.pack");
    std::fs::write(&path, sample()).expect("the file is written");
    for pack in [Pack::from_vec(sample()), Pack::open(&path)] {
        let pack = pack.expect("a whole pack");
        assert_eq!(pack.section(7), b"seven");
        assert_eq!(pack.section(2), [9; 300]);
        assert_eq!(pack.section(3), b"");
        assert_eq!(pack.section(9999), b"");
        pack.verify().expect("nothing is damaged");
        assert_eq!(pack.digest().len(), 64);
    }
}

#[test]
fn the_order_of_adding_does_not_change_the_bytes() {
    let mut writer = Writer::default();
    writer.section(2, vec![9; 300]);
    writer.section(7, b"seven".to_vec());
    assert_eq!(writer.finish(), sample());
}

#[test]
fn every_changed_byte_is_noticed() {
    let whole = sample();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        let verdict = Pack::from_vec(bytes).and_then(|pack| pack.verify());
        assert!(verdict.is_err(), "byte {at} of {}", whole.len());
    }
}

#[test]
fn every_truncation_is_noticed_at_opening() {
    let whole = sample();
    for len in 0..whole.len() {
        let error = Pack::from_vec(whole[..len].to_vec()).expect_err("a part of a pack");
        let expected = matches!(error, PackError::Foreign | PackError::Length { .. });
        assert!(expected, "{len} bytes: {error}");
    }
    let longer = [whole, vec![0]].concat();
    assert!(matches!(
        Pack::from_vec(longer),
        Err(PackError::Length { .. })
    ));
}

#[track_caller]
fn refuse(bytes: &[u8], message: &str) {
    let error = Pack::from_vec(bytes.to_vec()).expect_err(message);
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn each_kind_of_wrong_file_has_its_own_message() {
    let whole = sample();
    refuse(b"", "not a Chejia data pack");
    refuse(b"PK\x03\x04 something else", "not a Chejia data pack");
    refuse(&whole[..20], "cut off");
    refuse(&whole[..whole.len() - 1], "its header says");
    let mut other = whole.clone();
    other[8] = 99;
    refuse(&other, "format version 99");
    let mut damaged = whole;
    damaged[80] ^= 1;
    refuse(&damaged, "header of the data pack is damaged");
    let missing = Pack::open(std::path::Path::new("no/such.pack")).expect_err("no such file");
    assert!(missing.to_string().contains("cannot be read"), "{missing}");
}

#[test]
fn texts_are_pooled_and_found() {
    let mut pool = StringPool::default();
    let (accord, again) = (pool.add("雅阁"), pool.add("雅阁"));
    let civic = pool.add("思域");
    assert_eq!(accord, again);
    let bytes = pool.finish();
    let strings = Strings::new(&bytes);
    assert_eq!(
        (strings.get(accord), strings.get(civic), strings.get(0)),
        ("雅阁", "思域", "")
    );
    assert_eq!(strings.get(u32::MAX), "");
    assert_eq!(strings.get(bytes.len() as u32 - 1), "");
}

proptest! {
    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Pack::from_vec(bytes).is_err());
    }

    #[test]
    fn any_bytes_behind_the_magic_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let all = [b"CHEJIA\x1a\n\x01\0\0\0".to_vec(), bytes].concat();
        prop_assert!(Pack::from_vec(all).is_err());
    }

    #[test]
    fn any_sections_come_back(sections in prop::collection::btree_map(0_u32..64, prop::collection::vec(any::<u8>(), 0..200), 0..8)) {
        let mut writer = Writer::default();
        for (id, bytes) in &sections {
            writer.section(*id, bytes.clone());
        }
        let pack = Pack::from_vec(writer.finish()).expect("a whole pack");
        prop_assert!(pack.verify().is_ok());
        for id in 0..64 {
            prop_assert_eq!(pack.section(id), sections.get(&id).map_or(&[][..], Vec::as_slice));
        }
    }
}
