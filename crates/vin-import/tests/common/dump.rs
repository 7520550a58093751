//! Writes canonical vPIC tables in the form of the publisher's dump: COPY blocks of PostgreSQL.
//!
//! Tables and columns are those of the monthly dump; what ours do not hold is empty. Their escapes
//! are those of COPY, so that cells go over as they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::path::Path;
use vin_import::table::Table;

/// The text of a dump of the tables in `vpic`, with so many rows of a table that no importer needs:
/// the publisher's has 8.8 million, two thirds of the whole.
pub fn write(vpic: &Path, unneeded: usize) -> String {
    let mut dump = Dump {
        text: HEAD.to_owned(),
        blocks: BTreeMap::new(),
    };
    let tables = Tables { vpic };
    let schemas = tables.patterns(&mut dump);
    tables.small(&mut dump, unneeded);
    tables.lookups(&mut dump);
    tables.wmis(&mut dump, schemas);
    tables.specs(&mut dump);
    for block in std::mem::take(&mut dump.blocks).into_values() {
        dump.text.push_str(&block);
        dump.text.push_str("\\.\n\n\n");
    }
    dump.text
        .push_str("ALTER TABLE ONLY vpic.abs\n    ADD CONSTRAINT pk_abs PRIMARY KEY (id);\n");
    dump.text
}

const HEAD: &str = "--\n-- PostgreSQL database dump\n--\n\n\
    -- Dumped from database version 17.6\n-- Dumped by pg_dump version 18.3\n\n\
    -- Started on 2026-10-14 13:10:07\n\nSET client_encoding = 'UTF8';\n\n\
    CREATE TABLE vpic.wmi (\n    id integer NOT NULL\n);\n\n";

struct Dump {
    text: String,
    /// By the name of the table.
    blocks: BTreeMap<String, String>,
}

impl Dump {
    fn open(&mut self, table: &str, columns: &str) -> &mut String {
        let block = format!("COPY vpic.{table} ({columns}) FROM stdin;\n");
        self.blocks.entry(table.to_owned()).or_insert(block)
    }
}

/// An empty cell is NULL.
fn null(cell: &str) -> &str {
    if cell.is_empty() { "\\N" } else { cell }
}

fn flag(cell: &str) -> &str {
    if cell == "1" { "t" } else { "f" }
}

struct Tables<'a> {
    vpic: &'a Path,
}

impl Tables<'_> {
    fn rows(&self, name: &str) -> Vec<Vec<String>> {
        let packed = self.vpic.join(format!("{name}.tsv.zst"));
        let path = if packed.exists() {
            packed
        } else {
            self.vpic.join(format!("{name}.tsv"))
        };
        let table = Table::read_any(&path).expect("a canonical table");
        let cells =
            |row: vin_import::table::Row<'_>| row.text().split('\t').map(str::to_owned).collect();
        table.rows().map(cells).collect()
    }

    /// Times of changes of a table: when made, when changed. Half of the rows were changed since.
    fn times(&self, of: &str) -> impl Fn(&str, &str) -> String {
        let later = self.rows("later");
        let later: BTreeSet<String> = later
            .into_iter()
            .filter(|row| row[0] == of)
            .map(|mut row| row.remove(1))
            .collect();
        move |changed, id| {
            let part = if later.contains(id) { ".5" } else { "" };
            match id.ends_with(['0', '2', '4', '6', '8']) {
                true => format!("2001-02-03 04:05:06.789\t{changed}{part}"),
                false => format!("{changed}{part}\t\\N"),
            }
        }
    }

    /// Writes the patterns; gives their schemas.
    fn patterns(&self, dump: &mut Dump) -> BTreeSet<u32> {
        let times = self.times("pattern");
        let columns = "id, vinschemaid, keys, elementid, attributeid, createdon, updatedon";
        let block = dump.open("pattern", columns);
        let path = self.vpic.join("pattern.tsv.zst");
        let table = Table::read_any(&path).expect("the patterns");
        let mut schemas = BTreeSet::new();
        for row in table.rows() {
            let [schema, key, element, value, changed, id] = row.cells().expect("six cells");
            schemas.insert(schema.parse().expect("a number"));
            let (key, times) = (key.to_ascii_lowercase(), times(changed, id));
            let _ = writeln!(block, "{id}\t{schema}\t{key}\t{element}\t{value}\t{times}");
        }
        schemas
    }

    fn small(&self, dump: &mut Dump, unneeded: usize) {
        let block = dump.open(
            "element",
            "id, name, code, lookuptable, description, isprivate, groupname, datatype, minallowedvalue, maxallowedvalue, isqs, decode, weight",
        );
        for row in self.rows("element") {
            let [id, name, code, group, kind, decode, private, weight, lookup] = &row[..] else {
                panic!("{row:?}")
            };
            let cells = [
                id,
                name,
                null(code),
                null(lookup),
                "<p>a\\tb</p>",
                flag(private),
                null(group),
                null(kind),
                "\\N",
                "\\N",
                "f",
                null(decode),
                null(weight),
            ];
            let _ = writeln!(block, "{}", cells.join("\t"));
        }
        let block = dump.open("conversion", "id, fromelementid, toelementid, formula");
        for row in self.rows("conversion") {
            let _ = writeln!(block, "{}", row.join("\t"));
        }
        let block = dump.open(
            "defaultvalue",
            "id, elementid, vehicletypeid, defaultvalue, createdon, updatedon",
        );
        for (n, row) in self.rows("default").into_iter().enumerate() {
            let _ = writeln!(
                block,
                "{n}\t{}\t{}\t{}\t2019-12-21 20:26:30.1\t\\N",
                row[1], row[0], row[2]
            );
        }
        let block = dump.open("vinexception", "id, vin, checkdigit, createdon, updatedon");
        for (n, row) in self.rows("exception").into_iter().enumerate() {
            let _ = writeln!(block, "{n}\t{}\tt\t2019-12-21 20:26:30\t\\N", row[0]);
        }
        let _ = writeln!(
            block,
            "999999\t1HGCM82633A004352\tf\t2019-12-21 20:26:30\t\\N"
        );
        let block = dump.open("make_model", "id, makeid, modelid, createdon, updatedon");
        for (n, row) in self.rows("model").into_iter().enumerate() {
            let _ = writeln!(
                block,
                "{n}\t{}\t{}\t2014-06-18 14:32:38.69\t\\N",
                row[1], row[0]
            );
        }
        let rows = self.rows("engine");
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &rows {
            let next = names.len() + 1;
            names.entry(&row[0]).or_insert(next);
        }
        let times = self.times("engine");
        let block = dump.open(
            "enginemodelpattern",
            "id, enginemodelid, elementid, attributeid, createdon, updatedon",
        );
        for row in &rows {
            let (engine, times) = (names[row[0].as_str()], times(&row[3], &row[4]));
            let _ = writeln!(
                block,
                "{}\t{engine}\t{}\t{}\t{times}",
                row[4], row[1], row[2]
            );
        }
        let block = dump.open("enginemodel", "id, name, description");
        for (name, id) in names {
            let _ = writeln!(block, "{id}\t{name}\t\\N");
        }
        // What no importer needs.
        let block = dump.open("wmiyearvalidchars", "id, wmi, year, \"position\", \"char\"");
        for n in 0..unneeded {
            let _ = writeln!(block, "{n}\t1HG\t2003\t4\tC");
        }
        dump.open("decodingoutput", "id, addedon");
    }

    fn lookups(&self, dump: &mut Dump) {
        for row in self.rows("lookup") {
            let [table, id, name] = &row[..] else {
                panic!("{row:?}")
            };
            let (columns, rest) = match table.as_str() {
                "make" | "model" => (
                    "id, name, createdon, updatedon",
                    "\t2014-06-18 14:32:38.69\t\\N",
                ),
                "errorcode" => ("id, name, additionalerrortext, weight", "\t\\N\t\\N"),
                _ => ("id, name", ""),
            };
            let _ = writeln!(dump.open(table, columns), "{id}\t{name}{rest}");
        }
    }

    fn wmis(&self, dump: &mut Dump, mut schemas: BTreeSet<u32>) {
        let columns = "id, wmi, manufacturerid, makeid, vehicletypeid, createdon, updatedon, countryid, publicavailabilitydate, trucktypeid, processedon, noncompliant, noncompliantsetbyovsc";
        let mut ids: HashMap<String, usize> = HashMap::new();
        let mut makes = String::new();
        let block = dump.open("wmi", columns);
        for (n, row) in self.rows("wmi").into_iter().enumerate() {
            let [wmi, kind, truck, public, changed, maker, of] = &row[..] else {
                panic!("{row:?}")
            };
            let id = n + 1;
            ids.entry(wmi.clone()).or_insert(id);
            for make in of.split(',').filter(|make| !make.is_empty()) {
                let _ = writeln!(makes, "{id}\t{make}");
            }
            let (kind, truck, maker) = (null(kind), null(truck), null(maker));
            let _ = writeln!(
                block,
                "{id}\t{wmi}\t{maker}\t\\N\t{kind}\t{changed}\t\\N\t6\t{public}\t{truck}\t\\N\tf\tf"
            );
        }
        dump.open("wmi_make", "wmiid, makeid").push_str(&makes);
        let block = dump.open(
            "wmi_vinschema",
            "id, wmiid, vinschemaid, yearfrom, yearto, orgid",
        );
        for row in self.rows("wmi_schema") {
            let [wmi, schema, from, to, id] = &row[..] else {
                panic!("{row:?}")
            };
            schemas.insert(schema.parse().expect("a number"));
            let _ = writeln!(
                block,
                "{id}\t{}\t{schema}\t{from}\t{}\t\\N",
                ids[wmi],
                null(to)
            );
        }
        let block = dump.open(
            "vinschema",
            "id, name, sourcewmi, createdon, updatedon, tobeqced",
        );
        for schema in &schemas {
            let _ = writeln!(
                block,
                "{schema}\tSchema {schema}\t\\N\t2014-01-01 00:00:00\t\\N\t\\N"
            );
        }
        // A schema that awaits quality control, with a pattern.
        let waiting = schemas.last().map_or(1, |last| last + 1);
        let _ = writeln!(block, "{waiting}\tnew\t\\N\t2026-01-01 00:00:00\t\\N\tt");
        let block = dump.open("pattern", "");
        let _ = writeln!(
            block,
            "9999999\t{waiting}\t*\t28\t1684\t2026-01-01 00:00:00\t\\N"
        );
    }

    fn specs(&self, dump: &mut Dump) {
        let (mut models, mut years) = (String::new(), String::new());
        let block = dump.open(
            "vehiclespecschema",
            "id, makeid, createdon, updatedon, vehicletypeid, sourcedate, tobeqced",
        );
        let mut n = 0;
        for row in self.rows("spec") {
            let [schema, make, kind, of, in_years] = &row[..] else {
                panic!("{row:?}")
            };
            let _ = writeln!(
                block,
                "{schema}\t{make}\t2023-01-05 14:31:32\t\\N\t{}\t\\N\tf",
                null(kind)
            );
            for model in of.split(',').filter(|model| !model.is_empty()) {
                n += 1;
                let _ = writeln!(models, "{n}\t{schema}\t{model}");
            }
            for year in in_years.split(',').filter(|year| !year.is_empty()) {
                n += 1;
                let _ = writeln!(years, "{n}\t{schema}\t{year}");
            }
        }
        dump.open(
            "vehiclespecschema_model",
            "id, vehiclespecschemaid, modelid",
        )
        .push_str(&models);
        dump.open("vehiclespecschema_year", "id, vehiclespecschemaid, year")
            .push_str(&years);
        let mut schema_of: BTreeMap<u32, String> = BTreeMap::new();
        let block = dump.open(
            "vehiclespecpattern",
            "id, vspecschemapatternid, iskey, elementid, attributeid, createdon, updatedon",
        );
        for row in self.rows("spec_pattern") {
            let [schema, pattern, is_key, element, value, changed, id] = &row[..] else {
                panic!("{row:?}")
            };
            schema_of.insert(pattern.parse().expect("a number"), schema.clone());
            let _ = writeln!(
                block,
                "{id}\t{pattern}\t{}\t{element}\t{value}\t{changed}\t\\N",
                flag(is_key)
            );
        }
        let block = dump.open("vspecschemapattern", "id, schemaid");
        for (pattern, schema) in schema_of {
            let _ = writeln!(block, "{pattern}\t{schema}");
        }
    }
}
