//! EPA's files: a newer one with cars, words and makes that the tables do not know.

use super::{Tables, data, refusals};
use std::io::Write;
use vin_import::operator;
use vin_import::table::Table;

const HEAD: &str = "barrels08,id,year,make,model,baseModel,displ,cylinders,trany,drive,VClass,fuelType1,atvType,tCharger,sCharger,comb08,comb08U,evMotor\n";

/// Our own table in the publisher's columns, and rows that are new.
fn newer() -> String {
    let table = Table::read_any(&data().join("catalogue/epa/vehicles.tsv.zst")).expect("the cars");
    let mut text = HEAD.to_owned();
    for row in table.rows() {
        let cells = row.all_cells().expect("cells");
        let [
            id,
            year,
            make,
            model,
            base,
            litres,
            cylinders,
            gearbox,
            drive,
            class,
            fuel,
            kind,
            charger,
            l100km,
            motor,
        ] = cells[..]
        else {
            panic!("{cells:?}")
        };
        let mpg = l100km
            .parse::<f64>()
            .map_or(String::new(), |l| (235.2146 / l).to_string());
        let (t, s) = (charger.contains('T'), charger.contains('S'));
        let charger = [if t { "T" } else { "" }, if s { "S" } else { "" }];
        let cells = [
            "0", id, year, make, model, base, litres, cylinders, gearbox, drive, class, fuel, kind,
            charger[0], charger[1], &mpg, &mpg, motor,
        ];
        let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        text += &(quoted.join(",") + "\n");
    }
    text + NEW
}

/// New rows: a good car, one of an unknown class, one of an unknown make, two wrong ones.
const NEW: &str = "0,90001,2027,Toyota,Camry XLE,Camry,2.5,4,Automatic (AV-S6),All-Wheel Drive,Midsize Cars,Regular Gasoline,Hybrid,,,46,46.1,\n\
        0,90002,2027,Toyota,Camry,Camry,2.5,4,Automatic (AV-S6),All-Wheel Drive,Flying Cars,Regular Gasoline,,,,46,46.1,\n\
        0,90003,2027,Newmake,Hopper,Hopper,1.0,3,Manual 5-spd,Front-Wheel Drive,Compact Cars,Regular Gasoline,,,,46,46.1,\n\
        0,90004,27,Toyota,Camry,Camry,2.5,4,,,Midsize Cars,Regular Gasoline,,,,46,46.1,\n\
    0,90005,2027,Toyota\n";

fn ledger(tables: &Tables) -> String {
    std::fs::read_to_string(tables.path().join("operator/ids.tsv")).unwrap_or_default()
}

#[test]
fn a_newer_file_compiles_its_new_cars_get_ids_and_what_is_unknown_is_told() {
    let tables = Tables::whole();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive
        .start_file("vehicles.csv", options)
        .expect("a member");
    archive.write_all(newer().as_bytes()).expect("written");
    let bytes = archive.finish().expect("an archive").into_inner();
    let report = tables
        .import("vehicles.csv.zip", &bytes)
        .expect("good rows");
    assert_eq!(report.kind, operator::Kind::Epa);
    assert_eq!(report.rows_read, report.rows_taken + 2);
    let refused = refusals(&report);
    assert!(
        refused.iter().any(|r| r.starts_with("vehicles.csv.zip, ")
            && r.ends_with("year: 27: not a model year between 1970 and 2060")),
        "{refused:?}"
    );
    assert!(
        refused
            .iter()
            .any(|r| r.contains("found record with 4 fields")),
        "{refused:?}"
    );

    let compiled = operator::compile(tables.path()).expect("the tables compile");
    let left_out = compiled.left_out.rows;
    assert_eq!(left_out.len(), 1, "{left_out:?}");
    assert_eq!(
        (left_out[0].file.as_str(), left_out[0].value.as_str()),
        ("catalogue/epa/vehicles.tsv.zst", "Flying Cars")
    );
    let first = ledger(&tables);
    assert!(first.contains("car\t1500000001\tepa/90001\n"), "{first}");
    assert!(
        first.contains("car\t1500000002\tepa/90003\n") && first.contains("newmake"),
        "{first}"
    );
    let built_in = data().join("catalogue/names/ids.tsv.zst");
    let ours = tables.path().join("catalogue/names/ids.tsv.zst");
    assert_eq!(
        std::fs::read(built_in).expect("ids"),
        std::fs::read(ours).expect("ids")
    );

    // The same again gives the same ids and the same pack.
    let again = operator::compile(tables.path()).expect("the tables compile");
    assert!(again.pack == compiled.pack && ledger(&tables) == first);
}

#[test]
fn rows_made_by_hand_for_cars_that_are_gone_are_left_out_and_told() {
    let tables = Tables::whole();
    let text = format!("{HEAD}{NEW}");
    let report = tables.import("vehicles.csv", text.as_bytes());
    assert_eq!(report.expect("good rows").rows_taken, 3);
    let compiled = operator::compile(tables.path()).expect("the tables compile");
    let of = |file: &str| {
        let rows = compiled.left_out.rows.iter();
        rows.filter(|row| row.file == file).count()
    };
    assert!(of("catalogue/names/generations.tsv") > 0);
    assert!(of("catalogue/names/bodies.tsv") > 0);
}

#[test]
fn standards_are_read_and_an_unknown_one_is_told() {
    let tables = Tables::whole();
    let text = "efid,id,salesArea,score,standard,stdText\nA,20,3,5,T3B30,Bin 30\nB,21,3,5,T9B1,new\nC,22,3,5,,\nD,x,3,5,T3B30,\n";
    let report = tables
        .import("emissions.csv", text.as_bytes())
        .expect("good rows");
    assert_eq!((report.rows_read, report.rows_taken), (4, 2));
    assert_eq!(
        refusals(&report),
        [
            "emissions.csv, 4, standard: : must not be empty",
            "emissions.csv, 5, id: x: not an id of EPA"
        ]
    );
    assert_eq!(
        report.tables,
        [("catalogue/epa/emissions.tsv.zst".to_owned(), 2)]
    );
    let left_out = operator::compile(tables.path())
        .expect("the tables compile")
        .left_out;
    assert_eq!(
        left_out
            .rows
            .iter()
            .map(|row| row.value.as_str())
            .collect::<Vec<_>>(),
        ["T9B1"]
    );
}
