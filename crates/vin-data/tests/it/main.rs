//! The built-in pack and the tables that it is made from.

use std::path::{Path, PathBuf};
use vin_import::table::{self, Table};
use vin_index::Pack;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

#[test]
fn the_built_in_pack_is_whole() {
    let pack = Pack::from_static(vin_data::bytes()).expect("it opens");
    pack.verify().expect("every byte is as it was written");
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let again = vin_import::compile::compile(&data()).expect("the tables compile");
    assert!(
        again == vin_data::bytes(),
        "a second compilation gave other bytes"
    );
}

#[test]
fn the_embedded_tables_compile_to_the_built_in_pack() {
    let folder = tempfile::tempdir().expect("a folder");
    vin_data::unpack(folder.path()).expect("written");
    let again = vin_import::compile::compile(folder.path()).expect("the tables compile");
    assert!(
        again == vin_data::bytes(),
        "the embedded tables gave another pack"
    );
}

#[test]
fn the_same_rows_give_the_same_table() {
    let folder = tempfile::tempdir().expect("a folder");
    // The largest table is left out: it takes half a minute to compress.
    let tables: [(&str, &[&str]); 4] = [
        ("wmi_schema", &["wmi", "schema", "from", "to", "id"]),
        ("lookup", &["table", "id", "name"]),
        ("engine", &["engine", "element", "value", "changed", "id"]),
        ("exception", &["vin"]),
    ];
    for (name, columns) in tables {
        let kept = data().join(format!("vpic/{name}.tsv.zst"));
        let table = Table::read(&kept, columns).expect(name);
        let rows: Vec<Vec<String>> = table
            .rows()
            .map(|row| {
                row.text()
                    .split('\t')
                    .map(|cell| table::unescape(cell).into_owned())
                    .collect()
            })
            .collect();
        let made = folder.path().join("again.tsv.zst");
        table::write(&made, columns, rows.iter().map(Vec::as_slice)).expect(name);
        let read = |path: &Path| std::fs::read(path).expect(name);
        assert!(
            read(&made) == read(&kept),
            "{name} was written with other bytes"
        );
    }
}
