//! A name and a number: checked when it is handed in, masked where it is listed, printed nowhere.

use serde_json::{Value, json};
use std::fmt;
use vin_channel::Claim;
use vin_core::{CreditCode, CreditCodeError, Date, IdNumber, IdNumberError, Lang};
use vin_store::SubmissionKind;

/// The longest name of a person, in characters.
pub const MAX_PERSON: usize = 50;
/// The longest name of a company, in characters.
pub const MAX_COMPANY: usize = 100;

/// Who somebody says to be. `{:?}` of it prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    kind: SubmissionKind,
    name: String,
    number: String,
    /// What lists show of the number.
    masked: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({}, ***)", self.kind.name())
    }
}

/// Why a name and a number were not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// It is no name of a person.
    Person,
    /// It is no name of a company.
    Company,
    /// It is no number of a person.
    Number(IdNumberError),
    /// It is no code of a company.
    Code(CreditCodeError),
}

impl IdentityError {
    /// The reason in words.
    pub fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Person, Lang::Zh) => {
                format!("姓名应为 2 至 {MAX_PERSON} 个字，只含文字、间隔号与空格")
            }
            (Self::Person, Lang::En) => {
                format!("a name has 2 to {MAX_PERSON} letters, dots and blanks")
            }
            (Self::Company, Lang::Zh) => format!("企业名称应为 2 至 {MAX_COMPANY} 个字"),
            (Self::Company, Lang::En) => {
                format!("the name of a company has 2 to {MAX_COMPANY} characters")
            }
            (Self::Number(error), lang) => error.text(lang),
            (Self::Code(error), lang) => error.text(lang),
        }
    }
}

impl Identity {
    /// A person; `today` is the latest day of birth.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn person(name: &str, number: &str, today: Date) -> Result<Self, IdentityError> {
        let name = name.trim();
        let plain = |c: char| c.is_alphabetic() || matches!(c, '·' | '•' | '.' | '-' | '\'' | ' ');
        let fits = (2..=MAX_PERSON).contains(&name.chars().count()) && name.chars().all(plain);
        if !fits {
            return Err(IdentityError::Person);
        }
        let number = IdNumber::parse(number, today).map_err(IdentityError::Number)?;
        Ok(Self {
            kind: SubmissionKind::Person,
            name: name.to_owned(),
            number: number.reveal().to_owned(),
            masked: number.masked(),
        })
    }

    /// A company.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn company(name: &str, code: &str) -> Result<Self, IdentityError> {
        let name = name.trim();
        let fits = (2..=MAX_COMPANY).contains(&name.chars().count());
        if !fits || name.contains(char::is_control) {
            return Err(IdentityError::Company);
        }
        let code = CreditCode::parse(code).map_err(IdentityError::Code)?;
        Ok(Self {
            kind: SubmissionKind::Company,
            name: name.to_owned(),
            number: code.reveal().to_owned(),
            masked: code.masked(),
        })
    }

    /// A person or a company.
    pub const fn kind(&self) -> SubmissionKind {
        self.kind
    }

    /// The name, for the one who may see it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number or code, for the one who may see it.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// What lists show: the first character of a name, of a company's the first two and the last two.
    pub fn masked(&self) -> String {
        let letters: Vec<_> = self.name.chars().collect();
        let count = letters.len();
        let (first, last) = match self.kind {
            SubmissionKind::Company if count > 4 => (2, 2),
            _ => (1, 0),
        };
        let mask = |(at, letter): (usize, &char)| match at < first || at >= count - last {
            true => *letter,
            false => '*',
        };
        let name: String = letters.iter().enumerate().map(mask).collect();
        format!("{name} {}", self.masked)
    }

    /// What a channel is asked with.
    pub(super) fn claim(&self) -> Claim<'_> {
        let (name, number) = (&*self.name, &*self.number);
        match self.kind {
            SubmissionKind::Person => Claim::Person {
                name,
                id_number: number,
            },
            SubmissionKind::Company => Claim::Company {
                company: name,
                code: number,
            },
        }
    }

    /// The text that is sealed.
    pub(super) fn to_json(&self) -> String {
        json!([self.name, self.number, self.masked]).to_string()
    }

    /// Reads what [`Identity::to_json`] wrote.
    pub(super) fn of_json(kind: SubmissionKind, text: &str) -> Option<Self> {
        let parts: Value = serde_json::from_str(text).ok()?;
        let part = |at: usize| parts.get(at)?.as_str().map(str::to_owned);
        Some(Self {
            kind,
            name: part(0)?,
            number: part(1)?,
            masked: part(2)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::parse("2026-11-24").expect("a date")
    }

    #[test]
    fn a_list_shows_little_and_printing_shows_nothing() {
        for (name, masked) in [
            ("张三", "张*"),
            ("阿卜杜拉·买买提", "阿*******"),
            ("Ada L. Byron", "A***********"),
        ] {
            let one = Identity::person(name, "11010519491231002x", today()).expect(name);
            assert_eq!(one.masked(), format!("{masked} 110*************2X"));
            assert_eq!(format!("{one:?}"), "Identity(person, ***)");
            let again = Identity::of_json(one.kind(), &one.to_json());
            assert_eq!(again.as_ref(), Some(&one));
        }
        for (name, masked) in [("某某科技有限公司", "某某****公司"), ("某公司", "某**")]
        {
            let one = Identity::company(name, "91350100m000100y43").expect(name);
            assert_eq!(one.masked(), format!("{masked} 9135************43"));
            assert_eq!(format!("{one:?}"), "Identity(company, ***)");
        }
    }

    #[test]
    fn what_is_no_name_or_number_is_refused_with_a_sentence() {
        for name in ["", "张", "张3", "张\n三", &"张".repeat(51)] {
            let refused = Identity::person(name, "11010519491231002X", today());
            assert_eq!(refused, Err(IdentityError::Person), "{name:?}");
        }
        for name in ["某", "某\u{0}公司", &"某".repeat(101)] {
            let refused = Identity::company(name, "91350100M000100Y43");
            assert_eq!(refused, Err(IdentityError::Company), "{name:?}");
        }
        let refused = Identity::person("张三", "110105194912310021", today());
        let error = refused.expect_err("a wrong number");
        assert!(error.text(Lang::Zh).contains("校验位"), "{error:?}");
        let refused = Identity::company("某某公司", "91350100M000100Y4");
        let error = refused.expect_err("a short code");
        assert!(
            error.text(Lang::En).contains("18 characters, not 17"),
            "{error:?}"
        );
    }
}
