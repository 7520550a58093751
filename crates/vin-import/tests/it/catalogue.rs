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
