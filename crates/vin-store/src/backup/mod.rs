//! A backup: every row of one moment as lines of text, the same from both databases, so that a
//! backup of one can be restored into the other.
//!
//! A line is a JSON array: the name of a table, and the values of a row; bytes are hexadecimal. The
//! first line names the format, the last one counts the rows. What running instances hold to spend
//! stands in the packages: in a restored database nobody runs.

mod alerts;
mod buying;
mod submissions;
mod tables;

use crate::db::Db;
use crate::db::sql::{Arg, Row, Tx, args};
use crate::{Store, StoreError, attempts, calls, db};
use serde_json::{Value as Json, json};
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;
use std::io::{BufRead, Write};
use submissions::PICTURES;
use tables::Kind::{self, Bytes, Int, Text};
use tables::{ATTEMPTS, CALLS, Table, tables};

/// What the first line says.
const FORMAT: &str = "chejia backup 1";

/// How many rows are read at once.
const PAGE: i64 = 5_000;

/// A value of a row.
enum Cell {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    fn arg(&self) -> Arg<'_> {
        match self {
            Self::Int(n) => Arg::Int(*n),
            Self::Text(text) => Arg::Text(text),
            Self::Bytes(bytes) => Arg::Bytes(bytes),
        }
    }

    fn json(&self) -> Json {
        match self {
            Self::Int(n) => json!(n),
            Self::Text(text) => json!(text),
            Self::Bytes(bytes) => {
                let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
                    // Writing to a string cannot fail.
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
                json!(hex)
            }
        }
    }

    fn read(kind: Kind, json: &Json) -> Option<Self> {
        match kind {
            Int => json.as_i64().map(Self::Int),
            Text => json.as_str().map(|text| Self::Text(text.to_owned())),
            Bytes => {
                let digits = json.as_str()?.as_bytes();
                let nibble = |c: u8| char::from(c).to_digit(16).map(|d| d as u8);
                let byte = |pair: &[u8]| Some(nibble(pair[0])? << 4 | nibble(*pair.get(1)?)?);
                digits
                    .chunks(2)
                    .map(byte)
                    .collect::<Option<_>>()
                    .map(Self::Bytes)
            }
        }
    }
}

impl Store {
    /// Writes every row of this moment; how many they were. Nobody is stopped from charging.
    ///
    /// # Errors
    /// [`StoreError::Backup`] when `out` cannot be written.
    pub async fn backup(&self, out: &mut impl Write) -> Result<u64, StoreError> {
        let mut tx = self.db.snapshot().await?;
        let schema = Self::newest_schema();
        line(out, &json!([FORMAT, schema]))?;
        let mut rows = 0;
        for table in tables() {
            rows += dump(&mut tx, table, table.name, out).await?;
        }
        for month in calls::months(&mut tx).await? {
            let name = format!("{}{month}", CALLS.name);
            rows += dump(&mut tx, &CALLS, &name, out).await?;
        }
        for month in attempts::months(&mut tx).await? {
            let name = format!("{}{month}", ATTEMPTS.name);
            rows += dump(&mut tx, &ATTEMPTS, &name, out).await?;
        }
        line(out, &json!(["end", rows]))?;
        Ok(rows)
    }

    /// Reads a backup into an empty database, all of it or nothing; how many rows that were.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`]; [`StoreError::Backup`] when `from` is none, or not whole.
    pub async fn restore(&self, from: impl BufRead) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        for table in tables().filter(|table| table.name != "products") {
            let sql = format!("select count(*) from {}", table.name);
            if tx.int(AssertSqlSafe(sql), args![]).await? > 0 {
                return Err(StoreError::NotEmpty);
            }
        }
        // What every database begins with.
        tx.run("delete from products", args![]).await?;
        let mut lines = from.lines();
        let mut next = || {
            let line = lines.next().transpose().map_err(|e| bad(e.to_string()))?;
            let line = line.ok_or_else(|| bad("it ends before its last line".to_owned()))?;
            match serde_json::from_str(&line) {
                Ok(Json::Array(cells)) if !cells.is_empty() => Ok(cells),
                _ => Err(bad("a line is no array".to_owned())),
            }
        };
        let first = next()?;
        let schema = first.get(1).and_then(Json::as_i64);
        if first[0] != FORMAT || schema != Some(Self::newest_schema()) {
            let newest = Self::newest_schema();
            return Err(bad(format!("it is not {FORMAT:?} of schema {newest}")));
        }
        let mut rows: u64 = 0;
        loop {
            let cells = next()?;
            let name = cells[0].as_str().unwrap_or_default();
            if name == "end" {
                if cells.get(1).and_then(Json::as_u64) != Some(rows) {
                    return Err(bad("rows are missing".to_owned()));
                }
                break;
            }
            load(&mut tx, name, &cells[1..]).await?;
            rows += 1;
        }
        if let Db::Postgres(_) = &self.db {
            // The numbers that were read did not come from the counters.
            let counted = tables().filter(|table| table.columns[0].0 == "id");
            for Table { name, .. } in counted {
                let sql = format!(
                    "select setval(pg_get_serial_sequence('{name}', 'id'),
                            (select coalesce(max(id), 0) + 1 from {name}), false)"
                );
                tx.rows(AssertSqlSafe(sql), args![]).await?;
            }
        }
        tx.commit().await?;
        Ok(rows)
    }
}

async fn dump(
    tx: &mut Tx,
    table: &Table,
    name: &str,
    out: &mut impl Write,
) -> Result<u64, StoreError> {
    // What instances hold counts as left in its package.
    let column = |(column, _): &(&str, Kind)| match (table.name, *column) {
        ("lots", "remain") => "cast(remain + coalesce((select sum(s.remain) from leases s
            where s.lot_id = lots.id), 0) as bigint)"
            .to_owned(),
        (_, column) => column.to_owned(),
    };
    let columns: Vec<_> = table.columns.iter().map(column).collect();
    let key: Vec<_> = table.columns[..table.key]
        .iter()
        .map(|(name, _)| *name)
        .collect();
    let (columns, key) = (columns.join(", "), key.join(", "));
    let marks: Vec<_> = (1..=table.key).map(|n| format!("${n}")).collect();
    let most = match table.name {
        PICTURES => 1,
        _ => PAGE,
    };
    let first = format!("select {columns} from {name} order by {key} limit {most}");
    let later = format!(
        "select {columns} from {name} where ({key}) > ({}) order by {key} limit {most}",
        marks.join(", ")
    );
    let (mut written, mut last): (u64, Option<Vec<Cell>>) = (0, None);
    loop {
        let page = match &last {
            None => tx.rows(AssertSqlSafe(first.clone()), args![]).await?,
            Some(cells) => {
                let args: Vec<_> = cells[..table.key].iter().map(Cell::arg).collect();
                tx.rows(AssertSqlSafe(later.clone()), &args).await?
            }
        };
        let is_last = (page.len() as i64) < most;
        for row in &page {
            let cells = cells(row, table)?;
            let values = cells.iter().map(Cell::json);
            line(
                out,
                &Json::Array([json!(name)].into_iter().chain(values).collect()),
            )?;
            written += 1;
            last = Some(cells);
        }
        if is_last {
            return Ok(written);
        }
    }
}

fn cells(row: &Row, table: &Table) -> Result<Vec<Cell>, StoreError> {
    let read = |(place, (_, kind)): (usize, &(&str, Kind))| {
        Ok(match kind {
            Int => Cell::Int(row.int(place)?),
            Text => Cell::Text(row.text(place)?),
            Bytes => Cell::Bytes(row.bytes(place)?),
        })
    };
    table.columns.iter().enumerate().map(read).collect()
}

async fn load(tx: &mut Tx, name: &str, values: &[Json]) -> Result<(), StoreError> {
    let known = tables().find(|table| table.name == name);
    let month = |table: &Table| name.strip_prefix(table.name)?.parse::<i64>().ok();
    let table = match (known, month(&CALLS), month(&ATTEMPTS)) {
        (Some(table), ..) => table,
        (None, Some(month), _) => {
            calls::open_month_once(tx, month).await?;
            &CALLS
        }
        (None, None, Some(month)) => {
            attempts::open_month(tx, month).await?;
            &ATTEMPTS
        }
        (None, None, None) => return Err(bad(format!("there is no table {name:?}"))),
    };
    let cells = table
        .columns
        .iter()
        .zip(values)
        .map(|((_, kind), json)| Cell::read(*kind, json));
    let cells: Option<Vec<_>> = cells.collect();
    let cells =
        cells.filter(|cells| cells.len() == table.columns.len() && cells.len() == values.len());
    let cells = cells.ok_or_else(|| bad(format!("a row of {name} is not whole")))?;
    let columns: Vec<_> = table.columns.iter().map(|(name, _)| *name).collect();
    let marks: Vec<_> = (1..=columns.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "insert into {name} ({}) values ({})",
        columns.join(", "),
        marks.join(", ")
    );
    let args: Vec<_> = cells.iter().map(Cell::arg).collect();
    tx.run(AssertSqlSafe(sql), &args)
        .await
        .map_err(|error| match db::is_taken(&error) {
            true => bad(format!("a row of {name} comes twice")),
            false => error.into(),
        })?;
    Ok(())
}

fn line(out: &mut impl Write, json: &Json) -> Result<(), StoreError> {
    writeln!(out, "{json}").map_err(|error| bad(error.to_string()))
}

fn bad(why: String) -> StoreError {
    StoreError::Backup(why)
}
