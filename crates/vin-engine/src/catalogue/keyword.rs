//! Search by what people type: Chinese, pinyin, its initials, English, also run together.
//!
//! An exact name comes before one that begins so, and that before one with such a word inside;
//! among equals brands come before series, and these before cars. Cars are found by a series or
//! brand and words of their versions (`宝马 X5 xDrive35i 2018款`), or by such words alone. What
//! finds nothing is looked for again without its last word.

use super::browse::Entry;
use super::view::{Catalogue, range};
use vin_core::{FieldId, Lang};
use vin_index::catalogue::{Brand, Type};
use vin_index::names::{Spelling, spelt};

/// So many finds are kept; what comes beyond is of no use to somebody who searches.
pub const MOST_FOUND: usize = 1000;

/// How well a name fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the name.
    Exact,
    /// The name begins so.
    Prefix,
    /// A word within the name begins so.
    Within,
}

/// What a keyword found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit<'p> {
    /// A brand.
    Brand(&'p Brand),
    /// A series.
    Type(&'p Type),
    /// A car.
    Car(Entry<'p>),
}

/// A keyword, taken apart.
struct Query {
    /// The words in their spelling.
    words: Vec<String>,
    /// The same without what parts them.
    whole: String,
}

/// What remains of a query for the cars of a series or brand.
struct Rest {
    year: Option<u16>,
    words: Vec<String>,
}

impl Query {
    fn of(keyword: &str) -> Self {
        let words = keyword.split_whitespace().map(spelt);
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let whole = words.concat();
        Self { words, whole }
    }

    /// What is left when the first words are `name`, by any of the ways to write it.
    fn after(&self, fits: impl Fn(&str) -> bool) -> Option<Rest> {
        let mut taken = String::new();
        for (at, word) in self.words.iter().enumerate() {
            taken.push_str(word);
            if fits(&taken) && at + 1 < self.words.len() {
                return Some(Rest::of(&self.words[at + 1..]));
            }
        }
        None
    }
}

impl Rest {
    fn of(words: &[String]) -> Self {
        let mut rest = Self {
            year: None,
            words: Vec::new(),
        };
        for word in words {
            match model_year(word) {
                Some(year) => rest.year = Some(year),
                None if word == "款" => {}
                None => rest.words.push(word.clone()),
            }
        }
        rest
    }
}

/// `2018`, `2018款` or `18款`.
fn model_year(word: &str) -> Option<u16> {
    let digits = word.strip_suffix('款');
    let number: u16 = digits.unwrap_or(word).parse().ok()?;
    match (number, digits) {
        (1950..=2060, _) => Some(number),
        (0..=99, Some(_)) => Some(if number < 60 { 2000 } else { 1900 } + number),
        _ => None,
    }
}

/// What is left of `query` after `form`, in which blanks do not count; `None` when it differs
/// before either ends. The second says whether the form was used up.
fn eat<'q>(form: &str, query: &'q str) -> Option<(&'q str, bool)> {
    let mut query = query.chars();
    let mut form = form.chars().filter(|c| *c != ' ');
    loop {
        let before = query.as_str();
        match (form.next(), query.next()) {
            (None, _) => return Some((before, true)),
            (Some(_), None) => return Some(("", false)),
            (Some(a), Some(b)) if a == b => {}
            _ => return None,
        }
    }
}

/// How a name that is written `form` fits; its words are parted by blanks.
fn fit(form: &str, query: &str) -> Option<Fit> {
    match eat(form, query) {
        Some(("", true)) => return Some(Fit::Exact),
        Some(("", false)) => return Some(Fit::Prefix),
        _ => {}
    }
    let mut last = 'a';
    let starts = form.char_indices().filter(|(at, c)| {
        // A Chinese character is a word of its own.
        let start = *at > 0 && (last == ' ' || !c.is_ascii() || !last.is_ascii());
        last = *c;
        start && *c != ' '
    });
    let mut fits = starts.filter_map(|(at, _)| eat(&form[at..], query));
    fits.any(|(left, _)| left.is_empty()).then_some(Fit::Within)
}

/// The ways to write a name. Initials are one word, so that nothing is found within them.
struct Forms<'p>([&'p str; 4]);

impl Forms<'_> {
    fn fit(&self, query: &str) -> Option<Fit> {
        self.0.iter().filter_map(|form| fit(form, query)).min()
    }

    fn is(&self, query: &str) -> bool {
        self.after(query).any(str::is_empty)
    }

    /// What `query` says behind the name.
    fn after<'q>(&self, query: &'q str) -> impl Iterator<Item = &'q str> {
        let eaten = self.0.iter().filter_map(move |form| eat(form, query));
        eaten.filter_map(|(rest, used)| used.then_some(rest))
    }

    /// The same for a series behind these names of its brand, or without them.
    fn fit_series(&self, series: &Self, query: &str) -> Option<Fit> {
        let rests = self.after(query).filter(|rest| !rest.is_empty());
        let behind = rests.filter_map(|rest| series.fit(rest));
        series.fit(query).into_iter().chain(behind).min()
    }

    fn is_series(&self, series: &Self, query: &str) -> bool {
        series.is(query) || self.after(query).any(|rest| series.is(rest))
    }
}

/// Where a find stands: the fit, then brands, series, cars; a brand without any known car after
/// those with some; then the order of the list.
type Rank = (Fit, u8, bool, u32);

/// What is found, before it is put in order.
#[derive(Default)]
struct Finds<'p> {
    names: Vec<(Rank, Hit<'p>)>,
    cars: Vec<(Fit, Entry<'p>)>,
    /// Whether the query begins with the name of a series or brand and goes on.
    goes_on: bool,
}

impl<'p> Catalogue<'p> {
    /// What `keyword` finds, the best first, at most [`MOST_FOUND`].
    pub fn keyword(&self, keyword: &str) -> Vec<Hit<'p>> {
        let mut query = Query::of(keyword);
        loop {
            let found = self.found(&query);
            // What nobody has may still begin with a name: 比亚迪 2099.
            if !found.is_empty() || query.words.pop().is_none() {
                return found;
            }
            query.whole = query.words.concat();
        }
    }

    fn found(&self, query: &Query) -> Vec<Hit<'p>> {
        let mut finds = Finds::default();
        if query.whole.is_empty() {
            return Vec::new();
        }
        for (brand, spelling) in self.brands.iter().zip(self.brand_spellings) {
            self.in_brand(brand, spelling, query, &mut finds);
        }
        if finds.names.is_empty() && !finds.goes_on {
            let rest = Rest::of(&query.words);
            if !rest.words.is_empty() {
                self.cars_with(0..self.types.len(), &rest, &mut finds.cars);
            }
        }
        self.in_order(finds)
    }

    fn in_brand(
        &self,
        brand: &'p Brand,
        spelling: &Spelling,
        query: &Query,
        finds: &mut Finds<'p>,
    ) {
        let forms = self.forms(spelling);
        let bare = self
            .types(brand)
            .iter()
            .all(|kind| kind.cars.count.get() == 0);
        if let Some(fit) = forms.fit(&query.whole) {
            let rank = (fit, 0, bare, spelling.rank.get());
            finds.names.push((rank, Hit::Brand(brand)));
        }
        let mut series_named = false;
        let spellings = range(self.type_spellings, brand.types);
        let first = brand.types.at.get() as usize;
        for (at, (kind, spelling)) in (first..).zip(self.types(brand).iter().zip(spellings)) {
            let series = self.forms(spelling);
            if let Some(fit) = forms.fit_series(&series, &query.whole) {
                series_named = true;
                let rank = (fit, 1, bare, spelling.rank.get());
                finds.names.push((rank, Hit::Type(kind)));
            }
            if let Some(rest) = query.after(|taken| forms.is_series(&series, taken)) {
                series_named = true;
                finds.goes_on = true;
                self.cars_with(at..at + 1, &rest, &mut finds.cars);
            }
        }
        let rest = query.after(|taken| forms.is(taken));
        if let Some(rest) = rest.filter(|_| !series_named) {
            finds.goes_on = true;
            let kinds = first..first + spellings.len();
            self.cars_with(kinds, &rest, &mut finds.cars);
        }
    }

    fn forms(&self, spelling: &Spelling) -> Forms<'p> {
        let texts = [spelling.zh, spelling.pinyin, spelling.initials, spelling.en];
        Forms(texts.map(|text| self.text(text)))
    }

    /// The cars of these series that have the year and every word.
    fn cars_with(
        &self,
        kinds: std::ops::Range<usize>,
        rest: &Rest,
        found: &mut Vec<(Fit, Entry<'p>)>,
    ) {
        if rest.year.is_none() && rest.words.is_empty() {
            return;
        }
        let of_kinds = self.types.get(kinds.clone()).unwrap_or_default();
        let cars = of_kinds.iter().flat_map(|kind| self.cars(kind));
        let records = self.records().iter().filter(|record| {
            let kind = self.type_index(record.type_id.get());
            kind.is_some_and(|at| kinds.contains(&(at as usize)))
        });
        for entry in cars.map(Entry::Car).chain(records.map(Entry::Record)) {
            if found.len() >= MOST_FOUND {
                return;
            }
            if rest.year.is_some_and(|year| year != self.entry_year(entry)) {
                continue;
            }
            let text = match entry {
                Entry::Car(car) => format!("{} {}", self.text(car.version), self.engine_text(car)),
                Entry::Record(record) => {
                    self.record_text(record, FieldId::Name, Lang::Zh).to_owned()
                }
            };
            let text = spelt(&text);
            let mut fits = rest
                .words
                .iter()
                .map(|word| match text.find(word.as_str()) {
                    Some(0) if text.len() == word.len() => Some(Fit::Exact),
                    Some(0) => Some(Fit::Prefix),
                    Some(_) => Some(Fit::Within),
                    None => None,
                });
            let worst = fits.try_fold(Fit::Exact, |worst, fit| Some(worst.max(fit?)));
            found.extend(worst.map(|fit| (fit, entry)));
        }
    }

    fn in_order(&self, finds: Finds<'p>) -> Vec<Hit<'p>> {
        let Finds {
            mut names,
            mut cars,
            ..
        } = finds;
        // The newest come first; a car that two names lead to is there once.
        cars.sort_by_cached_key(|(fit, entry)| {
            let newest = std::cmp::Reverse(self.entry_year(*entry));
            (*fit, newest, self.entry_id(*entry))
        });
        cars.dedup_by_key(|(_, entry)| self.entry_id(*entry));
        let cars = (0..).zip(cars);
        names.extend(cars.map(|(n, (fit, car))| ((fit, 2, false, n), Hit::Car(car))));
        names.sort_by_key(|(rank, _)| *rank);
        names.truncate(MOST_FOUND);
        names.into_iter().map(|(_, hit)| hit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: &str, query: &str, expected: Option<Fit>) {
        assert_eq!(fit(form, query), expected, "{query} in {form}");
    }

    #[test]
    fn a_name_fits_from_its_beginning_or_from_that_of_a_word() {
        check("bao shi jie", "baoshijie", Some(Fit::Exact));
        check("bao shi jie", "baos", Some(Fit::Prefix));
        check("bao shi jie", "shijie", Some(Fit::Within));
        check("bao shi jie", "aoshi", None);
        check("bao shi jie", "baoshijies", None);
        check("广汽传祺", "传祺", Some(Fit::Within));
        check("野帝yeti", "yeti", Some(Fit::Within));
        check("land rover", "rover", Some(Fit::Within));
        check("land rover", "over", None);
        check("bsj", "sj", None);
        check("", "a", None);
    }

    #[test]
    fn a_model_year_is_written_in_three_ways() {
        for (word, year) in [
            ("2018", Some(2018)),
            ("2018款", Some(2018)),
            ("18款", Some(2018)),
            ("98款", Some(1998)),
            ("18", None),
            ("3000", None),
            ("款", None),
        ] {
            assert_eq!(model_year(word), year, "{word}");
        }
    }
}
