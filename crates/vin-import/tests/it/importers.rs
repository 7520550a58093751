//! Each importer: what it makes of good rows, and what it says about bad ones.

use std::path::PathBuf;
use vin_import::sources;

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

fn import(source: &str, test: &str, files: &[(&str, &str)]) -> Result<String, String> {
    let folder = folder(test);
    for (name, text) in files {
        // VCA writes Windows-1252: every character of the fixtures is one byte there.
        let bytes = match source {
            "vca" => text.chars().map(|c| c as u8).collect(),
            _ => text.as_bytes().to_vec(),
        };
        std::fs::write(folder.join(name), bytes).expect("a file for the test");
    }
    let source = sources::CATALOGUE
        .iter()
        .find(|s| s.name == source)
        .expect("a source");
    let input = match files {
        [(name, _)] if !matches!(source.name, "omega" | "canada") => folder.join(name),
        _ => folder.clone(),
    };
    let out = folder.join("out.tsv.zst");
    (source.import)(&input, &out).map_err(|error| error.to_string())?;
    let bytes = zstd::decode_all(std::fs::File::open(out).expect("a table")).expect("zstd");
    let table = String::from_utf8(bytes).expect("UTF-8");
    Ok(table
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect())
}

#[track_caller]
fn check(source: &str, test: &str, files: &[(&str, &str)], rows: &str) {
    assert_eq!(import(source, test, files).as_deref(), Ok(rows));
}

/// The error must name each of `parts`: file and line, column, value, reason.
#[track_caller]
fn refuse(source: &str, test: &str, files: &[(&str, &str)], parts: &[&str]) {
    let error = import(source, test, files).expect_err("a refusal");
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in {error:?}");
    }
}

const EPA: &str = "id,year,make,model,baseModel,displ,cylinders,trany,drive,VClass,fuelType1,atvType,tCharger,sCharger,comb08,comb08U,evMotor\n";

#[test]
fn epa_rows_keep_their_words_and_get_litres() {
    let rows = format!(
        "{EPA}20,2019,Tiny,Hopper AWD,Hopper,2.0,4,Automatic (S8),All-Wheel Drive,Compact Cars,Premium Gasoline,,T,,24,23.5,\n\
         3,2020,Tiny,Volt  9,Volt,NA,NA,Automatic (A1),Rear-Wheel Drive,Compact Cars,Electricity,EV,,,100,0,150 kW ACPM\n"
    );
    check(
        "epa",
        "epa-good",
        &[("vehicles.csv", &rows)],
        "3\t2020\tTiny\tVolt 9\tVolt\t\t\tAutomatic (A1)\tRear-Wheel Drive\tCompact Cars\tElectricity\tEV\t\t2.352\t150 kW ACPM\n\
         20\t2019\tTiny\tHopper AWD\tHopper\t2\t4\tAutomatic (S8)\tAll-Wheel Drive\tCompact Cars\tPremium Gasoline\t\tT\t10.009\t\n",
    );
}

#[test]
fn epa_rows_that_cannot_be_right_are_refused() {
    let row = |displacement, year, id| {
        format!(
            "{EPA}{id},{year},Tiny,Hopper,Hopper,{displacement},4,,,Compact Cars,Diesel,,,,24,0,\n"
        )
    };
    let refuse = |name, row: &str, parts: &[&str]| {
        refuse("epa", name, &[("vehicles.csv", row)], parts);
    };
    refuse(
        "epa-bad-1",
        &row("two", "2019", "1"),
        &["vehicles.csv, line 2", "displ", "\"two\"", "not a number"],
    );
    refuse(
        "epa-bad-2",
        &row("66", "2019", "1"),
        &["line 2", "displ", "\"66\"", "more than 10 litres"],
    );
    refuse(
        "epa-bad-3",
        &row("2", "219", "1"),
        &["line 2", "column year", "\"219\"", "model year"],
    );
    refuse(
        "epa-bad-4",
        &row("2", "2019", "x"),
        &["column id", "\"x\"", "not an id"],
    );
    let twice = format!(
        "{}{}",
        row("2", "2019", "1"),
        "1,2019,Tiny,Hopper,Hopper,2,4,,,Compact Cars,Diesel,,,,24,0,\n"
    );
    refuse(
        "epa-bad-5",
        &twice,
        &["line 3", "column id", "a second row"],
    );
    refuse(
        "epa-bad-6",
        "id,year\n1,2019\n",
        &["expected the columns", "fuelType1"],
    );
    let short = format!("{EPA}1,2019,Tiny\n");
    refuse("epa-bad-7", &short, &["vehicles.csv, line 2"]);
}

#[test]
fn emission_standards_are_parted_into_federal_and_californian() {
    let rows = "efid,id,salesArea,score,standard,stdText\n\
        A,5,3,5,T3B70,Bin 70\nA,5,7,5,L3ULEV70,ULEV70\nA,5,3,5,T3B30,Bin 30\nA,4,7,5,PZEV,PZEV\n";
    check(
        "epa-emissions",
        "emissions-good",
        &[("emissions.csv", rows)],
        "4\t\tPZEV\n5\tT3B30,T3B70\tL3ULEV70\n",
    );
    refuse(
        "epa-emissions",
        "emissions-bad",
        &[("emissions.csv", "id,standard\n4,\n")],
        &["line 2", "column standard", "must not be empty"],
    );
}

const OMEGA: &str = "input_template_name:,vehicles\nvehicle_name,manufacturer_id,model_year,electrification_class,cost_curve_class,sales,eng_rated_hp,etw_lbs,length_in,width_in,height_in,wheelbase_in,passenger_capacity,drive_system,curbweight_lbs,engine_cylinders,engine_displacement_liters\n";

#[test]
fn omega_rows_lose_what_is_a_mean_or_contradicts_the_emission_test() {
    let rows = format!(
        "{OMEGA}HOPPER AWD,Tiny,2019,N,ICE_TDS_X,1200,200,3250,180.1,72.4333333,,100,5.5,AWD,3000.5,4,1.998\n\
         HOPPER AWD,Tiny,2020,N,ICE_X,7,200,3625,,,,,,AWD,3000.5,4,1.998\n"
    );
    check(
        "omega",
        "omega-good",
        &[("omega_ldv.csv", &rows)],
        "2019l0003\t2019\tTiny\tHOPPER AWD\tAWD\tN\t1.998\t4\tT\t149.1\t1361\t\t4575\t\t\t2540\t1200\n\
         2020l0004\t2020\tTiny\tHOPPER AWD\tAWD\tN\t1.998\t4\t\t149.1\t\t\t\t\t\t\t7\n",
    );
    let bad = format!("{OMEGA}HOPPER,Tiny,2019,N,X,,much,,,,,,,AWD,,4,2\n");
    refuse(
        "omega",
        "omega-bad",
        &[("omega_ldv.csv", &bad)],
        &["omega_ldv.csv, line 3", "eng_rated_hp", "\"much\""],
    );
}

const BODIES: &str = "Ref,Body_Style,Doors,Cab_Config,Wheelbase_in,Length_in,Width_in,Height_in\n";

#[test]
fn canadian_years_are_joined_to_runs() {
    let bodies = format!("{BODIES}nhtsa-tiny-hopper,Sedan,4,,104.3,185.8,72.4,\n");
    let years = "Make,Model,Year,Body_Config_Ref\nTiny,Hopper,2012,nhtsa-tiny-hopper\nTiny,Hopper,2010,nhtsa-tiny-hopper\nTiny,Hopper,2011,nhtsa-tiny-hopper\nTiny,Hopper,2014,nhtsa-tiny-hopper\n";
    let files = |years| {
        [
            ("body_configs.csv", bodies.as_str()),
            ("ymm_body_configs.csv", years),
        ]
    };
    check(
        "canada",
        "canada-good",
        &files(years),
        "Tiny\tHopper\t2010\t2012\ttiny-hopper\tSedan\t4\t\t4719\t1839\t\t2649\n\
         Tiny\tHopper\t2014\t2014\ttiny-hopper\tSedan\t4\t\t4719\t1839\t\t2649\n",
    );
    let unknown = "Make,Model,Year,Body_Config_Ref\nTiny,Hopper,2012,nhtsa-other\n";
    refuse(
        "canada",
        "canada-bad",
        &files(unknown),
        &[
            "ymm_body_configs.csv, line 2",
            "nhtsa-other",
            "no such body",
        ],
    );
}

#[test]
fn uk_rows_that_differ_by_wheels_are_joined() {
    let head = "Manufacturer,Model,Description,Transmission,Engine Capacity,Fuel Type,Powertrain,Engine Power (Kw),Euro Standard,WLTP Metric Combined,\n";
    let rows = format!(
        "{head}TINY,M\u{e9}gane,Play,M6,1461,Diesel,ICE,85,Euro 6d,4.4,\nTINY,M\u{e9}gane,Play,M6,1461,Diesel,ICE,85,Euro 6d,4.8,\n"
    );
    check(
        "vca",
        "vca-good",
        &[("uk.csv", &rows)],
        "TINY\tM\u{e9}gane\tPlay\tM6\t1461\tDiesel\tICE\t85\tEuro 6d\t4.6\n",
    );
    let bad = format!("{head}TINY,A,Play,M6,-1,Diesel,ICE,85,Euro 6d,4.4,\n");
    refuse(
        "vca",
        "vca-bad",
        &[("uk.csv", &bad)],
        &["line 2", "Engine Capacity", "\"-1\"", "at least 0"],
    );
}

#[test]
fn french_decimals_are_read() {
    let head = "Marque;\"Libell\u{e9} mod\u{e8}le\";Mod\u{e8}le;\"Description Commerciale\";Energie;Carrosserie;Cylindr\u{e9}e;\"Puissance maximale\";\"Puissance nominale \u{e9}lectrique\";\"Poids \u{e0} vide\";\"Type de boite\";\"Nombre rapports\";\"Conso vitesse mixte Min\";\"Conso vitesse mixte Max\"\n";
    let rows = format!(
        "\u{feff}{head}TINY;HOP;HOP;\"HOP (130ch)\";ESSENCE;BERLINE;1332;96,000;;1519;AUTOMATIQUE;7;6,656;7,871\n"
    );
    check(
        "ademe",
        "ademe-good",
        &[("fr.csv", &rows)],
        "TINY\tHOP\tHOP\tHOP (130ch)\tESSENCE\tBERLINE\t1332\t96\t\tAUTOMATIQUE\t7\t1519\t7.26\n",
    );
    let bad =
        format!("{head}TINY;HOP;HOP;HOP;ESSENCE;BERLINE;1332;96 kW;;1519;AUTOMATIQUE;7;6;7\n");
    refuse(
        "ademe",
        "ademe-bad",
        &[("fr.csv", &bad)],
        &["line 2", "Puissance maximale", "\"96 kW\""],
    );
}

#[test]
fn both_layouts_of_the_notice_are_read() {
    let head = "企业名称,商标,车辆型号,产品型号,通用名称,产品名称,排量(ml),发动机排量(ml),额定载客人数（人）,型式,档位数,整车整备质量(kg),综合燃料消耗量（L/100km）,燃料消耗量(L/100km)\n";
    let rows = format!(
        "{head}某汽车,,AB7150HEV,,小跳,,1497,,5,AT,1,\"1530,1547\",4.28,\n某客车,某牌,,CD6112BEV,,纯电动客车,,,,,,10300/10600,,\n"
    );
    check(
        "miit",
        "miit-good",
        &[("notice.csv", &rows)],
        "AB7150HEV\t某汽车\t\t小跳\t\t1497\t5\tAT\t1\t1530,1547\t4.28\n\
         CD6112BEV\t某客车\t某\t\t纯电动客车\t\t\t\t\t10300,10600\t\n",
    );
    // The С is a Cyrillic one.
    let bad = format!("{head}某汽车,,\u{421}D7150,,小跳,,1497,,5,AT,1,1530,4.28,\n");
    refuse(
        "miit",
        "miit-bad",
        &[("notice.csv", &bad)],
        &["line 2", "车辆型号", "not a model code"],
    );
}

#[test]
fn equal_files_give_equal_bytes() {
    let rows = format!("{EPA}1,2019,Tiny,Hopper,Hopper,2,4,,,Compact Cars,Diesel,,,,24,0,\n");
    let bytes = |test: &str| {
        import("epa", test, &[("vehicles.csv", &rows)]).expect("a table");
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(test)
            .join("out.tsv.zst");
        std::fs::read(path).expect("the table")
    };
    assert_eq!(bytes("epa-same-1"), bytes("epa-same-2"));
}
