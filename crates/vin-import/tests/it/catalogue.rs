//! The catalogue of the project's own tables: reproducible, complete, with ids that stay.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use vin_import::{catalogue, report::Judge, table::Table};
use vin_index::{Pack, StringPool, Writer};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

fn pack() -> Vec<u8> {
    let (mut pool, mut writer) = (StringPool::default(), Writer::default());
    catalogue::compile(&data(), &mut pool, &mut writer, &mut Judge::strict())
        .expect("the project's tables compile");
    writer.section(vin_index::vpic::STRINGS, pool.finish());
    writer.finish()
}

#[test]
fn equal_tables_give_equal_bytes() {
    assert_eq!(pack(), pack());
}

#[test]
fn cars_stand_sorted_and_every_index_is_within() {
    use vin_index::catalogue::{
        BODIES, BRANDS, Body, Brand, CARS, Car, GROUPS, Group, TYPES, Type,
    };
    let pack = Pack::from_vec(pack()).expect("a pack");
    let (brands, types) = (pack.table::<Brand>(BRANDS), pack.table::<Type>(TYPES));
    let (groups, cars) = (pack.table::<Group>(GROUPS), pack.table::<Car>(CARS));
    let bodies = pack.table::<Body>(BODIES);
    assert!(cars.len() > 50_000 && types.len() > 5_000 && bodies.len() > 6_000);
    let key = |car: &Car| {
        (
            car.kind.get(),
            car.year.get(),
            car.model.get(),
            car.id.get(),
        )
    };
    assert!(cars.is_sorted_by_key(key));
    assert!(bodies.is_sorted_by_key(|body| (body.kind.get(), body.from.get())));
    for car in cars {
        assert!((car.kind.get() as usize) < types.len());
        let group = &groups[car.group.get() as usize];
        assert!(
            (group.from..=group.to).contains(&car.year),
            "{car:?} {group:?}"
        );
        assert_eq!(group.kind, car.kind);
    }
    assert!(
        types
            .iter()
            .all(|kind| (kind.brand.get() as usize) < brands.len())
    );
}

#[test]
fn an_id_and_a_key_stand_once_and_records_keep_the_ids_that_they_came_with() {
    let path = data().join("catalogue/names/ids.tsv.zst");
    let ledger = Table::read(&path, &["kind", "id", "key"]).expect("the ledger");
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    let mut last = ("", 0);
    for row in ledger.rows() {
        let [kind, id, key] = row.cells().expect("three cells");
        let id: u32 = id.parse().expect("a number");
        // Smaller ids came with records; only a series that one of them names has such an id.
        assert!(
            id >= 1_000_001 || (kind, id, key) == ("type", 530, "make/584/7994"),
            "{kind} {id} {key}"
        );
        assert!((kind, id) > last, "{kind} {id} comes after {last:?}");
        assert!(
            ids.insert((kind, id)) && keys.insert((kind, key)),
            "{kind} {id} {key}"
        );
        last = (kind, id);
    }
}

/// A folder with the project's tables and these cars of an operator.
fn data_with_cars(cars: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut open = vec![PathBuf::new()];
    while let Some(path) = open.pop() {
        let to = folder.path().join(&path);
        std::fs::create_dir_all(&to).expect("made");
        for entry in std::fs::read_dir(data().join(&path)).expect("a folder") {
            let entry = entry.expect("an entry");
            match entry.path().is_dir() {
                true => open.push(path.join(entry.file_name())),
                false => drop(std::fs::copy(entry.path(), to.join(entry.file_name()))),
            }
        }
    }
    std::fs::create_dir_all(folder.path().join("operator")).expect("made");
    std::fs::write(folder.path().join("operator/cars.tsv"), cars).expect("written");
    folder
}

#[test]
fn a_series_that_only_records_know_has_their_number() {
    use vin_index::catalogue::{BRANDS, Brand, TYPES, Type};
    let folder = data_with_cars(
        "carid\ttypeid\tgroupid\tbrand\ttypename\tsource\n\
         1500000001\t1500000001\t\t未名\t未名一号\town\n\
         1500000002\t1500000001\t\t未名\t未名1号\town\n\
         1500000003\t530\t\t保时捷\t帕纳梅拉\town\n\
         1500000004\t1500000002\t\t本田\t未名二号\town\n\
         1500000005\tx\t\t本田\t未名三号\town\n",
    );
    let (mut pool, mut writer) = (StringPool::default(), Writer::default());
    let judge = &mut Judge::strict();
    catalogue::compile(folder.path(), &mut pool, &mut writer, judge).expect("compiles");
    writer.section(vin_index::vpic::STRINGS, pool.finish());
    let pack = Pack::from_vec(writer.finish()).expect("a pack");
    let strings = vin_index::Strings::new(pack.section(vin_index::vpic::STRINGS));
    let brands: &[Brand] = pack.table(BRANDS);
    let types: &[Type] = pack.table(TYPES);
    let found: Vec<_> = types
        .iter()
        .filter(|kind| kind.id.get() >= 1_500_000_000 || kind.id.get() == 530)
        .map(|kind| {
            let brand = &brands[kind.brand.get() as usize];
            (
                kind.id.get(),
                strings.get(kind.name.zh.get()),
                strings.get(brand.name.zh.get()),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (1_500_000_001, "未名一号", "未名"),
            (1_500_000_002, "未名二号", "本田"),
            (530, "Panamera", "保时捷"),
        ]
    );
    // A brand needs a number too; where none may be given it has that of its first series.
    let brand = brands
        .iter()
        .find(|brand| strings.get(brand.name.zh.get()) == "未名");
    assert_eq!(brand.map(|brand| brand.id.get()), Some(1_500_000_001));
}
