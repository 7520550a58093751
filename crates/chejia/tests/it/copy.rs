//! The example for PostgreSQL, examples/engines/postgres.sql: COPY runs the program.

use crate::REPAIRED;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use vin_testkit::Cluster;

#[test]
fn postgresql_copies_a_file_and_a_table_through_the_program() {
    // The server may run as a user of its own: what it runs and reads must be open to it.
    let folder = tempfile::tempdir().expect("a folder");
    let open = fs::Permissions::from_mode(0o777);
    fs::set_permissions(folder.path(), open).expect("opened");
    let at = |name: &str| folder.path().join(name);
    fs::copy(env!("CARGO_BIN_EXE_chejia"), at("chejia")).expect("copied");
    fs::set_permissions(at("chejia"), fs::Permissions::from_mode(0o755)).expect("opened");
    let cars = "no,vin\n1,WPOAA2978BL012976\n2,short\n3,1HGCM82633A004352\n";
    fs::write(at("cars.csv"), cars).expect("written");

    let cluster = Cluster::shared();
    let url = cluster.database();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/engines/postgres.sql");
    let variable = |name: &str, file: &str| format!("{name}={}", at(file).display());
    let output = Command::new("psql")
        .args([&url, "-q", "-v", "ON_ERROR_STOP=1"])
        .args(["-v", &variable("chejia", "chejia")])
        .args(["-v", &variable("cars", "cars.csv")])
        .args(["-v", &variable("vins", "vins.txt")])
        .arg("-f")
        .arg(example)
        .output()
        .expect("psql runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let sql = "select concat_ws('|', no, status, decoded_vin, brand, model_year) from decoded order by no";
    let rows = cluster.run(&url, sql);
    let rows: Vec<_> = rows
        .lines()
        .map(str::trim)
        .filter(|row| !row.is_empty())
        .collect();
    let honda = "3|found|1HGCM82633A004352|本田|2003";
    let porsche = format!("1|found|{REPAIRED}|保时捷|2011");
    assert_eq!(rows, [porsche.as_str(), "2|refused", honda]);
    let rows = cluster.run(
        &url,
        "select vin || '|' || brand from brands order by brand",
    );
    assert!(rows.contains("1HGCM82633A004352|本田") && rows.contains("WPOAA2978BL012976|保时捷"));
}
