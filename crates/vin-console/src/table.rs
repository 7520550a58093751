//! Tables whose order and choice stand in the address, so that what is seen can be linked to, and
//! both work without scripts.

use crate::context::Context;
use crate::reply::Problem;
use crate::router::encoded;
use askama::Template;
use std::cmp::Ordering;

/// A value of a row.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub text: String,
    /// What stands small after the text.
    pub small: String,
    /// Where the text leads, or `""`.
    pub link: String,
    /// Whether it is read character by character: a VIN, an order number.
    pub code: bool,
    /// `good`, `warn`, `bad` or `plain` for a tag; `""` for none.
    pub tag: &'static str,
    /// A tag after the text with its kind, or `("", "")`.
    pub mark: (&'static str, &'static str),
    /// Whether what is too long is cut off.
    pub cut: bool,
    /// How full a bar before the text is, in hundredths; none for no bar.
    pub meter: Option<i64>,
    /// The forms of the row as they stand on the page, or `""`.
    pub forms: String,
    number: Option<f64>,
}

/// A form of one button, for a row.
#[derive(Template)]
#[template(path = "row_form.html")]
pub struct Button<'a> {
    pub token: &'a str,
    pub path: String,
    pub text: &'a str,
    /// What the button is for, where its text alone does not say so, or `""`.
    pub label: String,
    /// What is pressed before the button is seen, or `""`.
    pub first: &'a str,
}

impl Cell {
    /// A text; it is sorted as one.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            text,
            ..Self::default()
        }
    }

    /// A text that is sorted by a number.
    pub fn number(text: impl Into<String>, number: impl Into<f64>) -> Self {
        let number = Some(number.into());
        Self {
            number,
            ..Self::text(text)
        }
    }

    /// A whole number as people read it.
    pub fn count(number: i64) -> Self {
        Self::number(crate::format::count(number), number as f64)
    }

    /// A moment, or `never` when there was none.
    pub fn time(unix: i64, never: &str) -> Self {
        match unix {
            0 => Self::number(never, 0),
            at => Self::number(crate::format::time(at), at as f64),
        }
    }

    /// How long ago something was, or `never`.
    pub fn ago(cx: &Context, at: i64) -> Self {
        Self::number(ago(cx, at), at as f64)
    }

    /// The forms of a row, by a template of theirs; they are sorted by a number.
    pub fn forms(forms: &impl Template, number: impl Into<f64>) -> Result<Self, Problem> {
        let forms = forms.render().map_err(|error| {
            tracing::error!(%error, "a form could not be written");
            Problem::Broken
        })?;
        Ok(Self {
            forms,
            ..Self::number("", number)
        })
    }

    pub fn link(self, link: impl Into<String>) -> Self {
        Self {
            link: link.into(),
            ..self
        }
    }

    /// A part in hundredths with a bar.
    pub fn part(hundredths: i64) -> Self {
        let meter = Some(hundredths);
        Self {
            meter,
            ..Self::number(format!("{hundredths} %"), hundredths as f64)
        }
    }

    pub fn code(self) -> Self {
        Self { code: true, ..self }
    }

    pub fn tag(self, tag: &'static str) -> Self {
        Self { tag, ..self }
    }

    pub fn mark(self, kind: &'static str, text: &'static str) -> Self {
        let mark = (kind, text);
        Self { mark, ..self }
    }

    pub fn cut(self) -> Self {
        Self { cut: true, ..self }
    }

    pub fn small(self, small: impl Into<String>) -> Self {
        Self {
            small: small.into(),
            ..self
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self.number, other.number) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => self.text.to_lowercase().cmp(&other.text.to_lowercase()),
        }
    }

    fn has(&self, text: &str) -> bool {
        let found = |own: &str| own.to_lowercase().contains(text);
        found(&self.text) || found(&self.small) || found(self.mark.1)
    }
}

/// How long ago something was, in words; 0 is never.
pub fn ago(cx: &Context, at: i64) -> String {
    match at {
        0 => cx.t("从未", "never").to_owned(),
        at => crate::format::ago(cx.accounts().now() - at, cx.lang),
    }
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    name: &'static str,
    title: &'static str,
    num: bool,
}

/// A column of texts.
pub fn column(name: &'static str, title: &'static str) -> Column {
    let num = false;
    Column { name, title, num }
}

/// A column of numbers.
pub fn numbers(name: &'static str, title: &'static str) -> Column {
    Column {
        num: true,
        ..column(name, title)
    }
}

/// A column that has no order, such as that of the rows' forms.
pub fn unsorted(title: &'static str) -> Column {
    column("", title)
}

/// The head of a column.
pub struct Head {
    pub title: &'static str,
    pub num: bool,
    /// The address of the same page with another order, `""` for a column without.
    pub link: String,
    /// `ascending`, `descending` or `""`.
    pub sorted: &'static str,
}

/// A table that can be shown.
pub struct Table {
    /// What its place on the page is called; its parameters begin with it.
    pub name: &'static str,
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<Cell>>,
    /// How many rows there are without the filter.
    pub all: usize,
    /// The text that is searched for.
    pub find: String,
    /// The name of the parameter that holds it, `""` for a table without.
    pub find_name: String,
    /// The other parameters of the page, which its form keeps.
    pub others: Vec<(String, String)>,
    /// The path that its form is sent to.
    pub path: String,
    /// Whether its texts are long and broken into lines.
    pub wraps: bool,
}

impl Table {
    /// The rows in the order that the address asks for; without one they stay as they are. Tables of
    /// one page have names of their own.
    pub fn new(cx: &Context, name: &'static str, columns: &[Column], rows: Vec<Vec<Cell>>) -> Self {
        let param = |what: &str| match name {
            "" => what.to_owned(),
            name => format!("{name}.{what}"),
        };
        let sort = param("sort");
        let asked = cx.query.get(&sort);
        let (by, down) = match asked.strip_prefix('-') {
            Some(by) => (by, true),
            None => (asked, false),
        };
        let mut rows = rows;
        if let Some(at) = columns.iter().position(|c| c.name == by && !by.is_empty()) {
            rows.sort_by(|a, b| {
                let order = a[at].cmp(&b[at]);
                if down { order.reverse() } else { order }
            });
        }
        let path = cx.page_path.clone();
        let head = |c: &Column| {
            let sorted = c.name == by && !by.is_empty();
            let next = if sorted && !down { "-" } else { "" };
            Head {
                title: c.title,
                num: c.num,
                link: match c.name {
                    "" => String::new(),
                    name => address(cx, &[(&sort, &format!("{next}{name}"))]),
                },
                sorted: match (sorted, down) {
                    (false, _) => "",
                    (true, false) => "ascending",
                    (true, true) => "descending",
                },
            }
        };
        Self {
            name,
            heads: columns.iter().map(head).collect(),
            all: rows.len(),
            rows,
            find: String::new(),
            find_name: String::new(),
            others: Vec::new(),
            path,
            wraps: false,
        }
    }

    /// The same with a form that searches its rows.
    pub fn with_search(mut self, cx: &Context) -> Self {
        self.find_name = match self.name {
            "" => "find".to_owned(),
            name => format!("{name}.find"),
        };
        self.find = cx.query.text(&self.find_name).to_owned();
        let wanted = self.find.to_lowercase();
        if !wanted.is_empty() {
            self.rows
                .retain(|row| row.iter().any(|cell| cell.has(&wanted)));
        }
        let own = &self.find_name;
        let others = cx.query.pairs().filter(|(n, _)| n != own && n != "done");
        self.others = others.cloned().collect();
        self
    }

    /// The same with long texts.
    pub fn wrapped(self) -> Self {
        Self {
            wraps: true,
            ..self
        }
    }

    /// Whether there is no row, and none was left out by the search.
    pub fn is_empty(&self) -> bool {
        self.all == 0
    }
}

/// The address of the page that is shown, with some parameters changed.
pub fn address(cx: &Context, changes: &[(&str, &str)]) -> String {
    let is_changed = |name: &str| changes.iter().any(|(own, _)| *own == name);
    let kept = cx.query.pairs();
    let kept = kept.filter(|(name, _)| !is_changed(name) && name != "done");
    let kept = kept.map(|(n, v)| (n.as_str(), v.as_str()));
    let all = kept.chain(changes.iter().copied());
    let all: Vec<_> = all
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    format!("{}?{}", cx.page_path, all.join("&"))
}
