//! How names are written by those who look for them: Chinese, pinyin, its initials, English.

use super::series::Named;
use crate::ImportError;
use crate::table::Table;
use pinyin::ToPinyin as _;
use std::path::Path;
use vin_index::StringPool;
use vin_index::names::{Spelling, spelt};
use vin_index::zerocopy::little_endian::U32;

/// The columns of `pinyin.tsv`.
pub const COLUMNS: [&str; 2] = ["zh", "pinyin"];

/// Reads Chinese aloud.
pub struct Reader {
    /// What is read otherwise than the dictionary's first reading, the longest words first.
    exceptions: Vec<(String, Vec<String>)>,
}

/// The syllables of a name.
#[derive(Debug, PartialEq, Eq)]
struct Syllables {
    /// Han characters by their pinyin, other words as they are.
    words: Vec<String>,
    /// The first letters of the former, the latter whole.
    initials: String,
}

impl Reader {
    /// Reads the exceptions from the folder of names.
    ///
    /// # Errors
    /// When the table cannot be read, or a row has not one syllable for each character.
    pub fn read(folder: &Path) -> Result<Self, ImportError> {
        let table = Table::read(&folder.join("pinyin.tsv"), &COLUMNS)?;
        let mut exceptions = Vec::new();
        for row in table.rows() {
            let [zh, pinyin] = row.cells()?;
            let syllables: Vec<_> = pinyin.split(' ').map(str::to_owned).collect();
            let letters =
                |text: &String| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase());
            if syllables.len() != zh.chars().count() || !syllables.iter().all(letters) {
                return Err(row.wrong("pinyin", pinyin, "not one syllable for each character"));
            }
            exceptions.push((zh.to_owned(), syllables));
        }
        exceptions.sort_by_key(|(zh, _)| std::cmp::Reverse(zh.len()));
        Ok(Self { exceptions })
    }

    fn syllables(&self, name: &str) -> Syllables {
        let mut read = Syllables {
            words: Vec::new(),
            initials: String::new(),
        };
        let mut rest = name;
        // Whether the last word is one of letters that goes on.
        let mut open = false;
        while let Some(first) = rest.chars().next() {
            let exception = self.exceptions.iter().find(|(zh, _)| rest.starts_with(zh));
            let mut take = first.len_utf8();
            if let Some((zh, syllables)) = exception {
                take = zh.len();
                syllables.iter().for_each(|syllable| read.say(syllable));
                open = false;
            } else if let Some(pinyin) = first.to_pinyin() {
                // Keyboards have no ü.
                read.say(&pinyin.plain().replace('ü', "v"));
                open = false;
            } else {
                let text = spelt(&rest[..take]);
                match read.words.last_mut() {
                    Some(last) if open => last.push_str(&text),
                    _ if !text.is_empty() => read.words.push(text.clone()),
                    _ => {}
                }
                read.initials.push_str(&text);
                // `-` and `.` join: CX-5 is one word.
                open = !text.is_empty() || open && matches!(first, '-' | '.');
            }
            rest = &rest[take..];
        }
        read
    }

    /// The spellings of names, ranked by letter, then pinyin; what has no letter comes last.
    pub fn spellings<'a>(
        &self,
        names: impl Iterator<Item = &'a Named>,
        pool: &mut StringPool,
    ) -> Vec<Spelling> {
        let names: Vec<_> = names.map(|name| (name, self.syllables(&name.zh))).collect();
        let mut order: Vec<_> = (0..names.len()).collect();
        order.sort_by_cached_key(|&at| {
            let (name, read) = &names[at];
            let other = !read.initials.starts_with(|c: char| c.is_ascii_alphabetic());
            (other, read.words.join(" "), name.zh.clone(), at)
        });
        let mut spellings: Vec<_> = names
            .iter()
            .map(|(name, read)| spelling(name, read, pool))
            .collect();
        for (rank, &at) in (0..).zip(&order) {
            spellings[at].rank = U32::new(rank);
        }
        spellings
    }
}

/// A spelling whose rank is not known yet.
fn spelling(name: &Named, read: &Syllables, pool: &mut StringPool) -> Spelling {
    let en = name.en.split(' ').map(spelt);
    let en: Vec<_> = en.filter(|word| !word.is_empty()).collect();
    let first = read.initials.bytes().next().unwrap_or_default();
    let first = first.to_ascii_uppercase();
    Spelling {
        zh: pool.add(&spelt(&name.zh)).into(),
        pinyin: pool.add(&read.words.join(" ")).into(),
        initials: pool.add(&read.initials).into(),
        en: pool.add(&en.join(" ")).into(),
        rank: U32::new(0),
        initial: if first.is_ascii_uppercase() {
            first
        } else {
            b'#'
        },
        reserved: [0; 3],
    }
}

impl Syllables {
    fn say(&mut self, syllable: &str) {
        self.words.push(syllable.to_owned());
        self.initials.extend(syllable.chars().next());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zh: &str, pinyin: &str, initials: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/catalogue/names");
        let reader = Reader::read(&folder).expect("the project's table");
        let read = reader.syllables(zh);
        assert_eq!(
            (read.words.join(" ").as_str(), read.initials.as_str()),
            (pinyin, initials),
            "{zh}"
        );
    }

    #[test]
    fn names_are_read_as_the_trade_reads_them() {
        check("保时捷", "bao shi jie", "bsj");
        check("大众", "da zhong", "dz");
        check("东风", "dong feng", "df");
        check("沃尔沃", "wo er wo", "wew");
        check("雅阁", "ya ge", "yg");
        check("极氪", "ji ke", "jk");
        check("魏牌", "wei pai", "wp");
        check("飞行家", "fei xing jia", "fxj");
        check("五菱之光", "wu ling zhi guang", "wlzg");
        check("甲壳虫", "jia ke chong", "jkc");
    }

    #[test]
    fn characters_of_several_readings_have_that_of_the_name() {
        check("长安", "chang an", "ca");
        check("长城", "chang cheng", "cc");
        check("长安跨越", "chang an kua yue", "caky");
        check("重庆", "chong qing", "cq");
        check("重汽", "zhong qi", "zq");
        check("广汽传祺", "guang qi chuan qi", "gqcq");
        check("哪吒", "ne zha", "nz");
        check("单旅行版", "dan lv xing ban", "dlxb");
    }

    #[test]
    fn letters_and_digits_stay_words() {
        check("野帝Yeti", "ye di yeti", "ydyeti");
        check("马自达CX-5 EV", "ma zi da cx5 ev", "mzdcx5ev");
        check("3系", "3 xi", "3x");
        check("Abarth", "abarth", "abarth");
        check("", "", "");
    }

    #[test]
    fn a_reading_that_is_none_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        for row in ["长安\tchang", "长\tCHANG", "长\tzhǎng", "长\t"] {
            let text = format!("zh\tpinyin\n{row}\n");
            std::fs::write(folder.path().join("pinyin.tsv"), text).expect("written");
            let error = Reader::read(folder.path()).err().expect(row).to_string();
            assert!(error.contains("one syllable"), "{error}");
        }
    }
}
