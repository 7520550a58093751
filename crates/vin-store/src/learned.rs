//! What the answers of channels have taught about cars of one build.
//!
//! A rule is gathered, in force, or withdrawn; what its answers agree on is a text that only its
//! writer understands.

use crate::db::sql::{Row, Tx, args};
use crate::{Store, StoreError};

/// An answer of a channel, as far as it can teach.
#[derive(Clone, Copy, Debug)]
pub struct Lesson<'a> {
    /// The channel.
    pub channel: &'a str,
    /// Positions 1–8, 10 and 11 of the VIN.
    pub prefix: &'a str,
    /// `zh` or `en`.
    pub lang: &'a str,
    /// Positions 9 and 12–17.
    pub rest: &'a str,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// After so many answers about different VINs a rule is in force.
    pub enough: u32,
    /// After so many seconds without one it begins anew.
    pub age: i64,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnedRow {
    /// The channel.
    pub channel: String,
    /// Positions 1–8, 10 and 11 of the VIN.
    pub prefix: String,
    /// `zh` or `en`.
    pub lang: String,
    /// `gathering`, `in_force` or `withdrawn`.
    pub state: String,
    /// Answers about different VINs.
    pub answers: i64,
    /// The first of them, in seconds since 1970-01-01 UTC.
    pub first_at: i64,
    /// The last one.
    pub last_at: i64,
    /// What all answers agree on.
    pub fields: String,
    /// Why it was withdrawn, or `""`.
    pub why: String,
}

impl Store {
    /// Takes an answer in. `merge` is given what is known so far, or `None`, and gives what both
    /// agree on, or `None` when they contradict each other: the rule is then withdrawn for good.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn learn(
        &self,
        lesson: &Lesson<'_>,
        merge: impl FnOnce(Option<&str>) -> Option<String>,
    ) -> Result<(), StoreError> {
        let Lesson {
            channel,
            prefix,
            lang,
            rest,
            at,
            enough,
            age,
        } = *lesson;
        let mut tx = self.write().await?;
        // The row is made or locked first, so that nodes take their turns.
        let sql =
            "insert into learned (channel, prefix, lang, state, answers, first_at, last_at, fields)
             values ($1, $2, $3, 'gathering', 0, $4, $4, '')
             on conflict (channel, prefix, lang) do update set channel = $1
             returning state, answers, last_at, fields, first_at";
        let row = tx.row(sql, args![channel, prefix, lang, at]).await?;
        let row = row.ok_or(sqlx::Error::RowNotFound)?;
        let (state, mut answers, known) = (row.text(0)?, row.int(1)?, row.text(3)?);
        let mut first_at = row.int(4)?;
        if state == "withdrawn" {
            return Ok(());
        }
        if at - row.int(2)? > age {
            let sql = "delete from learned_vins where channel = $1 and prefix = $2 and lang = $3";
            tx.run(sql, args![channel, prefix, lang]).await?;
            answers = 0;
            first_at = at;
        }
        let merged = merge((answers > 0).then_some(&*known));
        let counted =
            "insert into learned_vins (channel, prefix, lang, rest) values ($1, $2, $3, $4)
             on conflict (channel, prefix, lang, rest) do nothing";
        if answers < i64::from(enough) {
            let added = tx.run(counted, args![channel, prefix, lang, rest]).await?;
            answers += i64::from(added == 1);
        }
        let (now, fields) = match &merged {
            None => ("withdrawn", known.as_str()),
            Some(fields) if answers >= i64::from(enough) => ("in_force", fields.as_str()),
            Some(fields) => ("gathering", fields.as_str()),
        };
        let sql = "update learned set state = $4, answers = $5, last_at = $6, fields = $7, first_at = $8, why = $9
             where channel = $1 and prefix = $2 and lang = $3";
        let why = match merged {
            None => format!(
                "an answer about a car with {rest} in positions 9 and 12-17 contradicted it"
            ),
            Some(_) => String::new(),
        };
        let args = args![
            channel, prefix, lang, now, answers, at, fields, first_at, &*why
        ];
        tx.run_one("learning", sql, args).await?;
        if now != state || now == "in_force" && fields != known {
            changed(&mut tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The rules in force, or with `all` every one, of a channel or of all.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn learned(
        &self,
        channel: Option<&str>,
        all: bool,
    ) -> Result<Vec<LearnedRow>, StoreError> {
        let sql = "select channel, prefix, lang, state, answers, first_at, last_at, fields, why
             from learned
             where ($1 = '' or channel = $1) and ($2 = 1 or state = 'in_force')
             order by prefix, channel, lang";
        let args = args![channel.unwrap_or_default(), all];
        let rows = self.rows(sql, args).await?;
        rows.iter().map(read).collect()
    }

    /// Forgets what was learned of a channel, or one rule of it; how many rules that were.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_learned(
        &self,
        channel: &str,
        prefix: Option<&str>,
    ) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let args = args![channel, prefix.unwrap_or_default()];
        let mut gone = 0;
        for sql in [
            "delete from learned_vins where channel = $1 and ($2 = '' or prefix = $2)",
            "delete from learned where channel = $1 and ($2 = '' or prefix = $2)",
        ] {
            gone = tx.run(sql, args).await?;
        }
        changed(&mut tx).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

async fn changed(tx: &mut Tx) -> Result<(), StoreError> {
    let sql = "update revisions set value = value + 1 where name = 'learned'";
    tx.run_one("counting a revision", sql, args![]).await
}

fn read(row: &Row) -> Result<LearnedRow, StoreError> {
    Ok(LearnedRow {
        channel: row.text(0)?,
        prefix: row.text(1)?,
        lang: row.text(2)?,
        state: row.text(3)?,
        answers: row.int(4)?,
        first_at: row.int(5)?,
        last_at: row.int(6)?,
        fields: row.text(7)?,
        why: row.text(8)?,
    })
}
